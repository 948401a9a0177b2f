# SPDX-License-Identifier: MIT
# Ratios of times with their intervals, a row a cell, the slowest first, wakes after all others: on the left of 1 it is faster than A, on the right slower. DATA
# has a row, a label, a kind (the number of its ink), a side (1 is the first that is held against A), the ratio with the ends of its
# interval, 1 where they differ, and words for what is not there or a "-". Rows 0 say which side is which; A's side is 0.
NAME = "compare"
if (!exists("DATA"))    DATA = NAME . ".tsv"
if (!exists("CAPTION")) CAPTION = "ratio of times, B / A"
if (!exists("WIDTH"))   WIDTH = "web"
SOURCE = ""
set datafile separator "\t"
set datafile columnheaders
t(n) = strcol(n) eq "NaN" ? 0 : real(strcol(n))
rows = 0; sides = 1; least = 1; most = 1; longest = 4
stats DATA using (rows = $1 > rows ? $1 : rows, sides = $4 > sides ? $4 : sides, $1 > 0 && strlen(strcol(2)) > longest ? longest = strlen(strcol(2)) : 0, 0) nooutput
stats DATA using (x = t(6) > 0 ? t(6) : t(5), x > 0 && x < least ? least = x : 0, t(7) > most ? most = t(7) : 0, 0) nooutput
if (least < 0.02) least = 0.02
if (most > 50) most = 50
if (most < 1.1) most = 1.1
if (least > 0.9) least = 0.9
each = sides > 1 ? 1.1 + 0.42*sides : 1.5
LINES = 6.6 + 1.3*(sides + 1) + each*rows
load "style.gp"
# wakes are two CPUs at work: under a rule of their own
array wake[rows + 1]
do for [r=1:rows] { wake[r] = 0 }
stats DATA using ($1 > 0 ? wake[int($1)] = strcol(2)[1:4] eq "wake" : 0) nooutput
do for [r=2:rows] { if (wake[r] != wake[r-1]) { set arrow 100+r from screen x_em(0.8),first r-0.5 to graph 1,first r-0.5 nohead lc rgb FRAME lw 0.8 } }
array named[sides + 1]
do for [k=1:sides+1] { named[k] = "" }
stats DATA using ($1 == 0 ? (named[int($4) + 1] = strcol(2), 0) : 0) nooutput
left = 0.52*longest + 1; right = narrow || sides > 1 ? 4.4 : 9.8
edge = (most/least)**0.02
set logscale x
low = least/edge; high = most*edge
set xrange [low:high]
set yrange [rows+0.6:0.4]
span = most/least
set xtics ("1" 1)
do for [x in (span < 1.7 ? "0.7 0.8 0.9 0.95 1.05 1.1 1.2 1.3 1.5" : span < 5 ? "0.4 0.5 0.6 0.7 0.8 0.9 1.1 1.25 1.5 2 2.5 3 4" : span < 40 ? "0.1 0.2 0.3 0.5 0.7 1.5 2 3 5 10 20" : "0.02 0.05 0.1 0.2 0.5 2 5 10 20 50")] { tic = x + 0; set xtics add ("".x tic) }
if (narrow && span < 40) { set xtics ("0.1" 0.1, "0.2" 0.2, "0.5" 0.5, "0.7" 0.7, "1" 1, "1.4" 1.4, "2" 2, "5" 5, "10" 10, "20" 20) }
set grid xtics ls 10
unset ytics
set lmargin at screen x_em(left)
set rmargin at screen 1 - x_em(right)
head = 2.6 + extra + 1.3*(sides + 1)
set tmargin at screen 1 - y_em(head + 1.5)
set bmargin at screen y_em(2.4)
set arrow 1 from 1,graph 0 to 1,graph 1 nohead lc rgb FRAME lw 1 back
do for [k=0:sides] {
    at_y = 1 - y_em(2.6 + extra + 1.3*k)
    set label 20+k say(named[k+1]) at screen x_em(sides > 1 ? 2 : 0.8),at_y left textcolor rgb INK
    if (sides > 1 && k > 0) { set label 30+k "" at screen x_em(1.1),at_y point pt (k == 1 ? 7 : k == 2 ? 5 : k == 3 ? 9 : k == 4 ? 13 : 11) ps 0.7 lc rgb ramp(k,sides+1) }
}
set label 5 (sides > 1 ? "faster than A" : "B is faster") at 1,screen 1-y_em(head + 0.6) right offset -0.9,0 textcolor rgb NOTE
set label 6 (sides > 1 ? "slower" : "B is slower") at 1,screen 1-y_em(head + 0.6) left offset 0.9,0 textcolor rgb NOTE
place(r,k) = sides > 1 ? r - 0.22 + 0.44*(k - 1)/(sides > 1 ? sides - 1 : 1) : r
colour(kind,k) = sides > 1 ? hex(ramp(k,sides+1)) : ink(kind)
hex(s) = int("0x" . s[2:7])
full(k) = k == 1 ? 7 : k == 2 ? 5 : k == 3 ? 9 : k == 4 ? 13 : 11
open(k) = k == 1 ? 6 : k == 2 ? 4 : k == 3 ? 8 : k == 4 ? 12 : 10
in(x) = x < low ? low : x > high ? high : x
change(x) = x >= 9.95 ? sprintf("×%.0f", x) : x >= 2.995 ? sprintf("×%.1f", x) : sprintf("%+.0f %%", 100*(x-1))
ends(a,b) = a > 3 || b > 3 ? "" : sprintf("  [%+.0f, %+.0f]", 100*(a-1), 100*(b-1))
said(n) = t(5) == 0 || sides > 1 ? "" : $8 == 1 ? change(t(5)) . (narrow ? "" : ends(t(6),t(7))) : "~"
why(n) = strcol(n) eq "-" ? "" : strcol(n)
fits_ = int(1.9*(ems - left - right)*log(high)/log(high/low) + 1.9*right)
cut(s) = strlen(s) > fits_ ? s[1:fits_-1] . "…" : s
plot DATA using ($1 > 0 && $4 == 1 ? low : NaN):1:(high-low):(0) with vectors nohead ls 11, \
     for [k=1:sides] "" using ($1 > 0 && $4 == k && $8 == 0 && t(5) > 0 ? in(t(5)) : NaN):(place($1,k)):(in(t(6))):(in(t(7))):(colour($3,k)) with xerrorbars pt open(k) ps 1 lw 1.2 lc rgb variable, \
     for [k=1:sides] "" using ($1 > 0 && $4 == k && $8 == 1 && t(5) > 0 ? in(t(5)) : NaN):(place($1,k)):(in(t(6))):(in(t(7))):(colour($3,k)) with xerrorbars pt full(k) ps 0.7 lw 1.2 lc rgb variable, \
     "" using ($1 > 0 && $4 == 1 ? low : NaN):1:(tell(strcol(2))):(ink($3)) with labels right offset -0.6,0 textcolor rgb variable, \
     "" using ($1 > 0 && $4 == 1 ? high : NaN):1:(tell(said(0))):(ink($3)) with labels left offset 0.6,0 textcolor rgb variable, \
     "" using ($1 > 0 && $4 == 1 ? 1 : NaN):1:(tell(cut(why(9)))) with labels left offset 0.9,0 textcolor rgb NOTE
