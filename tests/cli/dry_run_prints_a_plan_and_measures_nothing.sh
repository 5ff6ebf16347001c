. "$(dirname "$0")/lib.sh"
run 0 run --dry-run --kernel matmul --size tiny
wants stdout 'matmul'
wants stdout 'm=256,n=256,k=256'
wants stdout 'Nothing was measured'
[ ! -e results ] || fail "a dry run left a results folder"
run 0 run --dry-run --kernel matmul --size tiny --format json --seed 5 --order-seed 7 --blocks 3
tr -d ' \n' <stdout >flat
for words in '"schema":"acelera/plan/1"' '"seed":5' '"order_seed":7' '"blocks":3' '"kernel":"matmul"' \
    '"threads_requested":1' '"serial_base":true'; do
    wants flat "$words"
done
run 0 run --dry-run --kernel matmul --size tiny --format csv
awk -F, 'NR == 1 { columns = NF; exit columns != 13 }' stdout || fail "the CSV heading does not have 13 columns"
run 0 run --dry-run --kernel matmul --size tiny --format markdown
wants stdout '|---|'
# Another machine: planned, never measured.
run 0 run --topology 'pack:2 core:4 pu:1' --kernel matmul --size tiny
wants stdout '8 usable cores'
[ ! -e results ] || fail "a plan for another machine left a results folder"
