# What all plots share: where data and titles come from, sizes, colours, marks. Loaded by each script, which has
# set `name`, `format` and `output`. Texts from the data stay values of variables, shown as they are: nothing in
# them is ever part of a command, and no marks in them are obeyed (noenhanced).
set encoding utf8
set datafile separator tab
set datafile commentschars '#'
data(file) = 'plots/data/'.file.'.tsv'

title = ''
caption = ''
stats data('titles') using (strcol(1) eq name ? (title = strcol(2), caption = strcol(3), 0) : 0) nooutput
if (title eq '') exit error name.': this run has nothing to draw'
stats data(name) using 1 nooutput
panels = int(STATS_max)

# Okabe & Ito, Color Universal Design (2008); each colour also has a mark, a dash or a pattern of its own.
black = '#000000'
blue = '#0072B2'
orange = '#D55E00'
green = '#009E73'
sky = '#56B4E9'
yellow = '#E69F00'
pink = '#CC79A7'
grey = '#767676'

# Lines of at most w characters, broken at blanks where there are any.
blank(s, n) = n < 1 ? 0 : s[n:n] eq ' ' ? n : blank(s, n - 1)
cut(s, w) = blank(s, w) > 0 ? blank(s, w) : w
wrap(s, w) = strlen(s) <= w ? s : s[1:cut(s, w)]."\n".wrap(s[cut(s, w) + 1:strlen(s)], w)
lines(s) = words(s) == 0 ? 0 : 1 + int(sum [k = 1:strlen(s)] (s[k:k] eq "\n"))

# Pixels of a page 800 wide: title, legend, panels in two columns, caption.
if (format eq '') format = 'svg'
title = wrap(title, format eq 'svg' ? 100 : 92)
caption = wrap(caption, format eq 'svg' ? 150 : 125)
if (!exists('columns')) columns = panels == 1 ? 1 : 2
if (!exists('panel_height')) panel_height = panels == 1 ? 360 : 270
rows = (panels + columns - 1) / columns
top = 22.0 + 20 * lines(title) + 32
bottom = 14.0 + 14 * lines(caption)
width = 800.0
height = top + rows * panel_height + bottom

if (format eq 'svg') {
    set terminal svg size width, height dynamic noenhanced font 'DejaVu Sans,Arial,sans-serif,12' background 'white'
} else { if (format eq 'png' && strstrt(GPVAL_TERMINALS, 'pngcairo') > 0) {
    set terminal pngcairo size 2 * width, 2 * height noenhanced font 'DejaVu Sans,11' fontscale 1.6 linewidth 2 pointscale 2 background 'white'
} else { if (format eq 'png') {
    set terminal png size 2 * width, 2 * height noenhanced fontscale 1.6 linewidth 2
} else { if (format eq 'pdf' && strstrt(GPVAL_TERMINALS, 'pdfcairo') > 0) {
    set terminal pdfcairo size width / 100, height / 100 noenhanced font 'DejaVu Sans,9' background 'white'
} else {
    exit error 'this gnuplot cannot write '.format.'; svg, png and pdf are known'
} } } }
if (output eq '') output = 'plots/'.name.'.'.format
set output output

set border 3 lc rgb grey
set tics nomirror textcolor rgb black
set grid y lc rgb '#DDDDDD' lt 1 lw 0.5
set key off
set label 1 title at screen 0.015, 1 - 22 / height left font ',15' noenhanced
set label 2 caption at screen 0.015, (bottom - 14) / height left font ',10' textcolor rgb '#444444' noenhanced
set key at screen 0.01, 1 - (top - 34) / height left top horizontal Left reverse samplen 2.5 width 1 maxrows 2 font ',11' noenhanced

# Each script draws panels 0 … `panels`. Panel 0 is the first once more, far above the page and as wide as it: only its
# legend is seen, which would not fit over one panel.
drawn(i) = i == 0 ? 1 : i
wide_as(i) = i == 0 ? 1 : 1.0 / columns
left_of(i) = i == 0 ? 0 : ((i - 1) % columns) / (columns + 0.0)
below(i) = i == 0 ? 50 : 1 - (top + (1 + (i - 1) / columns) * panel_height) / height
head = ''
set tmargin 2
set title offset 0,-0.4
set xlabel offset 0,0.4
set xtics offset 0,0.2
set ylabel offset 0.5,0
set style textbox opaque noborder margins 0.2,0.2
