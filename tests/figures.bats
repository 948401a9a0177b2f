#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The figures: in every form and width, from data that holds anything, and the gallery drawn anew.

# Text that must not be expanded; and bats runs each test in a shell of its own.
# shellcheck disable=SC2016,SC2028,SC2030,SC2031

load helper

setup_file() {
	cd "$BATS_TEST_DIRNAME/.." || return
	around=$(mktemp -d)
	export around
}

teardown_file() {
	rm -rf "$around"
}

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return
	[ -x build/ctxbench ] || skip "build/ctxbench is not built"
}

needs() {
	command -v "$1" >/dev/null || skip "$1 is not installed"
}

names() {
	build/ctxbench figure '?' x -o y 2>&1 | sed 's/.*one of //; s/ was expected//; s/, / /g'
}

# A result with what no name should hold: quotes, back-quotes, percent, underscore, braces, a backslash, UTF-8.
hostile() {
	cat <<-'END'
		ctxbench: 1
		complete: yes
		method: 1
		host: a'b"`touch x`$(id) 100%_{x}^2 \n \textbf{&#~} µ日本
		cpu: <b>CPU</b> & "co" %s %d _
		emulated: no
		impl.lwp: lwp; %s `id` \today
		impl.pro_cess%: process; "x"
		Unit ns/switch better=lower
	END
	for i in 1 2 3 4 5 6; do
		echo "BenchmarkSwitch/impl=lwp/wait=futex/policy=batch/place=same-pu 1000 10$i ns/switch 100 min-ns"
		echo "BenchmarkSwitch/impl=lwp/wait=p\\ipe{}/policy=batch/place=same-pu 1000 20$i ns/switch 100 min-ns"
		echo "BenchmarkSwitch/impl=pro_cess%/wait=futex/policy=batch/place=same-pu 1000 30$i ns/switch 100 min-ns"
	done
	echo 'Missing/Create/impl=lwp/wait=none/policy=batch/place=same-pu reason="`touch x` \"100%\" _{a}^b \\n \\today"'
}

@test "a mistyped command line is one line, exit status 2, and nothing is written" {
	mistyped() {
		run build/ctxbench figure "$@" -o "$around/no"
		echo "$output"
		[ "$status" -eq 2 ]
		[ "${#lines[@]}" -eq 1 ]
		[[ $output == ctxbench:\ *expected* ]]
		[ ! -e "$around/no" ]
	}
	mistyped
	mistyped ladder
	mistyped latter results/vm/full.txt
	mistyped ladder /nowhere/file.txt
	mistyped ladder results/vm/full.txt --form gif
	mistyped ladder results/vm/full.txt --form svg,
	mistyped ladder results/vm/full.txt --width wide
	mistyped ladder results/vm/full.txt --width col,web
	mistyped ladder results/vm/full.txt --font-size 0
	mistyped ladder results/vm/full.txt --font-size 1e1
	mistyped ladder results/vm/full.txt README.md
	run build/ctxbench figure ladder results/vm/full.txt
	[ "$status" -eq 2 ]
}

@test "every figure has its script, its place in the gallery and in its page, and no other has" {
	[ "$(names | wc -w)" -ge 12 ]
	for name in $(names); do
		echo "$name"
		[ -f "plots/$name.gp" ]
		grep -qF "](gallery/$name.svg)" plots/README.md
		[ -s "plots/gallery/$name.svg" ]
		[ -s "plots/gallery/$name.png" ]
	done
	for script in plots/*.gp; do
		name=$(basename "$script" .gp)
		[ "$name" = style ] || [[ " $(names) " == *" $name "* ]]
	done
}

@test "text from data is text, in every form" {
	needs gnuplot
	hostile >"$around/hostile.txt"
	for name in ladder places; do
		run build/ctxbench figure $name "$around/hostile.txt" -o "$around/hostile" --form svg,png,pdf,tex
		echo "$output"
		[ "$status" -eq 0 ]
		[ "${#lines[@]}" -eq 4 ]
	done
	[ ! -e x ]
	grep -qF 'pro_cess%' "$around/hostile/ladder.svg"
	grep -qF '&lt;b>CPU' "$around/hostile/ladder.svg"
	grep -qF '`touch x`$(id)' "$around/hostile/ladder.svg"
	grep -qF 'p\ipe{}' "$around/hostile/places.svg"
	grep -qF 'pro\_cess\%' "$around/hostile/ladder.tex"
	grep -qF 'p\textbackslash{}ipe\{\}' "$around/hostile/places.tex"
	[ "$(find "$around/hostile" -type f | wc -l)" -eq 12 ]
	! command -v xmllint >/dev/null || xmllint --noout "$around"/hostile/*.svg
}

@test "a form that LaTeX sets is set by LaTeX" {
	needs gnuplot
	command -v pdflatex >/dev/null || skip "pdflatex is not installed"
	build/ctxbench figure places results/vm/full.txt -o "$around/tex" --form tex --width col >/dev/null
	cd "$around/tex"
	printf '%s\n' '\documentclass{article}\usepackage{graphicx,xcolor}\begin{document}\input{places.tex}\end{document}' >x.tex
	run pdflatex -interaction=nonstopmode -halt-on-error x.tex
	echo "$output"
	[ "$status" -eq 0 ]
	[ -s x.pdf ]
}

@test "a PDF has the width it was asked for, and its text" {
	needs gnuplot
	needs pdfinfo
	needs pdftotext
	for width in col:240 page:504; do
		build/ctxbench figure ladder results/vm/full.txt -o "$around/${width%:*}" --form pdf --width "${width%:*}" >/dev/null
		run pdfinfo "$around/${width%:*}/ladder.pdf"
		echo "$output"
		[[ $output == *"Page size:"*" ${width#*:} x "* ]]
		run pdftotext "$around/${width%:*}/ladder.pdf" -
		[[ $output == *uthread-inline* && $output == *"mode switch and back"* ]]
	done
}

@test "what is drawn can be read: the columns, with their names" {
	needs gnuplot
	build/ctxbench figure all results/vm/full.txt -o "$around/all" --form svg >/dev/null
	for name in ladder sharing modeswitch places compare; do
		[ -s "$around/all/$name.svg" ]
		awk -F '\t' 'NR == 1 { n = NF } NF != n { exit 1 }' "$around/all/$name.tsv"
	done
	head -n 1 "$around/all/ladder.tsv" | grep -q '^row	label	kind	switch'
}

@test "what this file can't show is said, and asking for it by name fails" {
	needs gnuplot
	run build/ctxbench figure counters results/vm/full.txt -o "$around/none"
	[ "$status" -eq 1 ]
	[ "$output" = "ctxbench: counters: no picture: this file has no cell of what the hardware counted" ]
	[ -z "$(ls "$around/none")" ]
	run build/ctxbench figure all results/vm/full.txt -o "$around/none" --form svg
	[ "$status" -eq 0 ]
	[[ $output == *"counters: no picture: "* ]]
}

@test "a fleet's figure names who stands apart, and takes a folder" {
	needs gnuplot
	plots/made-up-fleet.sh "$around/fleet"
	run build/ctxbench figure fleet "$around/fleet" -o "$around/fleet.figure" --form svg
	echo "$output"
	[ "$status" -eq 0 ]
	grep -q '<text>made-up-17 +' "$around/fleet.figure/fleet.svg"
	grep -q '<text>made-up-74 +' "$around/fleet.figure/fleet.svg"
	[ "$(grep -c '<text>made-up-[0-9]' "$around/fleet.figure/fleet.svg")" -le 6 ]
	[ "$(awk -F '\t' '$1 == 1 && ($2 == 0 || $2 == 1)' "$around/fleet.figure/fleet.tsv" | wc -l)" -eq 90 ]
	run build/ctxbench figure ladder "$around/fleet" -o "$around/no"
	[ "$status" -eq 2 ]
}

# A gnuplot that ends with 0 whatever became of the picture: what it drew goes through the command in $SPOIL.
spoiled() {
	mkdir -p "$around/spoil"
	cat >"$around/spoil/gnuplot" <<-END
		#!/bin/sh
		"$(command -v gnuplot)" "\$@"
		for a; do
			case \$a in OUT=*) out=\$(printf %s "\${a#OUT=}" | tr -d "'") ;; esac
		done
		for picture in "\$out" "\${out%.tex}.pdf"; do
			[ ! -f "\$picture" ] || eval "\$SPOIL"
		done
		exit 0
	END
	chmod +x "$around/spoil/gnuplot"
	for form in svg png pdf tex; do
		PATH=$around/spoil:$PATH SPOIL=$1 run build/ctxbench figure ladder results/x86_64-emulated/brief.txt -o "$around/spoilt" --form $form
		echo "$form: $output"
		[ "$status" -eq 1 ]
		[[ $output == *"ladder.$form did not come out whole"* ]]
		[ -z "$(ls "$around/spoilt")" ]
	done
}

@test "gnuplot's word is not taken for it: a cut, an empty and a blank picture are none" {
	needs gnuplot
	spoiled 'head -c 400 "$picture" >"$picture.cut" && mv "$picture.cut" "$picture"'
	spoiled ': >"$picture"'
	spoiled 'form=${picture##*.}; case $form in pdf) form=pdfcairo ;; png) form="pngcairo size 1520,900" ;; tex) form=cairolatex ;; esac
		"'"$(command -v gnuplot)"'" -e "set terminal $form; set output \"$picture\"; unset border; unset tics; unset key; plot [0:1][0:1] 2" 2>/dev/null'
}

@test "the size of the text is the one that was asked for" {
	needs gnuplot
	for size in 11 20; do
		build/ctxbench figure ladder results/x86_64-emulated/brief.txt -o "$around/size" --form svg --font-size $size >/dev/null
		grep -q "font-size=\"$size.00\"" "$around/size/ladder.svg"
	done
	build/ctxbench figure ladder results/x86_64-emulated/brief.txt -o "$around/size" --form svg --width slide >/dev/null
	grep -q 'width="1280"' "$around/size/ladder.svg"
	build/ctxbench figure ladder results/x86_64-emulated/brief.txt -o "$around/size" --form tex --width col --font-size 6.5 >/dev/null
	grep -qF '\fontsize{6.5}{7.8}' "$around/size/ladder.tex"
}

@test "several files: each has its figures, and those that compare have all of them" {
	needs gnuplot
	run build/ctxbench figure all results/x86_64-emulated/kthread.txt results/arm64-emulated/kthread.txt -o "$around/two" --form svg
	echo "$output"
	[ "$status" -eq 0 ]
	[ -s "$around/two/1.ladder.svg" ] && [ -s "$around/two/2.ladder.svg" ]
	[ -s "$around/two/compare.svg" ] || [[ $output == *"compare: no picture: "* ]]
}

same_gnuplot() {
	[[ $(gnuplot --version) =~ gnuplot\ ([0-9.]+)\ patchlevel\ ([^ ]+) ]]
	grep -q "GNUPLOT ${BASH_REMATCH[1]} patchlevel ${BASH_REMATCH[2]} " plots/gallery/ladder.svg ||
		skip "the gallery was drawn by another gnuplot"
}

@test "an SVG's key has the dashes of its lines" {
	needs gnuplot
	build/ctxbench figure all results/vm/full.txt -o "$around/dashes" --form svg >/dev/null
	# four of the curves have dashes, and so have their four lines in the key
	[ "$(grep -c stroke-dasharray "$around/dashes/latency.svg")" -eq 8 ]
	[ "$(grep -c stroke-dasharray "$around/dashes/wakes.svg")" -eq 8 ]
}

@test "an interval is called what it covers" {
	needs gnuplot
	build/ctxbench figure all results/vm/full.txt -o "$around/covers" --form svg >/dev/null
	for name in ladder sharing anatomy latency wakes modeswitch places mn; do
		echo "$name"
		grep -q '98% interval' "$around/covers/$name.svg"
	done
	grep -q '75% interval' "$around/covers/memory.svg" # three trials
	build/ctxbench figure counters results/arm64-emulated/switch.txt -o "$around/covers" --form svg >/dev/null
	grep -q 'EMULATED CPU: counted, exact' "$around/covers/counters.svg"
	grep -q "EMULATED: its times are no machine's" "$around/covers/counters.svg"
}

@test "wakes are never between switches" {
	needs gnuplot
	build/ctxbench figure compare results/vm/full.txt -o "$around/groups" --form svg >/dev/null
	awk -F '\t' '$1 > 0 && $2 ~ /^wake/ { wakes = 1 } $1 > 0 && $2 ~ /^switch/ && wakes { exit 1 } END { exit !wakes }' \
		"$around/groups/compare.tsv"
}

@test "the gallery is what its results draw, to the byte" {
	needs gnuplot
	same_gnuplot
	run plots/gallery.sh "$around/gallery"
	[ "$status" -eq 0 ]
	[ "$(ls "$around/gallery")" = "$(ls plots/gallery)" ]
	for svg in plots/gallery/*.svg; do
		echo "$svg"
		cmp <(grep -v '<desc>' "$svg") <(grep -v '<desc>' "$around/gallery/${svg##*/}")
	done
	for name in ladder sharing; do
		cmp <(grep -v '<desc>' "results/vm/full.$name.svg") <(grep -v '<desc>' "plots/gallery/$name.svg")
		cmp "results/vm/full.$name.png" "plots/gallery/$name.png"
	done
	fc-match "Liberation Sans" 2>/dev/null | grep -q Liberation || skip "PNG: the font is not installed"
	for png in plots/gallery/*.png; do
		echo "$png"
		cmp "$png" "$around/gallery/${png##*/}"
	done
}
