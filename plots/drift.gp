# The times block by block. From a run directory:  gnuplot -c …/plots/drift.gp [svg|png|pdf [FILE]]
name = 'drift'
format = ARG1
output = ARG2
load ARG0[1:strlen(ARG0) - strlen(name.'.gp')].'style.gp'

stats data(name) using 5 nooutput
first = STATS_min
last = STATS_max
set format y '%+g'
set xzeroaxis lt 1 lc rgb grey

set multiplot
do for [i = 0:panels] {
    p = drawn(i)
    set xrange [*:*]
    set yrange [*:*]
    stats data(name) using ($1 == p ? (head = strcol(2), 0) : 0) nooutput
    set xrange [first - 0.5:last + 0.5]
    set origin left_of(i), below(i)
    set size wide_as(i), panel_height / height
    set title head noenhanced
    set xlabel 'block'
    set ylabel 'from the median of its row, %'
    if (i == 1) { unset label; set key off }
    plot data(name) using ($1 == p && $3 == 2 ? $5 : NaN):(100 * ($6 - 1)) with points lc rgb grey pt 2 ps 0.4 title 'other teams', \
        data(name) using ($1 == p && $3 == 3 ? $5 : NaN):(100 * ($6 - 1)) with lines lc rgb black dt 3 lw 2 title 'clock', \
        data(name) using ($1 == p && $3 == 0 ? $5 : NaN):(100 * ($6 - 1)) with linespoints lc rgb orange dt 2 pt 4 ps 0.7 title 'time of one thread', \
        data(name) using ($1 == p && $3 == 1 ? $5 : NaN):(100 * ($6 - 1)) with linespoints lc rgb blue pt 7 ps 0.5 title 'time of the largest team'
}
unset multiplot
