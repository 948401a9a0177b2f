#!/bin/sh
# SPDX-License-Identifier: MIT
# plots/made-up-fleet.sh DIR: result files of 90 nodes that do not exist, to show what a fleet's figure looks like. Every name in them
# says so. Two kinds of machine; one node in each of them is slower than its like, in both of its runs.
set -e
dir=${1:?plots/made-up-fleet.sh: the name of a folder was expected}
mkdir -p "$dir"
awk -v dir="$dir" '
function uniform() { seed = (seed * 16807) % 2147483647; return seed / 2147483647 }
function normal(    i, sum) { for (i = 0; i < 12; i++) sum += uniform(); return sum - 6 }
function node(name, again, kind, slower,    file, c, k) {
	file = dir "/" name (again ? ".again" : "") ".txt"
	printf "ctxbench: 1\ncomplete: yes\nversion: 1.0.0\nmethod: 1\ndate: 2026-01-01T00:0%d:00Z\nhost: %s\n", again, name > file
	printf "cpu: made-up CPU %s\nkernel: 6.12.0\narch: x86_64\nemulated: no\ncpus: 64\n", kind > file
	printf "Unit ns/switch better=lower\nUnit ns/op better=lower\n" > file
	for (c = 1; c <= 6; c++)
		for (k = 0; k < 2; k++)
			printf "Benchmark%s 1000 %.2f %s\n", cell[c], time[c] * (kind == "A" ? 1 : 0.78) * slower * exp(0.009 * normal()), c < 4 ? "ns/switch" : "ns/op" > file
	close(file)
}
BEGIN {
	seed = 4711
	one = "/policy=batch/place=same-pu"
	cell[1] = "Switch/impl=lwp/wait=futex" one; time[1] = 1310
	cell[2] = "Switch/impl=process/wait=futex" one; time[2] = 1620
	cell[3] = "Switch/impl=uthread-jmp/wait=none" one; time[3] = 2.31
	cell[4] = "Create/impl=lwp/wait=none" one; time[4] = 9100
	cell[5] = "Create/impl=process/wait=none" one; time[5] = 98000
	cell[6] = "Mode/impl=lwp/wait=none" one; time[6] = 104
	for (i = 1; i <= 90; i++) {
		kind = i <= 60 ? "A" : "B"
		slower = i == 17 ? 1.32 : i == 74 ? 1.11 : 1
		name = sprintf("made-up-%02d", i)
		node(name, 0, kind, slower)
		if (slower > 1)
			node(name, 1, kind, slower)
	}
}'
