. "$(dirname "$0")/lib.sh"
recorded=$source_folder/tests/golden/run

# machine FOLDER HOST FACTOR: the recorded run on another machine, FACTOR tenths as slow in a team.
machine() {
    mkdir -p "$1"
    sed "s/fixture-host/$2/; s/Example CPU 1000/Example CPU $3/" "$recorded/run.json" >"$1/run.json"
    # Without its last line, which is torn.
    sed '$d' "$recorded/samples.jsonl" | awk -v factor="$3" '
        match($0, /"cell": [0-9]+/) { team = substr($0, RSTART + 8, RLENGTH - 8) % 4 > 1 }
        /"kind": "sample"/ && team && match($0, /"seconds": [0-9.e-]+/) {
            print substr($0, 1, RSTART + 10) substr($0, RSTART + 11, RLENGTH - 11) * factor / 10 substr($0, RSTART + RLENGTH)
            next
        }
        { print }' >"$1/samples.jsonl"
}
machine in/plain laptop-a 10
machine in/deeper/still/slow laptop-b 13
cp -r in/plain in/again

run 0 gallery in --format json --out page
wants stdout '"schema": "acelera/gallery/1"'
[ "$(grep -c '"usable_pus"' stdout)" -eq 2 ] || fail "not two machines"
wants stdout '"repeated": 1'
[ -s page/gallery.html ] && [ -s page/gallery.csv ] || fail "no files"
[ "$(grep -c '^laptop-a,' page/gallery.csv)" -eq "$(grep -c '^laptop-b,' page/gallery.csv)" ] || fail "rows are missing"
wants page/gallery.html '<td class="name">'
grep -q '<g class="curve k0 d0" data-row="m0">' page/gallery.html || fail "no first curve"
grep -q '<g class="curve k1 d0" data-row="m1">' page/gallery.html || fail "no second curve"
! grep -qE '<script|src=|http-equiv="refresh"|url\(|@import' page/gallery.html || fail "the page fetches or runs something"
! grep -oE 'href="[^"]*"' page/gallery.html | grep -vE '^href="(#|data:text/csv)' || fail "a link leaves the page"

# The order of the arguments changes nothing.
cp stdout first
mv page before
run 0 gallery in/deeper in/again in/plain/run.json --format json --out page
cmp first stdout || fail "another order, another table"
cmp before/gallery.html page/gallery.html || fail "another order, another page"
cmp before/gallery.csv page/gallery.csv || fail "another order, other rows"
for format in table markdown csv; do
    run 0 gallery in --format $format
    wants stdout 'laptop-a'
    wants stdout 'Example CPU 13'
done

# Another seed is another panel.
mkdir -p seeds/one seeds/other
cp in/plain/* seeds/one
sed 's/"seed": 1,/"seed": 2,/; s/laptop-a/laptop-c/' in/plain/run.json >seeds/other/run.json
cp in/plain/samples.jsonl seeds/other
run 0 gallery seeds --format json
[ "$(grep -c 'data of seed 1"' stdout)" -eq "$(grep -c 'data of seed 2"' stdout)" ] || fail "data of two seeds are mixed"
wants stdout 'data of seed 2'

# Thirty machines.
for i in $(seq 10 39); do
    machine "many/student-$i/results/run" "pc-$i" "$i"
done
run 0 gallery many --format csv
[ "$(wc -l <stdout)" -eq 31 ] || fail "not thirty machines"
grep -q 'data-row="m29"' gallery/gallery.html || fail "the thirtieth is not drawn"
