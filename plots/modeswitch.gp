# SPDX-License-Identifier: MIT
# What a mode switch takes: on the left calls that hand over bytes, beside them calls that hand over pointers or ask for several
# things at once, below all others by what they take. DATA has a panel (1, 2, 3), a line (in panel 3 a row), the place on the axis,
# a time in seconds with the ends of its interval, what the model says or NaN, a label, and words for what is not there or a "-".
NAME = "modeswitch"
if (!exists("DATA"))    DATA = NAME . ".tsv"
if (!exists("CAPTION")) CAPTION = "one call; bar: interval"
if (!exists("SOURCE"))  SOURCE = ""
if (!exists("WIDTH"))   WIDTH = "web"
set datafile separator "\t"
set datafile columnheaders
t(n) = strcol(n) eq "NaN" ? 0 : real(strcol(n))
rows = 0; least = 1e300; most = 0; longest = 4
array lines[2]; array far[2]; array near[2]
do for [p=1:2] { lines[p] = 0; far[p] = 0; near[p] = 1e300 }
stats DATA using ($1 == 3 ? (rows = $2 > rows ? $2 : rows, longest = strlen(strcol(8)) > longest ? strlen(strcol(8)) : longest, 0) : 0) nooutput
stats DATA using (p = int($1), p < 3 && t(4) > 0 ? (lines[p] = $2 > lines[p] ? $2 : lines[p], far[p] = $3 > far[p] ? $3 : far[p], near[p] = $3 > 0 && $3 < near[p] ? $3 : near[p], 0) : 0, 0) nooutput
stats DATA using ($1 < 3 && t(4) > 0 ? (least = t(5) > 0 && t(5) < least ? t(5) : least, most = t(6) > most ? t(6) : most, 0) : 0) nooutput
panels = (lines[1] > 0) + (lines[2] > 0)
over = WIDTH eq "col" ? panels : panels > 0 ? 1 : 0      # how many of them one above the other
tall = 19; each = 1.45
below = rows > 0 ? each*rows + 4.2 : 0
LINES = 3.0 + tall*over + below + (WIDTH eq "col" ? 0.8 : 2.4)
load "style.gp"
set multiplot
set logscale y
if (panels > 0) {
    set yrange [least/1.6:most*1.6]
    set format y "%.0s %cs"
    set ytics (1e-9)
    do for [e=-10:1] { do for [m in (most > 300*least ? "1" : "1 2 5")] { tic = (m + 0)*10.0**e; set ytics add (tic) } }
    set border 3
    set grid ytics ls 10
}
drawn = 0
call(k) = ramp(k == 1 ? 5 : 2, 6)
array ends[8]; array last[8]; array called[8]
do for [p=1:2] { if (lines[p] > 0) {
    zero = near[p]/8.0
    here(x) = x > 0 ? x : zero
    room = 2.2
    set logscale x
    set xrange [zero/1.6:far[p]*(far[p]/zero)**0.35]
    if (p == 1) { set xtics ("0" zero, "1 B" 1, "64 B" 64, "4 KiB" 4096, "64 KiB" 65536); set xlabel "bytes handed over, to the kernel or from it" offset 0,0.4 textcolor rgb NOTE }
    if (p == 2) { set xtics (1, 4, 16, 64, 256, 1024); set xlabel "pointers handed over, or no-ops asked for" offset 0,0.4 textcolor rgb NOTE }
    wide = narrow || panels == 1 ? 1 : 0.5
    set lmargin at screen (wide < 1 ? 0.5*drawn : 0) + x_em(4.8)
    set rmargin at screen wide < 1 ? 0.5*(drawn + 1) - x_em(0.6) : 1 - x_em(0.8)
    top = 3.0 + extra + (wide < 1 ? 0 : tall*drawn)
    set tmargin at screen 1 - y_em(top)
    set bmargin at screen 1 - y_em(top + tall - 4)
    do for [k=1:lines[p]] { ends[k] = 0; last[k] = zero; called[k] = "" }
    stats DATA using ($1 == p && t(4) > 0 ? (ends[int($2)] = t(4), last[int($2)] = here($3), called[int($2)] = strcol(8), 0) : 0) nooutput
    # two that end at the same place are told apart by the half line that their names are moved
    do for [k=1:lines[p]] {
        up = 0
        do for [other=1:lines[p]] { if (other != k && last[other] == last[k]) { up = ends[k] > ends[other] ? 0.4 : -0.4 } }
        set label 20+k say(called[k]) at last[k],ends[k] left offset 0.8,up textcolor rgb call(k)
    }
    plot for [k=1:lines[p]] DATA using ($1 == p && $2 == k ? here($3) : NaN):7 with lines lw 1.2 dt (8,5) lc rgb call(k), \
         for [k=1:lines[p]] "" using ($1 == p && $2 == k ? here($3) : NaN):4:5:6 with yerrorbars pt (k == 1 ? 7 : 6) ps 0.6 lw 1.2 lc rgb call(k)
    do for [k=1:lines[p]] { unset label 20+k }
    do for [k=1:3] { unset label k }
    drawn = drawn + 1
} }
if (rows > 0) {
    least = 1e300; most = 0
    stats DATA using ($1 == 3 && t(4) > 0 ? (least = t(5) > 0 && t(5) < least ? t(5) : least, most = t(6) > most ? t(6) : most, 0) : 0) nooutput
    if (most == 0) { least = 1e-9; most = 1e-6 }
    if (most < 10*least) { most = 10*least }
    left = 0.52*longest + 1.2
    unset xlabel
    unset logscale y
    set logscale x
    beyond = (most/least)**(5.5/(ems - left - 6.5))
    set xrange [least/1.5:most*beyond]
    set yrange [rows+0.6:0.4]
    unset ytics
    set format x "%.0s %cs"
    set xtics 1e-12,10,1e3
    set mxtics 10
    set grid noytics xtics ls 10
    set border 1
    set lmargin at screen x_em(left)
    set rmargin at screen 1 - x_em(0.8)
    set tmargin at screen y_em(below + (narrow ? 0.8 : 2.4) - 1.2)
    set bmargin at screen y_em((narrow ? 0.8 : 2.4) + 1.8)
    do for [k=1:3] { unset label k }
    if (panels == 0) { set label 1 say(caption_1) at screen x_em(0.8),1-y_em(1.2) left textcolor rgb NOTE }
    low = least/1.5
    plot DATA using ($1 == 3 ? low : NaN):2:(most*beyond-low):(0) with vectors nohead ls 11, \
         "" using ($1 == 3 ? $4 : NaN):2:5:6 with xerrorbars pt 7 ps 0.7 lw 1.1 lc rgb call(1), \
         "" using ($1 == 3 && t(4) > 0 ? t(6) : NaN):2:(si(t(4))) with labels left offset 0.9,0 textcolor rgb INK, \
         "" using ($1 == 3 && t(4) == 0 ? low : NaN):2:(tell(strcol(9))) with labels left offset 0.9,0 textcolor rgb NOTE, \
         "" using ($1 == 3 ? low : NaN):2:(tell(strcol(8))) with labels right offset -0.6,0 textcolor rgb INK
}
unset multiplot
