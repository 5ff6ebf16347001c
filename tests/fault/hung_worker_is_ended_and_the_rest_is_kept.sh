. "$(dirname "$0")/lib.sh"
run 1 --kernel faulty:hang,faulty:good --blocks 3 --timeout 1s
wants stdout 'good'
wants stdout 'did not finish within 1 s'
wants "$(the_run)/samples.jsonl" '"status":"timeout"'
wants "$(the_run)/summary.csv" '^faulty,good,f32,.*faulty-gomp,.*true'
