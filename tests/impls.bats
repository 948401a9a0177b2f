#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What is said of the implementations, and what keeps user threads of different makes comparable.

load helper

setup_file() {
	make_tree
	"$ctxbench" list impls >"$around/impls"
	"$ctxbench" plan --full >"$around/plan"
}

teardown_file() {
	remove_tree
}

setup() {
	cd "$root" || return
}

# trait IMPL WHAT: what the list says of it, on one line.
trait() {
	awk -v impl="$1" -v what="$2" '
		/^[^ ]/ { inside = $1 == impl; on = 0; next }
		inside && /^    [^ ]/ { on = $1 == what; sub(/^ *[^ ]+ */, "") }
		inside && on { sub(/^ */, ""); text = text (text == "" ? "" : " ") $0 }
		END { print text }' "$around/impls"
}

impls() {
	awk '/^[^ ]/ { print $1 }' "$around/impls"
}

not_built() {
	reasons <"$around/impls" | grep -q "^$1: not built: "
}

# planned BENCH IMPL
planned() {
	grep -q "^$1/impl=$2/" "$around/plan"
}

@test "the list says of each what a switch saves, whose the stack is and who picks the next, in 80 columns" {
	absent grep -nE '.{81}' "$around/impls"
	for impl in $(impls); do
		[ -n "$(trait "$impl" saves)" ]
		not_built "$impl" || { [ -n "$(trait "$impl" stack)" ] && [ -n "$(trait "$impl" scheduler)" ]; } || echo "$impl"
	done >"$BATS_TEST_TMPDIR/silent"
	cat "$BATS_TEST_TMPDIR/silent"
	[ ! -s "$BATS_TEST_TMPDIR/silent" ]
	[ "$(trait uthread-jmp scheduler)" = "none: every switch names who runs" ]
	[ "$(trait uthread-fpu saves)" = "callee-saved registers and the floating-point control words" ]
	[ "$(trait sjlj saves)" = "callee-saved registers; not the floating-point control words" ]
	[[ $(trait sigsetjmp saves) == *"signal mask"* ]]
	[ "$(trait lwp scheduler)" = "the kernel's" ]
	not_built st || [ "$(trait st scheduler)" = "in user mode: its own queue" ]
	not_built cxx20 || [[ $(trait cxx20 stack) == none:* ]]
}

@test "what only a queue schedules has a yield and no switch, and what has no queue has no yield" {
	for impl in $(impls); do
		case $(trait "$impl" scheduler) in
		none:*) planned Yield "$impl" && echo "$impl has a yield" ;;
		"in user mode: its own queue")
			planned Switch "$impl" && echo "$impl has a switch"
			planned Yield "$impl" || echo "$impl has no yield"
			;;
		"in user mode: its own queue, "*) planned Yield "$impl" && planned Switch "$impl" || echo "$impl lacks one" ;;
		esac
	done >"$BATS_TEST_TMPDIR/wrong"
	cat "$BATS_TEST_TMPDIR/wrong"
	[ ! -s "$BATS_TEST_TMPDIR/wrong" ]
	planned Switch uthread-jmp
	not_built boost-fiber || planned Yield boost-fiber
}

# What tells ucontext from a switch by hand is a system call: it has to be on its row.
@test "system calls a turn of two switches: none by hand and by setjmp, two each where the signal mask is kept" {
	run "$ctxbench" run --only 'impl=sjlj,sigsetjmp,uthread-fpu bench=switch' --counters none --trials 1 --quiet --out "$around/calls.txt"
	echo "$output"
	[ "$status" -eq 0 ]
	values syscalls/op "$around/calls.txt" impl=sjlj/ | grep -q . ||
		skip "$(grep -a '^not-counted.syscalls' "$around/calls.txt" || echo "system calls are not counted here")"
	[ "$(values syscalls/op "$around/calls.txt" impl=sjlj/)" = 0 ]
	[ "$(values syscalls/op "$around/calls.txt" impl=uthread-fpu/)" = 0 ]
	[ "$(values syscalls/op "$around/calls.txt" impl=sigsetjmp/)" = 4 ]
	[[ $(key impl.sjlj "$around/calls.txt") == "user-thread; "*"; stack 64 KiB "*"; scheduler none: "* ]]
}

# refused_as CXXFLAGS=... SENTENCE: built like that it is refused with the sentence, instead of a crash.
refused_as() {
	make -s -j 2 B="$BATS_TEST_TMPDIR/build" IMPLS=impls/cxx20.c "$1" "$BATS_TEST_TMPDIR/build/cell-cxx20"
	cp build/{ctxbench,cell} "$BATS_TEST_TMPDIR/build"
	run "$BATS_TEST_TMPDIR/build/ctxbench" list impls
	echo "$output"
	[ "$(reasons <<<"$output" | grep '^cxx20: ')" = "cxx20: $2" ]
}

@test "cxx20: where transfers grow the stack, and where there are no coroutines, it is refused" {
	! not_built cxx20 || skip "cxx20 is not built"
	refused_as CXXFLAGS="-O0 -std=gnu++20" "as it was compiled, a transfer between coroutines grows the stack"
	refused_as CXXFLAGS="-O2 -std=gnu++17" "this C++ compiler has no coroutines of C++20"
}

@test "a library's program is installed, and conforms where it lies" {
	set -- build/cell-*
	[ -e "$1" ] || skip "no library is here"
	make -s DESTDIR="$around/installed" PREFIX=/usr install
	for program in "$@"; do
		[ -x "$around/installed/usr/libexec/ctxbench/$(basename "$program")" ]
		readelf -lW "$program" | grep 'GNU_STACK' | absent grep 'RWE'
	done
	run "$around/installed/usr/bin/ctxbench" conform --rounds 10 --only "impl=${1#build/cell-}"
	[ "$status" -eq 0 ]
	[[ $output == *"ok 1 - ${1#build/cell-}, wait "* ]]
}

@test "results/README has a line for each impl, wait and runtime" {
	for file in impls/*.c impls/waits/*.c impls/kthread/waits/*.[ch] impls/runtimes/*/; do
		name=$(basename "$file")
		grep -q "\`${name%%.*}\`" results/README.md || echo "$name"
	done >"$BATS_TEST_TMPDIR/without"
	cat "$BATS_TEST_TMPDIR/without"
	[ ! -s "$BATS_TEST_TMPDIR/without" ]
}
