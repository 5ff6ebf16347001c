. "$(dirname "$0")/lib.sh"
run 0 teach
for lesson in $lessons; do
    wants stdout " $lesson "
done
[ "$(columns stdout)" -le 80 ] || fail "the catalogue is wider than 80 columns"
no_escapes stdout
run 0 teach --format json
wants stdout '"schema": "acelera/catalogue/1"'
for lesson in $lessons; do
    wants stdout "\"name\": \"$lesson\""
done
run 0 teach --format markdown
wants stdout '| 0 | `capacity` |'
run 0 --help
wants stdout '  teach '
# Nothing was done so far, and looking is not doing.
[ ! -e state ] || fail "the catalogue leaves a state folder"
