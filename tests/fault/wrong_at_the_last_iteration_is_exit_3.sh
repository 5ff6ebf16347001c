. "$(dirname "$0")/lib.sh"
run 3 --kernel faulty:decay,faulty:good --blocks 2
wants "$(the_run)/samples.jsonl" '"when":"before","passed":true'
wants "$(the_run)/samples.jsonl" '"when":"after","passed":false'
grep '^faulty,decay' "$(the_run)/summary.csv" | grep -q ',true,' && fail "a wrong row counts as verified"
wants "$(the_run)/summary.csv" '^faulty,good,f32,.*faulty-gomp,.*true'
