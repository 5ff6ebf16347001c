# On a terminal: what is no prediction is asked again; it is locked before anything runs; the quiz is asked; the end
# of input and Ctrl-C end politely, with the state kept.
. "$(dirname "$0")/lib.sh"
wants_terminal
on_terminal "printf 'lots\n99999999\n?\n1,5\na\n'; sleep 15" teach capacity --time-limit 0.5s --color never
[ $code -eq 0 ] || fail "exit code $code"
[ "$(grep -c 'That is not a number from' stdout)" -eq 2 ] || fail "what is no prediction is not asked again"
wants stdout 'Predict first; nothing runs before.'
wants stdout 'Verdict: '
wants stdout 'Your answer, a to '
grep -Eq 'Right\.|Not quite\.' stdout || fail "the quiz gets no answer"
awk '/locked before anything runs/ { locked = NR } /Verdict: / { verdict = NR } END { exit !(locked && locked < verdict) }' stdout ||
    fail "the prediction is not locked before the run"
grep -q '"quiz": "\(right\|wrong\)"' state/acelera/lessons.json || fail "the answer is not kept"

# Ctrl-D at the first question.
rm -rf state
on_terminal "printf '\004'; sleep 2" teach waiting --time-limit 0.5s
[ $code -eq 0 ] || fail "the end of input is exit code $code"
wants stdout 'left here'
! grep -q 'Verdict' stdout || fail "it ran although nobody answered"

# Ctrl-C at a question, and in the middle of measuring.
on_terminal "sleep 1; printf '\003'; sleep 1" teach waiting --time-limit 5s
[ $code -eq 130 ] || fail "Ctrl-C at a question is exit code $code"
wants stdout 'interrupted'
on_terminal "sleep 2; printf '\003'; sleep 2" teach capacity --no-ask --time-limit 20s
[ $code -eq 130 ] || fail "Ctrl-C while measuring is exit code $code"
grep -q '"name": "capacity", "begun": 1, "finished": 0' state/acelera/lessons.json || fail "what was begun is not kept"
sleep 0.5
! pgrep -f "acelera-worker-lessons.*$$" >/dev/null || fail "a worker is left"

# In a room: one step after the other, in large letters.
on_terminal "yes '' | head -n 30; sleep 15" teach capacity --present --predict 1 --time-limit 0.5s
[ $code -eq 0 ] || fail "--present: exit code $code"
[ "$(grep -c '\[Enter\]' stdout)" -ge 4 ] || fail "--present does not wait after each step"
wants stdout '█████'
