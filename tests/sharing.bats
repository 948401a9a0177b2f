#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The ladder from process to thread: what each rung is seen to share is what its flags say. And what there is only so much
# of, and what may be refused, is told in one line.

load helper

setup_file() {
	make_tree
	"$ctxbench" list sharing >"$around/sharing"
}

teardown_file() {
	remove_tree
}

# expected FLAGS: yes or - for memory, files, cwd, umask, handlers, process, undo and io, or ? for what was not told.
expected() {
	for flag in VM FILES FS FS SIGHAND THREAD SYSVSEM IO; do
		grep -qw "CLONE_$flag" <<<"$1" && echo yes || echo -
	done | paste -sd ' '
}

flags_of() {
	sed -n 's/^#define FLAGS (\(.*\))$/\1/p' "$root/impls/$1.c"
}

seen_of() {
	awk -v impl="$1" '$1 == impl { $1 = ""; sub(/^ /, ""); print }' "$around/sharing"
}

# same EXPECTED SEEN: what this kernel does not tell may be anything.
same() {
	paste <(tr ' ' '\n' <<<"$1") <(tr ' ' '\n' <<<"$2") | awk '$1 != $2 && $2 != "?" { exit 1 }'
	[ "$(wc -w <<<"$1")" = "$(wc -w <<<"$2")" ]
}

@test "every rung is seen to share what its flags say, and nothing else" {
	cat "$around/sharing"
	[ "$(head -n 1 "$around/sharing" | xargs)" = "memory files cwd umask handlers process undo io" ]
	for rung in "$root"/impls/clone-*.c; do
		rung=$(basename "$rung" .c)
		same "$(expected "$(flags_of "$rung")")" "$(seen_of "$rung")"
	done
	[ "$(grep -c '^clone-' "$around/sharing")" -ge 10 ]
}

@test "at the ends of the ladder stand a process and threads" {
	for process in process; do
		same "- - - - - - - -" "$(seen_of "$process")"
	done
	for thread in lwp lwp-clone3 pthread pthread-own-stack; do
		"$ctxbench" list impls | reasons | grep -q "^$thread:" && continue
		same "yes yes yes yes yes yes yes -" "$(seen_of "$thread")"
	done
	same "yes - - - - - - -" "$(seen_of process-vfork)"
	absent grep '^process-spawn' "$around/sharing"
}

# with_cell COMMAND...: a tree whose cell program is started by this command.
with_cell() {
	mkdir -p "$BATS_TEST_TMPDIR/build"
	cp "$root/build/ctxbench" "$BATS_TEST_TMPDIR/build"
	printf '#!/bin/sh\nexec %s "%s"\n' "$*" "$root/build/cell" >"$BATS_TEST_TMPDIR/build/cell"
	chmod +x "$BATS_TEST_TMPDIR/build/cell"
	limited=$BATS_TEST_TMPDIR/build/ctxbench
}

# reason_of ONLY: the reason of the cell's line.
reason_of() {
	"$limited" run --only "bench=switch policy=batch place=same-pu $1" --counters none --trials 1 --quiet \
		--out "$BATS_TEST_TMPDIR/out.txt" >"$BATS_TEST_TMPDIR/said" 2>&1 || true
	cat "$BATS_TEST_TMPDIR/said" >&2
	sed -n 's/^Invalid.* reason="\(.*\)"$/\1/p' "$BATS_TEST_TMPDIR/out.txt" | head -n 1
}

@test "too few descriptors: limit and need in one line, before any is made" {
	needs prlimit
	with_cell prlimit --nofile=6:6
	for wait in pipe eventfd socketpair; do
		reason_of "impl=process wait=$wait" |
			grep -E 'the contexts need [0-9]+ descriptors, [0-9]+ in all; RLIMIT_NOFILE is 6 at the most'
	done
}

@test "a soft limit on descriptors is raised as far as the hard one goes" {
	needs prlimit
	with_cell prlimit --nofile=6:64
	reason_of "impl=process wait=pipe"
	lines_of Benchmark /impl=process/wait=pipe/ "$BATS_TEST_TMPDIR/out.txt" || grep 'switches/op counted' "$BATS_TEST_TMPDIR/out.txt"
}

@test "too little room for message queues or pending signals: limit and need" {
	needs prlimit
	with_cell prlimit --msgqueue=100 --sigpending=1
	"$ctxbench" list waits | grep -qx mqueue
	reason_of "impl=process wait=mqueue" | grep -E '[0-9]+ bytes for message queues are needed; RLIMIT_MSGQUEUE is 100'
	reason_of "impl=process wait=signal" | grep -E '[0-9]+ pending signals are needed; RLIMIT_SIGPENDING is 1'
}

# Of this user's: others' come and go.
sets() {
	awk -v uid="$(id -u)" 'NR > 1 && $5 == uid' /proc/sysvipc/sem | wc -l
}

@test "what the kernel keeps beyond a process is gone, however that ends" {
	[ -r /proc/sysvipc/sem ] || skip "/proc/sysvipc is not there"
	before=$(sets)
	"$ctxbench" run --only 'impl=lwp wait=sysv-sem,mqueue bench=switch place=same-pu' --counters none --trials 20 --quiet \
		--out "$around/killed.txt" >/dev/null 2>&1 &
	pid=$!
	for _ in $(seq 100); do
		[ "$(sets)" -le "$before" ] || break
		sleep 0.02
	done
	kill -KILL "$pid"
	wait "$pid" || true
	for _ in $(seq 100); do
		[ "$(sets)" -gt "$before" ] || break
		sleep 0.05
	done
	[ "$(sets)" -le "$before" ]
}

# answering ERRNO: a launcher under which clone3 is answered with it.
answering() {
	program answer <<-'END'
		#include <errno.h>
		#include <linux/filter.h>
		#include <linux/seccomp.h>
		#include <stddef.h>
		#include <stdlib.h>
		#include <sys/prctl.h>
		#include <sys/syscall.h>
		#include <unistd.h>
		int main(int argc, char **argv)
		{
			struct sock_filter f[] = {
				BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
				BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1),
				BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)atoi(argv[1])),
				BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
			};
			struct sock_fprog p = { sizeof f / sizeof *f, f };
			if (argc < 3 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, 2, &p))
				return 77;
			execvp(argv[2], argv + 2);
			return 78;
		}
	END
}

@test "clone3 absent, refused, too small and too large are told apart" {
	answering
	"$around/answer" 38 true || skip "no seccomp filter to be had here"
	for answer in 38:ENOSYS 1:EPERM 22:EINVAL 7:E2BIG; do
		"$around/answer" "${answer%:*}" "$ctxbench" list impls | reasons | tee "$around/reasons" |
			grep -q "^lwp-clone3: clone3: ${answer#*:}: "
		absent grep -E '^(lwp|clone-vm):' "$around/reasons"
	done
}

@test "every wait makes on one CPU the switches and calls that it says, on LWP, process and pthread" {
	for n in 1 2 3; do # what is invalid every time is not so by chance
		"$ctxbench" run --only 'bench=switch impl=lwp,process,pthread wait=socketpair,sem,sysv-sem,condvar,signal,mqueue policy=batch' \
			--counters none --trials 1 --time-limit 10 --quiet --out "$around/waits$n.txt" >/dev/null 2>&1 || true
		sed -n 's/^Invalid.\([^ ]*\).*/\1/p' "$around/waits$n.txt" | sort -u >"$around/invalid$n"
		[ -s "$around/invalid$n" ] || break
	done
	[ "$(lines_of Missing/ /impl=lwp/ "$around/waits1.txt" | grep -c 'library')" -eq 2 ]
	[ "$(grep -aoE '^(Benchmark|Invalid.)Switch/[^ ]*' "$around/waits1.txt" | sed 's/^Benchmark//; s/^Invalid.//' | sort -u | wc -l)" -eq 16 ]
	if [ -e "$around/invalid3" ]; then
		comm -12 "$around/invalid1" "$around/invalid2" | comm -12 - "$around/invalid3" | tee "$around/always"
		[ ! -s "$around/always" ]
	fi
}

@test "each rung of the ladder has its place in the picture" {
	for file in "$root"/impls/clone-*.c; do
		grep -q "\"$(basename "$file" .c)\"" "$root/harness/publish/ladder.c"
	done
}
