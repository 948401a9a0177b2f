#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What is timed one by one: the trials' quantiles and the merged histogram belong together, whatever the times are.

load helper

setup_file() {
	make_tree
	cp -R "$root/plots" "$tree"
	cd "$around/open" || return
	"$ctxbench" run --only 'bench=latency,preempt impl=uthread-jmp' --trials 2 --quiet --out "$around/u.txt" >"$around/u.out" 2>&1 || true
	"$ctxbench" run --only 'bench=latency gap=1000000' --trials 1 --quiet --out "$around/gap.txt" >"$around/gap.out" 2>&1 || true
}

teardown_file() {
	remove_tree
}

# fact NAME FILE PATTERN: of a Histogram line.
fact() {
	grep -aE "^Histogram/.*$3" "$2" | head -n 1 | tr ' ' '\n' | sed -n "s/^$1=//p"
}

@test "a user thread's switches have a histogram, whose bars are as many as it says" {
	[ "$(grep -c '^Histogram/Latency' "$around/u.txt")" -eq 1 ]
	grep -a '^Histogram/Latency' "$around/u.txt" | awk '{
		for (i = 2; i <= NF; i++)
			if (split($i, f, "=") == 2) fact[f[1]] = f[2]
			else { split($i, b, ":"); n += b[2]; if (b[1] <= last && n != b[2]) exit 1; last = b[1] }
		print n, fact["n"]
		exit !(n == fact["n"] && n > 0 && fact["sum"] >= n * fact["min"] * 0.999 && fact["sum"] <= n * fact["max"])
	}'
}

@test "each trial has quantiles in ascending order, and says what one value is" {
	[ "$(values p50-ns "$around/u.txt" Latency | wc -l)" -eq 2 ]
	grep -a '^BenchmarkLatency.*p50-ns' "$around/u.txt" | awk '{
		split("p50-ns p90-ns p99-ns p99.9-ns p99.99-ns max-ns", order, " ")
		last = 0; split("", value)
		for (i = 3; i < NF; i += 2) value[$(i + 1)] = $i
		for (i = 1; i <= 6; i++)
			if (order[i] in value) { if (value[order[i]] < last) exit 1; last = value[order[i]] }
		if (NR == 1 && value["batch"] != (value["clock%"] > 5 ? 64 : 1)) exit 1
		if (NR > 1 && value["batch"] != batch) exit 1 # as the first trial has it
		batch = value["batch"]
	}'
}

@test "benchstat's and other readers' lines stay below 60,000 bytes" {
	run awk 'length($0) >= 60000' "$around/u.txt"
	[ -z "$output" ]
}

@test "user threads are taken off by a signal, and come back" {
	[ "$(values slice-ns "$around/u.txt" 'Preempt.*contexts=2' | wc -l)" -eq 2 ]
	[ "$(values 'lost%' "$around/u.txt" 'Preempt.*contexts=1' | wc -l)" -eq 2 ]
	# of two trials of 110 turns, two switches each
	n=$(fact n "$around/u.txt" 'Preempt.*contexts=2')
	[ "$n" -gt 0 ] && [ "$n" -le 440 ]
}

@test "after a gap there is a value for each wake, and the gap is as long as was asked" {
	if grep -a '^Invalid/' "$around/gap.txt"; then skip "others ran here too"; fi
	values gap-ns "$around/gap.txt" | awk '{ n++ } $1 < 1000000 { exit 1 } END { exit !n }'
	[ "$(fact n "$around/gap.txt" gap=1000000)" -ge 300 ]
}

@test "the summary gives the quantiles and what the sum comes to" {
	grep -q '^latency of a switch  *p50  *p90' "$around/u.out"
	tr -s '\n ' ' ' <"$around/u.out" | grep -q 'values; least .* their sum is .* of what the loop without a clock takes'
	grep -q 'slices of' "$around/u.out"
}

@test "switches have a picture, and wakes none where none was timed" {
	needs gnuplot
	grep -q '/u.latency.svg and .png$' "$around/u.out"
	[ -s "$around/u.latency.svg" ] && [ -s "$around/u.latency.png" ]
	[ ! -e "$around/u.wakes.svg" ]
}
