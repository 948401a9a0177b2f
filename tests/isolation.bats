#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What goes wrong in a trial costs its cell only, is named, and leaves no process behind; and so does an end from outside.

load helper

setup_file() {
	make_tree
	defects
	build_outside
	cd "$around/open" || return
	"$ctxbench" run --only 'impl=crashing,leaving,refused,uthread-jmp bench=create,switch,mode' --counters none --trials 2 --quiet \
		--out "$around/bad.txt" >"$around/bad.out" 2>&1 && echo 0 >"$around/bad.status" || echo $? >"$around/bad.status"
	cells_alive >"$around/bad.alive"
}

teardown_file() {
	remove_tree
}

# A run that a failing test leaves behind must not fail the next.
teardown() {
	[ -z "${pid:-}" ] || kill -KILL "$pid" 2>/dev/null || true
}

setup() {
	cd "$around/open" || return
}

# Each does what it must until long after the checks before a run.
defects() {
	outside crashing <<-'END'
		// SPDX-License-Identifier: MIT
		#define ctx_spawn sound_spawn
		#include "uthread-jmp.c"
		#undef ctx_spawn

		static inline int ctx_spawn(struct ctx *c, ctx_body *body, void *arg)
		{
			static int spawns;
			volatile int *volatile nowhere = NULL;
			if (++spawns > 3000)
				*nowhere = 1;
			return sound_spawn(c, body, arg);
		}
	END
	outside leaving <<-'END'
		// SPDX-License-Identifier: MIT
		#define ctx_handoff sound_handoff
		#include "uthread-jmp.c"
		#undef ctx_handoff

		static inline void ctx_handoff(struct ctx *self, struct ctx *to)
		{
			static int handoffs;
			if (++handoffs > 20000)
				_exit(7);
			sound_handoff(self, to);
		}
	END
	outside refused <<-'END'
		// SPDX-License-Identifier: MIT
		#define ctx_spawn sound_spawn
		#include "uthread-jmp.c"
		#undef ctx_spawn

		static inline int ctx_spawn(struct ctx *c, ctx_body *body, void *arg)
		{
			static int spawns;
			return ++spawns > 3000 ? -EAGAIN : sound_spawn(c, body, arg);
		}
	END
	outside hanging <<-'END'
		// SPDX-License-Identifier: MIT
		// waits: futex
		#define ctx_handoff sound_handoff
		#include "process.c"
		#undef ctx_handoff

		static inline void ctx_handoff(struct ctx *self, struct ctx *to)
		{
			static int handoffs;
			if (++handoffs < 3000)
				wait_wake(&to->wait);
			wait_turn(&self->wait);
		}
	END
}

# only_cell NAME REASON FILE: the one cell of its impl that is invalid, and why.
only_cell() {
	impl=$(grep -o "/impl=[^/]*/" <<<"$1")
	lines_of Invalid/ "$impl" "$3"
	[ "$(lines_of Invalid/ "$impl" "$3" | grep -vc 'refused with another trial of its cell')" -eq 1 ]
	lines_of Invalid/ "$1" "$3" | grep -qE "reason=\"$2"
}

@test "a trial that crashes is named with its signal, and costs its cell only" {
	only_cell Create/impl=crashing/ 'killed by signal 11 \(' "$around/bad.txt"
	[ "$(values ns/switch "$around/bad.txt" impl=crashing | wc -l)" -eq 2 ]
	[ "$(values ns/op "$around/bad.txt" Mode/impl=crashing | wc -l)" -eq 2 ]
	[ "$(values ns/op "$around/bad.txt" Create/impl=crashing | wc -l)" -eq 0 ]
}

@test "a trial that exits is named with its status, and costs its cell only" {
	only_cell Switch/impl=leaving/ 'ended with status 7 and no answer' "$around/bad.txt"
	[ "$(values ns/op "$around/bad.txt" impl=leaving | wc -l)" -eq 4 ]
}

@test "a spawn that is refused is named with the error and the limits" {
	only_cell Create/impl=refused/ '.*Resource temporarily unavailable.*pids\.max=' "$around/bad.txt"
	[ "$(values ns/switch "$around/bad.txt" impl=refused | wc -l)" -eq 2 ]
}

@test "the others are valid, the run is a failure and names the cells" {
	[ "$(cat "$around/bad.status")" -eq 1 ]
	[ "$(key complete "$around/bad.txt")" = yes ]
	absent lines_of Invalid/ impl=uthread-jmp "$around/bad.txt"
	[ "$(values ns/switch "$around/bad.txt" impl=uthread-jmp | wc -l)" -eq 2 ]
	[ "$(values ns/op "$around/bad.txt" impl=uthread-jmp | wc -l)" -eq 4 ]
	for reason in 'crashing.*killed by signal 11' 'leaving.*ended with status 7' 'refused.*Resource temporarily unavailable'; do
		tr -s ' \n' ' ' <"$around/bad.out" | grep -q "$reason"
	done
	[ "$(cat "$around/bad.alive")" -eq 0 ]
}

@test "a trial that hangs is ended, named, and costs its cell only" {
	run "$ctxbench" run --only 'impl=hanging,lwp wait=futex bench=switch place=free' --counters none --trials 1 --quiet \
		--out "$around/hanging.txt"
	echo "$output"
	[ "$status" -eq 1 ]
	[ "$(cells_alive)" -eq 0 ]
	only_cell Switch/impl=hanging/ 'hung: no answer in [0-9]+ s' "$around/hanging.txt"
	[ "$(values ns/handoff "$around/hanging.txt" impl=lwp | wc -l)" -eq 1 ]
}

# -- an end from outside

milliseconds() {
	echo $(($(date +%s%N) / 1000000))
}

# alive_soon: within five seconds there is a cell; between two trials there is none.
alive_soon() {
	for _ in $(seq 100); do
		[ "$(cells_alive)" -eq 0 ] || return 0
		sleep 0.05
	done
	return 1
}

# begin FILE EXPR: a long run in the background. What the shell starts there ignores SIGINT, a terminal's would not.
begin() {
	# shellcheck disable=SC2016
	perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' "$ctxbench" run --only "$2" --trials 1000 --counters none --quiet --out "$1" \
		>"$around/ended.out" 2>&1 3>&- &
	pid=$!
	alive_soon
	sleep 0.8 # past the checks and the counts, into the trials
	kill -0 "$pid"
}

# ends_by SIGNAL EXPR: within a second, with status 130 and a whole file that says it is not complete.
ends_by() {
	begin "$around/ended.txt" "$2"
	alive_soon
	begun=$(milliseconds)
	kill "-$1" "$pid"
	status=0
	wait "$pid" || status=$?
	took=$(($(milliseconds) - begun))
	echo "status $status after $took ms"
	cat "$around/ended.out"
	[ "$status" -eq 130 ]
	[ "$took" -lt 1000 ]
	[ "$(cells_alive)" -eq 0 ]
	[ "$(key complete "$around/ended.txt")" = no ]
	absent grep -a '^Invalid/' "$around/ended.txt"
	grep -qxF "$around/ended.txt" "$around/ended.out"
	"$ctxbench" table "$around/ended.txt" | grep -q 'complete: no'
	[ -z "$(find "$around" -name '*.tmp')" ]
	rm "$around/ended.txt"
}

@test "Ctrl-C during a cell of processes" {
	ends_by INT 'impl=process bench=switch wait=pipe place=free'
	ends_by INT 'impl=process bench=spawn'
}

@test "SIGTERM during a cell of LWPs" {
	ends_by TERM 'impl=lwp bench=switch wait=futex place=free'
}

@test "SIGHUP during a cell of user threads" {
	ends_by HUP 'impl=uthread-jmp bench=switch'
}

@test "SIGKILL leaves no cell and no file" {
	for expression in 'impl=process bench=switch wait=futex place=free' 'impl=lwp bench=switch wait=pipe place=free' \
		'impl=uthread-jmp bench=switch'; do
		begin "$around/killed.txt" "$expression"
		kill -KILL "$pid"
		wait "$pid" || true
		for _ in $(seq 10); do
			[ "$(cells_alive)" -gt 0 ] || break
			sleep 0.1
		done
		[ "$(cells_alive)" -eq 0 ]
		[ ! -e "$around/killed.txt" ]
	done
}

@test "a parent that ignores SIGCHLD takes nothing away" {
	# shellcheck disable=SC2016
	perl -e '$SIG{CHLD} = "IGNORE"; exec @ARGV' timeout 20 "$ctxbench" run --only 'impl=crashing,uthread-jmp bench=create' --counters none \
		--trials 1 --quiet --out "$around/ignored.txt" >"$around/ignored.out" 2>&1 || [ $? -eq 1 ]
	only_cell Create/impl=crashing/ 'killed by signal 11 \(' "$around/ignored.txt"
	[ "$(values ns/op "$around/ignored.txt" impl=uthread-jmp | wc -l)" -eq 1 ]
}

# -- what a system refuses

# refusing CALL ERRNO COMMAND...: under a filter that answers the call with the error; with 0 it lies: it says yes and does nothing.
refusing() {
	[ -x "$around/refuse" ] || program refuse <<-'END'
		#include <linux/filter.h>
		#include <linux/seccomp.h>
		#include <stddef.h>
		#include <stdio.h>
		#include <stdlib.h>
		#include <string.h>
		#include <sys/prctl.h>
		#include <sys/syscall.h>
		#include <unistd.h>

		static const struct {
			const char *name;
			unsigned number;
		} calls[] = {
			{ "clone3", SYS_clone3 },
			{ "sched_setaffinity", SYS_sched_setaffinity },
			{ "perf_event_open", SYS_perf_event_open },
			{ "sched_setscheduler", SYS_sched_setscheduler },
			{ "seccomp", SYS_seccomp },
		};

		int main(int argc, char **argv)
		{
			unsigned number = 0;
			for (size_t i = 0; argc > 3 && i < sizeof calls / sizeof *calls; i++)
				if (!strcmp(calls[i].name, argv[1]))
					number = calls[i].number;
			if (!number)
				return 126;
			struct sock_filter filter[] = {
				BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
				BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
				BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)atoi(argv[2])),
				BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
			};
			struct sock_fprog program = { .len = sizeof filter / sizeof *filter, .filter = filter };
			if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
				return perror("seccomp"), 125;
			execvp(argv[3], argv + 3);
			return perror(argv[3]), 127;
		}
	END
	"$around/refuse" "$@"
}

# under CALL ERRNO EXPR [OPTION...]: a run under such a filter, into $around/refused.txt.
under() {
	call=$1 error=$2 expression=$3
	shift 3
	[ "$#" -gt 0 ] || set -- --counters none
	run refusing "$call" "$error" "$ctxbench" run --only "$expression" --trials 1 --quiet --out "$around/refused.txt" "$@"
	echo "$status: $output"
	[ "$status" -ne 125 ] || skip "a seccomp filter may not be installed here"
	grep -aE '^(Benchmark|Invalid/|not-counted)' "$around/refused.txt"
}

@test "clone3 refused, as by old containers: libc's threads are invalid, named; raw LWPs, processes and user threads are not" {
	under clone3 1 'impl=pthread,lwp,process,uthread-jmp bench=create,spawn'
	[ "$status" -eq 1 ] || skip "this libc makes its threads without clone3"
	lines_of Invalid/ impl=pthread "$around/refused.txt" | grep -q 'a spawn failed: Operation not permitted.*seccomp filter.*clone3'
	absent lines_of Benchmark impl=pthread "$around/refused.txt"
	for impl in lwp process uthread-jmp; do
		[ "$(values ns/op "$around/refused.txt" "Spawn/impl=$impl/" | wc -l)" -eq 1 ]
	done
}

@test "pinning refused is an invalid cell, not a number" {
	for error in 1 22; do
		under sched_setaffinity $error 'impl=lwp,uthread-jmp bench=mode,create'
		[ "$status" -eq 1 ]
		absent grep -aq '^Benchmark' "$around/refused.txt"
		[ "$(lines_of Invalid/ "" "$around/refused.txt" | wc -l)" -eq 4 ]
		lines_of Invalid/ "" "$around/refused.txt" | absent grep -v 'could not pin to the CPU: '
	done
}

@test "pinning that says yes and does nothing is an invalid cell, not a number" {
	# from one CPU to another, or the lie would be the truth by chance
	allowed=$(sed -n 's/^Cpus_allowed_list:[ \t]*//p' /proc/self/status)
	[[ $allowed == *[-,]* ]] || skip "one CPU allowed"
	for cpu in $(tr ',-' '\n\n' <<<"$allowed" | sort -nu | sed -n '1p;$p'); do
		under sched_setaffinity 0 'impl=lwp,uthread-jmp bench=mode,create' --cpus "$cpu" --counters none
		grep -aq '^Invalid/.*could not pin to the CPU: ' "$around/refused.txt" && lied=yes
	done
	[ "$lied" = yes ]
}

@test "a scheduling policy refused is an invalid cell" {
	under sched_setscheduler 1 'impl=uthread-jmp bench=mode'
	[ "$status" -eq 1 ]
	lines_of Invalid/ "" "$around/refused.txt" | grep -q 'could not set the scheduling policy: Operation not permitted'
}

@test "perf_event_open refused: not counted, with the reason, and everything else is" {
	under perf_event_open 1 'impl=uthread-jmp bench=switch,create' --counters page-faults,context-switches
	[ "$status" -eq 0 ]
	grep -qE '^not-counted\.page-faults.*: refused \(EPERM\)' "$around/refused.txt"
	grep -qE '^not-counted\.context-switches: (refused \(EPERM\)|perf_event_paranoid=)' "$around/refused.txt"
	[ -z "$(values page-faults/op "$around/refused.txt")" ]
	[ "$(values ns/switch "$around/refused.txt" | wc -l)" -eq 1 ]
	[ "$(values syscalls/op "$around/refused.txt" | wc -l)" -eq 2 ]
}

@test "a limit on tasks is named" {
	needs prlimit
	[ "$(id -u)" -eq 0 ] || skip "the limit counts everything this user runs"
	needs setpriv
	# a user who has nothing else: the program and its cell are two
	run prlimit --nproc=2 setpriv --reuid 64321 --regid 64321 --clear-groups "$ctxbench" run --only 'impl=lwp,pthread,process,uthread-jmp bench=create' \
		--counters none --trials 1 --quiet --out "$around/open/limit.txt"
	echo "$output"
	[ "$status" -eq 1 ]
	for impl in lwp pthread process; do
		lines_of Invalid/ "Create/impl=$impl/" "$around/open/limit.txt" | grep -q 'Resource temporarily unavailable.*RLIMIT_NPROC=2'
	done
	[ "$(values ns/op "$around/open/limit.txt" impl=uthread-jmp | wc -l)" -eq 1 ]
}

@test "a limit on descriptors is one line that names it" {
	needs prlimit
	for limit in 9 13; do
		run prlimit --nofile=$limit "$ctxbench" run --only 'impl=lwp bench=create' --quiet --out "$around/files.txt"
		echo "$limit: $status: $output"
		[ "$status" -eq 69 ]
		one_line_of_ours
		[[ $output == *"Too many open files; RLIMIT_NOFILE=$limit"* ]]
		[ ! -e "$around/files.txt" ]
	done
	[ "$(cells_alive)" -eq 0 ]
}
