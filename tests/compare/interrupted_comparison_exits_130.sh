. "$(dirname "$0")/lib.sh"
"$acelera" compare --live slowed-gomp slowed-gomp --kernel slowed --size tiny --threads 1 --blocks 16 --budget 1h >stdout 2>stderr &
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
# Carried on, it ends as a comparison. Equal sides may be called different, though seldom.
rm results/*/compare.json
"$acelera" resume results/* >stdout 2>stderr
code=$?
[ "$code" -eq 0 ] || [ "$code" -eq 4 ] || fail "exit code $code for: resume"
wants stdout "B against A, 2 rows"
grep -q '"live": true' results/*/compare.json || fail "no compare.json after resume"
