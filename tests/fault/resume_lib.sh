# Shared by the tests of `resume`, after lib.sh: a run that ends after thirty blocks, and what such a run must
# hold in the end, wherever it was broken off.
# shellcheck disable=SC2034 # for the scripts
blocks=30
sweep=(--kernel faulty --blocks "$blocks")

# resume CODE RUN: wants this exit code. stdout and stderr are kept.
resume() {
    # shellcheck disable=SC2154 # lib.sh sets it
    "$acelera" resume "$2" >stdout 2>stderr
    code=$?
    [ "$code" -eq "$1" ] || fail "exit code $code instead of $1 for: resume $2"
}

# keeps FILE OLD: FILE begins with every whole line of OLD.
keeps() {
    local torn
    torn=$(tail -n 1 "$2" | LC_ALL=C awk '{ n = length($0) } END { print n + 0 }')
    [ -z "$(tail -c 1 "$2")" ] && torn=0
    head -c "$(($(wc -c <"$2") - torn))" "$2" >whole
    head -c "$(wc -c <whole)" "$1" | cmp -s - whole || fail "a line that was written is not there any more"
}

# is_complete RUN: each cell has exactly one finished process in each block, the pilot's included; the numbers
# of the processes ascend; the end is there.
is_complete() {
    local file=$1/samples.jsonl cells
    cells=$(grep -c '{"id": [0-9]' "$1/run.json")
    grep -o '"kind":"end_process","status":"done".*' "$file" | grep -Eo '"cell":[0-9]+,"block":[0-9]+' | sort >finished
    [ "$(wc -l <finished)" -eq "$((cells * (blocks + 1)))" ] || fail "$(wc -l <finished) finished processes instead of $cells × $((blocks + 1))"
    [ -z "$(uniq -d finished)" ] || fail "measured twice: $(uniq -d finished)"
    grep '"kind":"process"' "$file" | grep -Eo '"process":[0-9]+' | cut -d: -f2 >numbers
    sort -nu numbers | cmp -s - numbers || fail "the numbers of the processes do not ascend"
    tail -n 1 "$file" | grep -q '"kind":"end_run","reason":"blocks","blocks":'$blocks || fail "the run has no end"
}
