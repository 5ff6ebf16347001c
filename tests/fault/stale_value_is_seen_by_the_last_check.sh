. "$(dirname "$0")/lib.sh"
run 3 --kernel faulty:stale --blocks 2
wants "$(the_run)/samples.jsonl" '"when":"before","passed":true'
wants "$(the_run)/samples.jsonl" '"when":"after","passed":false'
