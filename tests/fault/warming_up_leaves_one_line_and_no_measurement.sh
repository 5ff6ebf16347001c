. "$(dirname "$0")/lib.sh"
run 0 --kernel faulty --blocks 3 --warm 1s
wants stderr 'warming up for 1.* with faulty on 1 thread; the budget begins after it'
samples=$(the_run)/samples.jsonl
head -n 1 "$samples" | grep -Eq '^\{"kind":"warm","seconds":[0-9.]+,"clock_ghz":\[[0-9.]+\]\}$' || fail "the first line is not of the warming up: $(head -n 1 "$samples")"
[ "$(count warm)" -eq 1 ] || fail "the machine was warmed up more than once"
[ "$(count end_process)" -eq 8 ] || fail "$(count end_process) processes instead of two cells in three blocks and the pilot"
head -n 2 "$samples" | tail -n 1 | grep -q '"process":0,' || fail "the processes that warmed it up are counted"
wants "$(the_run)/run.json" '"warm_s": 1,'
# A worker that fails while the machine is warmed up is reported by the pilot.
rm -rf out
run 1 --kernel faulty:crash --blocks 3 --warm 20s
wants stdout 'signal 11'
head -n 1 "$(the_run)/samples.jsonl" | grep -q '"kind":"warm".*"clock_ghz":null' || fail "a worker that crashed has a clock"
