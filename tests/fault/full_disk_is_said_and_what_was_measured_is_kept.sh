. "$(dirname "$0")/lib.sh"
mkdir small
mount -t tmpfs -o size=256k none small 2>/dev/null || exit 77 # no right to mount here
trap 'cd /; umount "$scratch/small"' EXIT
"$acelera" run --worker faulty-gomp --kernel faulty --threads 1 --out small --budget 20s --precision 0.001% >stdout 2>stderr
code=$?
[ "$code" -eq 1 ] || fail "exit code $code instead of 1"
wants stderr 'No space left'
wants stdout 'good'
tail -c 1 small/*/samples.jsonl | od -c | grep -q '\\n' || fail "samples.jsonl does not end with a whole line"
