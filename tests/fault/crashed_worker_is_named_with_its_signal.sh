. "$(dirname "$0")/lib.sh"
run 1 --kernel faulty:crash,faulty:good --blocks 2
wants stdout 'signal 11'
wants "$(the_run)/samples.jsonl" '"status":"killed"'
