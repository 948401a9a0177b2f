# SPDX-License-Identifier: MIT
# What a switch takes by itself, which is the first point of each line, and with the misses of what is touched in between: a panel
# an impl, a line each way to touch. The columns are ring.gp's; a row of line -1 has the panel's name for its label.
NAME = "direct_indirect"
if (!exists("DATA"))    DATA = "direct-indirect.tsv"
if (!exists("CAPTION")) CAPTION = "one hop; bar: interval"
if (!exists("SOURCE"))  SOURCE = ""
if (!exists("WIDTH"))   WIDTH = "web"
set datafile separator "\t"
set datafile columnheaders
t(n) = strcol(n) eq "NaN" ? 0 : real(strcol(n))
panels = 0; lines = 0; places = 0; least = 1e300; most = 0
see(x) = x > 1e-12 ? (least = x < least ? x : least, most = x > most ? x : most, x) : 0
stats DATA using (panels = $1 > panels ? $1 : panels, lines = $2 > lines ? $2 : lines, $2 > 0 && $3 > places ? places = $3 : 0, 0) nooutput
stats DATA using ($2 > 0 ? (see(t(5)), see(t(6)), see(t(7)), 0) : 0) nooutput
if (most < 10*least) least = 1e-9; most = most > 1e-8 ? most : 1e-8
across = WIDTH eq "col" ? 1 : panels < 3 ? panels : 3
if (across < 1) across = 1
down = int((panels + across - 1)/across)
body = 14; tall = body + 6
LINES = (WIDTH eq "col" ? 3 : 4.8) + tall*down + (WIDTH eq "col" ? 4 : 2.6)
load "style.gp"
array called[lines + 1]; array size[places + 1]; array owner[panels + 1]; array inks[panels + 1]
do for [p=1:panels] { owner[p] = ""; inks[p] = 6 }
do for [k=1:lines] { called[k] = "" }
do for [i=1:places] { size[i] = "" }            # a place may have no row of its own
stats DATA using ($2 > 0 ? (called[int($2)] = strcol(10), size[int($3)] = strcol(4), 0) : 0) nooutput
stats DATA using ($2 == -1 ? (owner[int($1)] = strcol(10), inks[int($1)] = $8, 0) : 0) nooutput
marks(k) = k == 1 ? 7 : k == 2 ? 4 : 8
dash(k) = k
key_x(k) = narrow ? x_em(0.8) : x_em(0.8 + 14*(k-1))
key_y(k) = narrow ? y_em(0.6 + 1.2*(lines-k)) : 1 - y_em(2.6 + extra)
do for [k=1:lines] {
    set label 200+k "" at screen key_x(k)+x_em(1.3),key_y(k) point pt marks(k) ps 0.7 lc rgb FRAME
    set label 210+k say(called[k]) at screen key_x(k)+x_em(3.2),key_y(k) left textcolor rgb INK
}
set multiplot
set logscale y
bottom = least/1.8; top = most*1.8
set xrange [0.6:places + 0.4]
set yrange [bottom:top]
set format y "%.0s %cs"
set ytics 1e-12,10,1e3
set mytics 10
set grid ytics ls 10
set border 3
set xtics (say(places > 0 ? size[1] : "") 1) rotate by 40 right     # named ones only
do for [i=1:places] { set xtics add (say(size[i]) i) }
do for [p=1:panels] {
    column_ = (p-1) % across; row_ = (p-1)/across
    edge = x_em(4.6)
    set lmargin at screen edge + (1 - edge - x_em(0.6))*column_/across + (column_ > 0 ? x_em(0.8) : 0)
    set rmargin at screen edge + (1 - edge - x_em(0.6))*(column_ + 1)/across - x_em(0.4)
    high = (narrow ? 3 : 4.8) + extra + tall*row_ + 2
    set tmargin at screen 1 - y_em(high)
    set bmargin at screen 1 - y_em(high + body)
    if (column_ > 0) { set format y "" } else { set format y "%.0s %cs" }
    set label 9 say(owner[p]) at graph 0.5,1 center offset 0,1.7 textcolor rgb ink(inks[p])
    plot DATA using ($1 == p && $2 == 0 ? $3 : NaN):(top) with impulses lc rgb NOTE lw 0.8 dt (2,4), \
         "" using ($1 == p && $2 == 0 ? $3 : NaN):(top):(tell(word(strcol(10),1))) with labels center offset 0,0.6 textcolor rgb NOTE, \
         for [k=1:lines] "" using ($1 == p && $2 == k ? $3 : NaN):5:(ink($8)) with lines lw 1.2 dt dash(k) lc rgb variable, \
         for [k=1:lines] "" using ($1 == p && $2 == k ? $3 : NaN):5:6:7:(ink($8)) with yerrorbars pt marks(k) ps 0.6 lw 1.1 lc rgb variable, \
         "" using ($1 == p && $2 > 0 && t(5) == 0 && t(7) > 0 ? $3 : NaN):(t(7)):(0):(t(7)/2.2 - t(7)):(ink($8)) with vectors filled size screen 0.006,25 lw 1 dt 1 lc rgb variable
    do for [k=1:3] { unset label k; unset label 200+k; unset label 210+k }
}
eval sheet
plot for [k=1:lines] key_x(k) + x_em(2.6*t),key_y(k) with lines lw 1.2 dt dash(k) lc rgb FRAME
unset multiplot
