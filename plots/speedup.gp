# Speedup against threads, sweep by sweep. From a run directory:  gnuplot -c …/plots/speedup.gp [svg|png|pdf [FILE]]
name = 'speedup'
format = ARG1
output = ARG2
load ARG0[1:strlen(ARG0) - strlen(name.'.gp')].'style.gp'

stats data(name) using 3 nooutput
wide = STATS_max > 16
if (wide) { set logscale xy 2; set format y '%.3g' }
if (!wide) { set xtics 1 }
most = STATS_max
fitted = 0
stats data('speedup-law') using ($1 > 0 ? (fitted = 1, 0) : 0) nooutput
middle = wide ? sqrt(most) : most / 2.0
set y2range [0:1]

set multiplot
do for [i = 0:panels] {
    p = drawn(i)
    set xrange [*:*]
    set yrange [*:*]
    stats data(name) using ($1 == p ? (head = strcol(2), note = strcol(17), law = strcol(18), 0) : 0) nooutput
    lowest = 1
    highest = 1
    stats data(name) using ($1 == p ? ($4 < lowest ? lowest = $4 : 0, $7 < lowest ? lowest = $7 : 0, $4 > highest ? highest = $4 : 0, $7 > highest ? highest = $7 : 0, $11 > highest ? highest = $11 : 0, 0) : 0) nooutput
    # An interval may be as wide as it likes: the points decide on the axis, and it goes on beyond.
    reach = highest
    stats data(name) using ($1 == p ? ($6 > reach ? reach = $6 : 0, $9 > reach ? reach = $9 : 0, 0) : 0) nooutput
    highest = reach < 1.6 * highest ? reach : 1.6 * highest
    rights = 0 # gnuplot 5.4 does not live through labels without a point
    lefts = 0
    stats data(name) using ($1 == p && $13 > middle ? (rights = 1, 0) : 0) nooutput
    stats data(name) using ($1 == p && $13 <= middle ? (lefts = 1, 0) : 0) nooutput
    marks = 0
    stats data(name) using ($1 == p && $13 > 0 ? (marks = 1, 0) : 0) nooutput
    set xrange [wide ? 0.8 : 0.7:wide ? 1.25 * most : most + 0.3]
    set yrange [wide ? 0.8 * lowest : 0:wide ? 1.25 * highest : 1.08 * highest]
    set origin left_of(i), below(i)
    set size wide_as(i), panel_height / height
    set title head noenhanced
    set xlabel 'threads ('.note.')'.(law eq '–' ? '' : "\n".law) noenhanced
    set bmargin fitted ? 4.5 : 3.5
    set ylabel 'times as fast as one thread'
    if (i == 1) { unset label 1; unset label 2; set key off }
    plot for [k = 1:marks] data(name) using ($1 == p ? $13 : NaN):(1) axes x1y2 with impulses lc rgb grey dt 3 notitle, \
        for [k = 1:rights] data(name) using ($1 == p && $13 > middle ? $13 : NaN):(0.02):14 axes x1y2 with labels rotate left font ',9' tc rgb grey offset 0.6,0 notitle, \
        for [k = 1:lefts] data(name) using ($1 == p && $13 <= middle ? $13 : NaN):(0.98):14 axes x1y2 with labels rotate right font ',9' tc rgb grey offset 0.6,0 notitle, \
        x with lines lc rgb grey dt 3 lw 1.5 title 'linear', \
        data(name) using ($1 == p ? $3 : NaN):11 with linespoints lc rgb black dt 4 pt 1 ps 0.7 title "machine's ideal", \
        for [k = 1:fitted] data('speedup-law') using ($1 == p ? $3 : NaN):4 with lines lc rgb green dt 2 lw 2 title 'fitted law', \
        data('speedup-blocks') using ($1 == p ? $3 * (wide ? 1.04 : 1) + (wide ? 0 : 0.06) : NaN):5 with points lc rgb sky pt 7 ps 0.3 title 'one block', \
        data(name) using ($1 == p && $8 > 0 ? $3 : NaN):7:8:9 with yerrorbars lc rgb orange pt 0 notitle, \
        data(name) using ($1 == p ? $3 : NaN):7 with linespoints lc rgb orange dt 2 pt 4 ps 1.1 title 'against serial', \
        data(name) using ($1 == p && $5 > 0 ? $3 : NaN):4:5:6 with yerrorbars lc rgb blue pt 0 lw 1.5 notitle, \
        data(name) using ($1 == p ? $3 : NaN):4 with linespoints lc rgb blue pt 7 ps 0.7 lw 1.5 title 'against one thread'
}
unset multiplot
