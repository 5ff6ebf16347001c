. "$(dirname "$0")/lib.sh"
# Two blocks of tiny problems: seconds, and every station of the journey.
run 0 run --kernel matmul,normalize --size tiny --threads 1 --blocks 2 --budget 20s --color never
wants stdout 'matmul'
no_escapes stdout
no_escapes stderr
if grep -v '^acelera: ' stderr; then fail "piped standard error holds more than notes"; fi
set -- results/*/
[ $# -eq 1 ] || fail "not one run directory: $*"
directory=${1%/}
for file in run.json topology.xml samples.jsonl summary.json summary.csv speedup.md report.html timeline.trace.json topology.svg; do
    [ -s "$directory/$file" ] || fail "$file is missing or empty"
done
mkdir before
cp "$directory"/{summary.*,speedup.md,report.html,timeline.trace.json,topology.svg} before
cp stdout before/table
rm "$directory"/{summary.*,speedup.md,report.html,timeline.trace.json,topology.svg}
run 0 report "$directory" --color never
cmp stdout before/table || fail "report prints another table"
for file in summary.json summary.csv speedup.md report.html timeline.trace.json topology.svg; do
    cmp "before/$file" "$directory/$file" || fail "report writes another $file"
done
run 0 report "$directory" --format json
wants stdout '"acelera/summary/1"'
run 0 report "$directory" --format csv
cmp stdout "$directory/summary.csv" || fail "report --format csv and summary.csv differ"
# A cache that is larger than any PU can have, as hypervisors show them, is drawn without its size.
sed -i 's/ cache_size="[0-9]*"/ cache_size="1099511627776"/' "$directory/topology.xml"
run 0 report "$directory" --color never
[ -s "$directory/topology.svg" ] || fail "no picture of the machine"
! grep -q '1 TiB' "$directory/topology.svg" || fail "a size that no cache has is drawn"
