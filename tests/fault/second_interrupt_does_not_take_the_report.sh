# An impatient person, or a terminal and a parent that both pass the signal on.
. "$(dirname "$0")/lib.sh"
"$acelera" run --worker faulty-gomp --kernel faulty --threads 1 --out out --budget 60s --precision 0.001% >stdout 2>stderr &
pid=$!
await have_ended 4
# Until it is gone: some of them arrive while the report is written.
while kill -INT "$pid" 2>/dev/null && kill -TERM "$pid" 2>/dev/null; do :; done
wait "$pid"
code=$?
[ "$code" -eq 130 ] || fail "exit code $code instead of 130"
wants stdout 'interrupted'
wants stderr '^acelera run: .*interrupted'
for file in summary.json summary.csv speedup.md; do
    [ -s "$(the_run)/$file" ] || fail "no $file"
done
