. "$(dirname "$0")/lib.sh"
worker=$ACELERA_WORKER_PATH/acelera-worker-impossible-gomp
"$worker" --run kernel=faulty >stdout 2>stderr
code=$?
[ "$code" -eq 4 ] || fail "the worker's exit code is $code instead of 4"
[ "$(wc -l <stderr)" -eq 1 ] || fail "not one line"
wants stderr 'this CPU lacks no-such-feature'
"$worker" --describe >stdout 2>stderr || fail "--describe must work on any CPU"
wants stdout '"runnable":false'
"$acelera" run --worker impossible-gomp --kernel faulty --out out >stdout 2>stderr
[ $? -eq 2 ] || fail "the harness does not refuse a worker that cannot run"
wants stderr 'impossible-gomp: this CPU lacks no-such-feature'
