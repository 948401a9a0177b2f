# SPDX-License-Identifier: MIT
# One row a context: one switch, one creation, one mode switch. DATA has a row number, a label, a kind (the number of its
# ink), the three times in seconds with the ends of their intervals, and words for what is not there or a "-".
if (!exists("NAME"))    NAME = "ladder"
if (!exists("THIRD"))   THIRD = "mode switch and back"
if (!exists("DATA"))    DATA = NAME . ".tsv"
if (!exists("CAPTION")) CAPTION = "one CPU; median; bar: interval"
if (!exists("SOURCE"))  SOURCE = ""
set datafile separator "\t"
set datafile columnheaders      # always: without it a text column shifts against a numeric one by a row, silently

# the ends of the axis come from the data, the height from the number of rows
rows = 0; least = 1e300; most = 0; longest = 0
# a time, or 0 where there is none: an expression with a NaN column in it draws the column's text instead of its own
t(n) = strcol(n) eq "NaN" ? 0 : real(strcol(n))
in(x) = x > 1e-12 ? x : 0           # the end of an interval that goes to zero does not stretch the axis
see(x) = x > 0 ? (least = x < least ? x : least, most = x > most ? x : most, x) : 0
stats DATA using (rows = $1 > rows ? $1 : rows, longest = strlen(strcol(2)) > longest ? strlen(strcol(2)) : longest, $1) nooutput
stats DATA using (see(t(4)), see(t(7)), see(t(10)), see(t(6)), see(t(9)), see(t(12)), 0) nooutput
stats DATA using (see(in(t(5))), see(in(t(8))), see(in(t(11))), 0) nooutput
# a series or label without a point is not plotted: where its row is the only one, gnuplot 5.4 crashes on it
switches = 0; creates = 0; modes = 0
stats DATA using (t(4) > 0 ? switches = 1 : 0, t(7) > 0 ? creates = 1 : 0, t(10) > 0 ? modes = 1 : 0, 0) nooutput
if (most == 0) least = 1e-9; most = 1e-6
if (most < 10*least) most = 10*least

LINES = 7.8 + 2.6*rows
load "style.gp"
label = 0.52*longest + 0.8        # about as wide as its letters are
left = x_em(label > (narrow ? 7.6 : 8.6) ? label : narrow ? 7.6 : 8.6); right = x_em(1.6)
# room for a number beyond the first and the last mark
room = 4.9; span = ems*(1 - left - right)
decades = log10(most/least) / (1 - 2*room/span)
low = least / 10**(decades*room/span); high = most * 10**(decades*room/span)

set logscale x
set xrange [low:high]
set yrange [rows+0.6:0.4]
set format x "%.0s %cs"
set xtics 1e-12,(decades > (narrow ? 4 : 9) ? 100 : 10),1e3
set mxtics (decades > (narrow ? 4 : 9) ? 2 : 10)
set grid xtics ls 10
set lmargin at screen left
set rmargin at screen 1 - right
set tmargin at screen 1 - y_em(3.2 + extra)
set bmargin at screen y_em(narrow ? 2.4 : 4)
unset ytics

key_y = 1 - y_em(0.9)
key_x(n) = (narrow ? x_em(0.8) : left) + x_em(n)
set label 11 "switch, one way"  at screen key_x(0.4),key_y    point pt 7 ps 0.7 lc rgb FRAME offset 0.8,0 textcolor rgb INK
set label 12 "create, run, join" at screen key_x(narrow ? 9.6 : 10.4),key_y  point pt 4 ps 0.8 lc rgb FRAME offset 0.8,0 textcolor rgb INK
set label 13 THIRD at screen key_x(narrow ? 19.6 : 21.4),key_y point pt 2 ps 0.7 lc rgb FRAME offset 0.8,0 textcolor rgb INK
set label 1 say(caption_1) at screen key_x(0),1-y_em(2.2) left textcolor rgb NOTE
set label 3 say(caption_2) at screen key_x(0),1-y_em(3.4) left textcolor rgb NOTE
if (!narrow) set label 2 say(strlen(SOURCE) > fits*(1-left) ? SOURCE[1:int(fits*(1-left))-1] . "…" : SOURCE) at screen key_x(0),y_em(0.9) left textcolor rgb NOTE

# Of two marks the left one has its number on the left of its bar, so that they never meet; a lone one has it on the side where
# there is room, and beyond it the words for what is missing. A bar that goes to zero leaves no room on its left: then below it.
# The mode switch stands half a row above: it may be as dear as either. n, m: the columns of a time and of the other.
at_right(n,m) = t(m) > 0 ? t(n) > t(m) : log10(t(n)/low) < 0.5*decades
closed(n) = in(t(n+1)) > 0
num_r(n,m) = t(n) > 0 && at_right(n,m) ? si(t(n)) : ""
num_l(n,m) = t(n) > 0 && !at_right(n,m) && closed(n) ? si(t(n)) : ""
num_b(n,m) = t(n) > 0 && !at_right(n,m) && !closed(n) ? si(t(n)) : ""
reason(n) = strcol(n) eq "-" ? "" : tell(strcol(n))
why_r(n,m) = t(n) > 0 && t(m) == 0 && at_right(n,m) ? reason(13) : ""
why_l(n,m) = t(n) > 0 && t(m) == 0 && !at_right(n,m) ? reason(13) : ""
wide = narrow ? 38 : 80
cut(s) = strlen(s) > wide ? s[1:wide-1] . "…" : s
why(n,m) = t(n) > 0 || t(m) > 0 ? "" : cut(reason(13))
up = 0.38
# where a label stands; one that is empty stands anywhere
at(n) = t(n) > 0 ? t(n) : low
plot DATA using (low):1:(high-low):(0) with vectors nohead ls 11, \
     for [i=1:modes] "" using 10:($1-up):11:12:(ink($3)) with xerrorbars pt 2 ps 0.6 lw 1.1 lc rgb variable, \
     for [i=1:creates] "" using 7:1:8:9:(ink($3)) with xerrorbars pt 4 ps 0.8 lw 1.1 lc rgb variable, \
     for [i=1:switches] "" using 4:1:5:6:(ink($3)) with xerrorbars pt 7 ps 0.7 lw 1.1 lc rgb variable, \
     "" using (at(12)):($1-up):(si(t(10))):(ink($3)) with labels left offset 0.8,0 textcolor rgb variable, \
     "" using (at(5)):1:(num_l(4,7)):(ink($3)) with labels right offset -0.9,0 textcolor rgb variable, \
     "" using (at(4)):1:(num_b(4,7)):(ink($3)) with labels right offset -0.4,-0.8 textcolor rgb variable, \
     "" using (at(6)):1:(num_r(4,7)):(ink($3)) with labels left offset 0.9,0 textcolor rgb variable, \
     "" using (at(8)):1:(num_l(7,4)):(ink($3)) with labels right offset -0.9,0 textcolor rgb variable, \
     "" using (at(7)):1:(num_b(7,4)):(ink($3)) with labels right offset -0.4,-0.8 textcolor rgb variable, \
     "" using (at(9)):1:(num_r(7,4)):(ink($3)) with labels left offset 0.9,0 textcolor rgb variable, \
     "" using (at(5)):1:(why_l(4,7)) with labels right offset -8,0 textcolor rgb NOTE, \
     "" using (at(6)):1:(why_r(4,7)) with labels left offset 8,0 textcolor rgb NOTE, \
     "" using (at(8)):1:(why_l(7,4)) with labels right offset -8,0 textcolor rgb NOTE, \
     "" using (at(9)):1:(why_r(7,4)) with labels left offset 8,0 textcolor rgb NOTE, \
     "" using (low):1:(why(4,7)) with labels left offset 0.9,0 textcolor rgb NOTE, \
     "" using (low):1:(tell(strcol(2))):(ink($3)) with labels right offset -0.6,0 textcolor rgb variable
