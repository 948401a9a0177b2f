# SPDX-License-Identifier: MIT
# What one context takes of memory, a bar a row. DATA has a row, a label, a kind (the number of its ink), four parts in KiB (user
# mode, page tables, the kernel's stack, its objects), their sum with the ends of its interval, and words for what is not there or
# a "-".
NAME = "memory"
if (!exists("DATA"))    DATA = NAME . ".tsv"
if (!exists("CAPTION")) CAPTION = "memory of one context in KiB"
if (!exists("SOURCE"))  SOURCE = ""
if (!exists("WIDTH"))   WIDTH = "web"
set datafile separator "\t"
set datafile columnheaders
t(n) = strcol(n) eq "NaN" ? 0 : real(strcol(n))
rows = 0; most = 1; longest = 4
stats DATA using (rows = $1 > rows ? $1 : rows, longest = strlen(strcol(2)) > longest ? strlen(strcol(2)) : longest, 0) nooutput
stats DATA using (most = t(8) > most ? t(8) : most, most = t(10) > most ? t(10) : most, 0) nooutput
LINES = 8.4 + 1.7*rows + (WIDTH eq "col" ? 0 : 1.8)
load "style.gp"
PART = "#CC8400 #9CCBE8 #235A9F #DCEBF5"
WORDS = "'user mode' 'page tables' 'kernel stack' 'kernel objects'"
left = x_em(0.52*longest + 1); right = x_em(8.8)
set xrange [0:most]
set yrange [rows+0.6:0.4]
set format x "%.0f KiB"
if (narrow) set xtics 0,step(most/2.0)
set grid xtics ls 10
set border 0
unset ytics
set lmargin at screen left
set rmargin at screen 1 - right
set tmargin at screen 1 - y_em(2.8 + extra)
below = narrow ? 4.8 : 6.2
set bmargin at screen y_em(below)
across = narrow ? 2 : 4
do for [p=1:4] {
    fill = word(PART,p)
    at_x = x_em(0.8) + (1 - x_em(1.6))/across*((p-1)%across); at_y = y_em(below - 3 - 1.4*((p-1)/across))
    set object p rectangle at screen at_x+x_em(0.5),at_y size screen x_em(0.9),y_em(0.7) fs solid noborder fc rgb fill
    part = word(WORDS,p)
    set label 10+p part at screen at_x+x_em(1.3),at_y left textcolor rgb INK
}
cum(k) = sum [j=4:k] t(j)
amount(n) = t(n) == 0 ? "" : sprintf(t(n) < 9.995 ? "%.2f" : t(n) < 99.95 ? "%.1f" : "%.0f", t(n)) . (t(n+1) <= 0 ? "" : t(n+2)-t(n+1) < 0.01*t(n) ? "  ±<1%" : sprintf("  ±%.0f%%", 50*(t(n+2)-t(n+1))/t(n)))
plot for [p=1:4] DATA using (0):1:(p > 1 ? cum(p+2) : 0):(cum(p+3)):($1-0.36):($1+0.36) \
         with boxxyerror fs solid border lc rgb "#FFFFFF" fc rgb word(PART,p), \
     "" using (t(8)):1:(t(9) > 0 ? t(9) : t(8)):(t(10) > 0 ? t(10) : t(8)) with xerrorbars pt 0 lw 1.2 lc rgb INK, \
     "" using (t(10) > t(8) ? t(10) : t(8)):1:(tell(amount(8))) with labels left offset 1,0 textcolor rgb INK, \
     "" using (0):1:(strcol(11) eq "-" ? "" : tell(strcol(11))) with labels left offset 0.9,0 textcolor rgb NOTE, \
     "" using (0):1:(tell(strcol(2))):(ink($3)) with labels right offset -0.6,0 textcolor rgb variable
