#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The arm64 machine, whose counters count every instruction: what they said, held against what is known to be true.

load judge

setup() {
	left arm64
}

# per_turn UNIT CELL: of a counted pass of this cell; and turns_of: how many turns it made.
per_turn() {
	values "$1" "$out/result.txt" "$2" | head -n 1
}

turns_of() {
	grep -E "^Benchmark$2.* $1( |$)" "$out/result.txt" | awk 'NR == 1 { print $2 }'
}

# rungs BOOT: each rung of the ladder with the instructions that one turn takes in the kernel.
rungs() {
	sed -nE 's|^BenchmarkSyscall/.*/(call=[^ ]*) .* ([0-9.e+]+) instructions:k/op.*|\1 \2|p' "$out/../$1/syscall.txt" | sort
}

# as_listed IMPL.WAIT [LISTING]: the loop was counted instruction by instruction, but for the few around it.
as_listed() {
	cell=Switch/impl=${1%.*}/wait=${1#*.}/policy=batch
	listed=$("$BATS_TEST_DIRNAME/trace" "$suite" "${2:-$1}")
	counted=$(per_turn instructions:u/op "$cell")
	turns=$(turns_of instructions:u/op "$cell")
	echo "$1: $listed in the listing, $counted counted in each of $turns turns"
	near "$counted" "$listed" "$(awk -v turns="$turns" 'BEGIN { print 64 / turns }')"
}

@test "every impl does as it must, on Debian's kernel" {
	passed "$out/conform"
	[ "$(cat "$out/conform-status")" = 0 ]
}

@test "the run is valid, emulated, and counted by armv8_pmuv3" {
	sound_result "$out/result.txt" arm64
	[ "$(cat "$out/run-status")" = 0 ]
	[[ $(key pmu "$out/result.txt") == armv8_pmuv3* ]]
	[[ $(key counters "$out/result.txt") == instructions:u,instructions:k,context-switches* ]]
}

@test "a directed user switch: the instructions of its listing" {
	as_listed uthread-jmp.none
	near "$(per_turn context-switches/op Switch/impl=uthread-jmp)" 0 0.001
}

@test "a futex hand-off: the instructions of its listing, the same number for LWP, pthread and process" {
	as_listed lwp.futex
	as_listed pthread.futex
	# the compiler puts the peer's loop into the function that forks; it is the same source, and so must its count be
	as_listed process.futex lwp.futex
	first=$(per_turn instructions:u/op Switch/impl=lwp/wait=futex/policy=batch)
	for impl in pthread process; do
		near "$(per_turn instructions:u/op "Switch/impl=$impl/wait=futex/policy=batch")" "$first" 0.2
	done
}

@test "kernel switches, counted in the kernel: two a turn, within 0.1 %" {
	for impl in lwp pthread process; do
		near "$(per_turn context-switches/op "Switch/impl=$impl/wait=futex/policy=batch")" 2 0.002
	done
}

@test "user and kernel together are the total, in every sample" {
	[ "$(word samples "$out/null-call")" -gt 0 ]
	[ "$(word sum-differs "$out/null-call")" -eq 0 ]
	read -r user kernel both <<<"$(word last "$out/null-call")"
	[ "$user" -gt 0 ] && [ "$kernel" -gt 0 ] && [ $((user + kernel)) -eq "$both" ]
}

@test "a null call: the same instructions in the kernel in two boots, and the suite's count is that and the timer's ticks" {
	first=$(word kernel "$out/null-call")
	awk -v n="$first" 'BEGIN { exit !(n > 50 && n < 5000) }'
	[ "$first" = "$(word kernel "$out/../again/null-call")" ]
	suites=$(rungs again | sed -n 's/^call=null //p')
	echo "$first here, $suites in the suite"
	awk -v a="$first" -v b="$suites" 'BEGIN { exit !(b >= a - 0.5 && b < a * 1.02) }'
}

@test "the ladder of the mode switch: each rung takes the same instructions in the kernel in two boots" {
	for boot in again third; do
		sound_result "$out/../$boot/syscall.txt" arm64
		[ "$(cat "$out/../$boot/syscall-status")" = 0 ]
	done
	[ "$(rungs again | wc -l)" -ge 40 ]
	[ "$(rungs again | cut -d' ' -f1)" = "$(rungs third | cut -d' ' -f1)" ]
	# within what a tick of the timer or two add to one of them; what makes no call has but the ticks
	run awk '{ d = $2 - $3; if ((d < 0 ? -d : d) > 0.005 * $2 + 0.1) { print; bad = 1 } } END { exit bad }' \
		<(join <(rungs again) <(rungs third))
	echo "$output"
	[ "$status" -eq 0 ]
}

# part CELL PART MODE: instructions of a part, in user mode (u) or in the kernel (k); of all that a turn has, without its name.
part() {
	values "$2-instructions:$3" "$out/anatomy.txt" "Anatomy/impl=${1%.*}/wait=[a-z]*/policy=batch/place=same-pu/of=${1#*.}" | head -n 1
}

# sum CELL MODE PART...: of these, beside the whole.
sum() {
	cell=$1 mode=$2
	shift 2
	for part in "$@"; do
		part "$cell" "$part" "$mode"
	done | awk -v whole="$(part "$cell" whole "$mode")" '{ n += $1 } END { print NR == 0 || whole == "" ? "none" : n, whole }'
}

# What the kernel takes for a creation differs from turn to turn, and then the medians of parts add up to no turn's whole.
@test "an anatomy by instructions: the parts are the whole, to one instruction; in the kernel, of a creation, to 5 %" {
	sound_result "$out/anatomy.txt" arm64
	[ "$(cat "$out/anatomy-status")" = 0 ]
	for cell in lwp.switch lwp.create uthread.create; do
		for mode in u k; do
			parts="call first run join"
			[ "$cell" = lwp.switch ] && parts="wake-there sleep-there wake-back sleep-back"
			# shellcheck disable=SC2086
			read -r parts whole <<<"$(sum "$cell" "$mode" $parts)"
			echo "$cell, $mode: parts $parts, whole $whole"
			near "$parts" "$whole" "$(awk -v x="$whole" -v cell="$cell$mode" 'BEGIN { print cell == "lwp.createk" ? x * 0.05 : 1 }')"
		done
	done
}

# There they are counted without a look inside, by events that the tasks have, which the kernel then switches too. What is
# written down between two steps is an instruction or two.
@test "the anatomy of a hand-off takes the instructions that a switch takes, there as back" {
	near "$(part lwp.switch whole u)" "$(per_turn instructions:u/op Switch/impl=lwp/wait=futex/policy=batch)" 16
	switch=$(per_turn instructions:k/op Switch/impl=lwp/wait=futex/policy=batch)
	near "$(part lwp.switch whole k)" "$switch" "$(awk -v x="$switch" 'BEGIN { print x * 0.05 }')"
	for part in wake sleep; do
		there=$(part lwp.switch $part-there k)
		near "$there" "$(part lwp.switch $part-back k)" "$(awk -v x="$there" 'BEGIN { print x * 0.1 }')"
		near "$(part lwp.switch $part-there u)" "$(part lwp.switch $part-back u)" 4
	done
}

@test "more of a new LWP is made in the kernel than in user mode, a user thread without it" {
	awk -v u="$(part lwp.create whole u)" -v k="$(part lwp.create whole k)" 'BEGIN { exit !(u > 0 && k > u) }'
	awk -v u="$(part lwp.create call u)" -v k="$(part lwp.create call k)" 'BEGIN { exit !(u > 0 && k > 10 * u) }'
	awk -v u="$(part uthread.create whole u)" 'BEGIN { exit !(u > 0) }'
	near "$(part uthread.create whole k)" 0 2
	grep -q "^  instructions of the timeline: [0-9,]* in user mode, [0-9,]* in the kernel" "$out/anatomy-table"
}

@test "the module is loaded, tested, unloaded, loaded again, tested and unloaded" {
	[ "$(cat "$out/module")" = "$(printf '%s\n' loaded "conform 0" unloaded loaded "conform 0" unloaded)" ]
	passed "$out/conform-kthread"
	passed "$out/conform-kthread-again"
}

@test "switches between kernel threads are measured: one kernel switch each" {
	sound_result "$out/kthread.txt" arm64
	for wait in wake completion waitqueue; do
		[ "$(values ns/switch "$out/kthread.txt" "Switch/impl=kthread/wait=$wait/" | wc -l)" -ge 1 ]
		for n in $(values switches/op "$out/kthread.txt" "Switch/impl=kthread/wait=$wait/"); do
			near "$n" 2 0.01
		done
	done
}

@test "the module's contexts never run in user mode: PF_KTHREAD, no address space, not one instruction" {
	[ "$(word status "$out/kernel-threads")" = 0 ]
	[ "$(word looks "$out/kernel-threads")" -gt 0 ]
	[ "$(word PF_KTHREAD "$out/kernel-threads")" -eq "$(word looks "$out/kernel-threads")" ]
	[ "$(word with-mappings "$out/kernel-threads")" -eq 0 ]
	[ "$(word user "$out/kernel-threads")" -eq 0 ]
	[ "$(word kernel "$out/kernel-threads")" -gt 1000000 ]
}

@test "the kernel says nothing of the module but that it taints" {
	run new_lines "$out/dmesg-before" "$out/dmesg-after"
	[ -z "$output" ]
	grep -q 'ctxbench: loading out-of-tree module taints kernel' "$out/dmesg-after"
}
