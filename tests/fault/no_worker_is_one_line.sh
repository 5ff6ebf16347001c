. "$(dirname "$0")/lib.sh"
mkdir lonely
cp "$acelera" lonely/acelera
ACELERA_WORKER_PATH='' ./lonely/acelera run >stdout 2>stderr
code=$?
[ "$code" -eq 1 ] || fail "exit code $code instead of 1"
wants stderr 'no worker'
[ "$(wc -l <stderr)" -eq 1 ] || fail "more than one line on stderr"
