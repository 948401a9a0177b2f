#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The page and what else a report writes: whole, valid, escaped, the same twice. Where a browser is there it opens the page.

load helper

# One report that most of the tests look at, in a directory of each test's own.
setup_file() {
	cd "$BATS_TEST_DIRNAME/.." || return
	[ ! -x build/ctxbench ] || ! command -v gnuplot >/dev/null || {
		small >"$BATS_FILE_TMPDIR/a.txt"
		build/ctxbench report "$BATS_FILE_TMPDIR/a.txt" -o "$BATS_FILE_TMPDIR/r"
	}
}

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return
	ctxbench=build/ctxbench
	[ -x $ctxbench ] || skip "build/ctxbench is not built"
	dir=$BATS_TEST_TMPDIR
	small >"$dir/a.txt"
}

# small: a result file of few cells, one valid, one invalid, one missing; its texts can be dangerous.
small() {
	cat <<'END'
ctxbench: 1
complete: yes
version: 1.0.0
method: 1
date: 2026-01-02T03:04:05Z
host: "h'1<script>alert(1)</script>\input{x}%_&$^~
cpu: Müller & Söhne <b>CPU</b> {100%} `touch x`
kernel: 6.1.0
trials: 6
topology.synthetic: Package:2 L3Cache:1(size=4194304) Core:2 PU:2
mitigations.spectre_v2: Mitigation: Retpolines
mitigations.l1tf: Not affected
impl.lwp: lwp; a task by clone
impl.null: floor; a call
Unit ns/switch better=lower
BenchmarkSwitch/impl=lwp/wait=futex/policy=batch/place=same-pu 1000 1200 ns/switch 1190 min-ns 2 ops 2 switches/op
BenchmarkSwitch/impl=lwp/wait=futex/policy=batch/place=same-pu 1000 1210 ns/switch 1195 min-ns 2 ops 2 switches/op
BenchmarkSwitch/impl=lwp/wait=futex/policy=batch/place=same-pu 1000 1220 ns/switch 1200 min-ns 2 ops 2 switches/op
BenchmarkSwitch/impl=null/wait=none/policy=batch/place=same-pu 1000 1.5 ns/switch 1.4 min-ns 2 ops 0 switches/op
BenchmarkSwitch/impl=null/wait=none/policy=batch/place=same-pu 1000 1.6 ns/switch 1.5 min-ns 2 ops 0 switches/op
Invalid/Create/impl=lwp/wait=none/policy=batch/place=same-pu 10 reason="</table><script>alert('x')</script> | \\input{y} & 50% of \"it\""
Missing/Switch/impl=kthread/wait=wake/policy=batch/place=same-pu reason="=cmd|' /C calc'!A0, no module"
BenchmarkHomemade/impl=lwp/wait=none/policy=batch/place=same-pu/size=4 1000 7 ns/op 6 min-ns 1 ops
END
}

# small_report: that of `small`, in $dir/r.
small_report() {
	needs gnuplot
	cp -R "$BATS_FILE_TMPDIR/r" "$dir/r"
}

# made FILE...: their report in $dir/r.
made() {
	run $ctxbench report "$@" -o "$dir/r"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "bad command lines are told in one line, and nothing is written" {
	for arguments in "" "$dir/a.txt" "$dir/none.txt -o $dir/r" "$dir/a.txt -o $dir/r --width wide" \
		"--snippet $dir/a.txt $dir/a.txt" "$dir/a.txt -o $dir/a.txt" "$(printf "$dir/a.txt %.0s" 1 2 3 4 5 6 7 8 9) -o $dir/r"; do
		# shellcheck disable=SC2086 # a list of words
		run $ctxbench report $arguments
		echo "$arguments: $output"
		[ "$status" -eq 2 ]
		one_line_of_ours
		[ ! -e "$dir/r" ]
	done
}

@test "every bench that there is has a chapter of its own" {
	benches=$($ctxbench list benches | awk '/^[^ ]/ { print $1 }')
	[ "$(echo "$benches" | wc -l)" -gt 15 ]
	known=$(sed -n 's/^.*\.benches = "\(.*\)",$/\1/p' harness/publish/sections.c | tr ' ' '\n')
	for bench in $benches; do
		grep -qx -- "$bench" <<<"$known" || {
			echo "$bench: no chapter of harness/publish/sections.c is about it"
			false
		}
	done
	absent grep -qx homemade <<<"$known"
}

@test "the page is valid HTML, whatever stands in a file" {
	needs tidy
	small_report
	run tidy -q -e "$dir/r/index.html"
	echo "$output"
	[ "$status" -eq 0 ]
	absent grep -qi '<script' "$dir/r/index.html"
	absent grep -q '<b>CPU' "$dir/r/index.html"
	sed -i 's|</main>|</div></main>|' "$dir/r/index.html"
	run tidy -q -e "$dir/r/index.html"
	[ "$status" -ne 0 ]
}

@test "the page needs nothing that is not in it, and its parts are in order" {
	small_report
	page=$dir/r/index.html
	# every address is within the page
	run grep -oE '(src|href|srcset|action|data)="[^"]{0,6}' "$page"
	[ "${#lines[@]}" -gt 10 ]
	absent grep -qvE '"(#[a-z]|data:)' <<<"$output"
	absent grep -qiE '@import|url\(|<(iframe|object|embed|link rel="style)' "$page"
	# headings go down one at a time, each picture has a text, each section a heading
	grep -oE '<h[1-6]' "$page" | tr -dc '1-6\n' | awk '$1 > last + 1 { exit 1 } { last = $1 }'
	[ "$(grep -o '<h1' "$page" | wc -l)" -eq 1 ]
	absent grep -qE '<img (src|alt="")' "$page"
	[ "$(grep -o '<section ' "$page" | wc -l)" -eq "$(grep -o '<h2 ' "$page" | wc -l)" ]
	[ "$(grep -o '<figure>' "$page" | wc -l)" -eq "$(grep -o 'The numbers of this figure</summary>' "$page" | wc -l)" ]
	# what links within the page name exists
	grep -oE 'href="#[a-z-]+' "$page" | cut -d'#' -f2 | while read -r id; do
		grep -q "id=\"$id\"" "$page" || exit
	done
	# words, no zero, for what has no number
	grep -q 'invalid' "$page"
	grep -q 'no module' "$page"
}

@test "on paper each chapter has a number: its long table is open where it has no picture and no short one" {
	needs gnuplot
	small_report
	page=$dir/r/index.html
	absent grep -q '<details open' "$page"
	[ "$(grep -c 'closed tables are left out' "$page")" -eq 1 ]
	for i in $(seq 1 31); do
		echo "BenchmarkGrain/impl=lwp/wait=futex/policy=batch/place=same-pu/work=$i 9 $i ns/op 1 min-ns 1 ops"
	done >>"$dir/a.txt"
	made "$dir/a.txt"
	sed -n '/<section id="grain"/,/<\/section>/p' "$page" | grep -q '<details open="open"><summary>grain'
	# what is published stands back from what is ours
	for class in then paper; do
		grep -q "\.$class {" plots/page.css
	done
}

@test "the raw file comes back out of the page, byte by byte" {
	small_report
	sed -n 's/.*download="a.txt" href="data:text\/plain;base64,\([^"]*\)".*/\1/p' "$dir/r/index.html" | base64 -d | cmp - "$dir/a.txt"
}

from_a_pipe() {
	small | $ctxbench report /dev/stdin -o "$dir/r"
}

@test "what can be read only once is not attached, and that is said" {
	needs gnuplot
	run from_a_pipe
	[ "$status" -eq 0 ]
	grep -q 'not attached: it could be read only once' "$dir/r/index.html"
	absent grep -q 'download=' "$dir/r/index.html"
}

@test "the same file twice is the same report twice" {
	small_report
	mv "$dir/r" "$dir/first"
	made "$dir/a.txt"
	diff -r "$dir/first" "$dir/r"
}

@test "TeX macros: letters only, one for each cell, none twice; and TeX takes them" {
	needs gnuplot
	# two names that would be one macro
	sed -n 's/^BenchmarkHomemade/&/p' "$dir/a.txt" | sed 's/impl=lwp/impl=l-wp/' >"$dir/b"
	sed 's/impl=l-wp/impl=lWp/' "$dir/b" | cat "$dir/b" - >>"$dir/a.txt"
	made "$dir/a.txt"
	macros=$(sed -n 's/^\\newcommand{\\\([^}]*\)}.*/\1/p' "$dir/r/numbers.tex")
	echo "$macros"
	[ "$(echo "$macros" | wc -l)" -eq 7 ]
	[ "$(echo "$macros" | sort -u | wc -l)" -eq 7 ]
	absent grep -qv '^ctx[A-Za-z]*$' <<<"$macros"
	grep -qx ctxSwitchLwpFutexBatchSamePu <<<"$macros"
	grep -q '^\\newcommand{\\ctxSwitchLwpFutexBatchSamePu}{\\ctxfew{1.21}{1.20}{1.22}{\\ctxmicro}}$' "$dir/r/numbers.tex"
	grep -q '^\\newcommand{\\ctxSwitchKthreadWakeBatchSamePu}{\\ctxnot{not measured}{' "$dir/r/numbers.tex"
}

@test "TeX macros: what a bench is about has its own, beside the time; ends are an interval only of six trials" {
	needs gnuplot
	memory='Memory/impl=lwp/wait=none/policy=batch/place=same-pu/contexts=100'
	for bytes in 7 8 9; do
		echo "Benchmark$memory 1 2000 ns/op 1990 min-ns 1 ops $bytes kernel-stack-B/context"
	done >>"$dir/a.txt"
	for switch in 1200 1210 1220; do
		echo "BenchmarkSwitch/impl=lwp/wait=futex/policy=batch/place=same-pu 1000 $switch ns/switch 1190 min-ns"
	done >>"$dir/a.txt"
	made "$dir/a.txt"
	grep -qF '\newcommand{\ctxMemoryLwpBatchSamePuContextsOneZeroZeroKernelStack}{\ctxfew{8}{7}{9}{B}}' "$dir/r/numbers.tex"
	grep -qF '\newcommand{\ctxMemoryLwpBatchSamePuContextsOneZeroZero}{\ctxfew{2.00}' "$dir/r/numbers.tex"
	grep -qF '\newcommand{\ctxSwitchLwpFutexBatchSamePu}{\ctxcell{1.21}{1.20}{1.22}{\ctxmicro}}' "$dir/r/numbers.tex"
	grep -qF '\newcommand{\ctxHomemadeLwpBatchSamePuSizeFour}{\ctxone{' "$dir/r/numbers.tex"
}

@test "no two cells of a full run are one macro" {
	run $ctxbench report --help
	$ctxbench plan --full 2>/dev/null | grep -oE '^[A-Z][A-Za-z]*/impl=[^ ]*' >"$dir/names" || true
	[ -s "$dir/names" ] || skip "plan does not list names"
	{
		printf 'ctxbench: 1\ncomplete: yes\n'
		sed 's|.*|Missing/& reason="x"|' "$dir/names"
	} >"$dir/a.txt"
	$ctxbench report "$dir/a.txt" -o "$dir/r" >/dev/null
	absent grep -qE '^\\newcommand\{\\ctx[A-Za-z]*X[a-z]{10,}\}' "$dir/r/numbers.tex"
}

@test "LaTeX sets numbers, tables and citation" {
	needs pdflatex bibtex
	kpsewhich booktabs.sty >/dev/null || skip "booktabs.sty is not installed"
	small_report
	cd "$dir/r"
	cat >paper.tex <<'END'
\documentclass{article}\usepackage[utf8]{inputenc}\usepackage{booktabs}\input{numbers}\begin{document}
\ctxSwitchLwpFutexBatchSamePu, \ctxci{\ctxSwitchLwpFutexBatchSamePu}, \ctxci{\ctxHomemadeLwpBatchSamePuSizeFour}, \ctxwhy{\ctxCreateLwpBatchSamePu} \ctxlow{\ctxSwitchLwpFutexBatchSamePu}
\cite{ctxbench,ctxbench-result-a}\input{tables/switch}\input{tables/contexts}\input{tables/create}
\bibliographystyle{plain}\bibliography{cite}\end{document}
END
	run pdflatex -interaction=nonstopmode -halt-on-error paper
	[ "$status" -eq 0 ] || echo "$output"
	[ "$status" -eq 0 ]
	run bibtex paper
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output != *arning* ]]
}

@test "Markdown and CSV keep their columns" {
	small_report
	for table in "$dir"/r/tables/*.md; do
		# as many bars that begin a column in every line as in the first
		awk -v f="$table" '{ gsub(/\\\|/, ""); n = gsub(/\|/, "") } NR == 1 { first = n } n != first { print f ": " $0; exit 1 }' "$table"
	done
	[ "$(wc -l <"$dir/r/tables/cells.csv")" -eq 6 ]
	cat "$dir/r/tables/cells.csv"
	grep -q '^1,switch,lwp,futex,batch,same-pu,,valid,ns/switch,3,1210,1200,1220,0.750000,' "$dir/r/tables/cells.csv"
	grep -qF '"=cmd|'"' /C calc'"'!A0, no module"' "$dir/r/tables/cells.csv"
}

@test "the methods are those of the file's keys" {
	small_report
	# by the lines, whatever the key says: most cells of no bench have as many
	grep -qF 'Each cell was measured in 3 fresh processes (homemade in 1, switch in 2 to 3). ' "$dir/r/methods.txt"
	grep -q 'Mitigations: spectre_v2 (Mitigation: Retpolines)' "$dir/r/methods.txt"
	absent grep -qE 'unknown|seed|l1tf|interleaved' "$dir/r/methods.txt"
	sed -i '/^method\|^Benchmark\|^version/d' "$dir/a.txt"
	sed -i '1a clock: x\nclock.read-ns: 1640\ncompiler: cc\nflags: -O2 -Wall -Wl,-z,now  -g1' "$dir/a.txt"
	made "$dir/a.txt"
	absent grep -qE 'fresh processes|A sample is' "$dir/r/methods.txt"
	grep -qF 'a read of which takes 1.64 µs. ' "$dir/r/methods.txt"
	grep -qF 'by cc (-O2 -Wl,-z,now -g1)' "$dir/r/methods.txt"
}

@test "what has too few trials for 95 % says that its interval is their range" {
	small_report
	grep -q '| range of trials |' "$dir/r/tables/switch.md"
	sed -n '/impl=lwp.*futex/p' "$dir/a.txt" >"$dir/more"
	cat "$dir/more" >>"$dir/a.txt"
	made "$dir/a.txt"
	grep -q '| 95% interval |' "$dir/r/tables/switch.md"
	grep -q '| 1.20 µs to 1.22 µs |' "$dir/r/tables/switch.md"
	grep -q '| range 1.50 ns to 1.60 ns |' "$dir/r/tables/switch.md"
}

@test "what to cite: nobody is named who measured, and two files of a machine differ" {
	small_report
	grep -qF 'title = {{ctxbench: what a context switch costs' "$dir/r/cite.bib"
	grep -qF "$(sed -n 's/^title: "\(.*\)"/\1/p' CITATION.cff)" "$dir/r/cite.bib"
	[ "$(grep -c 'author' "$dir/r/cite.bib")" -eq 1 ]
	grep -q 'month = jan,' "$dir/r/cite.bib"
	sed 's/^date: 2026-01/date: 2026-02/' "$dir/a.txt" >"$dir/b.txt"
	made "$dir/a.txt" "$dir/b.txt"
	[ "$(grep 'title = ' "$dir/r/cite.bib" | sort -u | wc -l)" -eq 3 ]
}

@test "the snippet is ten lines, and its picture where the report puts it" {
	run $ctxbench report --snippet "$dir/a.txt" -o some/where
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(echo "$output" | wc -l)" -eq 10 ]
	[[ ${lines[0]} == *"(<some/where/figures/ladder.svg>)" ]]
	[[ $output == *"1.21 µs"* ]]
	[[ $output == *"not measured"* ]]
	[[ $output == *"medians of 3 trials"* ]]
	[ ! -e some ]
	# of nothing there are no medians
	sed -i '/^Benchmark/d' "$dir/a.txt"
	run $ctxbench report --snippet "$dir/a.txt"
	[ "$status" -eq 0 ]
	[[ $output != *median* && $output != *interval* ]]
}

@test "the machine is drawn from the file, and its drawing scales" {
	needs lstopo
	small_report
	svg=$(sed -n '/How the machine is built/,/<\/figure>/s/.*src="data:image\/svg+xml;base64,\([^"]*\)".*/\1/p' "$dir/r/index.html" | base64 -d)
	[[ $svg == *"PU L#7"* ]]
	grep -qE "viewBox='[0-9 ]+'" <<<"$svg"
	# this machine, as a run would keep it; memory in steps that no boot changes
	here=$($ctxbench env | sed -n 's/^topology.synthetic: //p')
	if [ "$here" != unknown ]; then
		sed -i "s|^topology.synthetic: .*|topology.synthetic: $here|" "$dir/a.txt"
		made "$dir/a.txt"
		grep -q 'How the machine is built' "$dir/r/index.html"
		grep -oE 'memory=[0-9]+' <<<"$here" | cut -d= -f2 | while read -r bytes; do
			[ $((bytes % (64 << 20))) -eq 0 ] || exit 1
		done
	fi
	# what hwloc does not write is neither drawn nor run
	sed -i 's|^topology.synthetic: .*|topology.synthetic: /etc/passwd|' "$dir/a.txt"
	made "$dir/a.txt"
	grep -q 'not what hwloc writes' "$dir/r/index.html"
	sed -i '/^topology.synthetic/d' "$dir/a.txt"
	made "$dir/a.txt"
	grep -q 'does not tell how the machine is built' "$dir/r/index.html"
}

@test "several files: differences first, then machines side by side" {
	needs gnuplot tidy
	sed 's/^kernel: .*/kernel: 6.2.0/; s/ 12\([0-9]*\) ns.switch/ 24\1 ns\/switch/' "$dir/a.txt" >"$dir/b.txt"
	made "$dir/a.txt" "$dir/b.txt"
	tidy -q -e "$dir/r/index.html"
	[ "$(grep -oE '<section id="[a-z]+' "$dir/r/index.html" | head -n 1)" = '<section id="differences' ]
	grep -q '>6.1.0<.*>6.2.0<' "$dir/r/index.html"
	grep -q '2.0 µs\|2.42 µs\|2.41 µs' "$dir/r/index.html"
	# what may not be compared is said so, and shown all the same
	sed -i 's/^method: 1/method: 2/' "$dir/b.txt"
	made "$dir/a.txt" "$dir/b.txt"
	grep -q 'Not compared: ' "$dir/r/index.html"
}

# opened PAGE: what a browser that reaches nobody says of it; $dir/net.json is the log of every request.
opened() {
	timeout 60 "$chromium" --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --user-data-dir="$dir/profile" \
		--enable-logging=stderr --window-size=400,800 --log-net-log="$dir/net.json" --proxy-server=127.0.0.1:9 \
		--disable-background-networking --disable-component-update --screenshot="$dir/page.png" "file://$1" 2>&1
}

# What the browser itself would like has no origin; what a page from disk asks for has the origin "null".
asked_by_the_page='"initiator":"null"'

@test "a browser opens the page from disk: no error on its console, no request leaves" {
	chromium=$(command -v chromium || command -v chromium-browser) || skip "chromium is not installed"
	small_report
	run opened "$dir/r/index.html"
	[ -s "$dir/page.png" ]
	absent grep -q CONSOLE <<<"$output"
	absent grep -q "$asked_by_the_page" "$dir/net.json"
	# both would be seen: a script that fails, and a picture from elsewhere where no policy forbids it
	sed -i 's|<meta http-equiv="Content-Security[^>]*>||; s|</main>|<script>f()</script><img src="http://192.0.2.1/x.png" alt="x" /></main>|' \
		"$dir/r/index.html"
	run opened "$dir/r/index.html"
	grep -q CONSOLE <<<"$output"
	grep -q "$asked_by_the_page" "$dir/net.json"
}
