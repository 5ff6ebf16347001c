. "$(dirname "$0")/lib.sh"
# Names from outside stand in markup, in CSV and in a link; none may act in any of them.
mkdir -p in/one in/two
hostile='<script>alert(1)<\/script>\\"'"'"' onload=x \&amp; =1+1 \\u0007\\u202e\\nzz'
sed "s/fixture-host/=HOST$hostile/; s/Example CPU 1000/CPU$hostile/; s/\"load\"/\"id$hostile\"/" \
    "$source_folder/tests/golden/run/run.json" >in/one/run.json
cp "$source_folder/tests/golden/run/samples.jsonl" in/one
cp "$source_folder"/tests/golden/run/* in/two
run 0 gallery in --out page --format json
page=page/gallery.html
! grep -q '<script' "$page" || fail "a script stands in the page"
wants "$page" '&lt;script&gt;alert(1)&lt;/script&gt;'
! grep -qP '[\x00-\x08\x0b-\x1f]|\x{e2}\x{80}\x{ae}' "$page" || fail "control characters in the page"
! grep -oE '<[a-z][^>]*>' "$page" | grep -E ' on[a-z]+=' || fail "a handler stands in an element"
! grep -qE '(^|,)"?[=+@-]HOST' page/gallery.csv || fail "a formula stands in gallery.csv"
wants page/gallery.csv "\"'=HOST"
for format in table markdown csv; do
    run 0 gallery in --format $format
    no_escapes stdout
    ! grep -qP '\x07' stdout || fail "a bell rings in $format"
done
