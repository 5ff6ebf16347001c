. "$(dirname "$0")/lib.sh"
run 0 run --kernel normalize --variants all --size tiny --threads 1 --blocks 2 --budget 20s
wants stdout 'ladder of normalize f32'
grep -Eq '^naive +[0-9.]+ [^ ]*s +first' stdout || fail "the first rung is not named"
grep -Eq '^fused +[0-9.]+ [^ ]*s +×[0-9.]+' stdout || fail "the last rung has no gain"
# One variant alone is no ladder.
run 0 run --kernel normalize --size tiny --threads 1 --blocks 2 --budget 20s
! grep -q 'ladder of' stdout || fail "a ladder of one rung"
