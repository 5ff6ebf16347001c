. "$(dirname "$0")/lib.sh"
run 1 --kernel faulty:vanish --blocks 2
wants stdout 'exited with code 0'
