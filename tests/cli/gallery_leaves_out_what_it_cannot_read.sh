. "$(dirname "$0")/lib.sh"
mkdir -p in/good in/bad in/torn empty/below
cp "$source_folder"/tests/golden/run/* in/good
echo '{' >in/bad/run.json
cp in/good/run.json in/torn
run 1 gallery in --out page
[ "$(grep -c 'left out: in/' stderr)" -eq 2 ] || fail "not one line for each"
wants stderr 'in/bad/run.json'
wants stderr '2 of 3 runs were left out'
wants stdout 'fixture-host'
[ -s page/gallery.html ] || fail "the others have no page"

run 1 gallery in/bad --out nothing
wants stderr 'none of the 1 runs could be read'
[ ! -e nothing ] || fail "a page of nothing"

refused 'acelera run --out' -- gallery empty
refused 'name run directories' -- gallery missing
refused 'DIR' -- gallery

# A ring of links has an end.
ln -s .. in/good/ring
ln -s . in/ring
rm -r in/bad in/torn
run 0 gallery in --format csv
[ "$(wc -l <stdout)" -eq 2 ] || fail "the ring is more than one machine"
