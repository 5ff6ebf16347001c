. "$(dirname "$0")/lib.sh"
# A lesson whose harness is killed in the middle takes its processes with it, wherever it was just then.
for moment in 0.2 0.5 0.9 1.3; do
    "$acelera" teach twobytwo --no-ask >stdout 2>stderr &
    pid=$!
    await pgrep -f "acelera-worker-lessons.* parent=$pid( |$)" >/dev/null || fail "no worker was seen"
    sleep "$moment"
    kill -KILL "$pid"
    wait "$pid" 2>/dev/null
    for _ in $(seq 40); do
        pgrep -f "acelera-worker-lessons.* parent=$pid( |$)" >/dev/null || continue 2
        sleep 0.05
    done
    fail "a worker outlived its harness"
done
exit 0
