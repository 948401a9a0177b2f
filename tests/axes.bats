#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The benches that have many cells: which are planned, and that what they say of themselves is what is counted.

load helper

setup_file() {
	make_tree
	"$ctxbench" plan --full >"$around/full"
	"$ctxbench" plan --full --only 'bench=ring impl=pthread wait=pipe' >"$around/only"
	"$ctxbench" run --only 'bench=ring,grain,spread impl=uthread-jmp,null bytes=0 contexts=1,4' --trials 1 --counters none --quiet \
		--out "$around/ring.txt" >/dev/null 2>"$around/ring.err" || true
	"$ctxbench" run --only 'bench=grain impl=uthread-jmp,lwp wait=none,futex work=10000 contexts=1,2' --trials 1 --counters none \
		--quiet --out "$around/grain.txt" >/dev/null 2>"$around/grain.err" || true
	"$ctxbench" run --only 'bench=spread impl=uthread-jmp,pthread place=compact' --trials 1 --counters none --quiet \
		--out "$around/spread.txt" >/dev/null 2>"$around/spread.err" || true
}

teardown_file() {
	remove_tree
}

# value FILE NAME UNIT: the number before the unit, on any line of a cell.
value() {
	awk -v name="$2" -v unit="$3" 'index($1, name) { for (i = 3; i <= NF; i++) if ($i == unit) { print $(i - 1); exit } }' "$1"
}

@test "a full run chooses among what has many cells; --only has them all" {
	grep -q '^Ring/impl=lwp/wait=futex/policy=batch/place=same-pu/bytes=0/contexts=16$' "$around/full"
	grep -q '^RingWrite/impl=lwp' "$around/full"
	grep -q '^RingPages/impl=uthread-jmp' "$around/full"
	grep -q '^Grain/impl=lwp/wait=futex/policy=batch/place=same-pu/work=1000000/contexts=2$' "$around/full"
	absent grep -E '^Ring(Write|Pages)?/.*(impl=pthread|wait=pipe|policy=other)' "$around/full"
	absent grep -E '^(Ring|Grain)/.*impl=clone-' "$around/full"
	grep -q '^Ring/impl=pthread/wait=pipe/policy=batch/place=same-pu/bytes=0/contexts=4$' "$around/only"
	absent grep 'policy=other' "$around/only"
}

@test "every ring has its control, and what touches most is shared by few" {
	grep -oE '^Ring.*contexts=' "$around/full" | sort -u >"$around/rings"
	while read -r ring; do
		grep -qF -x "${ring}1" "$around/full"
	done <"$around/rings"
	[ -s "$around/rings" ]
	most=$(sed -nE 's|^Ring/.*bytes=([0-9]+)/.*|\1|p' "$around/full" | sort -n | tail -n 1)
	[ "$most" -eq 0 ] || absent grep -E "^Ring/.*/bytes=$most/contexts=(4|16)$" "$around/full"
}

@test "a hop is one of as many as there are contexts" {
	alone=Ring/impl=uthread-jmp/wait=none/policy=batch/place=same-pu/bytes=0/contexts=1
	four=Ring/impl=uthread-jmp/wait=none/policy=batch/place=same-pu/bytes=0/contexts=4
	cat "$around/ring.err"
	[ "$(value "$around/ring.txt" $alone ops)" = 1 ]
	[ "$(value "$around/ring.txt" $four ops)" = 4 ]
	value "$around/ring.txt" $four ns/hop | grep -qE '^[0-9.]+$'
}

@test "one context alone hands off to nobody, two make two hand-offs a turn" {
	needs awk
	for impl in uthread-jmp/wait=none lwp/wait=futex; do
		cell=Grain/impl=$impl/policy=batch/place=same-pu/work=10000/contexts
		[ "$(value "$around/grain.txt" $cell=1 syscalls/op)" = 0 ]
		[ "$(value "$around/grain.txt" $cell=1 ops)" = 1 ]
		[ "$(value "$around/grain.txt" $cell=2 ops)" = 2 ]
	done
	[ "$(value "$around/grain.txt" Grain/impl=uthread-jmp/wait=none/policy=batch/place=same-pu/work=10000/contexts=2 syscalls/op)" = 0 ]
	# others may spare a context a wait now and then
	value "$around/grain.txt" Grain/impl=lwp/wait=futex/policy=batch/place=same-pu/work=10000/contexts=2 syscalls/op |
		awk '{ exit !($1 > 3 && $1 <= 4.1) }'
}

@test "spread: a pair on each CPU; of user threads the kernel sees nothing, of pthreads each CPU's calls" {
	cpus=$(nproc)
	cell=Spread/impl=uthread-jmp/wait=none/policy=batch/place=compact/cpus
	cat "$around/spread.err"
	[ "$(value "$around/spread.txt" $cell=1 ops)" = 2 ]
	[ "$(value "$around/spread.txt" "$cell=$cpus" ops)" = $((2 * cpus)) ]
	[ "$(value "$around/spread.txt" "$cell=$cpus" syscalls/op)" = 0 ]
	# others may spare a context a wait now and then; that each CPU's are claimed, an invalid line would say
	cell=Spread/impl=pthread/wait=futex/policy=batch/place=compact/cpus
	value "$around/spread.txt" "$cell=$cpus" syscalls/op | awk -v n="$cpus" '{ exit !($1 > 3 * n && $1 <= 4.1 * n) }'
	[ "$cpus" -eq 1 ] || absent grep -E "^Invalid/$cell=$cpus .*syscalls/op counted, 4 claimed" "$around/spread.txt"
}
