# SPDX-License-Identifier: MIT
# How to wait, by where the partner is: a panel a place, a row a context, a column a way to wait. DATA has a panel, a row and a
# column (from 1), a time in seconds with the ends of its interval, a kind (the number of its ink), the row's label, the column's
# name, and words for what is not there, or a "-". Row 0 is the panel's heading, as a label. Each panel has its own scale of
# colours: what is in one is not to be held against what is in another.
NAME = "places"
if (!exists("DATA"))    DATA = NAME . ".tsv"
if (!exists("CAPTION")) CAPTION = "median; dark is slow"
if (!exists("SOURCE"))  SOURCE = ""
if (!exists("WIDTH"))   WIDTH = "web"
set datafile separator "\t"
set datafile columnheaders
t(n) = strcol(n) eq "NaN" ? 0 : real(strcol(n))
panels = 0; columns = 0; most_rows = 0; longest = 4
stats DATA using (panels = $1 > panels ? $1 : panels, columns = $3 > columns ? $3 : columns, most_rows = $2 > most_rows ? $2 : most_rows, 0) nooutput
stats DATA using ($2 > 0 && strlen(strcol(8)) > longest ? longest = strlen(strcol(8)) : 0, 0) nooutput
array rows[panels + 1]; array least[panels + 1]; array most[panels + 1]; array heading[panels + 1]; array top[panels + 1]
do for [p=1:panels] { rows[p] = 0; least[p] = 1e300; most[p] = 0; heading[p] = "" }
stats DATA using (p = int($1), rows[p] = $2 > rows[p] ? $2 : rows[p], t(4) > 0 ? (least[p] = t(4) < least[p] ? t(4) : least[p], most[p] = t(4) > most[p] ? t(4) : most[p], 0) : 0, 0) nooutput
stats DATA using ($2 == 0 ? (heading[int($1)] = strcol(8), 0) : 0) nooutput
array wait[columns + 1]
stats DATA using ($2 > 0 ? (wait[int($3)] = strcol(9), 0) : 0) nooutput

# one plot for all of them, a unit of y a row of text and its interval: a heading takes one row, the names of the waits another
y = 0
do for [p=1:panels] { top[p] = y + 1.35; y = y + rows[p] + 1.75 }
LINES = 5.2 + 2.5*(y + 0.9)
load "style.gp"
label = 0.52*longest + 1
set lmargin at screen x_em(label)
set rmargin at screen 1 - x_em(0.8)
set tmargin at screen 1 - y_em(2.4)
set bmargin at screen y_em(narrow ? 0.6 : 2.2)
set xrange [0.5:columns + 0.5]
set yrange [y + 0.4:-0.5]
set border 0
unset xtics
unset ytics
set label 1 say(CAPTION) at screen x_em(0.8),1-y_em(1.2) left textcolor rgb NOTE
if (!narrow) set label 2 say(SOURCE) at screen x_em(0.8),y_em(0.9) left textcolor rgb NOTE

wide = ems*(1 - x_em(label) - x_em(0.8))/columns          # ems of a column
tilt = wide < 4.6
do for [p=1:panels] {
    set label 10+p say(heading[p]) at screen x_em(0.8),first (top[p] - 1.05) left textcolor rgb INK
    do for [k=1:columns] {
        if (tilt) { set label 100*p+k say(wait[k]) at k,(top[p] - 0.05) left rotate by 20 textcolor rgb NOTE } \
        else { set label 100*p+k say(wait[k]) at k,(top[p] - 0.2) center textcolor rgb NOTE }
    }
}
at(p,r) = top[int(p)] + r - 0.5
f(p,x) = x <= 0 ? -1 : most[int(p)] > 1.01*least[int(p)] ? log(x/least[int(p)])/log(most[int(p)]/least[int(p)]) : 0
fill(p,x) = x > 0 ? heat(f(p,x)) : 0xF2F2F2
pen(p,x) = f(p,x) > 0.55 ? 0xFFFFFF : 0x222222
half(lo,hi,m) = m > 0 ? sprintf("±%.0f%%", 50*(hi-lo)/m) : ""
short(x) = wide < 4 ? sprintf(x < 9.995e-6 ? "%.1f" : "%.0f", x*1e6) : si(x)
gap(n) = strcol(n) eq "-" ? "" : strcol(n) eq "not measured" ? "not" : strcol(n) eq "within noise" ? "within" : strcol(n)
rest(n) = strcol(n) eq "not measured" ? "measured" : strcol(n) eq "within noise" ? "noise" : ""
if (wide < 4) set label 3 "µs" at screen x_em(0.8),y_em(0.9) left textcolor rgb NOTE
plot DATA using ($2 > 0 ? $3 : NaN):(at($1,$2)):(0.48):(0.46):(fill($1,t(4))) with boxxyerror fs solid noborder lc rgb variable, \
     "" using ($2 > 0 && t(4) > 0 ? $3 : NaN):(at($1,$2)-0.2):(short(t(4))):(pen($1,t(4))) with labels center textcolor rgb variable, \
     "" using ($2 > 0 && t(4) > 0 ? $3 : NaN):(at($1,$2)+0.22):(half(t(5),t(6),t(4))):(pen($1,t(4))) with labels center textcolor rgb variable, \
     "" using ($2 > 0 && t(4) == 0 ? $3 : NaN):(at($1,$2)-(rest(10) eq "" ? 0 : 0.2)):(say(gap(10))) with labels center textcolor rgb NOTE, \
     "" using ($2 > 0 && t(4) == 0 ? $3 : NaN):(at($1,$2)+0.22):(say(rest(10))) with labels center textcolor rgb NOTE, \
     "" using ($2 > 0 && $3 == 1 ? 0.5 : NaN):(at($1,$2)):(say(strcol(8))):(ink($7)) with labels right offset -0.5,0 textcolor rgb variable
