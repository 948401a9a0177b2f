# SPDX-License-Identifier: MIT
# Every node a dot, groups of equal machines side by side, a panel a cell. DATA has a panel, what the row is (0 a node, 1 one that
# stands apart, 2 a suspect, 3 a second run of the node at that place, 4 a group, 5 the panel's title), a place, a time in seconds,
# of a group the ends of the band in which all of it should lie and its last place (the time is its middle, the place its first),
# and a label.
NAME = "fleet"
if (!exists("DATA"))    DATA = NAME . ".tsv"
if (!exists("CAPTION")) CAPTION = "every node a dot"
if (!exists("WIDTH"))   WIDTH = "web"
SOURCE = ""
set datafile separator "\t"
set datafile columnheaders
t(n) = strcol(n) eq "NaN" ? 0 : real(strcol(n))
panels = 0; last = 1; groups = 0
stats DATA using (panels = $1 > panels ? $1 : panels, last = t(3) > last ? t(3) : last, $2 == 4 && $1 == 1 ? groups = groups + 1 : 0, 0) nooutput
body = 15; tall = body + 4
LINES = 3.2 + tall*panels + 1.25*groups + 0.8
load "style.gp"
array low[panels + 1]; array high[panels + 1]; array title[panels + 1]
do for [p=1:panels] { low[p] = 1e300; high[p] = 0; title[p] = "" }
stats DATA using (p = int($1), x = t(5) > 0 ? t(5) : t(4), x > 0 && x < low[p] ? (low[p] = x, 0) : 0, y = t(6) > 0 ? t(6) : t(4), y > high[p] ? (high[p] = y, 0) : 0, 0) nooutput
stats DATA using ($2 == 5 ? (title[int($1)] = strcol(8), 0) : 0) nooutput
array from[groups + 1]; array to[groups + 1]; array named[groups + 1]; array middle[groups + 1]; array bottom[groups + 1]; array over[groups + 1]
set xrange [-last*0.02:last*(narrow ? 1.35 : 1.16) + 0.5]
set border 2
unset xtics
set grid ytics ls 10
set lmargin at screen x_em(narrow ? 4.4 : 5)
set rmargin at screen 1 - x_em(0.8)
set multiplot
do for [p=1:panels] {
    g = 0
    stats DATA using ($1 == p && $2 == 4 ? (g = g + 1, from[g] = $3, to[g] = $7, named[g] = strcol(8), middle[g] = t(4), bottom[g] = t(5), over[g] = t(6), 0) : 0) nooutput
    above = 3.2 + extra + tall*(p - 1)
    set tmargin at screen 1 - y_em(above + 1.6)
    set bmargin at screen 1 - y_em(above + body + 1.6)
    if (high[p] > 5*low[p]) { set logscale y; set yrange [low[p]/1.3:high[p]*1.3]; set format y "%.0s %cs"; set ytics auto } \
    else { unset logscale y; room = (high[p] - low[p])*0.12 + low[p]*0.01; set yrange [low[p]-room:high[p]+room]
        # all in the unit of the highest
        each = step((high[p] - low[p] + 2*room)/6)
        unit = 10.0**(3*si_up(high[p])); digits = each >= 0.99*unit ? 0 : int(ceil(-log10(each/unit) - 1e-6))
        set ytics (1e3)
        do for [j=int(ceil((low[p]-room)/each)):int((high[p]+room)/each)] { tic = j*each; name = sprintf("%.".digits."f ", tic/unit) . si_u(high[p]); set ytics add (name tic) }
    }
    do for [i=1:g] {
        set object i rectangle from from[i]-0.5,(bottom[i] > 0 ? bottom[i] : middle[i]) to to[i]+0.5,(bottom[i] > 0 ? over[i] : middle[i]) fs solid noborder fc rgb "#E4ECF3" behind
        set arrow i from from[i]-0.5,middle[i] to to[i]+0.5,middle[i] nohead lc rgb "#7F9DB8" lw 1 back
        set label 40+i word(named[i],1) at (from[i] + to[i])/2.0,graph 0 center offset 0,-0.8 textcolor rgb INK
        if (p == panels) { set label 60+i say(named[i]) at screen x_em(0.8),y_em(0.8 + 1.25*(g - i)) left textcolor rgb INK }
    }
    set label 30 say(title[p]) at screen x_em(0.8),1-y_em(above) left textcolor rgb INK
    plot DATA using ($1 == p && $2 == 0 ? $3 : NaN):4 with points pt 7 ps (last > 200 ? 0.3 : 0.5) lc rgb "#5B6B7A", \
         "" using ($1 == p && $2 == 2 ? $3 : NaN):4 with points pt 6 ps 0.8 lw 1.2 lc rgb ink(4), \
         "" using ($1 == p && $2 == 1 ? $3 : NaN):4 with points pt 7 ps 0.9 lc rgb ink(3), \
         "" using ($1 == p && $2 == 3 ? $3 : NaN):4 with points pt 2 ps 0.7 lw 1.2 lc rgb INK, \
         "" using ($1 == p && $2 == 1 ? $3 : NaN):4:(tell(strcol(8))) with labels left offset 0.9,0 textcolor rgb ink(3)
    do for [i=1:g] { unset object i; unset arrow i; unset label 40+i }
    do for [k=1:3] { unset label k }
}
unset multiplot
