# Efficiency per PU and per core, sweep by sweep. From a run directory:  gnuplot -c …/plots/efficiency.gp [svg|png|pdf [FILE]]
name = 'efficiency'
format = ARG1
output = ARG2
load ARG0[1:strlen(ARG0) - strlen(name.'.gp')].'style.gp'

stats data(name) using 3 nooutput
wide = STATS_max > 16
if (wide) { set logscale x 2 }
if (!wide) { set xtics 1 }
most = STATS_max
highest = 1
stats data(name) using ($4 > highest ? highest = $4 : 0, $7 > highest ? highest = $7 : 0, $8 > highest ? highest = $8 : 0, 0) nooutput
# The points decide on the axis; an interval may go on beyond it.
reach = highest
stats data(name) using ($6 > reach ? reach = $6 : 0, 0) nooutput
highest = reach < 1.3 * highest ? reach : 1.3 * highest
set y2range [0:1]

set multiplot
do for [i = 0:panels] {
    p = drawn(i)
    set xrange [*:*]
    set yrange [*:*]
    stats data(name) using ($1 == p ? (head = strcol(2), note = strcol(13), 0) : 0) nooutput
    marks = 0
    stats data(name) using ($1 == p && $9 > 0 ? (marks = 1, 0) : 0) nooutput
    set xrange [wide ? 0.8 : 0.7:wide ? 1.25 * most : most + 0.3]
    set yrange [0:108 * highest + 5]
    set origin left_of(i), below(i)
    set size wide_as(i), panel_height / height
    set title head noenhanced
    set xlabel 'threads ('.note.')' noenhanced
    set ylabel 'share of full speed, %'
    if (i == 1) { unset label; set key off }
    plot for [k = 1:marks] data(name) using ($1 == p ? $9 : NaN):(1) axes x1y2 with impulses lc rgb grey dt 3 notitle, \
        for [k = 1:marks] data(name) using ($1 == p ? $9 : NaN):(0.02):10 axes x1y2 with labels rotate left font ',9' tc rgb grey offset 0.6,0 notitle, \
        100 with lines lc rgb grey dt 3 lw 1.5 title 'linear', \
        data(name) using ($1 == p ? $3 : NaN):(100 * $8) with linespoints lc rgb black dt 4 pt 1 ps 0.7 title "machine's ideal", \
        data(name) using ($1 == p ? $3 : NaN):(100 * $7) with linespoints lc rgb orange dt 2 pt 4 ps 1.1 title 'per core', \
        data(name) using ($1 == p && $5 > 0 ? $3 : NaN):(100 * $4):(100 * $5):(100 * $6) with yerrorbars lc rgb blue pt 0 lw 1.5 notitle, \
        data(name) using ($1 == p ? $3 : NaN):(100 * $4) with linespoints lc rgb blue pt 7 ps 0.7 lw 1.5 title 'per PU'
}
unset multiplot
