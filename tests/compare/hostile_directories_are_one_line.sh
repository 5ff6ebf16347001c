. "$(dirname "$0")/lib.sh"
make_run a
make_run b
run 1 a missing
one_line "missing" "No such file"
mkdir empty
run 1 a empty
one_line "empty: neither a run directory"
cp -r b cut && head -c 300 b/run.json >cut/run.json
run 1 a cut
one_line "cut/run.json"
cp -r b edited && sed -i '5s/"kind"/"king"/' edited/samples.jsonl
run 1 a edited
one_line "edited/samples.jsonl" "line 5"
cp -r b newer && sed -i 's#acelera/run/1#acelera/run/2#' newer/run.json
run 1 a newer
one_line "newer/run.json"
cp -r b sided && sed -i 's/"side":null/"side":"C"/' sided/run.json
run 1 a sided
one_line "sided/run.json"
# Half a pair, from a file that was edited: one side has no row at all.
make_run half live=1
sed -i 's/"side":"B"/"side":"A"/' half/run.json
run 1 half
wants stdout "has this row twice"
# Escapes in names do not reach the terminal.
make_run c
sed -i 's/"cpu_model":"CPU"/"cpu_model":"\\u001b[31mred"/' c/run.json
run 1 a c
! grep -q "$(printf '\033')" stdout || fail "an escape sequence in the table"
