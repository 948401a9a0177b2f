#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What a creation and a switch are made of, as it is measured: every circumstance gives its parts, in their order, and what
# the kernel counted is what was claimed. No time is asked for.

load helper

setup_file() {
	make_tree
	cd "$around/open" || return
	"$ctxbench" plan --full --only bench=anatomy >"$around/plan"
	measure "bench=anatomy of=create policy=batch impl=lwp,pthread,process,uthread" all
	measure "bench=anatomy made=batch policy=batch impl=lwp,uthread" batch
	measure "bench=anatomy stack=cold,fresh" stacks
	measure "bench=anatomy alive=100" alive
	measure "bench=anatomy pages=plain,huge resident=4194304" pages
	cells_alive >"$around/left"
}

teardown_file() {
	remove_tree
}

# What is invalid three times is not so by chance.
measure() {
	for _ in 1 2 3; do
		"$ctxbench" run --only "$1" --counters none --trials 1 --quiet --out "$around/$2.txt" >"$around/$2.out" 2>&1 && break
	done
	return 0
}

# value FILE NAME UNIT: of the timed line of the cell whose name matches; nothing where it is within noise.
value() {
	awk -v name="$2" -v unit="$3" '/^Benchmark/ && $1 ~ name { for (i = 3; i < NF; i += 2) if ($(i + 1) == unit) print $i }' "$around/$1.txt"
}

valid() {
	cat "$around/$1.out"
	[ "$(grep -c '^Benchmark.* whole-ns' "$around/$1.txt")" -eq "$2" ]
	absent grep '^Invalid/' "$around/$1.txt"
}

@test "plan: of each kind one creation, of an LWP one switch, and the circumstances that this machine has" {
	for name in lwp/wait=none pthread/wait=none process/wait=none uthread/wait=none; do
		grep -q "^Anatomy/impl=$name/policy=batch/place=same-pu/of=create$" "$around/plan"
	done
	grep -q '^Anatomy/impl=lwp/wait=futex/policy=batch/place=same-pu/of=switch$' "$around/plan"
	grep -q '^Anatomy/impl=process/.*/pages=plain/resident=1048576$' "$around/plan"
	absent grep 'pages=huge/resident=1048576$' "$around/plan" # where a huge page is larger, and no machine has smaller ones
}

@test "a creation: what it took is in its parts, and nobody runs before the call that makes him returns" {
	valid all 4
	for impl in lwp pthread process; do
		for part in call first join; do
			awk -v x="$(value all "impl=$impl/" $part-ns)" 'BEGIN { exit !(x > 0) }'
		done
		awk -v x="$(value all "impl=$impl/" early%)" 'BEGIN { exit !(x < 50) }' # others may take the CPU in between
	done
	[ -n "$(value all impl=uthread/ call-ns)" ] && [ -n "$(value all impl=uthread/ join-ns)" ]
	[ -z "$(value all impl=uthread/ first-ns)" ] # nobody reads a clock there
}

@test "in a batch, on a stack that is not there, among others, by a maker with much memory: audited, and in parts" {
	valid batch 2
	valid stacks 3
	valid alive 3
	grep -q '^Missing.*pages=huge.*reason=' "$around/pages.txt" && valid pages 1 || valid pages 2
	# three, and that its pages are given back; others who take the CPU may spare a join its wait now and then
	value stacks 'impl=lwp/.*cold' syscalls/op | awk '{ exit !($1 > 3.9 && $1 < 4.1) }'
	[ "$(value alive impl=lwp/ tasks/op)" = 1 ]             # those that are alive are none of its turns'
}

@test "the table has the stack of each, and what is unexplained" {
	"$ctxbench" table "$around/all.txt" >"$around/table"
	cat "$around/table"
	absent grep -E '.{81}' "$around/table"
	[ "$(grep -c '^  unexplained ' "$around/table")" -eq 4 ]
	"$ctxbench" table "$around/pages.txt" | grep -q '^  process plain 4 MiB '
}

@test "those that were alive have gone" {
	[ "$(cat "$around/left")" -eq 0 ]
}

# They are no threads of the process, and share its descriptors: the end of their pipe would stay open.
@test "they go too where the trial is ended from outside" {
	perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' "$ctxbench" run --only 'bench=anatomy impl=lwp alive=100' --trials 1000 --counters none \
		--quiet --out "$around/ended.txt" >/dev/null 2>&1 &
	pid=$!
	for _ in $(seq 300); do
		alive=$(cells_alive)
		[ "$alive" -lt 50 ] || break
		sleep 0.02
	done
	[ "$alive" -ge 50 ]
	kill -KILL "$pid"
	wait "$pid" || true
	for _ in $(seq 300); do
		[ "$(cells_alive)" -gt 0 ] || break
		sleep 0.02
	done
	[ "$(cells_alive)" -eq 0 ]
}
