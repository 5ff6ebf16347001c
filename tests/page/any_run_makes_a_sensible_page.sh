# One cell, two thousand cells, 384 threads, nothing but failures, no end: each makes a page that says so and stays
# small.
. "$(dirname "$0")/lib.sh"

# made NAME THREADS CORES VARIANTS FAULT MOST_BYTES
made() {
    mkdir "$1"
    awk -v folder="$1" -v threads="$2" -v cores="$3" -v variants="$4" -v fault="$5" -f "$source_folder/tests/page/make_run.awk"
    make_page "$1"
    # On a busy machine gnuplot may take longer than it is given.
    ! grep 'is not drawn' "$1.err" | grep -v 'took longer' || fail "a plot of $1 is not drawn"
    page=$1/report.html
    [ "$(wc -c <"$page")" -lt "$6" ] || fail "the page of $1 has $(wc -c <"$page") bytes"
    rows=$(($(wc -l <"$1/summary.csv") - 1))
    [ "$(grep -c '^<tr data-row=' "$page")" -eq "$rows" ] || fail "the page of $1 has not its $rows rows"
    ! sed 's/base64,[^"]*//' "$page" | grep -qE '[^a-z](nan|inf)[^a-z]' || fail "the page of $1 shows what is no number"
}
says() {
    grep -qF -- "$1" "$page" || fail "$page does not say: $1"
}
lacks() {
    ! grep -qF -- "$1" "$page" || fail "$page says: $1"
}

made one 1 1 1 "" 200000
says "there is nothing to compare it with"
lacks 'id="speedup"'
made wide 384 192 1 "" 2000000
says "on 384 threads as on one"
says "2 threads a core"
[ "$(grep -o 'thread [0-9]* on PU [0-9]*' "$page" | sort -u | wc -l)" -eq 384 ] || fail "not 384 lanes"
[ "$(grep -c '<rect class="span"' "$page")" -lt 15000 ] || fail "too many spans are drawn"
made failed 8 4 1 failed 200000
says "12 of 12 rows have no result"
says "killed by signal 11"
lacks 'id="speedup"'
made cut 64 32 1 cut 2000000
says "This run was interrupted"
made many 384 192 67 "" 4000000
[ "$rows" -ge 2000 ] || fail "only $rows rows"
says "more of it are in the table only"
