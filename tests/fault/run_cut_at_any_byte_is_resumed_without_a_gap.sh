. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/resume_lib.sh"
run 0 "${sweep[@]}"
mv "$(the_run)" whole_run
is_complete whole_run
size=$(wc -c <whole_run/samples.jsonl)
schedule=$(grep -b '"kind":"schedule"' whole_run/samples.jsonl | cut -d: -f1)
# Nothing at all, amid the pilot, before, amid and after the schedule, and at places of no importance.
for cut in 0 $((schedule / 2)) "$schedule" $((schedule + 30)) $((schedule + 200)) $((size * 2 / 5)) $((size * 2 / 3)) $((size - 30)); do
    rm -rf out
    cp -r whole_run out
    head -c "$cut" whole_run/samples.jsonl >out/samples.jsonl
    cp out/samples.jsonl before
    resume 0 out
    keeps out/samples.jsonl before
    is_complete out
    # What was spent until then is counted, to the digit: the budget is that of the whole run.
    spent=$(grep '"kind":"end_process"' whole | grep -o '"seconds":[0-9.e-]*' | awk -F: '{ sum += $2 } END { printf "%.6f", sum }')
    resumed=$(grep '"kind":"resume"' out/samples.jsonl | grep -o '"seconds_before":[0-9.e-]*' | awk -F: '{ printf "%.6f", $2 }')
    [ "$spent" = "$resumed" ] || fail "carried on after $resumed s instead of $spent s"
done
