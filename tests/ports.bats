#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The ports to other CPUs, cross-compiled and held to the same conformance as here, under qemu-user; and the build for a
# CPU without a port.

load helper

setup() {
	cd "$root" || return
	there="$BATS_TEST_TMPDIR/there"
	mkdir "$there"
	cp build/ctxbench "$there"
}

# cell CC [VARIABLE=VALUE...]: the cell program, built by this compiler without a word, with two of the waits, which know
# no CPU, and two rungs of the ladder; its path in $cell.
cell() {
	compiler=$1
	shift
	cell="$BATS_TEST_TMPDIR/build/cell"
	run make -s -j "$(nproc)" B="$BATS_TEST_TMPDIR/build" CC="$compiler" OPT=-O2 WAITS="futex pipe" IMPLS="$(two_rungs)" "$@" "$cell"
	head -n 20 <<<"$output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

# conform OPTION...: every instance does what it must, or says why it can't be asked to.
conform() {
	run "$there/ctxbench" conform --rounds 50 "$@"
	grep -A 1 '^not ok' <<<"$output" || true
	[ "$status" -eq 0 ]
	[[ $output != *"not ok"* ]]
	for point in "${lines[@]}"; do
		[[ $point != *"# SKIP"* ]] || [[ $point == *"# SKIP "[a-z]* ]]
	done
}

# passed PATTERN: that many of its checks were carried out, not skipped.
passed() {
	printf '%s\n' "${lines[@]}" | grep -E "^ok [0-9]+ - $1" | grep -cv '# SKIP' || true
}

# missing: the impls that have no port here. What else is lacking, a library or a module, is no matter of the CPU.
missing() {
	"$there/ctxbench" list impls | reasons | sed -n 's/: no port for this CPU$//p' | sort
}

# under_qemu CPU: ctxbench starts the program `cell` beside itself, which here becomes qemu with the one that was built.
# It stays the same process, so descriptors and the parent are as they should be.
under_qemu() {
	compiler=$1-linux-gnu-gcc
	qemu=$(command -v "qemu-$1-static" || command -v "qemu-$1") || skip "no qemu-$1 (package qemu-user or qemu-user-static)"
	command -v "$compiler" >/dev/null || skip "no $compiler (package gcc-$(echo "$1" | tr _ -)-linux-gnu)"
	printf 'int main(void) { return 0; }\n' | "$compiler" -static -x c -o "$BATS_TEST_TMPDIR/empty" - 2>/dev/null ||
		skip "$compiler finds no static C library (package libc6-dev of that CPU)"
	cell "$compiler" LDFLAGS=-static
	printf '#!/bin/sh\nexec "%s" "%s"\n' "$qemu" "$cell" >"$there/cell"
	chmod +x "$there/cell"
	conform --only 'wait=none,futex,pipe'
	for impl in uthread-jmp uthread-ret uthread-inline uthread-fpu sjlj sigsetjmp ucontext; do
		[ "$(passed "$impl, wait none:")" -ge 7 ]
	done
	for impl in process lwp pthread; do
		for wait in futex pipe; do
			[ "$(passed "$impl, wait $wait:")" -ge 8 ]
		done
	done
	[ -z "$(missing)" ]
}

@test "aarch64: builds and conforms" {
	under_qemu aarch64
}

@test "riscv64: builds and conforms" {
	under_qemu riscv64
}

# What a foreign CPU can't show here is said in one point of its own, so that nobody takes a skip above for a pass.
@test "aarch64 and riscv64: a refused spawn comes back as an error" {
	skip "qemu-user lets no program set a seccomp filter"
}

@test "a CPU without a port: builds, says so, and what needs none conforms" {
	cell "${CC:-cc}" OPT=-O1 PORT=impls/arch/none.c INLINE=impls/arch/inline/none.h TRAP=harness/cell/trap/none.h
	cp "$cell" "$there"
	for impl in lwp uthread-fpu uthread-inline uthread-jmp uthread-ret; do
		missing | grep -qx "$impl"
	done
	missing | absent grep -xE 'null|process|pthread|ucontext|sjlj|sigsetjmp'
	conform --only 'wait=none,futex,pipe'
	for impl in process pthread; do
		for wait in futex pipe; do
			[ "$(passed "$impl, wait $wait:")" -ge 6 ]
		done
	done
	for impl in sjlj sigsetjmp ucontext; do
		[ "$(passed "$impl, wait none:")" -ge 5 ]
	done
	[ "$(passed ".*(register|floating-point)")" -eq 0 ]
	[ "$(passed "(lwp|uthread-jmp|uthread-ret|uthread-inline|uthread-fpu),")" -eq 0 ]
}
