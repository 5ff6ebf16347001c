# Kernels that are wrong on purpose must be caught: each variant by the self-test, on one of its shapes at least, and
# in a real run by exit code 3, with no variant whose every row counts as verified.
# Called as: script ACELERA WORKERS KERNEL SCRATCH [VARIANT that shows on special shapes only]
set -u
acelera=$1
export ACELERA_WORKER_PATH=$2
kernel=$3
scratch=$4
special=${5:-}
rm -rf "$scratch"
mkdir -p "$scratch"
cd "$scratch" || exit 1
failures=0
# In a ThreadSanitizer build its report would decide the exit code: here the verification is judged, alone.
export TSAN_OPTIONS="${TSAN_OPTIONS:-}:exitcode=0"
complain() {
    echo "FAILED: $1"
    failures=1
}

"$2/acelera-worker-broken-gomp" --self-test "$kernel" --threads 3 >self-test
[ $? -eq 1 ] || complain "the self-test of $kernel does not fail"
variants=$(sed -n "s/^$kernel f32 \([^:]*\): .*/\1/p" self-test)
[ "$(echo "$variants" | wc -w)" -ge 5 ] || complain "expected five wrong variants or more, got: $variants"
for type in f32 f64; do
    for variant in $variants; do
        grep -Eq "^$kernel $type $variant: .*, [1-9][0-9]* failures" self-test ||
            complain "the self-test lets $kernel $type $variant through"
    done
done

# Three threads on one PU: a race shows on any machine.
"$acelera" run --worker broken-gomp --kernel "$kernel" --variants all --type f32,f64 --size tiny --blocks 1 \
    --threads 1,3 --placement one-pu --out out --format csv >run.csv 2>run.err
code=$?
[ "$code" -eq 3 ] || complain "the run of $kernel ended with $code instead of 3"
for type in f32 f64; do
    for variant in $variants; do
        [ "$variant" = "$special" ] && continue
        rows=$(grep "^$kernel,$variant,$type," run.csv | grep 'broken-gomp,3,')
        [ -n "$rows" ] || complain "no row of $variant $type at three threads"
        echo "$rows" | grep -q ',true,' && complain "$kernel $type $variant counts as verified at three threads"
    done
done
[ "$failures" -eq 0 ] || { cat run.err; cut -c1-300 run.csv; }
exit $failures
