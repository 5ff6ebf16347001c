. "$(dirname "$0")/lib.sh"
run 1 --kernel faulty:sometimes --blocks 8
[ "$(grep -c '"status":"killed"' "$(the_run)/samples.jsonl")" -eq 1 ] || fail "not exactly one process died"
row=$(grep '^faulty,sometimes,.*faulty-gomp' "$(the_run)/summary.csv")
case $row in
*,7,*,true,*worker_died*) ;;
*) fail "the row does not stand on the seven others, or does not say so: $row" ;;
esac
