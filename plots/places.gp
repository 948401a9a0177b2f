# SPDX-License-Identifier: MIT
# How to wait, by where the partner is: a panel a place, a row a context, a column a way to wait; in a narrow figure the other way
# round. DATA has a panel, a row and a column (from 1), a time in seconds with the ends of its interval, a kind (the number of its
# ink), the row's label, the column's name, and words for what is not there, or a "-". Row 0 is the panel's heading, as a label,
# with words for what is nowhere in it. Each panel has its own scale of colours: what is in one is not to be held against what is
# in another.
NAME = "places"
if (!exists("DATA"))    DATA = NAME . ".tsv"
if (!exists("CAPTION")) CAPTION = "median; dark is slow"
if (!exists("SOURCE"))  SOURCE = ""
if (!exists("WIDTH"))   WIDTH = "web"
set datafile separator "\t"
set datafile columnheaders
t(n) = strcol(n) eq "NaN" ? 0 : real(strcol(n))
turned = WIDTH eq "col"
down(r,c) = turned ? c : r
over(r,c) = turned ? r : c
panels = 0; across = 1; longest = 4
stats DATA using (panels = $1 > panels ? $1 : panels, across = over($2,$3) > across ? over($2,$3) : across, 0) nooutput
stats DATA using (name = strcol(turned ? 9 : 8), $2 > 0 && strlen(name) > longest ? longest = strlen(name) : 0, 0) nooutput
array rows[panels + 1]; array least[panels + 1]; array most[panels + 1]; array total[panels + 1]; array count[panels + 1]
array heading[panels + 1]; array missing[panels + 1]; array top[panels + 1]
do for [p=1:panels] { rows[p] = 0; least[p] = 1e300; most[p] = 0; total[p] = 0; count[p] = 0; heading[p] = ""; missing[p] = "" }
stats DATA using (p = int($1), rows[p] = down($2,$3) > rows[p] ? down($2,$3) : rows[p], x = t(4), \
    x > 0 ? (least[p] = x < least[p] ? x : least[p], most[p] = x > most[p] ? x : most[p], total[p] = total[p] + log(x), count[p] = count[p] + 1, 0) : 0, 0) nooutput
stats DATA using ($2 == 0 ? (heading[int($1)] = strcol(8), missing[int($1)] = strcol(10), 0) : 0) nooutput
# one that is far below all others does not take the scale from them
do for [p=1:panels] { if (count[p] > 0) { centre = exp(total[p]/count[p]); if (least[p] < centre/2) { least[p] = centre/2 } } }

# one plot for all of them, a unit of y a line and a quarter of text
high = turned ? 1.15 : 1.9
y = 0
do for [p=1:panels] { top[p] = y + (rows[p] > 0 ? 2.3 : 0); y = top[p] + high*rows[p] + (missing[p] eq "-" ? 0.5 : 1.5) }
LINES = 2.6 + (turned ? 0.8 : 2.2) + 1.25*y
load "style.gp"
label = 0.52*longest + 1
wide = (ems - label - 0.8)/across          # ems of a square
set lmargin at screen x_em(label)
set rmargin at screen 1 - x_em(0.8)
set tmargin at screen 1 - y_em(2.6 + extra)
set bmargin at screen y_em(turned ? 0.8 : 2.2)
set xrange [0.5:across + 0.5]
set yrange [y:0]
set border 0
unset xtics
unset ytics

at(p,r) = top[int(p)] + high*(r - 0.5)
cut(s) = strlen(s) > 1.85*ems ? s[1:int(1.85*ems)] . "…" : s
do for [p=1:panels] {
    set label 10+p say(heading[p] eq "-" ? "" : heading[p]) at screen x_em(0.8),first (top[p] - (rows[p] > 0 ? 1.5 : 0.4)) left textcolor rgb INK
    if (missing[p] ne "-") { set label 30+p say(cut(missing[p])) at screen x_em(0.8),first (top[p] + high*rows[p] + 0.6) left textcolor rgb NOTE }
}
f(p,x) = x <= 0 ? -1 : most[int(p)] > 1.01*least[int(p)] && x > least[int(p)] ? log(x/least[int(p)])/log(most[int(p)]/least[int(p)]) : 0
fill(p,x) = x > 0 ? heat(f(p,x)) : 0xF2F2F2
pen(p,x) = f(p,x) > 0.55 ? 0xFFFFFF : 0x222222
half(lo,hi,m) = m <= 0 || hi <= lo ? "" : hi-lo < 0.01*m ? "±<1%" : sprintf("±%.0f%%", 50*(hi-lo)/m)
one = turned || wide < 3                       # a line for number and interval, or no room for the unit
number(n) = one && !turned ? sprintf("%.1f", t(n)*1e6) : si(t(n))
text_1(n) = one && turned ? number(n) . " " . half(t(n+1),t(n+2),t(n)) : number(n)
text_2(n) = turned ? "" : half(t(n+1),t(n+2),t(n))
gap(n) = turned || wide > 7 || strcol(n) eq "-" || strcol(n) eq "invalid" ? strcol(n) : strcol(n)[1:strstrt(strcol(n)," ")]
rest(n) = turned || wide > 7 || strcol(n) eq "-" || strcol(n) eq "invalid" ? "" : strcol(n)[strstrt(strcol(n)," ")+1:*]
lift = turned ? 0 : 0.42
name_over(n) = turned ? 8 : 9
name_down(n) = turned ? 9 : 8
plot DATA using ($2 > 0 ? over($2,$3) : NaN):(at($1,down($2,$3))):(0.485):(high/2 - 0.05) :(fill($1,t(4))) with boxxyerror fs solid noborder lc rgb variable, \
     "" using ($2 > 0 && t(4) > 0 ? over($2,$3) : NaN):(at($1,down($2,$3))-lift):(tell(text_1(4))):(pen($1,t(4))) with labels center textcolor rgb variable, \
     "" using ($2 > 0 && t(4) > 0 ? over($2,$3) : NaN):(at($1,down($2,$3))+lift):(tell(text_2(4))):(pen($1,t(4))) with labels center textcolor rgb variable, \
     "" using ($2 > 0 && t(4) == 0 ? over($2,$3) : NaN):(at($1,down($2,$3))-(rest(10) eq "" ? 0 : lift)):(tell(gap(10))) with labels center textcolor rgb NOTE, \
     "" using ($2 > 0 && t(4) == 0 ? over($2,$3) : NaN):(at($1,down($2,$3))+lift):(tell(rest(10))) with labels center textcolor rgb NOTE, \
     "" using ($2 > 0 && over($2,$3) == 1 ? 0.5 : NaN):(at($1,down($2,$3))):(tell(strcol(name_down(0)))):(turned ? 0x222222 : ink($7)) with labels right offset -0.5,0 textcolor rgb variable, \
     "" using ($2 > 0 && down($2,$3) == 1 ? over($2,$3) : NaN):(top[int($1)]-0.45):(tell(strcol(name_over(0)))):(turned ? ink($7) : 0x222222) with labels center textcolor rgb variable
