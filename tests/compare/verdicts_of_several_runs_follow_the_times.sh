. "$(dirname "$0")/lib.sh"
for i in 1 2 3 4 5 6; do
    make_run "old/r$i" order="$i" scale="1.00$i"
    make_run "same/r$i" order="$((i + 5))" scale="1.00$((7 - i))"
    make_run "slow/r$i" order="$((i + 3))" two="1.04$i"
    make_run "fast/r$i" order="$((i + 3))" scale="0.9$i"
done
run 0 old/* vs same/*
wants stdout "B against A, 2 rows: 2 equivalent within 2 %."
wants stdout "A: old/r1, old/r2"
run 4 old vs slow --format json
[ "$(grep -o '"verdict": "[a-z]*"' stdout | sort | tr '\n' ' ')" = '"verdict": "equivalent" "verdict": "slower" ' ] || fail "one row of two is slower"
wants stdout '"schema": "acelera/compare/1"'
wants stdout '"a_count": 6, "b_count": 6'
run 0 old vs fast
wants stdout "2 faster"
# Without the word, an even number is cut in halves, and the sides are told.
run 4 old slow --format markdown
wants stdout "- A: old/r1, old/r2, old/r3, old/r4, old/r5, old/r6"
wants stdout "- B: slow/r1"
# What is worth a word is the person's to say.
run 0 old vs slow --delta 6%
wants stdout "2 equivalent within 6 %"
# CSV has a line for each row, and says the rest beside it.
run 4 old slow --format csv
[ "$(wc -l <stdout)" -eq 3 ] || fail "two rows and a header make three lines"
wants stderr "1 slower"
# Two runs a side cannot say anything, and how many could is told.
run 0 old/r1 old/r2 vs slow/r1 slow/r2
wants stdout "2 inconclusive"
wants stdout "too few runs for any verdict: 2 rows need 5 runs a side, and there are 2"
