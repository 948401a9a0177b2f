# SPDX-License-Identifier: MIT
# What a switch costs over what each context touches in between, a line a context and how many of them there are. DATA has the
# number of the line, the place of the size on the axis, the size in words, the time in seconds with the ends of its interval,
# a kind (the number of its ink), and the line's label.
NAME = "ring"; LINES = 27
if (!exists("DATA"))    DATA = NAME . ".tsv"
if (!exists("CAPTION")) CAPTION = "one hop; bar: interval"
if (!exists("SOURCE"))  SOURCE = ""
set datafile separator "\t"
set datafile columnheaders
lines = 0; places = 0; least = 1e300; most = 0
t(n) = strcol(n) eq "NaN" ? 0 : real(strcol(n))
see(x) = x > 1e-12 ? (least = x < least ? x : least, most = x > most ? x : most, x) : 0
stats DATA using (lines = $1 > lines ? $1 : lines, places = $2 > places ? $2 : places, see(t(4)), see(t(5)), see(t(6)), 0) nooutput
if (most < 10*least) most = 10*least
load "style.gp"
set logscale y
set xrange [0.6:places + (narrow ? 2.6 : 1.6)]
set yrange [least/1.6:most*1.6]
set format y "%.0s %cs"
set ytics 1e-12,10,1e3
set mytics 10
set grid ytics ls 10
set border 3
set lmargin at screen x_em(narrow ? 5 : 6)
set rmargin at screen 1-x_em(1)
set tmargin at screen 1-y_em(3.2)
set bmargin at screen y_em(narrow ? 3.6 : 5.2)
set label 1 say(CAPTION) at screen x_em(0.8),1-y_em(1.2) left textcolor rgb NOTE
if (!narrow) set label 2 say(SOURCE) at screen x_em(0.8),y_em(0.9) left textcolor rgb NOTE
set xlabel "each context touches, between two switches" offset 0,0.4 textcolor rgb NOTE
# of a line the last place, where its name stands
array last[lines + 1]
do for [k=1:lines] { last[k] = 0 }
stats DATA using (last[int($1)] = $2 > last[int($1)] ? $2 : last[int($1)], 0) nooutput
# where the kinds' lines run together their names stand one above the other: a line of text is so much of the axis
line = (2.56*most/least)**(narrow ? 0.08 : 0.06)
apart(kind) = kind == 3 ? line : kind == 2 ? 1/line : 1
unset xtics
set xtics nomirror out
plot for [k=1:lines] DATA using (column(1) == k ? column(2) : NaN):4:(ink($7)):xtic(3) with lines lw 1.4 lc rgb variable, \
     for [k=1:lines] DATA using (column(1) == k ? column(2) : NaN):4:5:6:(ink($7)) with yerrorbars pt 7 ps 0.5 lw 1.1 lc rgb variable, \
     DATA using (column(2) == last[int($1)] ? column(2) : NaN):($4 * apart($7)):(say(strcol(8))):(ink($7)) with labels left offset 0.9,0 textcolor rgb variable
