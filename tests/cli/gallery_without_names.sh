. "$(dirname "$0")/lib.sh"
mkdir -p ada/one ada/two
for run in one two; do
    sed "s/fixture-host/pc-of-ada-$run/; s/fixture-2025/ada-$run-2025/; s/--seed 1\"/--out \\/home\\/ada\"/; s/\"data=[^\"]*\"/\"blas=\\/home\\/ada\\/x.so\"/; s/\"options\": \"\"/\"options\": \"blas=\\/home\\/ada\\/x.so\"/g" \
        "$source_folder/tests/golden/run/run.json" >ada/$run/run.json
    sed 's/"error": "[^"]*"/"error": "pc-of-ada-'$run' has no \/home\/ada\/worker"/' \
        "$source_folder/tests/golden/run/samples.jsonl" >ada/$run/samples.jsonl
done
grep -q '/home/ada/worker' ada/one/samples.jsonl || fail "no row has an error with a name in it"
run 0 gallery ada --out named
grep -q 'home/ada' named/gallery.csv || fail "the search for names is blind"
for format in table markdown csv json; do
    run 0 gallery ada/one ada/two --out page --anonymous --format $format
    cp stdout first
    run 0 gallery ada/two ada/one --out page --anonymous --format $format
    cmp first stdout || fail "letters follow the arguments"
    ! grep -i 'ada' stdout || fail "a name stands in $format"
done
! grep -rqaiE 'ada|home' page || fail "a name stands in a file: $(grep -raioE '.{20}(ada|home).{20}' page | head -n 3)"
wants page/gallery.csv 'B,Example CPU 1000'
grep -qx 'A</td>.*' page/gallery.html || fail "no machine is called A"
wants page/gallery.csv 'blas=(path)'
