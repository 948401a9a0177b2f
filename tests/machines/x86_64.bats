#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The x86_64 machine: what tests/machines/boot has it do, judged by the files that it left.

load judge

setup() {
	left x86_64
}

@test "every impl does as it must, on Debian's kernel" {
	passed "$out/conform"
	[ "$(cat "$out/conform-status")" = 0 ]
}

@test "the brief run: six cells, all valid, and emulated" {
	sound_result "$out/result.txt" x86_64
	[ "$(cat "$out/run-status")" = 0 ]
	[ "$(key run "$out/result.txt")" = brief ]
	[ "$(grep -o '^Benchmark[^ ]*' "$out/result.txt" | sort -u | wc -l)" -eq 6 ]
}

@test "the module is loaded, tested, unloaded, loaded again, tested and unloaded" {
	[ "$(cat "$out/module")" = "$(printf '%s\n' loaded "conform 0" unloaded loaded "conform 0" unloaded)" ]
	passed "$out/conform-kthread"
	passed "$out/conform-kthread-again"
}

@test "switches between kernel threads are measured: one kernel switch each" {
	sound_result "$out/kthread.txt" x86_64
	for wait in wake completion waitqueue; do
		[ "$(values ns/switch "$out/kthread.txt" "Switch/impl=kthread/wait=$wait/" | wc -l)" -ge 1 ]
		for n in $(values switches/op "$out/kthread.txt" "Switch/impl=kthread/wait=$wait/"); do
			near "$n" 2 0.01
		done
	done
}

@test "the module's contexts are kernel threads: PF_KTHREAD, and no address space" {
	[ "$(word status "$out/kernel-threads")" = 0 ]
	[ "$(word looks "$out/kernel-threads")" -gt 0 ]
	[ "$(word PF_KTHREAD "$out/kernel-threads")" -eq "$(word looks "$out/kernel-threads")" ]
	[ "$(word with-mappings "$out/kernel-threads")" -eq 0 ]
}

@test "the kernel says nothing of the module but that it taints" {
	run new_lines "$out/dmesg-before" "$out/dmesg-after"
	[ -z "$output" ]
	grep -q 'ctxbench: loading out-of-tree module taints kernel' "$out/dmesg-after"
}
