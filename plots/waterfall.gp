# Where the time of each row goes. From a run directory:  gnuplot -c …/plots/waterfall.gp [svg|png|pdf [FILE]]
name = 'waterfall'
format = ARG1
output = ARG2
load ARG0[1:strlen(ARG0) - strlen(name.'.gp')].'style.gp'

# A part is seen by its colour where it is thin, and by its pattern where it is wide, or the page is black and white.
array colour[7] = ['#DADADA', '#F0E442', '#7FB2DB', '#7FCDB4', '#E69F00', '#D98CB3', '#FFFFFF']
array pattern[7] = [0, 1, 6, 2, 7, 4, 0]
array part[7]
stats data(name) using (part[int($5) + 1] = strcol(6), $9) nooutput
lowest = STATS_min < 0 ? 105 * STATS_min - 3 : 0
highest = 103 * STATS_max
set xzeroaxis lt 1 lc rgb grey

set multiplot
do for [i = 0:panels] {
    p = drawn(i)
    set xrange [*:*]
    set yrange [*:*]
    stats data(name) using ($1 == p ? (head = strcol(2), 0) : 0) nooutput
    stats data(name) using ($1 == p ? $3 : NaN) nooutput
    set yrange [lowest:highest]
    set xrange [STATS_max > 2 ? 0.3 : -0.5:STATS_max > 2 ? STATS_max + 0.7 : STATS_max + 1.5]
    set origin left_of(i), below(i)
    set size wide_as(i), panel_height / height
    set title head noenhanced
    set xlabel 'threads'
    set ylabel '% of the time of the row'
    if (i == 1) { unset label; set key off }
    plot for [k = 1:7] data(name) using ($1 == p && $5 == k - 1 ? $3 : NaN):(50 * ($8 + $9)):($3 - 0.35):($3 + 0.35):(100 * $8):(100 * $9) \
        with boxxyerror lc rgb colour[k] fs solid 1 border lc rgb black title part[k], \
        for [k = 1:7] data(name) using ($1 == p && $5 == k - 1 ? $3 : NaN):(50 * ($8 + $9)):($3 - 0.35):($3 + 0.35):(100 * $8):(100 * $9) \
        with boxxyerror lc rgb '#333333' fs transparent pattern pattern[k] noborder notitle, \
        data(name) index p - 1 using 3:(1e9):xtic(sprintf('%d', $4)) with dots notitle
}
unset multiplot
