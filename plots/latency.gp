# SPDX-License-Identifier: MIT
# One curve a cell: which share of its hand-offs took longer. DATA has a curve's number, a kind (the number of its ink), a time
# in seconds, the share beyond it, the ends of an interval or NaN, and on the curve's last row its label, else a "-". A row with
# an interval is none of the curve's points: it says how far the trials lie apart there.
if (!exists("NAME"))    NAME = "latency"
if (!exists("DATA"))    DATA = NAME . ".tsv"
if (!exists("CAPTION")) CAPTION = "share of the hand-offs that took longer"
if (!exists("SOURCE"))  SOURCE = ""
if (!exists("WIDTH"))   WIDTH = "web"
set datafile separator "\t"
set datafile columnheaders      # always: without it a text column shifts against a numeric one by a row, silently
t(n) = strcol(n) eq "NaN" ? 0 : real(strcol(n))

# the ends of both axes come from the data; the height leaves a line of text for each label, two of them side by side
curves = 0; least = 1e300; most = 0; rarest = 1
stats DATA using (curves = $1 > curves ? $1 : curves, least = $3 < least ? $3 : least, most = $3 > most ? $3 : most, 0) nooutput
stats DATA using (rarest = $4 < rarest ? $4 : rarest, 0) nooutput
if (most < 10*least) most = 10*least
if (rarest > 0.1) rarest = 0.1
rows = curves
LINES = 25 + 1.35*rows
load "style.gp"
key = 1.35*rows
set logscale xy
set xrange [least*0.8:most*1.6]
set yrange [rarest*0.7:1.3]
set format x "%.0s %cs"
set xtics 1e-12,(narrow && most > 1e5*least ? 100 : 10),1e3
set ytics ("p50: 1 of 2" 0.5, "p90: 1 in 10" 0.1, "p99: 1 in 100" 1e-2, "p99.9" 1e-3, "p99.99" 1e-4, "p99.999" 1e-5, \
    "p99.9999" 1e-6, "p99.99999" 1e-7, "p99.999999" 1e-8)
if (narrow) set ytics ("p50" 0.5, "p90" 0.1, "p99" 1e-2, "p99.9" 1e-3, "p99.99" 1e-4, "p99.999" 1e-5, "p99.9999" 1e-6)
set grid xtics ytics ls 10
set lmargin at screen x_em(narrow ? 5.4 : 8)
set rmargin at screen 1 - x_em(1.6)
set tmargin at screen 1 - y_em(2.8 + extra)
set bmargin at screen y_em((narrow ? 2.6 : 4.2) + key)

# one ink is several curves: they differ in their dashes and marks, which the list below has
dash(i) = 1 + nth[i] % 5
marks(i) = word("7 5 9 13 11 6 4 8 12 10 3 1 2", 1 + (i-1) % 13) + 0
list_y(i) = y_em((narrow ? 0.4 : 1.8) + key - 1.35*(i-0.5))
array names[curves > 0 ? curves : 1]
array inks[curves > 0 ? curves : 1]
stats DATA using (strcol(7) eq "-" ? 0 : (inks[int($1)] = $2, names[int($1)] = strcol(7), 0)) nooutput
array nth[curves > 0 ? curves : 1]
do for [i=1:curves] {
    nth[i] = 0
    do for [k=1:i-1] { if (inks[k] == inks[i]) { nth[i] = nth[i] + 1 } }
    set label 10+i "" at screen x_em(narrow ? 4 : 6),list_y(i) point pt marks(i) ps 0.7 lc rgb ink(inks[i])
    set label 110+i say(names[i]) at screen x_em(narrow ? 4.9 : 6.9),list_y(i) left textcolor rgb ink(inks[i])
}
set multiplot
plot for [i=1:curves] DATA using ($1 == i && strcol(5) eq "NaN" ? $3 : NaN):4 with lines lw 1.3 dt dash(i) lc rgb ink(inks[i]) notitle, \
     for [i=1:curves] "" using ($1 == i && t(5) > 0 ? $3 : NaN):4:5:6 with xerrorbars pt marks(i) ps 0.35 lw 2.2 lc rgb ink(inks[i]) notitle, \
     for [i=1:curves] "" using ($1 == i && strcol(7) ne "-" ? $3 : NaN):4 with points pt marks(i) ps 0.7 lc rgb ink(inks[i]) notitle
eval sheet
plot for [i=1:curves] x_em(1 + (narrow ? 3 : 5)*t),list_y(i) with lines lw 1.3 dt dash(i) lc rgb ink(inks[i])
unset multiplot
