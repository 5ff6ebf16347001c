. "$(dirname "$0")/lib.sh"
# A copy of the program alone, far from every worker.
cp "$acelera" lonely
ACELERA_WORKER_PATH=$scratch ./lonely list >stdout 2>stderr
code=$?
[ "$code" -eq 1 ] || fail "exit code $code instead of 1"
[ "$(wc -l <stderr)" -eq 1 ] || fail "not one line"
wants stderr 'acelera list: '
