# The variants of each kernel against their ceilings. From a run directory:  gnuplot -c …/plots/ladder.gp [svg|png|pdf [FILE]]
name = 'ladder'
format = ARG1
output = ARG2
load ARG0[1:strlen(ARG0) - strlen(name.'.gp')].'style.gp'

set logscale y
set multiplot
do for [i = 0:panels] {
    p = drawn(i)
    set xrange [*:*]
    set yrange [*:*]
    stats data(name) using ($1 == p ? (head = strcol(2), unit = strcol(8), 0) : 0) nooutput
    stats data(name) using ($1 == p ? $3 : NaN) nooutput
    set xrange [0.4:STATS_max + 0.6]
    step = 1 + int(STATS_max / 25)
    highest = 0
    stats data(name) using ($1 == p && $7 > highest ? (highest = $7, 0) : 0) nooutput
    stats data(name) using ($1 == p && $9 > highest ? (highest = $9, 0) : 0) nooutput # there may be no ceiling at all
    stats data(name) using ($1 == p ? $7 : NaN) nooutput
    set yrange [STATS_min * 0.7:highest * 1.4]
    set origin left_of(i), below(i)
    set size wide_as(i), panel_height / height
    set title head noenhanced
    set xtics rotate by 30 right noenhanced
    set xlabel ''
    set ylabel unit noenhanced
    if (i == 1) { unset label; set key off }
    plot data(name) using ($1 == p ? $3 + 0.12 * (2 * $6 - 1) : NaN):7:(0):($9 - $7) with vectors nohead lc rgb grey dt 3 notitle, \
        data(name) using ($1 == p && $6 == 1 ? $3 - 0.08 : NaN):9:(0.4):(0) with vectors nohead lc rgb black lw 2 title 'ceiling, most threads', \
        data(name) using ($1 == p && $6 == 0 ? $3 - 0.32 : NaN):9:(0.4):(0) with vectors nohead lc rgb orange lw 2 dt 2 title 'ceiling, one thread', \
        data(name) using ($1 == p && $6 == 1 ? $3 + 0.12 : NaN):7 with points lc rgb blue pt 7 ps 0.9 title 'most threads', \
        data(name) using ($1 == p && $6 == 0 ? $3 - 0.12 : NaN):7 with points lc rgb orange pt 4 ps 0.9 title 'one thread', \
        data(name) index p - 1 using 3:(1e30):xtic(substr(strcol(4), 1, int($3) % step == 0 ? 20 : 0)) with dots notitle
}
unset multiplot
