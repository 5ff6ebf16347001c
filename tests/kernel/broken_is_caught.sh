# Every variant of a kernel that is wrong on purpose must be unverified in a real run, at every thread count that
# can show it: the exit code is 3 and no row of it counts. Called as: script ACELERA WORKERS KERNEL SCRATCH
set -u
acelera=$1
export ACELERA_WORKER_PATH=$2
kernel=$3
scratch=$4
rm -rf "$scratch"
mkdir -p "$scratch"
cd "$scratch" || exit 1

variants=$("$acelera" list "$kernel" --format json | tr ',{' '\n\n' | sed -n '/"variants"/,/"workers"/s/.*"name": *"\([a-z_0-9-]*\)".*/\1/p')
[ -n "$variants" ] || { echo "no variants of $kernel"; exit 1; }
failures=0
for variant in $variants; do
    # Three threads on one PU: a race shows on any machine.
    "$acelera" run --worker broken-gomp --kernel "$kernel:$variant" --type f32,f64 --size tiny --blocks 2 \
        --threads 1,3 --placement one-pu --out "out-$variant" --format csv >"$variant.csv" 2>"$variant.err"
    code=$?
    if [ "$code" -ne 3 ]; then
        echo "FAILED: $kernel:$variant ended with $code instead of 3"
        cat "$variant.csv" "$variant.err"
        failures=1
    fi
done
exit $failures
