# SPDX-License-Identifier: MIT
# The look of every figure. A figure says NAME (letters, digits, _) and LINES (its height in lines of text), loads this, and
# then never sets a terminal, a font, a colour or a size of its own.
#   FORM  svg | png | pdf | tex          OUT  the file
#   WIDTH web (760 px, 13 px text) | col (3.33 in, 7.5 pt) | page (7 in, 8.5 pt) | slide (1280 px, 22 px text)
#   FONT  the size of the text in the same unit, where it should be another; 0: as above
if (!exists("FORM"))  FORM  = "svg"
if (!exists("WIDTH")) WIDTH = "web"
if (!exists("FONT"))  FONT  = 0
if (!exists("OUT"))   OUT   = NAME . "." . FORM
set encoding utf8
set micro                       # without it gnuplot's %c writes "us"
set decimalsign "."             # numbers never follow the locale

if (!exists("CAPTION")) CAPTION = ""
w  = WIDTH eq "col" ? 240.0 : WIDTH eq "page" ? 504.0 : WIDTH eq "slide" ? 1280.0 : 760.0
fs = WIDTH eq "col" ? 7.5   : WIDTH eq "page" ? 8.5   : WIDTH eq "slide" ? 22.0   : 13.0
if (FONT > 0) fs = FONT
ems = w / fs                    # 32 in a column, about 58 elsewhere
narrow = ems < 40
# the caption takes a second line where one is too short; LINES is without it, and what stands under it is `extra` lower
fits = int(1.98*ems)
break = strlen(CAPTION)
if (break > fits) { break = fits; while (break > 1 && CAPTION[break:break] ne " ") { break = break - 1 } }
caption_1 = CAPTION[1:break]; caption_2 = CAPTION[break+1:*]
short(s) = strlen(s) > fits ? s[1:fits-1] . "…" : s
extra = caption_2 eq "" ? 0 : 1.2
h  = (LINES + extra) * fs
x_em(n) = n * fs / w            # n ems as a fraction of the width
y_em(n) = n * fs / h            # n lines as a fraction of the height

font = "Liberation Sans"
stroke = WIDTH eq "slide" ? 1.8 : 1.2
if (FORM eq "svg") set terminal svg noenhanced size int(w),int(h) font sprintf("%s,Helvetica,Arial,sans-serif,%d",font,int(fs)) \
    linewidth stroke butt background "#ffffff" name NAME
# cairo terminals draw a font of n at 4/3 n: 0.75 gives the size that was asked for (1.5 at two pixels a pixel)
if (FORM eq "png") set terminal pngcairo noenhanced size int(2*w),int(2*h) font sprintf("%s,%.1f",font,fs) \
    fontscale 1.5 linewidth 2*stroke*fs/(WIDTH eq "slide" ? 22 : 13) pointscale 1.7*fs/13 butt background "#ffffff"
if (FORM eq "pdf") set terminal pdfcairo noenhanced size w/72,h/72 font sprintf("%s,%.1f",font,fs) \
    fontscale 0.75 linewidth 0.9 pointscale 0.6*fs/7.5 butt background "#ffffff"
# LaTeX sets the text, in its own font at this size
if (FORM eq "tex") set terminal cairolatex pdf input colortext header sprintf("\\fontsize{%.1f}{%.1f}\\selectfont",fs,1.2*fs) \
    size w/72,h/72 font sprintf(",%.1f",fs) fontscale 0.75 linewidth 0.9 pointscale 0.6*fs/7.5 butt
set output OUT

# TeX reads these signs; everywhere else they are themselves
tex_1(c) = c eq '\' ? '\textbackslash{}' : c eq '~' ? '\textasciitilde{}' : c eq '^' ? '\textasciicircum{}' : \
    strstrt('%_&#${}', c) > 0 ? '\'.c : c eq "\074" ? '\textless{}' : c eq "\076" ? '\textgreater{}' : c eq '|' ? '\textbar{}' : c
tex_(s) = strlen(s) == 0 ? "" : tex_1(s[1:1]) . tex_(s[2:*])
say(s) = FORM eq "tex" ? tex_(s) : s
# in a plot's own labels gnuplot takes a backslash for the start of something, in `set label` it does not
twice_(s) = strlen(s) == 0 ? "" : (s[1:1] eq '\' ? '\\' : s[1:1]) . twice_(s[2:*])
tell(s) = twice_(say(s))
percent = FORM eq "tex" ? '%.0f\,\%%' : "%.0f %%"      # of an axis

# what is shown, at the top; on which machine, at the bottom. A figure that has its own places for them sets these labels anew
set label 1 say(caption_1) at screen x_em(0.8),1-y_em(1.2) left textcolor rgb "#6B6B6B"
set label 2 (narrow || !exists("SOURCE") ? "" : say(short(SOURCE))) at screen x_em(0.8),y_em(0.9) left textcolor rgb "#6B6B6B"
set label 3 say(caption_2) at screen x_em(0.8),1-y_em(2.4) left textcolor rgb "#6B6B6B"

# ink: one colour and one mark for each textbook kind, the same in every figure. Grey steps 0, 26, 42, 58, 61 (L*): the two
# last are told apart by the mark; every one has at least 3:1 on white; least distance under any colour blindness 29 (dE76).
# 1 kernel thread, 2 process, 3 LWP and pthread, 4 user thread, 5 another runtime's context, 6 none of these
NOTE = "#6B6B6B"; GRID = "#DADADA"; GUIDE = "#ECECEC"; INK = "#222222"; FRAME = "#444444"
ink(k) = k==1 ? 0x000000 : k==2 ? 0x123B7A : k==3 ? 0xB5303C : k==4 ? 0xCC8400 : k==5 ? 0x2E9C8F : 0x6B6B6B
mark(k) = k==1 ? 5 : k==2 ? 13 : k==3 ? 7 : k==4 ? 9 : k==5 ? 10 : 2     # square, diamond, disc, triangle, open triangle, cross
set style line 9 lc rgb NOTE lw 0.8 dt (6,4)
set style line 10 lc rgb GRID lw 0.6
set style line 11 lc rgb GUIDE lw 0.8
# ordered things (working sets, contexts, sizes): one ramp, dark = more, readable in grey
RAMP = "#9CCBE8 #5FA3D3 #3A7BBF #235A9F #173F77 #0C2449"
ramp(i,n) = word(RAMP, n < 2 ? 6 : 1 + int(5.0*i/(n-1) + 0.5))

# heat: light is fast, dark is slow, monotone in grey; f from 0 to 1. White text stands on what is over 0.55.
heat_(f,a,b,n) = int(a + (b-a)*n + 0.5)
heat3(f,r,g,b,R,G,B,n) = 65536*heat_(f,r,R,n) + 256*heat_(f,g,G,n) + heat_(f,b,B,n)
heat(f) = f < 0.25 ? heat3(f,247,244,233,242,200,121,4*f) : f < 0.5 ? heat3(f,242,200,121,217,130,74,4*f-1) : \
    f < 0.75 ? heat3(f,217,130,74,160,60,80,4*f-2) : heat3(f,160,60,80,59,18,72,f < 1 ? 4*f-3 : 1)

# what a gap is drawn as: light, hatched where it has an area
GAP = "#F2F2F2"

# frame: one axis line, grid along the value axis only, tics outside, nothing mirrored
set border 1 lc rgb FRAME lw 0.8
set tics nomirror out scale 0.6,0.3 textcolor rgb INK
set grid noxtics noytics
unset key                       # gnuplot's own wraps where it likes: a figure draws its key with labels
set errorbars 0

# gnuplot 5's svg has no dashes for arrows: the lines of a key are plotted, last, on a sheet over all of the picture, 0 to 1 each way
sheet = "unset label; unset arrow; unset object; unset tics; unset border; unset grid; unset logscale; unset xlabel; " . \
    "set lmargin at screen 0; set rmargin at screen 1; set bmargin at screen 0; set tmargin at screen 1; " . \
    "set xrange [0:1]; set yrange [0:1]; set parametric; set trange [0:1]; set samples 2"

# a round step of about x: for axes whose own steps leave no room for their numbers
step_(x,ten) = ten*(x < 1.5*ten ? 1 : x < 3.5*ten ? 2 : x < 7.5*ten ? 5 : 10)
step(x) = step_(x, 10.0**floor(log10(x)))

# three significant digits with an SI prefix (gnuplot's %s counts decimals, not digits); "" for what is not there
si_p(x) = int(floor(log10(x)/3.0 + 1e-9))
si_up(x) = si_p(x) + (x/10.0**(3*si_p(x)) >= 999.5)
si_m(x) = x / 10.0**(3*si_up(x))
si_u(x) = word("ps ns µs ms s ks", si_up(x) + 5)
si_d(x) = x < 9.995 ? "%.2f %s" : x < 99.95 ? "%.1f %s" : "%.0f %s"
si(x) = !(x == x) || x <= 0 ? "" : x < 0.9995e-9 ? sprintf("%.3f ns", x*1e9) : sprintf(si_d(si_m(x)), si_m(x), si_u(x))
