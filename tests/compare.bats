#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# `compare` as it is typed: its forms, its exit status, and what it says of a mistyped line.

load helper

setup() {
	ctxbench=$BATS_TEST_DIRNAME/../build/ctxbench
	dir=$(mktemp -d)
	export ctxbench dir
	file "$dir/a.txt" 6.1 1000 2000
	file "$dir/b.txt" 6.2 1500 2002
}

teardown() {
	rm -rf "$dir"
}

# file PATH KERNEL LWP PTHREAD: a small result; times in ns, six trials each.
file() {
	{
		printf '%s\n' "ctxbench: 1" "complete: yes" "method: 1" "revision: 0123456789ab" "host: n1" "kernel: $2" \
			"trials: 6" "emulated: no" "impl.lwp: lwp; raw clone" "impl.null: floor; a call" "Unit ns/switch better=lower"
		for i in 0 4 1 5 2 3; do
			echo "BenchmarkSwitch/impl=lwp/wait=futex/policy=batch/place=same-pu 512 $(($3 + i)).5 ns/switch $3 min-ns 2 ops 2 switches/op"
			echo "BenchmarkSwitch/impl=pthread/wait=futex/policy=batch/place=same-pu 512 $(($4 + i)).5 ns/switch $4 min-ns 2 ops 2 switches/op"
			echo "BenchmarkSwitch/impl=lwp/wait=futex/policy=other/place=same-pu 512 $(($3 + i)).5 ns/switch $3 min-ns 2 ops 2 switches/op"
			echo "BenchmarkAnatomy/impl=lwp/wait=futex/policy=batch/place=same-pu/of=switch 512 $(($3 + i)).5 ns/switch $3 min-ns 2 ops $(($3 / 2)) wake-there-ns"
		done
		echo 'BenchmarkSwitch/impl=lwp/wait=futex/policy=batch/place=same-pu 512 4 syscalls/op 63 instructions:u/op'
		echo 'Missing/Create/impl=a"b|c,d/wait=none/policy=batch/place=same-pu reason="not \"here\", & 100% | sure"'
	} >"$1"
}

compare() {
	run "$ctxbench" compare "$@"
	echo "$output"
}

# narrow: no line of what was printed is over 80 columns.
narrow() {
	echo "$output" | perl -CSD -ne 'chomp; if (length > 80) { print "too wide: $_\n"; $bad = 1 } END { exit $bad // 0 }'
}

# mistyped TEXT ARGUMENT...: one line that says so, 2, and nothing on standard output.
mistyped() {
	text=$1
	shift
	run "$ctxbench" compare "$@"
	echo "$output"
	[ "$status" -eq 2 ]
	one_line_of_ours
	[[ $output == *"$text"* ]]
}

@test "two files: the table, in 80 columns and without colour" {
	compare "$dir/a.txt" "$dir/b.txt"
	[ "$status" -eq 0 ]
	[[ $output == *"  lwp            futex       1.00 µs  <1%  1.50 µs  <1%  1.50  [1.50, 1.50]"* ]]
	[[ $output == *"differ  kernel                 6.1 -> 6.2"* ]]
	[[ $output != *$'\033'* ]]
	narrow
}

@test "a file against itself: no cell differs" {
	compare "$dir/a.txt" "$dir/a.txt" --fail-above 1%
	[ "$status" -eq 0 ]
	# shellcheck disable=SC2086,SC2116 # in one line
	[[ $(echo $output) == *"5 cells: 0 differ (B slower in 0, faster in 0), 4 not told apart, 1 measured in neither"* ]]
	[[ $output == *"note    A and B are one run, against itself"* ]]
	compare "$dir/a.txt" "$dir/b.txt"
	[[ $output != *"one run"* ]]
}

@test "lines in another order are the same cells" {
	{
		grep -v '^Benchmark' "$dir/b.txt"
		grep '^Benchmark' "$dir/b.txt" | sort -r
	} >"$dir/sorted"
	mv "$dir/sorted" "$dir/b2.txt"
	diff <("$ctxbench" compare --csv "$dir/a.txt" "$dir/b.txt" | cut -d, -f1-8,13-) \
		<("$ctxbench" compare --csv "$dir/a.txt" "$dir/b2.txt" | cut -d, -f1-8,13-)
}

@test "the same every time" {
	for form in "" --json --markdown; do
		diff <("$ctxbench" compare $form "$dir/a.txt" "$dir/b.txt") <("$ctxbench" compare $form "$dir/a.txt" "$dir/b.txt")
	done
}

@test "--fail-above: 3 and the cells, when the near end of the interval is beyond" {
	run "$ctxbench" compare --fail-above 5% "$dir/a.txt" "$dir/b.txt"
	[ "$status" -eq 3 ]
	[ "$("$ctxbench" compare --fail-above 5% "$dir/a.txt" "$dir/b.txt" 2>&1 >/dev/null | grep -c '^ctxbench: Switch/impl=lwp/')" -eq 2 ]
	compare --fail-above 60% "$dir/a.txt" "$dir/b.txt"
	[ "$status" -eq 0 ]
	compare --fail-above 5% "$dir/b.txt" "$dir/a.txt" # faster is not slower
	[ "$status" -eq 0 ]
	run "$ctxbench" compare --fail-above 5% --holm "$dir/a.txt" "$dir/b.txt"
	[ "$status" -eq 3 ]
	run "$ctxbench" compare --fail-above 5% --json "$dir/a.txt" "$dir/b.txt"
	[ "$status" -eq 3 ]
}

@test "--fail-above: what can't be held is said, and is no reason to fail" {
	for i in a b; do # of three trials the bootstrap's interval holds far less than 95 %: nothing is held to it
		awk '!/^Benchmark/ || ++seen[$1] <= 3' "$dir/$i.txt" >"$dir/${i}3.txt"
		awk '!/^Benchmark/ || ++seen[$1] <= 4' "$dir/$i.txt" >"$dir/${i}4.txt"
	done
	run "$ctxbench" compare --fail-above 5% "$dir/a3.txt" "$dir/b.txt"
	[ "$status" -eq 0 ]
	[[ $output == *"ctxbench: 4 cells of A could not be held on B: "*" (6 against 3 trials, at least 4 each were expected), ..."* ]]
	run "$ctxbench" compare --fail-above 5% "$dir/a4.txt" "$dir/b4.txt"
	[ "$status" -eq 3 ]
	[[ $output != *"could not be held"* ]]
	{
		grep -v '^BenchmarkSwitch/impl=pthread' "$dir/a.txt"
		echo 'Missing/Switch/impl=pthread/wait=futex/policy=batch/place=same-pu reason="it broke"'
	} >"$dir/broke.txt"
	run "$ctxbench" compare --fail-above 5% "$dir/a.txt" "$dir/broke.txt"
	[ "$status" -eq 0 ]
	[[ $output == *"ctxbench: 1 cell of A could not be held on B: Switch/impl=pthread/"*" (not measured: it broke)" ]]
}

@test "--json is JSON, whatever is in a name or reason" {
	needs python3
	"$ctxbench" compare --json "$dir/a.txt" "$dir/b.txt" >"$dir/out"
	python3 - "$dir/out" <<-'END'
		import json, sys
		d = json.load(open(sys.argv[1]), parse_constant=lambda x: sys.exit("not a number: " + x))
		assert [s["side"] for s in d["sides"]] == ["A", "B"]
		assert len(d["cells"]) == 5, len(d["cells"])
		c = {x["name"]: x for x in d["cells"]}
		missing = c['Create/impl=a"b|c,d/wait=none/policy=batch/place=same-pu']
		assert missing["A"]["state"] == "not measured" and missing["A"]["reason"] == 'not "here", & 100% | sure'
		assert "median" not in missing["A"] and missing["B"]["outcome"] == "neither"
		lwp = c["Switch/impl=lwp/wait=futex/policy=batch/place=same-pu"]["B"]
		assert lwp["outcome"] == "differs" and abs(lwp["ratio"] - 1502.0 / 1002.0 ) < 2e-3, lwp
		assert d["counts"]["B"]["of"] == 4
	END
}

@test "--csv and --tsv have as many fields on every line" {
	[ "$("$ctxbench" compare --tsv "$dir/a.txt" "$dir/b.txt" | awk -F '\t' '{ print NF }' | sort -u)" = 24 ]
	[ "$("$ctxbench" compare --tsv "$dir/a.txt" "$dir/b.txt" | wc -l)" -eq 11 ]
	needs python3
	"$ctxbench" compare --csv "$dir/a.txt" "$dir/b.txt" |
		python3 -c 'import csv, sys; rows = list(csv.reader(sys.stdin, strict=True)); assert {len(r) for r in rows} == {24}, rows; assert "not \"here\", & 100% | sure" in [r[10] for r in rows], rows'
}

@test "--markdown: as many cells in each row of a table, and nothing that data could break it with" {
	"$ctxbench" compare --markdown "$dir/a.txt" "$dir/b.txt" >"$dir/out"
	cat "$dir/out"
	[ "$(grep '^|' "$dir/out" | sed 's/\\|//g' | awk -F '|' '{ print NF }' | sort -u)" = 6 ]
	grep -q '^| lwp futex | ' "$dir/out"
}

@test "--latex compiles" {
	"$ctxbench" compare --latex "$dir/a.txt" "$dir/b.txt" >"$dir/table.tex"
	[ "$(grep -c 'begin{longtable}' "$dir/table.tex")" -eq 1 ]
	absent grep -nE '(^|[^\\])[_#$]' <(grep -v '^%' "$dir/table.tex")
	needs pdflatex
	printf '%s\n' '\documentclass{article}\usepackage[T1]{fontenc}\usepackage{booktabs,longtable,textcomp}\begin{document}' \
		'\input{table}' '\end{document}' >"$dir/t.tex"
	(cd "$dir" && pdflatex -interaction=batchmode -halt-on-error t.tex) >/dev/null
}

@test "rows, columns and filters by parts of the names" {
	compare --row impl --col policy --only 'bench=switch' "$dir/a.txt" "$dir/b.txt"
	[ "$status" -eq 0 ]
	echo "$output" | grep -qE '^ +batch +other$'
	echo "$output" | grep -qE '^  lwp +1\.50 +<1% +1\.50 +<1%$'
	echo "$output" | grep -qE '^  pthread +~ +.* -$'
	compare --col impl --only 'bench=switch' "$dir/a.txt"
	[ "$status" -eq 0 ]
	[[ $output == *"A  lwp"*"B  pthread"*"2.00"* ]]
	# a column's own part heads no section and no row, and a cell that nobody measured stays with its bench
	for i in a b; do
		echo 'Missing/Switch/impl=lwp/wait=pipe/policy=batch/place=same-pu reason="no"' >>"$dir/$i.txt"
	done
	compare --row impl,wait --col impl --only 'bench=switch policy=batch' "$dir/a.txt" "$dir/b.txt"
	[ "$(echo "$output" | grep -c '^switch ')" -eq 1 ]
	[[ $output == *$'\nswitch policy=batch place=same-pu, ns/switch\n  futex '*$'\n  pipe '* ]]
}

@test "--by, --base and files of one machine" {
	file "$dir/c.txt" 6.1 1010 2010
	compare "$dir/a.txt" "$dir/b.txt" "$dir/c.txt"
	[ "$status" -eq 0 ]
	[[ $output == *"A  a.txt: 2 files, n1"* ]]
	compare --by file "$dir/a.txt" "$dir/b.txt" "$dir/c.txt" --base b.txt
	[[ $output == *"A/B"*"C/B"* ]]
	compare --by kernel --base 6.2 "$dir/a.txt" "$dir/b.txt" "$dir/c.txt"
	[[ $output == *"A  6.1: 2 files"*"A/B"* ]]
}

@test "--per, --p and --holm" {
	compare --per cycle "$dir/a.txt" "$dir/b.txt"
	[ "$status" -eq 2 ] # no witness was kept in these files
	for i in a b; do
		sed 's/ 2 switches\/op$/& 0.25 add-ns/' "$dir/$i.txt" >"$dir/$i.add"
	done
	compare --per cycle "$dir/a.add" "$dir/b.add"
	[[ $output == *"A: cycles of 0.250 ns each"* ]] # without an interval: it has none
	compare --p "$dir/a.txt" "$dir/b.txt"
	narrow
	[[ $output == *"  1.50  0.002  [1.50, 1.50]"* ]]
	compare --holm --p "$dir/a.txt" "$dir/b.txt"
	[[ $output == *"  1.50  0.009  [1.50, 1.50]"*"differ after Holm's correction for 4 tests"* ]]
	# for programs both are there, the test's own and the corrected one
	for form in csv tsv; do
		diff <("$ctxbench" compare --$form "$dir/a.txt" "$dir/b.txt" | tr ',' '\t' | grep differs | cut -f22) \
			<("$ctxbench" compare --holm --$form "$dir/a.txt" "$dir/b.txt" | tr ',' '\t' | grep differs | cut -f22)
	done
	compare --holm --json "$dir/a.txt" "$dir/b.txt"
	[[ $output == *'"p": 0.0021645, "p_holm": 0.00865801'* ]]
}

@test "--explain: the counted side beside the timed one, and the parts" {
	compare --explain 'impl=lwp policy=batch bench=switch' "$dir/a.txt" "$dir/b.txt"
	[ "$status" -eq 0 ]
	echo "$output" | grep -qE '^  syscalls +2 +2 +=$'
	echo "$output" | grep -qE '^  instructions:u +31\.5 +31\.5 +=$'
	echo "$output" | grep -qE '^  wake-there +500 ns +750 ns +\+50%$'
	echo "$output" | grep -q '^most changed from A to B: wake-there +50%$'
	compare --explain Switch/impl=lwp/wait=futex/policy=batch/place=same-pu "$dir/a.txt" "$dir/b.txt"
	[ "$status" -eq 0 ]
}

@test "--explain: every reason, what is valid nowhere, and no difference where none was found" {
	for i in a b; do
		sed -i 's/^emulated: no/&\nnot-counted.cycles:u: no PMU\nnot-counted.sched: no tracefs\nnot-counted.cycles:k: no PMU/' "$dir/$i.txt"
	done
	compare --explain bench=switch,create "$dir/a.txt" "$dir/b.txt"
	[ "$status" -eq 0 ]
	[[ $output == *"  not counted in A: cycles:u, cycles:k: no PMU"*"  not counted in A: sched: no tracefs"* ]]
	[ "$(echo "$output" | grep -c '^most changed')" -eq 2 ] # the two of lwp
	[ "$(echo "$output" | grep -c '^A and B are not told apart')" -eq 1 ]
	[[ $output == *'Create/impl=a"b|c,d/'*"is valid nowhere: not"* ]]
}

@test "what can't be compared is one line and 2, unless forced" {
	sed 's/^method: 1/method: 2/' "$dir/b.txt" >"$dir/m.txt"
	mistyped "can't compare: method 1 in A and 2 in B" "$dir/a.txt" "$dir/m.txt"
	compare --force "$dir/a.txt" "$dir/m.txt"
	[ "$status" -eq 0 ]
	[[ $output == *"FORCED  method 1 in A and 2 in B"* ]]
	sed 's/ns\/switch/us\/switch/; s/min-ns/min-us/' "$dir/b.txt" >"$dir/us.txt"
	sed -i '/^Unit/d' "$dir/a.txt" "$dir/us.txt"
	mistyped "is in ns/switch in A and in us/switch in B" "$dir/a.txt" "$dir/us.txt"
}

@test "more machines than columns: the table of a fleet, or one line" {
	for i in 1 2 3 4 5 6 7 8 9; do
		sed "s/^host: n1/host: n$i/; s/^emulated: no/&\nfirmware: f$i/" "$dir/a.txt" >"$dir/n$i.txt"
	done
	compare "$dir"/n[1-8].txt
	[ "$status" -eq 0 ]
	[[ $output == *"B/A"*"H/A"* ]]
	narrow
	compare "$dir"/n?.txt
	[ "$status" -eq 0 ]
	[[ $output == *"9 nodes: 9 whole"* ]]
	[[ $output != *"H/A"* ]]
	narrow
	mistyped "9 sides: at most 8 were expected" --by host "$dir"/n?.txt
}

@test "a mistyped line is said, and 2" {
	mistyped "two result files were expected" "$dir/a.txt"
	mistyped "--by" --by
	mistyped "--by kernell: no file has the key 'kernell'" --by kernell "$dir/a.txt" "$dir/b.txt"
	mistyped "--by host: every file has the same value (n1)" --by host "$dir/a.txt" "$dir/b.txt"
	mistyped "--base Q" --base Q "$dir/a.txt" "$dir/b.txt"
	mistyped "--per hour: call, cycle or syscall were expected" --per hour "$dir/a.txt" "$dir/b.txt"
	mistyped "--fail-above x: a percentage" --fail-above x "$dir/a.txt" "$dir/b.txt"
	mistyped "--explain has a form of its own" --explain bench=switch --json "$dir/a.txt" "$dir/b.txt"
	mistyped "exclude each other" --json --csv "$dir/a.txt" "$dir/b.txt"
	mistyped "--explain: 'nosuch' has no '='" --explain nosuch "$dir/a.txt" "$dir/b.txt"
	mistyped "--only: unknown key 'colour'" --only colour=red "$dir/a.txt" "$dir/b.txt"
	mistyped "no cell of these files matches" --only impl=nobody "$dir/a.txt" "$dir/b.txt"
	mistyped "--row colour: no cell has the part" --row colour "$dir/a.txt" "$dir/b.txt"
	mistyped "--col colour: no cell has such a part" --col colour "$dir/a.txt" "$dir/b.txt"
	mistyped "no cell of these files is called Switch/x" --explain Switch/x "$dir/a.txt" "$dir/b.txt"
}
