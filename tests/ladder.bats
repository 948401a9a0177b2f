#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The ladder of the mode switch: each rung makes the calls and faults that it says, is answered as it says, and is not taken
# for itself where something else answers.

load helper

# answered CALL ERROR COMMAND...: a program that runs the command under a filter that answers the call with this error.
make_answered() {
	program answered <<'C'
		#include <errno.h>
		#include <linux/filter.h>
		#include <linux/seccomp.h>
		#include <stdio.h>
		#include <stdlib.h>
		#include <sys/prctl.h>
		#include <sys/syscall.h>
		#include <unistd.h>
		static const struct { const char *name; int number; } calls[] = {
			{ "pwrite64", SYS_pwrite64 }, { "clone3", SYS_clone3 }, { "io_uring_setup", SYS_io_uring_setup }, { "sethostname", SYS_sethostname },
		};
		int main(int argc, char **argv)
		{
			int number = -1;
			for (unsigned i = 0; argc > 3 && i < sizeof calls / sizeof *calls; i++) {
				const char *a = calls[i].name, *b = argv[1];
				while (*a && *a == *b)
					a++, b++;
				if (*a == *b)
					number = calls[i].number;
			}
			struct sock_filter filter[] = {
				BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
				BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
				BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | atoi(argv[2])),
				BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
			};
			struct sock_fprog program = { sizeof filter / sizeof *filter, filter };
			if (number < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
				return 99;
			execvp(argv[3], argv + 3);
			return 98;
		}
C
}

setup_file() {
	make_tree
	make_answered
	for only in "call:call=futex-wake,pipe,signal,fault,fault-shared,capability,bad-*" noops:noops=64 \
		instructions:instructions=100 "bytes:bench=syscall bytes=65536" iovecs:iovecs=1024 stage:stage=size,copied,combination,pointer,clone; do
		"$ctxbench" run --only "${only#*:}" --counters none --trials 1 --time-limit 20 --quiet --out "$around/${only%%:*}.txt" \
			>>"$around/out" 2>&1 || true
	done
}

teardown_file() {
	remove_tree
}

# calls FILE PATTERN: system calls of a turn.
calls() {
	values syscalls/op "$around/$1.txt" "$2"
}

@test "each rung makes the calls that it is" {
	cat "$around/out"
	absent grep -ah '^Invalid' "$around"/*.txt
	grep -qa '^not-counted.syscalls' "$around/call.txt" && skip "system calls are not counted here"
	[ "$(calls call call=pipe)" = 2 ]
	for call in futex-wake signal capability bad-descriptor bad-flag bad-address bad-first-page bad-last-page; do
		[ "$(calls call "call=$call ")" = 1 ]
	done
	[ "$(calls bytes call=copy-in/)" = 1 ]
	[ "$(calls bytes call=copy-out/)" = 1 ]
	[ "$(calls iovecs call=pointers/)" = 1 ]
	if ! grep -qa '^Missing.*noops=64' "$around/noops.txt"; then
		[ "$(calls noops noops=64)" = 1 ] # for 64 no-ops
	fi
	[ "$(calls instructions instructions=100)" = 1 ]
}

@test "a creation that is refused is one call, and makes no task" {
	grep -qa '^not-counted.syscalls' "$around/stage.txt" && skip "system calls are not counted here"
	for stage in size copied combination pointer clone; do
		[ "$(calls stage "stage=$stage ")" = 1 ]
		[ "$(values tasks/op "$around/stage.txt" "stage=$stage ")" = 0 ]
	done
}

@test "a page fault is a page fault, one for each page" {
	for call in fault fault-shared; do
		values faults/op "$around/call.txt" "call=$call " | awk '{ if ($1 < 0.99 || $1 > 1.05) exit 1; n++ } END { exit n != 1 }'
	done
}

# under CALL ERROR FILTER: in one trial each, into under.txt.
under() {
	run "$around/answered" "$1" "$2" "$ctxbench" run --only "$3" --counters none --trials 1 --time-limit 10 --quiet --out "$around/under.txt"
	echo "$output"
	[ "$status" -ne 98 ]
	[ "$status" -ne 99 ] || skip "filters may not be installed here"
	grep -a '^[IM][ni]' "$around/under.txt" || true
}

@test "what another answers is no rung: a filter's error instead of the kernel's" {
	under pwrite64 38 'call=bad-descriptor,bad-flag'
	grep -qa '^Invalid/.*call=bad-descriptor .*not implemented' "$around/under.txt"
	[ "$(values ns/op "$around/under.txt" call=bad-flag | wc -l)" -eq 1 ]
	under sethostname 38 'call=capability'
	grep -qa '^Invalid/.*call=capability ' "$around/under.txt"
}

@test "a rung that can't be had here is missing, with the reason" {
	under clone3 1 'stage=copied,clone'
	grep -qa '^Missing/.*stage=copied .*filter' "$around/under.txt"
	[ "$(values ns/op "$around/under.txt" stage=clone | wc -l)" -eq 1 ]
	under io_uring_setup 1 'noops=1'
	grep -qa '^Missing/.*noops=1 .*io_uring' "$around/under.txt"
}
