# SPDX-License-Identifier: MIT
# Where the time of one creation goes, and of one switch: a bar a row, all of it 100 %, the time beside it. DATA has a label, a
# kind (the number of its ink), six parts, what is unexplained, the whole, and the ends of its interval or NaN, in seconds. Where the parts came out longer than
# the whole, they are 100 %.
NAME = "anatomy"
if (!exists("DATA"))    DATA = "anatomy.tsv"
if (!exists("CAPTION")) CAPTION = "one CPU"
if (!exists("SOURCE"))  SOURCE = ""
set datafile separator "\t"
set datafile columnheaders
rows = 0; longest = 0
stats DATA using (rows = rows + 1, longest = strlen(strcol(1)) > longest ? strlen(strcol(1)) : longest, $10) nooutput
if (!exists("WIDTH")) WIDTH = "web"
LINES = 11 + 2.4*rows + (WIDTH eq "col" ? 2.8 : 0)
load "style.gp"
# blue: the call; grey: the kernel at work between the two; yellow: user mode
PART = "#235A9F #5FA3D3 #9CCBE8 #6B747C #CC8400 #DFE3E7"
WORDS = "'in and out of the kernel' 'arguments copied, checked' 'the rest of the call' 'until the other runs' 'its body' 'end and join'"
label = 0.52*longest + 1.2
left = x_em(label); right = x_em(narrow ? 5.4 : 8.6)
spread(lo,hi,m) = lo eq "NaN" || real(hi) <= real(lo) ? "" : real(hi)-real(lo) < 0.01*m ? " ±<1%" : sprintf(" ±%.0f%%", 50*(real(hi)-real(lo))/m)
whole(n) = si(real(strcol(10))) . (narrow ? "" : spread(strcol(11), strcol(12), real(strcol(10))))

set xrange [0:100]
set yrange [rows+0.6:0.4]
set format x percent
set grid xtics ls 10
set border 0
unset ytics
set lmargin at screen left
set rmargin at screen 1 - right
set tmargin at screen 1 - y_em(2.8 + extra)
set bmargin at screen y_em(narrow ? 9.4 : 7.2)

# the key: seven words under the axis, four in a line, or two
KEYS = 7
across = narrow ? 2 : 4
step = (1 - x_em(1.6)) / across
key_x(i) = x_em(0.8) + step*((i-1)%across)
key_y(i) = y_em((narrow ? 6.7 : 4.3) - 1.4*((i-1)/across))
do for [p=1:KEYS-1] {
	fill = word(PART,p)
	set object p rectangle at screen key_x(p)+x_em(0.5),key_y(p) size screen x_em(0.9),y_em(0.7) fs solid noborder fc rgb fill
	part = word(WORDS,p)
	set label 10+p part at screen key_x(p)+x_em(1.3),key_y(p) left textcolor rgb INK
}
set object KEYS rectangle at screen key_x(KEYS)+x_em(0.5),key_y(KEYS) size screen x_em(0.9),y_em(0.7) fs pattern 4 border lc rgb NOTE fc rgb NOTE
set label 10+KEYS "unexplained" at screen key_x(KEYS)+x_em(1.3),key_y(KEYS) left textcolor rgb INK

cum(k) = sum [j=3:k] real(strcol(j))
most(x) = cum(9) > real(strcol(10)) ? cum(9) : real(strcol(10))
from(p) = 100*(p > 1 ? cum(p+1) : 0)/most(0)
to(p) = 100*cum(p+2)/most(0)
plot for [p=1:6] DATA using (from(p)):($0+1):(from(p)):(to(p)):($0+1-0.34):($0+1+0.34) \
         with boxxyerror fs solid border lc rgb "#FFFFFF" fc rgb word(PART,p), \
     "" using (from(7)):($0+1):(from(7)):(to(7)):($0+1-0.34):($0+1+0.34) with boxxyerror fs pattern 4 border lc rgb NOTE fc rgb NOTE, \
     "" using (0):($0+1):(tell(strcol(1))):(ink($2)) with labels right offset -0.6,0 textcolor rgb variable, \
     "" using (100):($0+1):(tell(whole(0))) with labels left offset 0.8,0 textcolor rgb INK
