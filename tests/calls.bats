#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Two ways to count system calls that have nothing in common: the trap in the tasks themselves, as anybody may, and the
# kernel's tracepoint, as root may. They agree.

load helper

setup_file() {
	make_tree
}

teardown_file() {
	remove_tree
}

# In a mount namespace of its own: this machine's tracefs is not touched.
count_both() {
	# shellcheck disable=SC2016
	unshare -m sh -c 'mount -t tracefs tracefs /sys/kernel/tracing && exec "$@"' sh "$ctxbench" run \
		--only 'bench=switch,create impl=lwp,pthread,process wait=none,futex,pipe policy=batch place=same-pu' --trials 1 --time-limit 20 \
		--counters raw_syscalls:sys_enter --quiet --out "$around/both.txt" >"$around/both.out" 2>&1
}

# disagreeing: the cells whose two counts differ by more than a hundredth, or that lack one. Each count is of a pass of its
# own; and what preempts a hand-off spares it a wait, up to one in twenty.
disagreeing() {
	awk '/^Benchmark/ {
			for (i = 3; i < NF; i += 2) {
				if ($(i + 1) == "syscalls/op") trap[$1] = $i
				if ($(i + 1) == "raw_syscalls:sys_enter/op") point[$1] = $i
			}
		}
		END {
			for (cell in trap) {
				cells++
				apart = point[cell] - trap[cell]
				most = (cell ~ /Switch/ ? 0.05 : 0.01) * trap[cell]
				if (!(cell in point) || apart > most || -apart > most)
					print cell, trap[cell], point[cell]
			}
			if (cells != 9) print cells + 0, "cells instead of 9"
		}' "$around/both.txt"
}

@test "system calls counted by the trap are those that the tracepoint counts" {
	needs unshare
	unshare -m sh -c 'mount -t tracefs tracefs /sys/kernel/tracing && test -e /sys/kernel/tracing/events/raw_syscalls/sys_enter/id' \
		2>/dev/null || skip "tracefs may not be mounted here"
	for _ in 1 2 3; do # a miscount is there every time, a busy moment is not
		count_both || true
		grep '^not-counted.raw_syscalls' "$around/both.txt" && skip "the tracepoint may not be counted here"
		disagreeing >"$around/apart"
		[ -s "$around/apart" ] || break
	done
	cat "$around/apart" "$around/both.out"
	[ ! -s "$around/apart" ]
}

# measured FILTER: in one trial each; the names of the cells that are invalid.
measured() {
	"$ctxbench" run --only "$1" --counters none --trials 1 --time-limit 40 --quiet --out "$around/every.txt" \
		>"$around/every.out" 2>&1 || true
	grep -q '^complete: yes' "$around/every.txt" || echo "not complete: $(cat "$around/every.out")"
	sed -n 's/^Invalid.\([^ ]*\).*/\1/p' "$around/every.txt" | sort -u
	rm -f "$around/every.txt"
}

# What is invalid three times is not so by chance.
@test "every cell on one CPU makes the switches and calls that its bench and impl say" {
	# the others have tests of their own
	benches=create,spawn,switch,mode,yield,yield-alone,relief,state
	measured "bench=$benches place=same-pu policy=batch,other" >"$around/invalid"
	while IFS=/ read -r bench impl wait rest; do
		[[ $bench/$impl/$wait = */*/* ]]
		for _ in 1 2; do
			measured "bench=$(echo "$bench" | sed 's/\(.\)\([A-Z]\)/\1-\2/g' | tr '[:upper:]' '[:lower:]') $impl $wait place=same-pu" >"$around/again"
			grep -qxF "$bench/$impl/$wait/$rest" "$around/again" || continue 2
		done
		cat "$around/every.out"
		echo "$bench/$impl/$wait/$rest" >>"$around/always"
	done <"$around/invalid"
	[ ! -e "$around/always" ]
}

@test "kernel tasks made: one for a process, an LWP or a pthread, none for a user thread" {
	"$ctxbench" run --only 'bench=create impl=process,lwp,pthread,null,uthread-jmp,uthread-ret,uthread-inline,ucontext' --counters none --trials 1 --time-limit 20 --quiet --out "$around/tasks.txt" \
		>"$around/tasks.out" 2>&1 || cat "$around/tasks.out"
	for impl in process lwp pthread; do
		[ "$(values tasks/op "$around/tasks.txt" "Create/impl=$impl/")" = 1 ]
	done
	for impl in null uthread-jmp uthread-ret uthread-inline ucontext; do
		[ "$(values tasks/op "$around/tasks.txt" "Create/impl=$impl/")" = 0 ]
	done
}
