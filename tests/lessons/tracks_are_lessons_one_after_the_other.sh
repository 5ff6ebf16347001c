. "$(dirname "$0")/lib.sh"
run 0 teach --track 45min --no-ask --time-limit 0.3s
for lesson in capacity waiting twobytwo race; do
    grep -Eq "^Lesson [0-9]+ \($lesson\)" stdout || fail "$lesson is missing in the track"
done
wants stdout 'What was found'
[ "$(columns stdout)" -le 80 ] || fail "too wide"
run 0 teach --track 45min --no-ask --time-limit 0.3s --format json
wants stdout '"schema": "acelera/lessons/1"'
[ "$(grep -c '"schema": "acelera/lesson/1"' stdout)" -eq 4 ] || fail "not four lessons in JSON"
