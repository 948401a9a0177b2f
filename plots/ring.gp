# SPDX-License-Identifier: MIT
# What a switch costs over what each context touches in between, a line a context and how many of them there are. DATA has a
# panel (always 1), the number of the line, the place of the size on the axis, the size in words, the time in seconds with the
# ends of its interval, a kind (the number of its ink), 1 where the line is of the many contexts, and the line's label. Line 0
# are the caches: a place between two sizes. A time of NaN with an upper end is a cost that is within noise.
NAME = "ring"; LINES = 29
if (!exists("DATA"))    DATA = NAME . ".tsv"
if (!exists("CAPTION")) CAPTION = "one hop; bar: interval"
if (!exists("SOURCE"))  SOURCE = ""
set datafile separator "\t"
set datafile columnheaders
lines = 0; places = 0; least = 1e300; most = 0; longest = 0
t(n) = strcol(n) eq "NaN" ? 0 : real(strcol(n))
see(x) = x > 1e-12 ? (least = x < least ? x : least, most = x > most ? x : most, x) : 0
stats DATA using (lines = $2 > lines ? $2 : lines, $2 > 0 && $3 > places ? places = $3 : 0, 0) nooutput
stats DATA using ($2 > 0 ? (see(t(5)), see(t(6)), see(t(7)), longest = strlen(strcol(10)) > longest ? strlen(strcol(10)) : longest, 0) : 0) nooutput
if (most < 10*least) least = 1e-9; most = most > 1e-8 ? most : 1e-8
load "style.gp"
set logscale y
bottom = least/1.8; top = most*1.8
set xrange [0.7:places + 0.15]
set yrange [bottom:top]
set format y "%.0s %cs"
set ytics 1e-12,10,1e3
set mytics 10
set grid ytics ls 10
set border 3
right = 0.5*longest + 2.4
set lmargin at screen x_em(narrow ? 5 : 6)
set rmargin at screen 1-x_em(right)
below = narrow ? 5.6 : 6; above = 4.4
set tmargin at screen 1-y_em(above + extra)
set bmargin at screen y_em(below)
# a line of n contexts fills a cache n times as early as the axis, which is of one, says
set label 4 (narrow ? "bytes of each context; × n: n contexts, n times as much" : \
    "bytes of each context, touched between two switches; × n: n contexts, which fill n times as much") \
    at screen x_em(narrow ? 0.8 : 6),y_em(narrow ? 0.9 : 2.6) left textcolor rgb NOTE
array size[places + 1]
stats DATA using ($2 > 0 ? (size[int($3)] = strcol(4), 0) : 0) nooutput
unset xtics
set xtics (say(places > 0 ? size[1] : "") 1) nomirror out       # named ones only
if (narrow) set xtics rotate by 35 right
do for [i=1:places] { set xtics add (say(size[i]) i) }

# of a line: where it ends, and what it is called
array last[lines + 1]; array end_at[lines + 1]; array called[lines + 1]; array inks[lines + 1]; array full[lines + 1]
do for [k=1:lines] { last[k] = 0; end_at[k] = 0; called[k] = ""; inks[k] = 6; full[k] = 0 }
stats DATA using ($2 > 0 ? (last[int($2)] = t(5) > 0 && $3 > last[int($2)] ? $3 : last[int($2)], inks[int($2)] = $8, full[int($2)] = $9, 0) : 0) nooutput
stats DATA using ($2 > 0 ? (t(5) > 0 && $3 == last[int($2)] ? end_at[int($2)] = t(5) : 0, called[int($2)] = strcol(10), 0) : 0) nooutput
# the names stand at the right, in the order of the ends, a line of text apart at least: from the lowest up
step = (LINES - above - below) > 0 ? 1.25 / (LINES - above - below) : 0.1        # of the axis
at(k) = end_at[k] > 0 ? log10(end_at[k]/bottom) / log10(top/bottom) : 0
array order[lines + 1]; array place[lines + 1]
do for [k=1:lines] { order[k] = k }
do for [i=1:lines-1] { do for [k=1:lines-i] {
    if (at(order[k]) > at(order[k+1])) { swap = order[k]; order[k] = order[k+1]; order[k+1] = swap }
} }
do for [i=1:lines] { place[i] = i > 1 && at(order[i]) < place[i-1] + step ? place[i-1] + step : at(order[i]) }
over = lines > 0 && place[lines] > 0.97 ? place[lines] - 0.97 : 0
do for [n=1:lines] {
    i = lines + 1 - n
    if (i == lines) { place[i] = place[i] - over } else { if (place[i] > place[i+1] - step) { place[i] = place[i+1] - step } }
}
do for [i=1:lines] {
    k = order[i]
    if (end_at[k] > 0) {
        set arrow 100+i from last[k],end_at[k] to graph 1,place[i] nohead lc rgb GRID lw 0.8 back
        set label 100+i say(called[k]) at graph 1,place[i] left offset 0.6,0 textcolor rgb ink(inks[k])
    }
}
dash(k) = full[k] == 1 ? 1 : 2
plot DATA using ($2 == 0 ? $3 : NaN):(top) with impulses lc rgb NOTE lw 0.8 dt (2,4), \
     "" using ($2 == 0 ? $3 : NaN):(top):(tell(narrow ? word(strcol(10),1) : strcol(10))) with labels center offset 0,0.7 textcolor rgb NOTE, \
     for [k=1:lines] "" using ($2 == k ? $3 : NaN):5:(ink($8)) with lines lw 1.3 dt dash(k) lc rgb variable, \
     for [k=1:lines] "" using ($2 == k ? $3 : NaN):5:6:7:(ink($8)) with yerrorbars pt (full[k] == 1 ? 7 : 6) ps 0.55 lw 1.1 lc rgb variable, \
     "" using ($2 > 0 && t(5) == 0 && t(7) > 0 ? $3 : NaN):(t(7)):(0):(t(7)/2.2 - t(7)):(ink($8)) with vectors filled size screen 0.006,25 lw 1 dt 1 lc rgb variable
