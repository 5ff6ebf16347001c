. "$(dirname "$0")/lib.sh"
"$acelera" run --worker faulty-gomp --kernel faulty:idle --threads 1,2 --placement one-pu --blocks 2 --out out >stdout 2>stderr
code=$?
[ "$code" -eq 1 ] || fail "exit code $code instead of 1"
wants stdout 'gave work to 1 of 2 threads'
