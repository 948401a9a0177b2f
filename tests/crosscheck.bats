#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bench/crosscheck: what other tools print is read, divided by the switches that were counted, and shown; what can't be is
# a line with the reason. The tools are our own, by their names.

load helper

setup_file() {
	make_tree
	mkdir "$around/bin"
	perf
	tool stress-ng 'echo "nothing of the kind"'
	tool lat_ctx 'echo boom >&2; exit 3'
	tool timectxsw 'echo "2000000  process context switches in 2231283931ns (1115.6ns/ctxsw)"'
	PATH=$around/bin:$PATH "$root/bench/crosscheck" --turns 1 >"$around/table" 2>"$around/error" && echo 0 >"$around/status" ||
		echo $? >"$around/status"
}

teardown_file() {
	remove_tree
}

# tool NAME SCRIPT
tool() {
	printf '#!/bin/sh\n%s\n' "$2" >"$around/bin/$1"
	chmod +x "$around/bin/$1"
}

# One that makes two thousand switches, and says that they were twenty thousand rounds of 1.5 microseconds.
perf() {
	program bin/perf <<-'END'
		#include <stdio.h>
		#include <sys/prctl.h>
		#include <time.h>
		int main(void)
		{
			prctl(PR_SET_TIMERSLACK, 1);
			for (int i = 0; i < 2000; i++)
				nanosleep(&(struct timespec){ .tv_nsec = 20000 }, NULL);
			printf("     Total time: 0.030 [sec]\n\n       1.500000 usecs/op\n         666666 ops/sec\n");
			return 0;
		}
	END
}

# row NAME
row() {
	grep "^$1 " "$around/table"
}

@test "what they print, and that divided by what was counted" {
	cat "$around/table" "$around/error"
	[ "$(cat "$around/status")" -eq 0 ]
	[ ! -s "$around/error" ]
	for name in perf.process:process.pipe perf.thread:pthread.pipe; do
		# their 30 ms by two thousand switches, a few more or fewer by others' doing, are about 15 us each
		row "${name%:*}" | awk -v cell="${name#*:}" '{ exit !($2 == cell && $4 == 1.5 && $5 == "us/op" && $6 > 0.08 && $6 < 0.2 &&
			$7 > 7500 && $7 < 18000) }'
	done
	# it makes next to no switch, whatever it says
	row timectxsw | awk '{ exit !($4 == 1115.6 && $5 == "ns/ctxsw" && $6 < 0.01 && $7 == "-") }'
}

@test "the ratio is what was counted beside ours, where ours is valid" {
	row perf.process | awk '{ exit !($3 == "-" ? $8 == "-" : ($8 - $7 / $3) ^ 2 < ($8 * 0.01) ^ 2) }'
	[ "$(row perf.process | awk '{ print $3 }')" != - ] || grep -q 'ours not measured: ..*' "$around/table"
	grep -q '^one CPU ([0-9]*), SCHED_BATCH' "$around/table"
}

@test "what fails, or is not understood, is a line with the reason" {
	for name in stress-ng.pipe stress-ng.mq stress-ng.sem-sysv; do
		[[ $(row $name) == *"not measured: what it prints is not understood: nothing of the kind" ]]
	done
	[[ $(row lat_ctx) == *"not measured: it failed: boom" ]]
	grep -q '^hackbench, cyclictest (rt-tests): not compared: ' "$around/table"
	awk 'length > 80 && !/not measured/ { print; bad = 1 } END { exit bad }' "$around/table"
}

@test "a mistyped option is one line and 2" {
	for options in "--turns 0" "--turns x" "--turns" "--fast"; do
		# shellcheck disable=SC2086
		run "$root/bench/crosscheck" $options
		echo "$options: $status: $output"
		[ "$status" -eq 2 ]
		[ "${#lines[@]}" -eq 1 ]
		[[ $output == "crosscheck: "* ]]
	done
	"$root/bench/crosscheck" --help | grep -q '^usage: bench/crosscheck'
}
