#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What README tells people to type. Each command in its ```sh blocks is carried out, on a result made here where it
# names one; except that what takes long is only planned (bench/run without --brief) or looked at (make).

setup_file() {
	cd "$BATS_TEST_DIRNAME/.." || return
	export result="$BATS_FILE_TMPDIR/result.txt"
	status=0
	CTXBENCH_NO_INSTALL=1 bench/run --brief --quiet --out "$result" || status=$?
	# 1: a cell was invalid, as on a busy machine; that is for other tests to judge
	[ "$status" -le 1 ] && [ -s "$result" ]
}

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return
}

# The commands, one a line, without their comments.
# shellcheck disable=SC2016
commands() {
	sed -n '/^```sh$/,/^```$/p' README.md | sed 's/[ \t][ \t]*#.*//' | grep -E '^(bench/|build/ctxbench|make( |$))' || true
}

# The results of two nodes, in a folder.
sweep() {
	mkdir -p "$BATS_TEST_TMPDIR/sweep" && cp "$result" "$BATS_TEST_TMPDIR/sweep/n1.txt" && cp "$result" "$BATS_TEST_TMPDIR/sweep/n2.txt"
}

# carry_out COMMAND: as README has it, except for the names of results.
# shellcheck disable=SC2086
carry_out() {
	typed=$(printf '%s\n' "$1" | sed -E "s|[^ ]+\.txt|'$result'|g; s#(-o|--out) [^ ]+#\1 '$BATS_TEST_TMPDIR/made'#")
	rm -rf "$BATS_TEST_TMPDIR/made"
	case $typed in
	bench/fleet*) bench/fleet --help >/dev/null && eval "build/ctxbench plan ${1##* -- }" ;; # there are no nodes; fleet.bats has some
	*" fleet "*".txt"*) eval "$typed --out '$BATS_TEST_TMPDIR/fleet.tsv'" ;;
	*" fleet sweep") sweep && eval "${typed/ sweep/ \"$BATS_TEST_TMPDIR/sweep\"}" ;;
	*crosscheck*) eval "$typed --help" >/dev/null ;; # crosscheck.bats carries it out
	*" conform") eval "$typed --rounds 5" >/dev/null ;; # in full by conformance.bats
	"make"*) make -n --no-print-directory ${typed#make} >/dev/null ;;
	*" --brief"*) eval "CTXBENCH_NO_INSTALL=1 $typed --quiet --out '$BATS_TEST_TMPDIR/again.txt'" || [ $? -eq 1 ] ;;
	bench/run*) eval "build/ctxbench plan ${typed#bench/run}" ;;
	*) eval "CTXBENCH_NO_INSTALL=1 $typed" ;;
	esac
}

@test "README's first command is bench/run" {
	[ "$(commands | head -n 1)" = bench/run ]
}

@test "every command in README does what it should" {
	failed=0
	while read -r command; do
		if ! said=$(carry_out "$command" 2>&1 </dev/null); then
			printf '%s: %s\n' "$command" "$said"
			failed=1
		fi
	done <<<"$(commands)"
	[ "$failed" -eq 0 ]
}

@test "the outputs that README shows are what its commands print" {
	[ "$(grep -c '^\$ ' README.md)" -ge 4 ]
	tests/outputs README.md | diff README.md - # tests/outputs says how to bring the page up to date
}

# shellcheck disable=SC2016
@test "an output that is not what a command prints is noticed" {
	printf '```console\n$ echo one \\\n\ttwo\nthree\n```\nfour\n' >"$BATS_TEST_TMPDIR/page"
	run tests/outputs "$BATS_TEST_TMPDIR/page"
	[ "$output" = "$(printf '```console\n$ echo one \\\n\ttwo\none two\n```\nfour')" ]
}

@test "a command that is wrong is noticed" {
	for wrong in "bench/run --fulll" "make tset" "build/ctxbench tabel A.txt" "bench/compare A.txt"; do
		run carry_out "$wrong"
		[ "$status" -ne 0 ]
	done
}

@test "the result that these commands work on reads back" {
	run build/ctxbench table "$result"
	[ "$status" -eq 0 ]
	[ -n "$output" ]
}
