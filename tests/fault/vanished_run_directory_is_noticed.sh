. "$(dirname "$0")/lib.sh"
"$acelera" run --worker faulty-gomp --kernel faulty --threads 1 --out out --budget 20s --precision 0.001% >stdout 2>stderr &
pid=$!
await have_ended 4
mv out gone # at once: nothing is removed from a directory that is made anew meanwhile
rm -rf gone
wait "$pid"
code=$?
[ "$code" -eq 1 ] || fail "exit code $code instead of 1"
wants stderr 'removed during the run'
# What was measured is written again, and reads back.
"$acelera" report "$(the_run)" >stdout 2>stderr
wants stdout 'good'
