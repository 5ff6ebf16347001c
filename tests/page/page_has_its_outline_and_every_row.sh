# The structure of the page: headings in order, identifiers once, a line for every row. After a wanted change:
# ACELERA_UPDATE_GOLDEN=1, and read the difference.
. "$(dirname "$0")/lib.sh"
make_page run
page=run/report.html
expected=$source_folder/tests/page/expected-outline.txt
{
    grep -oE '<h[1-3]( id="[^"]*")?>[^<]*' $page
    grep -oE '<(svg|table|pre|nav|button|select)[^>]* (id|aria-label|aria-labelledby)="[^"]*"' $page |
        sed -E 's/ (xmlns|width|height|viewBox|class|role)="[^"]*"//g'
    printf 'rows: %s\n' "$(grep -cE '^<tr data-row=' $page)"
} >outline
[ -z "${ACELERA_UPDATE_GOLDEN:-}" ] || cp outline "$expected"
diff -u "$expected" outline || fail "the outline changed"

# A heading never skips a level.
grep -oE '<h[1-6]' $page | tr -dc '1-6\n' |
    awk 'NR == 1 && $1 != 1 || $1 > last + 1 && NR > 1 { bad = 1 } { last = $1 } END { exit bad || NR == 0 }' ||
    fail "headings skip a level"
[ "$(grep -oE '<h1' $page | wc -l)" -eq 1 ] || fail "not one first heading"
grep -oE ' id="[^"]*"' $page | sort | uniq -d >twice
[ ! -s twice ] || fail "identifiers that are there twice: $(cat twice)"
for target in $(grep -oE 'href="#[^"]*"' $page | sed 's/.*#//;s/"//' | sort -u); do
    grep -q " id=\"$target\"" $page || fail "a link leads to $target, which is not there"
done
! grep -E '<th[ >]' $page | grep -vq 'scope=' || fail "a heading of a table has no scope"

# Every row of the summary, and no other.
rows=$(($(wc -l <run/summary.csv) - 1))
[ "$(grep -cE '^<tr data-row=' $page)" -eq "$rows" ] || fail "the page has not the $rows rows of summary.csv"

# The data are in the page, byte for byte.
for name in summary.csv summary.json; do
    grep -oE "download=\"$name\" href=\"data:[^\"]*" $page | sed 's/.*base64,//' | base64 -d >embedded
    cmp embedded run/$name || fail "$name in the page is not the file"
done

# Nothing is referred to outside the page.
! grep -qE '(src|action|poster|srcset)=' $page || fail "the page refers to something"
! grep -oE 'href="[^"#][^"]{0,20}' $page | grep -vq 'href="data:' || fail "a link leads out of the page"
! grep -qiE 'url\(|@import|fetch\(|XMLHttp|WebSocket|import\(' $page || fail "the page can load something"
grep -q "default-src 'none'" $page || fail "no policy"
[ "$(wc -c <$page)" -lt 2000000 ] || fail "the page is over 2 MB"
