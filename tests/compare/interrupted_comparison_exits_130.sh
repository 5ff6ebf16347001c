. "$(dirname "$0")/lib.sh"
"$acelera" compare --live slowed-gomp slowed-gomp --kernel slowed --size tiny --threads 1 --blocks 1000 --budget 1h >stdout 2>stderr &
pid=$!
for _ in $(seq 200); do
    [ "$(cat results/*/samples.jsonl 2>/dev/null | grep -c '"end_process"')" -ge 10 ] && break
    sleep 0.05
done
kill -INT "$pid"
wait "$pid"
code=$?
[ "$code" -eq 130 ] || fail "exit code $code instead of 130"
wants stdout "was interrupted"
wants stderr "acelera resume"
