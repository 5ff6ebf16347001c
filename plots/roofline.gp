# The roofline, one point for each variant. From a run directory:  gnuplot -c …/plots/roofline.gp [svg|png|pdf [FILE]]
name = 'roofline'
format = ARG1
output = ARG2
panel_height = 420
columns = 1
load ARG0[1:strlen(ARG0) - strlen(name.'.gp')].'style.gp'
roofs = data('roofline-roofs')

named(words, share) = words.(share eq 'NaN' ? '' : sprintf(', %.0f%%', 100 * real(share)))
set logscale xy
set format x '%g'
set format y '%g'

set multiplot
do for [i = 0:panels] {
    p = drawn(i)
    set xrange [*:*]
    set yrange [*:*]
    stats data(name) using ($1 == p ? (head = strcol(2), 0) : 0) nooutput
    stats data(name) using ($1 == p ? $5 : NaN) nooutput
    lowest = STATS_min
    set xrange [lowest / 4:STATS_max * 40]
    stats data(name) using ($1 == p ? $8 : NaN) nooutput
    names = STATS_max
    highest = 0
    stats data(name) using ($1 == p && $6 > highest ? (highest = $6, 0) : 0) nooutput
    stats data(name) using ($1 == p ? $6 : NaN) nooutput
    lowest = STATS_min
    roof = ''
    roof_of_one = ''
    stats roofs using ($1 == p && $5 == 1 ? (roof = strcol(3), $7 > highest ? highest = $7 : 0, 0) : 0) nooutput
    stats roofs using ($1 == p && $5 == 0 ? (roof_of_one = strcol(3), $7 > highest ? highest = $7 : 0, 0) : 0) nooutput
    set yrange [lowest / 3:highest * 2.5 > names * 1.2 ? highest * 2.5 : names * 1.2]
    # gnuplot 5.4 does not live through labels without a point.
    rights = 0
    lefts = 0
    stats data(name) using ($1 == p && $9 > 0 ? (rights = 1, 0) : 0) nooutput
    stats data(name) using ($1 == p && $9 < 0 ? (lefts = 1, 0) : 0) nooutput
    set origin left_of(i), below(i)
    set size wide_as(i), panel_height / height
    set title head noenhanced
    set xlabel 'work ÷ compulsory traffic, FLOP/byte'
    set ylabel 'GFLOP/s'
    if (i == 1) { unset label; set key off }
    plot roofs using ($1 == p && $5 == 1 ? $6 : NaN):7 with lines lc rgb black lw 2 title roof, \
        roofs using ($1 == p && $5 == 0 ? $6 : NaN):7 with lines lc rgb grey lw 2 dt 2 title roof_of_one, \
        data(name) using ($1 == p ? $5 : NaN):6 with points lc rgb blue pt 7 ps 0.9 notitle, \
        data(name) using ($1 == p ? $5 : NaN):6:(($9 > 0 ? 0.12 : -0.11) * $5):($8 - $6) with vectors nohead lc rgb grey lw 0.5 notitle, \
        for [k = 1:rights] data(name) using ($1 == p && $9 > 0 ? $5 * 1.15 : NaN):8:(named(strcol(3), strcol(7))) with labels left boxed font ',10' noenhanced notitle, \
        for [k = 1:lefts] data(name) using ($1 == p && $9 < 0 ? $5 / 1.15 : NaN):8:(named(strcol(3), strcol(7))) with labels right boxed font ',10' noenhanced notitle
}
unset multiplot
