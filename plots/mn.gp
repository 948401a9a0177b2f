# SPDX-License-Identifier: MIT
# What the others of a library's contexts get done before one of them blocks (open mark) and while it does (full mark). DATA has a
# row, a label, a kind (the number of its ink), how much a ms before with the ends of its interval, the same while blocked, the
# share in percent, and words for what is not there or a "-".
NAME = "mn"
if (!exists("DATA"))    DATA = NAME . ".tsv"
if (!exists("CAPTION")) CAPTION = "work done in a ms"
if (!exists("SOURCE"))  SOURCE = ""
set datafile separator "\t"
set datafile columnheaders
t(n) = strcol(n) eq "NaN" ? 0 : real(strcol(n))
rows = 0; most = 1; longest = 4
stats DATA using (rows = $1 > rows ? $1 : rows, longest = strlen(strcol(2)) > longest ? strlen(strcol(2)) : longest, 0) nooutput
stats DATA using (most = t(6) > most ? t(6) : most, most = t(9) > most ? t(9) : most, 0) nooutput
LINES = 8.2 + 2*rows
load "style.gp"
left = x_em(0.52*longest + 1)
set xrange [-most*0.02:most*1.05]
set yrange [rows+0.6:0.4]
if (narrow) set xtics 0,step(most/3.0)
set grid xtics ls 10
set lmargin at screen left
set rmargin at screen 1 - x_em(6.4)
set tmargin at screen 1 - y_em(4 + extra)
set bmargin at screen y_em(narrow ? 2.4 : 4)
unset ytics
set format x "%.0f"
line = 1 - y_em(2.7 + extra)
set label 11 "before" at screen left,line left offset 1.4,0 point pt 6 ps 0.8 lc rgb FRAME textcolor rgb INK
set label 12 "while one is blocked" at screen left + x_em(6.4),line left offset 1.4,0 point pt 7 ps 0.8 lc rgb FRAME textcolor rgb INK
set label 13 (narrow ? "" : "goes on") at screen 1 - x_em(0.8),line right textcolor rgb NOTE
share(n) = strcol(n) eq "NaN" ? "" : sprintf("%.0f %%", real(strcol(n)))
plot DATA using (-most*0.02):1:(most*1.07):(0) with vectors nohead ls 11, \
     "" using (t(4) > 0 && strcol(10) ne "NaN" ? t(4) : NaN):($1):(t(4)):(t(7)):(ink($3)) with xerrorbars pt 0 lw 1.2 dt (2,3) lc rgb variable, \
     "" using 4:($1-0.14):5:6:(ink($3)) with xerrorbars pt 6 ps 0.8 lw 1.2 lc rgb variable, \
     "" using 7:($1+0.14):8:9:(ink($3)) with xerrorbars pt 7 ps 0.8 lw 1.2 lc rgb variable, \
     "" using (most*1.05):1:(tell(share(10))):(ink($3)) with labels right offset 5.6,0 textcolor rgb variable, \
     "" using (0):1:(strcol(11) eq "-" ? "" : tell(strcol(11))) with labels left offset 0.9,0 textcolor rgb NOTE, \
     "" using (-most*0.02):1:(tell(strcol(2))):(ink($3)) with labels right offset -0.6,0 textcolor rgb variable
