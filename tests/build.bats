#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Every compiler and C library builds this without a word, and what it builds does what it must.

load helper

setup() {
	cd "$root" || return
	build="$BATS_TEST_TMPDIR/build"
}

# made TARGET [VARIABLE=VALUE...]: built in $build, and nothing was said.
made() {
	target="$build/$1"
	shift
	run make -s -j "$(nproc)" B="$build" "$@" "$target"
	head -n 20 <<<"$output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

# compiles CC: and links a program that does nothing.
compiles() {
	needs "${1%% *}"
	printf '#include <stdio.h>\nint main(void) { return puts("") < 0; }\n' |
		$1 ${CFLAGS:-} ${LDFLAGS:-} -x c -o "$BATS_TEST_TMPDIR/empty" - 2>/dev/null || skip "$1 builds no program here"
}

# cell CC OPT [VARIABLE=VALUE...]: builds, its stack can't be executed, and its impls conform.
cell() {
	compiles "$1"
	made cell CC="$1" OPT="$2" "${@:3}"
	stack=$(readelf -lW "$build/cell" | awk '$1 == "GNU_STACK" { print $7 }')
	[ "$stack" = RW ]
	cp build/ctxbench "$build"
	run "$build/ctxbench" conform --rounds 50 --only 'wait=none,futex'
	grep -A 1 '^not ok' <<<"$output" || true
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -gt 50 ]
	"$build/ctxbench" run --only 'bench=create,switch impl=process,pthread,lwp wait=none,futex place=same-pu' --trials 1 --counters none \
		--time-limit 20 --quiet --out "$build/one.txt" >/dev/null || true
	for impl in process pthread lwp; do # timed, whatever the audit thinks of a busy moment
		grep -qE "^(Benchmark|Invalid.)Switch/impl=$impl/.* ns/switch " "$build/one.txt"
	done
}

# one of each make, where another level of optimization is tried
each_make() {
	echo impls/{null,process,lwp,pthread,pthread-own-stack,bound,mn,ucontext,sjlj,sigsetjmp,uthread,uthread-jmp,uthread-inline}.c
}

@test "gcc -O3" {
	cell gcc -O3 WAITS=futex IMPLS="$(two_rungs)"
}

@test "gcc -O0" {
	cell gcc -O0 WAITS=futex IMPLS="$(each_make)"
}

@test "clang -O2" {
	cell clang -O2 WAITS=futex IMPLS="$(two_rungs)"
}

@test "clang -O0" {
	cell clang -O0 WAITS=futex IMPLS="$(each_make)"
}

# musl-gcc sees no header of the system's, so the kernel's are shown to it.
@test "musl, static" {
	needs musl-gcc
	headers="$BATS_TEST_TMPDIR/include"
	mkdir "$headers"
	for name in linux asm asm-generic; do
		for place in /usr/include /usr/include/"$(gcc -dumpmachine)"; do
			[ ! -d "$place/$name" ] || ln -sfn "$place/$name" "$headers/$name"
		done
	done
	export CFLAGS="-isystem $headers" LDFLAGS=-static
	# with every wait, and what stands on its functions: they are where a C library has a part
	cell musl-gcc -O1 IMPLS="$(each_make)"
	run "$build/ctxbench" list impls
	[[ $output == *"ucontext "*"not measured: not in this C library"* ]]
}

@test "every object and the assembly say that they need no executable stack" {
	for f in build/port.o build/instance/*.o build/harness/cell/*.o; do
		readelf -SW "$f" | grep -q '\.note\.GNU-stack' || echo "$f: no .note.GNU-stack"
		readelf -SW "$f" | grep '\.note\.GNU-stack' | grep ' X ' || true
	done >"$BATS_TEST_TMPDIR/wrong"
	cat "$BATS_TEST_TMPDIR/wrong"
	[ ! -s "$BATS_TEST_TMPDIR/wrong" ]
}

@test "without libpfm4: nothing is counted by the PMU, and it says why" {
	cp -a build "$build" # only what tells libpfm4 is compiled anew
	made ctxbench PFM=
	run "$build/ctxbench" run --only 'impl=null bench=mode' --trials 1 --quiet --out "$BATS_TEST_TMPDIR/result.txt"
	head -n 20 <<<"$output"
	[ "$status" -le 1 ]
	grep -q '^not-counted\.cycles:u: built without libpfm4' "$BATS_TEST_TMPDIR/result.txt"
	grep -q '^Benchmark' "$BATS_TEST_TMPDIR/result.txt"
	absent grep 'cycles:[uk]/op' "$BATS_TEST_TMPDIR/result.txt"
}

@test "under the address and undefined-behaviour sanitizers it plans, and reads results" {
	export CFLAGS="-fsanitize=address,undefined -fno-sanitize-recover=all" LDFLAGS="-fsanitize=address,undefined"
	compiles "${CC:-cc}"
	made ctxbench OPT=-O0
	cp build/cell "$build"
	ln -s "$root/plots" "$build/../plots" # where it looks for the published tables
	for verb in "plan --full" "plan --brief" "list" "env" "--version" "table results/vm/full.txt" \
		"verdicts results/vm/full.txt" "compare results/vm/earlier.txt results/vm/full.txt" \
		"compare --json results/vm/earlier.txt results/vm/full.txt" "table lmbench96 results/vm/full.txt" \
		"export --json results/arm64-emulated/switch.txt" "anonymise results/x86_64-emulated/brief.txt -o $build/x.txt"; do
		# shellcheck disable=SC2086
		run "$build/ctxbench" $verb
		echo "$verb: $output"
		[ "$status" -eq 0 ]
		[[ $output != *Sanitizer* ]]
		[[ $output != *"runtime error"* ]]
	done
}
