. "$(dirname "$0")/lib.sh"
# One process in eight dies; over thirty of them some do. Whatever happened, the run says it.
run_any() { "$acelera" run --worker faulty-gomp --threads 1 --out out "$@" >stdout 2>stderr; }
run_any --kernel faulty:sometimes --blocks 30
code=$?
deaths=$(count end_process)
killed=$(grep -c '"status":"killed"' "$(the_run)/samples.jsonl")
if [ "$killed" -eq 0 ]; then
    [ "$code" -eq 0 ] || fail "nobody died, but the exit code is $code"
else
    [ "$code" -eq 1 ] || fail "$killed of $deaths processes died, but the exit code is $code"
    wants "$(the_run)/summary.csv" 'worker_died'
fi
