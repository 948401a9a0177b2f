#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# make install: what lies there works from there, whatever becomes of the sources; the manual page says what --help says, and
# completion knows what ctxbench lists.

load helper

setup_file() {
	export place="$BATS_FILE_TMPDIR/staged"
	make -s -C "$root" install DESTDIR="$place" PREFIX=/opt/ctx >/dev/null || return
	mv "$place/opt/ctx" "$BATS_FILE_TMPDIR/moved" # nothing may remember where it was put
	export there="$BATS_FILE_TMPDIR/moved"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$there/bin:$PATH
}

@test "what is installed measures, and reads what it has measured" {
	run ctxbench run --only 'impl=null bench=mode' --trials 1 --counters none --quiet --out result.txt
	[ "$status" -le 1 ]
	[ -s result.txt ]
	ctxbench table result.txt
	ctxbench verdicts result.txt
	ctxbench compare result.txt result.txt
	ctxbench table coroutines result.txt
	ctxbench export --csv result.txt >csv
	ctxbench anonymise result.txt -o nobody.txt
	ctxbench env >/dev/null
	ctxbench env --advice result.txt
	ctxbench-compare result.txt result.txt
	ctxbench-crosscheck --help
	ctxbench-fleet --help
}

@test "it has the impls that the sources have, also those with a program of their own" {
	ctxbench list impls | awk '/^[^ ]/ { print $1 }' >there
	"$root/build/ctxbench" list impls | awk '/^[^ ]/ { print $1 }' >here
	diff here there
}

@test "a result without a name goes below the current directory" {
	run ctxbench run --only 'impl=null bench=mode' --trials 1 --counters none --quiet
	[ "$status" -le 1 ]
	files=$(find results -name '*.txt' | wc -l)
	[ "$files" -eq 1 ]
}

@test "its figures are drawn by the scripts that came with it" {
	needs gnuplot
	ctxbench figure ladder "$root/results/vm/full.txt" -o drawn
	[ -s drawn/ladder.svg ]
}

@test "a report is made of what came with it" {
	needs gnuplot
	run ctxbench-report "$root/results/x86_64-emulated/brief.txt" -o page
	echo "$output"
	[ "$status" -eq 0 ]
	grep -q '<html' page/*.html
}

@test "every command of bench/ is there" {
	for command in "$root"/bench/*; do
		case ${command##*/} in start | setup | listings) continue ;; esac
		[ ! -f "$command" ] || [ ! -x "$command" ] || [ -x "$there/bin/ctxbench-${command##*/}" ]
	done
}

@test "what the licence asks for is there, and make uninstall takes all of it away" {
	[ -s "$there/share/doc/ctxbench/LICENSE" ]
	mkdir -p once/bin
	touch once/bin/other
	make -s -C "$root" install PREFIX="$PWD/once" >/dev/null
	[ -x once/bin/ctxbench ]
	make -s -C "$root" uninstall PREFIX="$PWD/once"
	[ "$(find once ! -type d)" = once/bin/other ]
}

# -- the manual page

@test "the manual page says every line of --help" {
	ctxbench man | sed 's/^\.[A-Z]* *//; s/\\-/-/g; s/\\e/\\/g; s/\\&//g' | tr -s ' \n' ' ' >page
	ctxbench --help | sed 1d | while read -r line; do
		for word in $line; do
			grep -qiF -- "${word%:}" page || { echo "not on the page: $word"; exit 1; }
		done
	done
	cmp <(ctxbench man) "$there/share/man/man1/ctxbench.1"
}

@test "the manual page as it is read: options whole, uses of a verb apart, no blank within brackets" {
	needs man
	MANWIDTH=200 man -l <(ctxbench man) 2>/dev/null | col -bx >page
	grep -qE '^ +--p --holm$' page
	grep -qE '^ +table +the summary table of a result file: table FILE$' page
	grep -qE '^ +a published one, then and now: table NAME FILES\.\.\. \[--markdown\|--html\|--csv\]; NAME: ' page
	grep -qE '^ +and which tasks never leave the kernel: list kernel-threads$' page
	grep -qF ' [--form svg,png,pdf,tex] [--width ' page
}

@test "the manual page has no mistake that mandoc knows of" {
	needs mandoc
	run mandoc -Tlint "$there/share/man/man1/ctxbench.1"
	echo "$output"
	absent grep -vE 'missing date|^$' <<<"$output" # there is one only in a checkout
}

# -- completion

# completed WORD...: what may stand for the last of them.
completed() {
	bash -c '
		. "$0"
		compopt() { :; }
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_ctxbench
		printf "%s\n" "${COMPREPLY[@]}"' "$there/share/bash-completion/completions/ctxbench" "$@"
}

@test "completion: the verbs of --help, and no other" {
	completed ctxbench '' | sort >verbs
	ctxbench --help | awk '/^options/ { exit } /^  [a-z]/ { print $1 }' | sort | diff - verbs
	[ "$(completed ctxbench verd)" = verdicts ]
	[ "$(completed ctxbench run --keep)" = --keep-samples ]
	[ "$(completed ctxbench list sh)" = sharing ]
	[ "$(completed ctxbench run --counters fr)" = frontend ]
}

@test "completion: keys and values of --only, also of a bench's own axes" {
	[[ "$(completed ctxbench run --only ben)" == bench= ]]
	completed ctxbench run --only impl=lw | grep -qx impl=lwp
	completed ctxbench run --only "'bench=switch impl=process,lw" | grep -qx 'bench=switch impl=process,lwp'
	completed ctxbench run --only call=nu | grep -qx call=null
	[ -z "$(completed ctxbench run --only impl=nobody)" ]
}

@test "completion: names of tables and figures; what has a verb's name completes as that verb" {
	[ "$(completed ctxbench table cor)" = coroutines ]
	[ "$(completed ctxbench table '' | wc -l)" -eq "$(find "$root/plots/tables" -name '*.tsv' | wc -l)" ]
	[ "$(completed ctxbench figure lad)" = ladder ]
	completed ctxbench figure '' | grep -qx all
	[ "$(completed ctxbench-run --keep)" = --keep-samples ]
	completed ctxbench-run --only impl=lw | grep -qx impl=lwp
	printf 'BenchmarkSwitch/impl=a 1 2 ns/switch\n' >one.txt
	[ "$(completed ctxbench-compare one.txt --explain Sw)" = Switch/impl=a ]
}

@test "the programs of runtimes hold no path of who built them" {
	find "$there" -path '*/runtimes/*' -type f >programs
	while read -r program; do
		absent grep -qaF "$root" "$program"
	done <programs
}

@test "completion: cells of the files that are named, else those that can be measured here" {
	printf 'BenchmarkSwitch/impl=a 1 2 ns/switch\n' >one.txt
	[ "$(completed ctxbench compare one.txt one.txt --explain Sw)" = Switch/impl=a ]
	completed ctxbench compare --explain Mode/impl=nu | grep -q '^Mode/impl=null/'
}
