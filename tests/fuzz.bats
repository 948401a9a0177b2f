#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What the fuzzer starts from and what it found, once more: under the sanitizers where this compiler has them.

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return
	sanitizers="-fsanitize=address,undefined -fno-sanitize-recover=all"
	echo 'int main(void) { return 0; }' >"$BATS_TEST_TMPDIR/x.c"
	# shellcheck disable=SC2086 # a list of words
	"${CC:-cc}" $sanitizers -o "$BATS_TEST_TMPDIR/x" "$BATS_TEST_TMPDIR/x.c" 2>/dev/null && "$BATS_TEST_TMPDIR/x" || sanitizers=
}

# replay TARGET SOURCE...
replay() {
	files=("tests/fuzz/corpus/$1"/*)
	[ ${#files[@]} -gt 20 ]
	# shellcheck disable=SC2086 # a list of words
	"${CC:-cc}" -g -O1 -std=gnu11 -D_GNU_SOURCE $sanitizers -o "$BATS_TEST_TMPDIR/$1" "tests/fuzz/$1.c" tests/fuzz/replay.c "${@:2}" -lm
	run "$BATS_TEST_TMPDIR/$1" "${files[@]}"
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$output" = ${#files[@]} ]
}

@test "result files of all kinds: read or refused in one line, and what is written reads back the same" {
	replay record harness/record*.c harness/arena.c harness/number.c harness/aside.c harness/bars.c harness/analyse/cells.c \
		harness/analyse/stats.c
}

@test "filter expressions of all kinds" {
	replay filter harness/filter.c
}

@test "without clang fuzzing says so and is missing" {
	CLANG=no-such-clang run tests/fuzz/run
	[ "$status" -eq 69 ]
	[[ $output == "fuzz: not run: no clang"* ]]
}
