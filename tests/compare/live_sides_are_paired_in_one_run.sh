. "$(dirname "$0")/lib.sh"
# Recorded: the ratio is of pairs, and the family sets how many it takes.
make_run enough live=1 two=1.03 blocks=6
run 4 enough
wants stdout "1 slower"
make_run short live=1 two=1.03 blocks=5
run 0 short
wants stdout "too few blocks for any verdict: 1 row needs 6 pairs, and there are 5"
make_run equal live=1
run 0 equal/run.json
wants stdout "1 equivalent within 1 %"
[ -s equal/compare.json ] || fail "no compare.json in the run directory"
# Measured: two equal sides, with too few blocks for any verdict.
run 0 --live slowed-gomp slowed-gomp --kernel slowed --size tiny --threads 1 --blocks 2 --seed 1
wants stdout "2 inconclusive"
wants stdout "too few blocks for any verdict: 2 rows need 7 pairs, and there are 2"
wants stdout "A: the same as B"
set -- results/*/
[ -s "$1/compare.json" ] && [ -s "$1/summary.json" ] || fail "the run directory is not whole"
"$acelera" report "$1" >stdout 2>stderr || fail "report does not read the run"
# An option of a kernel is what the sides differ in; the verdict is of the run directory alone.
run 0 --live slowed.extra=0 slowed.extra=20 --worker slowed-gomp --kernel slowed --size tiny --threads 1 --blocks 2 --out other
wants stdout "A: options extra=0"
wants stdout "B: options extra=20"
set -- other/*/
cp "$1/compare.json" first.json
run 0 "$1" --format json
cmp -s first.json "$1/compare.json" || fail "comparing the same run again gives something else"
# The serial build against OpenMP on one thread: its row is the side's own, not a base.
run 0 --live slowed-serial slowed-gomp --kernel slowed --size tiny --threads 1 --blocks 1 --out serial --format json
wants stdout '"worker": "slowed-serial"'
wants stdout '"b_worker": "slowed-gomp"'
wants stdout "the serial base of its speedups"
