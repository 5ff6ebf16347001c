# Question, prediction, run, picture, claim and verdict, comparison, explanation, key points, quiz: in this order,
# in text and Markdown; JSON alone on standard output.
. "$(dirname "$0")/lib.sh"
in_order() {
    at=0
    for words in "$@"; do
        line=$(grep -nF -- "$words" stdout | awk -F: -v at=$at '$1 > at { print $1; exit }')
        [ -n "$line" ] || fail "'$words' does not follow"
        at=$line
    done
}
sections=('Lesson 0 (capacity)' 'The question' 'Your prediction, locked' 'What happened' 'The claim' 'Verdict: '
    'Prediction beside measurement' 'Why' 'Key points' 'A question to end with')
run 0 teach capacity --predict 1.5 --time-limit 0.5s
in_order "${sections[@]}"
grep -Eq 'spinners.*1\.50|1\.50.*|done\?.*1\.5' stdout || fail "the prediction is not shown"
[ ! -s stderr ] || fail "something is said on standard error"
no_escapes stdout
run 0 teach capacity --predict 1.5 --time-limit 0.5s --format markdown
in_order '# Lesson 0' '## The question' '## What happened' '```' '## The claim' '**' '## Why' '- '
run 0 teach capacity --no-ask --time-limit 0.5s --format json
[ "$(head -c1 stdout)" = '{' ] || fail "JSON is not alone on standard output"
wants stdout '"prediction": ['
run 0 teach capacity --hint
run 0 teach capacity --solution
run 0 teach capacity --quiz
wants stdout 'Answer: '
# What was done is kept, and shown.
run 0 teach --format json
grep -q '"name": "capacity".*"done": true' stdout || fail "the catalogue does not know what was done"
# A file for each kind, and none of another run.
run 0 teach capacity --no-ask --time-limit 0.5s --save kept
for file in capacity.json capacity.svg capacity.trace.json; do
    [ -s kept/$file ] || fail "--save leaves no $file"
done
wants kept/capacity.svg '<svg xmlns='
wants kept/capacity.json '"schema": "acelera/lesson/1"'
wants kept/capacity.trace.json '"traceEvents"'
if grep -rlF -e "$(uname -n)" -e "$PWD" kept; then fail "what is saved says whose machine it was"; fi
