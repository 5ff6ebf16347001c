. "$(dirname "$0")/lib.sh"
"$acelera" run --worker faulty-gomp --kernel faulty --threads 1 --out out --budget 60s --precision 0.001% >stdout 2>stderr &
pid=$!
# As soon as a few blocks are there.
await have_ended 6
kill -INT "$pid"
wait "$pid"
code=$?
[ "$code" -eq 130 ] || fail "exit code $code instead of 130"
wants stdout 'interrupted'
wants "$(the_run)/samples.jsonl" '"kind":"end_run","reason":"interrupted"'
[ -s "$(the_run)/summary.json" ] || fail "no summary.json"
[ -s "$(the_run)/speedup.md" ] || fail "no speedup.md"
