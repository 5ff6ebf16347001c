# How the times of each row scatter. From a run directory:  gnuplot -c …/plots/times.gp [svg|png|pdf [FILE]]
name = 'times'
format = ARG1
output = ARG2
load ARG0[1:strlen(ARG0) - strlen(name.'.gp')].'style.gp'

boxes = data('times-quartiles')

set multiplot
do for [i = 0:panels] {
    p = drawn(i)
    set xrange [*:*]
    set yrange [*:*]
    stats boxes using ($1 == p ? (head = strcol(2), 0) : 0) nooutput
    stats boxes using ($1 == p ? $3 : NaN) nooutput
    first = STATS_min
    last = STATS_max
    many = STATS_max - STATS_min > (columns == 1 ? 9 : 4)
    # The boxes decide on the axis, or one disturbed iteration would flatten them; what lies beyond stands on its edge.
    stats boxes using ($1 == p ? $8 : NaN) nooutput
    highest = 1 + 6 * (STATS_max - 1)
    stats boxes using ($1 == p ? $6 : NaN) nooutput
    highest = 1 + 6 * (1 - STATS_min) > highest ? 1 + 6 * (1 - STATS_min) : highest
    highest = highest < 1.02 ? 1.02 : highest
    stats data('times') using ($1 == p ? $5 : NaN) nooutput
    highest = STATS_max < highest ? STATS_max : highest
    set xrange [first - 0.6:last + 0.6]
    set yrange [1 - 1.1 * (1 - STATS_min) - 0.05 * (highest - 1):1 + 1.06 * (highest - 1)]
    inside(y) = y < highest ? y : highest
    set origin left_of(i), below(i)
    set size wide_as(i), panel_height / height
    set title head noenhanced
    set xlabel many ? 'threads' : 'threads, and the median of their times' offset 0,(many ? 0 : -1)
    set bmargin many ? 4 : 5
    set ylabel 'time over the median of its row'
    if (i == 1) { unset label; set key off }
    plot data('times') using ($1 == p && $6 == 0 ? $3 + 0.7 * ($4 - 0.5) : NaN):(inside($5)) with points lc rgb sky pt 7 ps 0.25 title 'iteration', \
        data('times') using ($1 == p && $6 == 1 ? $3 + 0.7 * ($4 - 0.5) : NaN):(inside($5)) with points lc rgb orange pt 8 ps 0.6 title 'marked as disturbed', \
        boxes index p - 1 using 3:6:6:8:8:(0.7):xtic(strcol(4).(many ? "" : "\n".strcol(5))) with candlesticks fs empty lc rgb black title 'quartiles', \
        boxes using ($1 == p ? $3 : NaN):7:(0.35):(0) with vectors nohead lc rgb black lw 2 notitle, \
        boxes using ($1 == p ? $3 : NaN):7:(-0.35):(0) with vectors nohead lc rgb black lw 2 title 'median'
}
unset multiplot
