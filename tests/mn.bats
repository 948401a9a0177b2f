#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# tests/mn.c by other compilers: what a compiler keeps over a switch that migrates is the compiler's choice.

load helper

setup() {
	cd "$root" || return
}

# by COMPILER OPTION: it is compiled without a word, and every point passes.
by() {
	needs "$1"
	port=impls/arch/$(uname -m).S
	[ -e "$port" ] || skip "no port for this CPU"
	mn="$BATS_TEST_TMPDIR/mn"
	run "$1" "$2" -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Wshadow -Wstrict-prototypes -o "$mn" tests/mn.c "$port" -lm -pthread
	echo "$output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	run "$mn"
	grep -A 1 '^not ok' <<<"$output" || true
	[ "$status" -eq 0 ]
	grep -q '^ok .* a thread goes on on another LWP$' <<<"$output"
}

@test "user threads over several LWPs, by gcc -O2" {
	by gcc -O2
}

@test "user threads over several LWPs, by gcc -O3" {
	by gcc -O3
}

@test "user threads over several LWPs, by clang -O2" {
	by clang -O2
}
