. "$(dirname "$0")/lib.sh"
for name in a b c; do make_run "$name"; done
run 2 a b c
one_line "3 runs cannot be cut in halves" "A… vs B…"
run 2 a
one_line "one run alone"
run 2 a vs
one_line "vs: no run stands behind it"
run 2 vs a
one_line "vs: no run stands before it"
run 2 a vs b vs c
one_line "vs: stands twice"
run 2 a vs ./a/
one_line "./a: the same run as a"
ln -s a link
run 2 a link
one_line "link: the same run as a"
run 2
one_line "RUN is missing"
run 2 a b --kernel matmul
one_line "--kernel: is for what is measured"
run 2 a b --precision 1%
one_line "--precision: is for what is measured"
run 2 a b --delta 0
one_line "--delta 0"
run 2 --live x-gomp
one_line "--live: takes two sides, and there is 1"
run 2 --live slowed-gomp work=1 --kernel slowed
one_line "work" "worker, placement, type, variant"
run 2 --live slowed-gomp nobody --kernel slowed
one_line "nobody"
run 2 --live slowed.extra=0 slowed.extra= --kernel slowed --worker slowed-gomp
one_line "'slowed.extra=' is not KEY=VALUE"
run 2 --live slowed.extra=0 slowed.extra=7 --kernel slowed --worker slowed-gomp
one_line "7"
run 2 --live type=f32 type=f16 --kernel slowed --worker slowed-gomp
one_line "f16"
run 2 --live variant=slowed variant=slowed:chains --kernel slowed --worker slowed-gomp
one_line "'slowed' is not KERNEL:VARIANT"
[ ! -e results ] || fail "a refused comparison left a results folder"
