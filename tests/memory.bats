#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What contexts take of memory, how many can live and what stops them: counts, names of limits, and that nothing is left
# behind.

load helper

setup_file() {
	make_tree
}

teardown_file() {
	for of in pids memory; do
		group=$(group "$of")
		[ ! -d "$group" ] || rmdir "$group"
	done
	remove_tree
}

setup() {
	cd "$around/open" || return
}

# measure FILE ONLY: one trial of each cell.
measure() {
	"$ctxbench" run --only "$2" --trials 1 --counters none --quiet --out "$around/$1" >"$around/$1.table" 2>"$around/$1.err"
}

# group CONTROLLER: a control group of our own, where this machine has such a hierarchy: its directory.
group() {
	awk -v controller="$1" '($3 == "cgroup" && $4 ~ "(^|,)" controller "(,|$)") { print $2 "/ctxbench-'"${around##*/}"'"; exit }' /proc/mounts
}

# at_least X Y: numbers.
at_least() {
	awk -v x="$1" -v y="$2" 'BEGIN { exit !(x >= y) }'
}

@test "memory: what is a context's own is there, and as many tasks are made as contexts were asked for" {
	measure memory 'bench=memory contexts=100'
	page=$(getconf PAGESIZE)
	for impl in process lwp pthread uthread uthread-jmp; do
		n=$(values user-B/context "$around/memory" "impl=$impl/")
		echo "$impl: $n"
		[ -n "$n" ] || [ -n "$(lines_of Missing/ "impl=$impl/" "$around/memory")" ]
		[ -z "$n" ] || at_least "$n" "$page"
	done
	# all of it is touched, and told apart from a stack that is touched where it is used
	n=$(values user-B/context "$around/memory" impl=uthread-jmp/)
	[ -z "$n" ] || at_least "$n" 65536
	absent at_least "$(values user-B/context "$around/memory" impl=null/)" 1024
	[ "$(values tasks/op "$around/memory" impl=process/)" = 100 ] || grep -q '^not-counted.syscalls: ' "$around/memory"
	absent grep -a '^Invalid/' "$around/memory"
	grep -q '^memory\.process: user: ' "$around/memory"
	grep -q '^memory of one context, KiB' "$around/memory.table"
	[ "$(cells_alive)" -eq 0 ]
}

@test "memory: no more contexts are planned than the limits leave" {
	needs prlimit
	"$ctxbench" plan --full --only 'bench=memory impl=lwp,null' >"$around/all"
	prlimit --nproc=1000 "$ctxbench" plan --full --only 'bench=memory impl=lwp,null' >"$around/few"
	grep -q 'impl=null/.*contexts=10000' "$around/few"
	grep -q 'impl=lwp/.*contexts=100$' "$around/few"
	absent grep 'impl=lwp/.*contexts=10000' "$around/few"
	[ "$(wc -l <"$around/few")" -le "$(wc -l <"$around/all")" ]
}

@test "limit: the user's own, by name and value" {
	needs prlimit
	[ "$(id -u)" -ne 0 ] || needs setpriv
	as_normal_user prlimit --nproc=400 "$ctxbench" run --only 'bench=limit impl=lwp' --trials 1 --counters none --quiet \
		--out "$around/open/user" >"$around/user.table"
	grep '^limit' "$around/open/user"
	[ "$(key limit.lwp "$around/open/user")" = RLIMIT_NPROC=400 ]
	n=$(values alive "$around/open/user")
	at_least "$n" 1
	at_least 400 "$n"
	grep -q "^  lwp .* $n  RLIMIT_NPROC=400\$" "$around/user.table"
	[ "$(cells_alive)" -eq 0 ]
}

@test "limit: of address space, also for what makes no task" {
	needs prlimit
	prlimit --as=260000000 "$ctxbench" run --only 'bench=limit impl=uthread-jmp' --trials 1 --counters none --quiet --out "$around/space" \
		>"$around/space.table"
	[ "$(key limit.uthread-jmp "$around/space")" = RLIMIT_AS=260000000 ] || lines_of Missing/ Limit/ "$around/space"
}

@test "limit: the control group's, by name and value; nothing is left behind" {
	group=$(group pids)
	[ -n "$group" ] || skip "no control groups for tasks, of version 1, are mounted here"
	mkdir "$group" 2>/dev/null && [ -w "$group/pids.max" ] || skip "no control group may be made here"
	echo 150 >"$group/pids.max"
	(
		echo "$BASHPID" >"$group/cgroup.procs"
		measure group 'bench=limit impl=process,pthread'
	)
	for impl in process pthread; do
		[ "$(key limit.$impl "$around/group")" = cgroup.pids.max=150 ]
		n=$(values alive "$around/group" "impl=$impl/")
		at_least "$n" 100
		at_least 150 "$n"
	done
	[ ! -s "$group/cgroup.procs" ]
}

@test "limit: of memory it is the control group's that is named, where it is the tighter one" {
	group=$(group memory)
	[ -n "$group" ] || skip "no control groups for memory, of version 1, are mounted here"
	mkdir "$group" 2>/dev/null && [ -w "$group/memory.limit_in_bytes" ] || skip "no control group may be made here"
	echo 100000000 >"$group/memory.limit_in_bytes"
	most=$(cat "$group/memory.limit_in_bytes")
	(
		echo "$BASHPID" >"$group/cgroup.procs"
		measure room 'bench=limit impl=process'
	)
	key limit.process "$around/room"
	[[ "$(key limit.process "$around/room")" == "stopped by us at "*" MiB, a quarter of what cgroup.memory.max=$most leaves" ]]
	[ ! -s "$group/cgroup.procs" ]
}

@test "the table: bytes beyond what the control reads, and why no more could live" {
	cat >"$around/given" <<-'END'
		ctxbench: 1
		complete: yes
		impl.lwp: lwp; raw clone; saves x; stack x; scheduler x
		impl.null: floor; a call; saves nothing; stack none; scheduler none
		limit.lwp: vm.max_map_count=65530
		Unit ns/op better=lower
		BenchmarkMemory/impl=lwp/wait=none/policy=batch/place=same-pu/contexts=1000 1 9 ns/op 9 min-ns 4096 user-B/context 128 tables-B/context 16384 kernel-stack-B/context 300 slab-B/context
		BenchmarkMemory/impl=lwp/wait=none/policy=batch/place=same-pu/contexts=100 1 9 ns/op 9 min-ns 8192 user-B/context 128 tables-B/context 16384 kernel-stack-B/context -7000 slab-B/context
		BenchmarkMemory/impl=null/wait=none/policy=batch/place=same-pu/contexts=1000 1 9 ns/op 9 min-ns 0 user-B/context 0 tables-B/context 0 kernel-stack-B/context -400 slab-B/context
		BenchmarkLimit/impl=lwp/wait=none/policy=batch/place=same-pu 1 9 ns/op 9 min-ns 32752 alive
	END
	"$ctxbench" table "$around/given" >"$around/given.table"
	cat "$around/given.table"
	grep -qE '^  lwp +100 +8\.00 +0\.13 +16\.0 +noise +24\.1$' "$around/given.table"
	grep -qE '^  lwp +1000 +4\.00 +0\.13 +16\.0 +noise +20\.1$' "$around/given.table"
	[ "$(grep -nE '^  lwp +1000? ' "$around/given.table" | cut -d: -f1 | sort -c 2>&1)" = "" ]
	grep -qE '^  lwp +32752  vm\.max_map_count=65530$' "$around/given.table"
	# they are not about time
	absent grep -q 'x call' "$around/given.table"
}
