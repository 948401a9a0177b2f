#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# How good a number is: everything twice, what counting costs, every policy, and a length that is said before.

load helper

setup_file() {
	make_tree
	cd "$around/open" || return
	"$ctxbench" run --aa --only 'bench=syscall call=empty-loop,null' --trials 4 --counters kernel --seed 3 --quiet \
		--out "$around/aa.txt" >"$around/aa.out" 2>"$around/aa.err" && echo 0 >"$around/aa.status" || echo $? >"$around/aa.status"
}

teardown_file() {
	remove_tree
}

@test "--aa: two sets of as many trials, told apart in the file, and interleaved" {
	cat "$around/aa.err"
	[ "$(cat "$around/aa.status")" -eq 0 ]
	[ "$(key trials "$around/aa.txt")" -eq 8 ]
	for call in empty-loop null; do
		[ "$(values aa "$around/aa.txt" "call=$call " | sort | uniq -c | xargs)" = "4 1 4 2" ]
	done
	# of a round, both sets before anything of the next
	for round in 1 2 3 4; do
		[ "$(values aa "$around/aa.txt" | sed -n "$((4 * round - 3)),$((4 * round))p" | sort | xargs)" = "1 1 2 2" ]
	done
}

@test "--aa: how many cells differ from themselves, as keys and in words" {
	[ "$(key aa.tests "$around/aa.txt")" -eq 2 ]
	[[ $(key aa.differ "$around/aa.txt") =~ ^[0-2]$ ]]
	[[ $(key 'aa.share%' "$around/aa.txt") =~ ^[0-9]+\.[0-9]$ ]]
	[ "$(key aa.by-chance "$around/aa.txt")" -eq 1 ]
	grep -q "^A against A: $(key aa.differ "$around/aa.txt") of 2 cells" "$around/aa.out"
	"$ctxbench" table "$around/aa.txt" | grep -q '^A against A: '
	[ "$("$ctxbench" plan --aa --only 'bench=syscall call=null' --trials 3 | tail -n 1 | cut -d, -f2)" = " 6 trials each" ]
}

@test "what counting took is on the counted line" {
	[ -n "$(values page-faults/op "$around/aa.txt")" ] || skip "no event is counted here: $(key not-counted.page-faults "$around/aa.txt")"
	for unit in counted-ns counted/timed; do
		[ -n "$(values $unit "$around/aa.txt" call=null)" ]
		values $unit "$around/aa.txt" | absent grep -vE '^[0-9.e+-]+$'
	done
	# it stands with what was counted, and never with what was timed
	lines_of Benchmark . "$around/aa.txt" | grep counted-ns | absent grep min-ns
	grep -q '^counting makes a cell take ' "$around/aa.out"
}

@test "switch and wake: every policy on one CPU, and across" {
	"$ctxbench" plan --full --only 'impl=lwp wait=futex bench=switch,wake' >"$around/plan"
	for policy in batch other fifo; do
		grep -q "^Switch/impl=lwp/wait=futex/policy=$policy/place=same-pu" "$around/plan"
		grep -q "^Wake/impl=lwp/wait=futex/policy=$policy/place=" "$around/plan"
	done
	# what is no hand-off has no matrix
	absent grep -E '^(Create|Mode|Spawn)/.*policy=fifo' <("$ctxbench" plan --full)
}

@test "SCHED_FIFO is as valid as SCHED_BATCH where it may be had, else missing with the reason" {
	"$ctxbench" run --only 'impl=lwp,process wait=futex bench=switch policy=fifo' --counters none --trials 1 --quiet \
		--out "$around/fifo.txt" || cat "$around/fifo.txt"
	if lines_of Missing/ policy=fifo "$around/fifo.txt" >/dev/null; then
		[ "$(lines_of Missing/ policy=fifo "$around/fifo.txt" | grep -c 'reason="SCHED_FIFO is refused: ')" -eq 2 ]
	else
		[ "$(lines_of Benchmark policy=fifo "$around/fifo.txt" | grep -c ns/switch)" -eq 2 ]
		values switches/op "$around/fifo.txt" | awk '$1 < 1.99 || $1 > 2.01 { exit 1 }'
	fi
	as_normal_user "$ctxbench" plan --full --only 'impl=lwp wait=futex bench=switch policy=fifo' |
		grep -qE 'policy=fifo/place=same-pu(  not measured: SCHED_FIFO is refused: .*)?$'
}

@test "who shares what is in the file, of the impls that are in it" {
	"$ctxbench" run --only 'impl=lwp bench=mode' --counters none --trials 1 --quiet --out "$around/shares.txt"
	[[ $(key shares.lwp "$around/shares.txt") == *" of "*": memory, files, "* ]]
	[ -z "$(key shares.process "$around/shares.txt")" ]
	"$ctxbench" verdicts "$around/shares.txt" | grep -q "^LWPs share the process's resources     holds "
}

@test "groups of events are taken by name, and one that is mistyped is one line and 2" {
	"$ctxbench" plan --brief --counters frontend,tlb,cache,backend,kernel,default | tail -n 1 | grep -q '^6 cells'
	run "$ctxbench" plan --counters tbl
	[ "$status" -eq 2 ]
	one_line_of_ours
	[[ $output == *"no event 'tbl'"* ]]
}
