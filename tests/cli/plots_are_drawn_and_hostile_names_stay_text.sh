. "$(dirname "$0")/lib.sh"
command -v gnuplot >/dev/null || exit 77
# A run with options that are commands of gnuplot and of a shell; in a folder that is one too, with start-up files that
# nobody must obey.
# shellcheck disable=SC2016 # nothing of it is to be expanded
evil='{/=50 b}"; system("touch pwned"); `touch pwned` $(touch pwned) @pwned \n <b>&'
folder="ru'n \"; system('touch pwned') \`touch pwned\`"
cp -r "$source_folder/tests/golden/run" "$folder"
printf 'system("touch pwned")\n' | tee "$folder/.gnuplot" "$folder/style.gp" >"$folder/gnuplotrc"
escaped=$(printf '%s' "$evil" | sed 's/[\\"]/\\&/g')
# Options tell series apart where their kernel is the same.
EVIL=$escaped awk 'BEGIN { options = "method=zscore,missing=passthrough" }
    sub(/"kernel": "normalize"/, "\"kernel\": \"kmeans\"") && (i = index($0, options)) > 0 {
        $0 = substr($0, 1, i - 1) ENVIRON["EVIL"] substr($0, i + length(options))
    }
    { print }' "$folder/run.json" >changed
mv changed "$folder/run.json"
run 130 report "$folder" --plots svg,png,pdf
wants "$folder/plots/data/speedup.tsv" 'touch pwned'
for plot in speedup efficiency waterfall roofline times drift; do
    for format in svg png pdf; do
        [ -s "$folder/plots/$plot.$format" ] || fail "$plot.$format is missing or empty"
    done
done
if grep -q 'is not drawn' stderr; then fail "a plot is not drawn"; fi
wants "$folder/plots/speedup.svg" 'touch pwned'
wants "$folder/plots/speedup.svg" '{/=50'
[ -z "$(find . -name 'pwned*' -print)" ] || fail "a name was executed"
[ -z "$(find . -name '*.new' -print)" ] || fail "a half-written plot is left"

# By hand, from the run directory.
rm "$folder"/plots/*.*
(cd "$folder" && gnuplot -d -c "$source_folder/plots/efficiency.gp") 2>stderr || fail "not by hand"
[ -s "$folder/plots/efficiency.svg" ] || fail "by hand, nothing is drawn"
(cd "$folder" && gnuplot -d -c "$source_folder/plots/drift.gp" pdf other.pdf) 2>stderr || fail "not by hand as PDF"
[ -s "$folder/other.pdf" ] || fail "by hand, no PDF is drawn"
if (cd "$folder" && gnuplot -d -c "$source_folder/plots/drift.gp" gif) 2>stderr; then fail "gif is not refused"; fi
wants stderr "cannot write gif"
[ -z "$(find . -name 'pwned*' -print)" ] || fail "a name was executed by hand"

# A machine that has something for every picture; a script that does not end its page begins another one.
mkdir made
awk -v folder=made -v packages=2 -v cores=8 -v blocks=12 -v host=made -f "$source_folder/tests/page/make_machine.awk"
run 0 report made
for script in "$source_folder"/plots/*.gp; do
    name=$(basename "$script" .gp)
    [ "$name" = style ] || [ -s "made/plots/$name.svg" ] || fail "$name is not drawn"
done
for plot in made/plots/*.svg "$folder"/plots/*.svg; do
    [ -e "$plot" ] || continue
    [ "$(grep -c '<svg' "$plot") $(grep -c '</svg>' "$plot")" = "1 1" ] || fail "$plot is not one picture"
done
