. "$(dirname "$0")/lib.sh"
"$acelera" run --worker faulty-gomp --kernel faulty --threads 1 --out out --budget 60s --precision 0.001% >stdout 2>stderr &
pid=$!
await have_ended 6
kill -KILL "$pid"
wait "$pid" 2>/dev/null
sleep 0.5
pgrep -f "$ACELERA_WORKER_PATH/acelera-worker-faulty.*parent=$pid " >/dev/null && fail "a worker outlived its harness"
samples=$(count sample)
[ "$samples" -gt 0 ] || fail "no samples"
"$acelera" report "$(the_run)" >stdout 2>stderr
code=$?
[ "$code" -eq 130 ] || fail "report of a killed run ended with $code instead of 130"
wants stdout 'good'
# A last line that was cut in the middle is dropped, the rest is still read.
printf '{"kind":"sample","process":' >>"$(the_run)/samples.jsonl"
"$acelera" report "$(the_run)" >stdout 2>stderr
[ $? -eq 130 ] || fail "a torn last line is not dropped"
