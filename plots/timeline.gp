# One iteration of each largest team, thread by thread. From a run directory:  gnuplot -c …/plots/timeline.gp [svg|png|pdf [FILE]]
name = 'timeline'
format = ARG1
output = ARG2
columns = 1
panel_height = 200
load ARG0[1:strlen(ARG0) - strlen(name.'.gp')].'style.gp'

set grid noy
set grid x lc rgb '#DDDDDD' lt 1 lw 0.5

set multiplot
do for [i = 0:panels] {
    p = drawn(i)
    set xrange [*:*]
    set yrange [*:*]
    stats data(name) using ($1 == p ? (head = strcol(2), unit = strcol(8), region = $7, 0) : 0) nooutput
    stats data(name) using ($1 == p ? $3 : NaN) nooutput
    threads = STATS_max + 1
    last = -1
    line = -1
    pus = ''
    stats data(name) using ($1 == p && $3 < 12 && valid(4) && $3 > last ? (last = $3, pus = pus.sprintf(' %d', $4), 0) : 0) nooutput
    set xrange [0:region * 1.01]
    set yrange [threads - 0.4:-0.6]
    set ytics auto
    if (threads <= 12) { set ytics 1 }
    set origin left_of(i), below(i)
    set size wide_as(i), panel_height / height
    set title head.(pus eq '' ? '' : ', on PUs'.pus.(threads > 12 ? ' …' : '')) noenhanced
    set xlabel unit.' since the iteration began' noenhanced
    set ylabel 'thread'
    if (i == 1) { unset label; set key off }
    plot data(name) using ($1 == p && $3 != line ? (line = $3, 0) : NaN):3:7:(0) with vectors nohead lc rgb orange lw 1 title 'waiting', \
        data(name) using ($1 == p ? ($5 + $6) / 2 : NaN):3:5:6:($3 - 0.32):($3 + 0.32) with boxxyerror fs solid lc rgb blue title 'busy'
}
unset multiplot
