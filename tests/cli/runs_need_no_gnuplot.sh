. "$(dirname "$0")/lib.sh"
run 0 run --kernel matmul --size tiny --threads 1 --blocks 2 --budget 20s --plots none
set -- results/*/
directory=${1%/}
[ -s "$directory/plots/data/speedup.tsv" ] || fail "the data of the plots are missing"
[ -z "$(find "$directory/plots" -name '*.svg')" ] || fail "--plots none draws"
if grep plots stderr; then fail "--plots none speaks of plots"; fi

# In no folder of PATH; and neither in the run directory, which may come from anywhere.
mkdir bin
for name in gnuplot bin/gnuplot "$directory/gnuplot"; do
    printf '#!/bin/sh\necho no such terminal >&2\nexit 1\n' >"$name"
    chmod +x "$name"
done
PATH=.:/nonexistent: "$acelera" report "$directory" >stdout 2>stderr || fail "a run without gnuplot fails"
wants stderr 'acelera report: no plots: gnuplot is not in PATH'
wants stderr "then: acelera report $directory"
[ "$(wc -l <stderr)" -eq 1 ] || fail "more than a line"
[ -s stdout ] || fail "no table without gnuplot"

# One that fails: a line for each plot, the run is as it was, and an older plot does not stay.
touch "$directory/plots/speedup.svg"
PATH=$PWD/bin "$acelera" report "$directory" >stdout 2>stderr || fail "a plot that fails is a run that fails"
wants stderr 'acelera report: plots/speedup.svg is not drawn: no such terminal'
[ ! -e "$directory/plots/speedup.svg" ] || fail "an old plot stays"
[ -s stdout ] || fail "no table without plots"

run 2 report "$directory" --plots gif
wants stderr '--plots gif: not one of svg, png, pdf, none'
run 2 report "$directory" --plots none,svg
wants stderr '--plots: none cannot stand beside a format'
