. "$(dirname "$0")/lib.sh"
"$acelera" run --worker faulty-gomp --kernel faulty --threads 1,4 --placement one-pu --blocks 2 --out out >stdout 2>stderr
code=$?
[ "$code" -eq 0 ] || fail "exit code $code instead of 0"
# Four threads, all of them on the one PU where the single thread was.
pu=$(sed -n 's/.*"threads_delivered":1,.*"pus":\[\([0-9]*\)\].*/\1/p' "$(the_run)/samples.jsonl" | head -1)
wants "$(the_run)/samples.jsonl" "\"threads_delivered\":4,.*\"pus\":\[$pu,$pu,$pu,$pu\]"
