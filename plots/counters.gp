# SPDX-License-Identifier: MIT
# What the hardware counted of one switch, one creation, one mode switch: a panel an event, a row a cell, user mode (open mark) and
# kernel (full mark). DATA has an event's number, a row (from 1 in each), a label, a kind (the number of its ink), the count in user
# mode with the ends of its interval, the same in the kernel, and the event's name.
NAME = "counters"
if (!exists("DATA"))    DATA = NAME . ".tsv"
if (!exists("CAPTION")) CAPTION = "counted per switch"
if (!exists("SOURCE"))  SOURCE = ""
set datafile separator "\t"
set datafile columnheaders
t(n) = strcol(n) eq "NaN" ? 0 : real(strcol(n))
events = 0; most = 1; longest = 4
stats DATA using (events = $1 > events ? $1 : events, longest = strlen(strcol(3)) > longest ? strlen(strcol(3)) : longest, 0) nooutput
stats DATA using (most = t(5) > most ? t(5) : most, most = t(8) > most ? t(8) : most, 0) nooutput
array rows[events + 1]; array name[events + 1]; array top[events + 1]
do for [e=1:events] { rows[e] = 0; name[e] = "" }
stats DATA using (rows[int($1)] = $2 > rows[int($1)] ? $2 : rows[int($1)], name[int($1)] = strcol(11), 0) nooutput
y = 0
do for [e=1:events] { top[e] = y + 1; y = y + (rows[e] > 0 ? rows[e] + 1.4 : 0) }
LINES = 8.8 + 1.7*y
load "style.gp"
left = x_em(0.52*longest + 1.6)
low = 0.1
# below a tenth of one nothing is drawn but at the edge
on(x) = x > low ? x : low
set logscale x
set xrange [low:most*(most/low)**(narrow ? 0.3 : 0.16)]
set yrange [y:0]
set format x "%.0s%c"
set xtics 1,10,1e12
set mxtics 10
set grid xtics ls 10
unset ytics
set lmargin at screen left
set rmargin at screen 1 - x_em(1)
set tmargin at screen 1 - y_em(4 + extra)
set bmargin at screen y_em(narrow ? 2.4 : 5.2)
line = 1 - y_em(2.7 + extra)
set label 11 "user mode" at screen left,line left offset 1.4,0 point pt 6 ps 0.8 lc rgb FRAME textcolor rgb INK
set label 12 "kernel" at screen left + x_em(8),line left offset 1.4,0 point pt 7 ps 0.8 lc rgb FRAME textcolor rgb INK
# an emulated machine is named at the end of its line, which is not cut here
break = strlen(SOURCE)
if (break > fits) { break = fits; while (break > 1 && SOURCE[break:break] ne " ") { break = break - 1 } }
if (!narrow) {
    set label 2 say(SOURCE[1:break]) at screen x_em(0.8),y_em(SOURCE[break+1:*] eq "" ? 0.9 : 2.1) left textcolor rgb NOTE
    set label 4 say(short(SOURCE[break+1:*])) at screen x_em(0.8),y_em(0.9) left textcolor rgb NOTE
}
at(e,r) = top[int(e)] + r - 0.1
do for [e=1:events] { if (rows[e] > 0) { set label 20+e say(name[e]) at graph 0,first (top[e] - 0.1) left offset 0.6,0 textcolor rgb NOTE } }
number(x) = x < 0.005 ? "0" : x < 9.995 ? sprintf("%.2f", x) : x < 99.95 ? sprintf("%.1f", x) : x < 99999.5 ? sprintf("%.0f", x) : sprintf("%.3g M", x/1e6)
told(n) = strcol(n) eq "NaN" ? "" : number(real(strcol(n)))
right(n,m) = strcol(m) eq "NaN" || t(n) >= t(m) || t(n) <= low
plot DATA using (low):(at($1,$2)):(most*10):(0) with vectors nohead ls 11, \
     "" using (strcol(5) eq "NaN" ? NaN : on(t(5))):(at($1,$2)):(on(t(6))):(on(t(7))):(ink($4)) with xerrorbars pt 6 ps 0.8 lw 1.1 lc rgb variable, \
     "" using (strcol(8) eq "NaN" ? NaN : on(t(8))):(at($1,$2)):(on(t(9))):(on(t(10))):(ink($4)) with xerrorbars pt 7 ps 0.8 lw 1.1 lc rgb variable, \
     "" using (strcol(5) eq "NaN" ? NaN : on(t(5))):(at($1,$2)):(right(5,8) ? told(5) : ""):(ink($4)) with labels left offset 0.9,0 textcolor rgb variable, \
     "" using (strcol(5) eq "NaN" ? NaN : on(t(5))):(at($1,$2)):(right(5,8) ? "" : told(5)):(ink($4)) with labels right offset -0.9,0 textcolor rgb variable, \
     "" using (strcol(8) eq "NaN" ? NaN : on(t(8))):(at($1,$2)):(right(8,5) ? told(8) : ""):(ink($4)) with labels left offset 0.9,0 textcolor rgb variable, \
     "" using (strcol(8) eq "NaN" ? NaN : on(t(8))):(at($1,$2)):(right(8,5) ? "" : told(8)):(ink($4)) with labels right offset -0.9,0 textcolor rgb variable, \
     "" using (low):(at($1,$2)):(tell(strcol(3))):(ink($4)) with labels right offset -1.2,0 textcolor rgb variable
