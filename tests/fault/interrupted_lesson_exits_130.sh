. "$(dirname "$0")/lib.sh"
for signal in INT TERM HUP; do
    "$acelera" teach globallock --no-ask >stdout 2>stderr &
    pid=$!
    await pgrep -f "acelera-worker-lessons.* parent=$pid( |$)" >/dev/null || fail "no worker was seen"
    sleep 0.7
    kill -$signal "$pid"
    begin=$(date +%s)
    wait "$pid"
    code=$?
    [ "$code" -eq 130 ] || fail "exit code $code instead of 130 after SIG$signal"
    [ $(($(date +%s) - begin)) -le 3 ] || fail "it took its time to end after SIG$signal"
    pgrep -f "acelera-worker-lessons.* parent=$pid( |$)" >/dev/null && fail "a worker was left after SIG$signal"
    [ "$(wc -l <stderr)" -le 1 ] || fail "more than one line on stderr after SIG$signal"
done
exit 0
