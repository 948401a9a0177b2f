#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Tasks that never leave the kernel: its own migration/N, by that thread's own counts, and the worker of a ring. And what is
# said where they can't be had.

load helper

setup_file() {
	make_tree
	cp "$root"/build/cell-iou-sqp "$tree/build" 2>/dev/null || true
	cd "$around/open" || return
	if [ "$(nproc)" -gt 1 ]; then
		"$ctxbench" run --only 'impl=kthread-stopper' --counters none --trials 1 --time-limit 10 --quiet --out "$around/moves.txt" \
			>"$around/moves.out" 2>&1 || true
	fi
}

teardown_file() {
	remove_tree
}

setup() {
	cd "$around/open" || return
}

# stopper_missing COMMAND...: what `plan`, run by the command, says of the cell that moves.
stopper_missing() {
	"$@" "$ctxbench" plan --only 'impl=kthread-stopper call=move' | grep '^Wake/impl=kthread-stopper/'
}

can_move() {
	[ "$(nproc)" -gt 1 ] || skip "needs two CPUs"
	stopper_missing env | absent grep 'not measured' || skip "$(stopper_missing env)"
}

# -- migration/N

@test "a move is a switch into migration/N, by its own counts: two a turn of two; the control makes none" {
	can_move
	cat "$around/moves.out"
	values switches-elsewhere/op "$around/moves.txt" /call=move | grep -E '^(2$|1\.99|2\.0)'
	values switches-elsewhere/op "$around/moves.txt" /call=no-move | grep -E '^(0$|0\.00|[0-9.]+e-)'
	for call in move no-move; do
		[ "$(values syscalls/op "$around/moves.txt" "/call=$call ")" = 2 ]
		[ "$(values migrations "$around/moves.txt" "/call=$call ")" = 0 ]
	done
}

@test "a move is named as what it is, and never beside a plain wake" {
	can_move
	[ -n "$(values ns/move "$around/moves.txt" /call=move)" ]
	[ -n "$(values ns/call "$around/moves.txt" /call=no-move)" ]
	[ -z "$(values ns/wake "$around/moves.txt")" ]
	key impl.kthread-stopper "$around/moves.txt" | grep -q '^kernel-thread; .*a switch into a kernel thread plus a wake elsewhere'
	"$ctxbench" table "$around/moves.txt" >"$around/table"
	grep -q '^kthread-stopper: a switch into a kernel thread plus a wake elsewhere' "$around/table"
	absent grep -q '^wake,' "$around/table"
}

@test "nothing spins on when a run of moves has ended" {
	can_move
	[ "$(cells_alive)" -eq 0 ]
}

@test "with one CPU a move says that it needs two" {
	needs taskset
	stopper_missing taskset -c "$(taskset -cp $$ | sed 's/.*: //; s/[,-].*//')" | tee "$around/one"
	grep -q 'not measured: needs two CPUs to move between, and one is allowed$' "$around/one"
}

@test "in a pid namespace of its own migration/N is not to be seen, and that is what is said" {
	needs unshare
	can_move
	unshare -pf --mount-proc true 2>/dev/null || skip "no pid namespace to be had"
	stopper_missing unshare -pf --mount-proc | tee "$around/private"
	grep -q "not measured: a pid namespace of its own, in whose /proc the kernel's migration/N is not to be seen$" "$around/private"
}

@test "who calls itself migration/0 is no kernel thread" {
	needs unshare
	can_move
	unshare -pf --mount-proc true 2>/dev/null || skip "no pid namespace to be had"
	# all that it has started ends with the namespace
	# shellcheck disable=SC2016
	stopper_missing unshare -pf --mount-proc sh -c 'for n in 0 1; do (echo migration/$n >/proc/self/comm; while :; do read -r _ || sleep 9; done) \
		</dev/null >/dev/null & done; sleep 0.1; "$@"' sh | tee "$around/private"
	grep -q 'not measured: a pid namespace of its own' "$around/private"
}

# -- what is shown of them

@test "kernel threads have PF_KTHREAD, no address space and no process; an LWP and a ring's worker have their maker's" {
	"$ctxbench" list kernel-threads | tee "$around/list"
	grep -qE '^process +no +[0-9]+ mappings +itself ' "$around/list"
	grep -qE '^lwp +no +[0-9]+ mappings +its maker.s ' "$around/list"
	grep -qE "^iou-sqp +(no +[0-9]+ mappings +its maker.s |not shown: none is made here)" "$around/list"
	grep -q '^kthreadd *not shown: not to be seen in /proc' "$around/list" || {
		grep -qE '^kthreadd +yes +none +none ' "$around/list"
		grep -qE '^migration +yes +none +none ' "$around/list"
	}
	# a count, or why there is none; never a 0 for it
	grep -E '^(kthreadd|migration|iou-sqp|lwp|process) +(yes|no) ' "$around/list" |
		absent grep -vE '(not counted: [a-z].*|[0-9]+ in user mode, [0-9]+ in the kernel)$'
}

@test "what is shown of them is in every result file" {
	"$ctxbench" run --only "bench=syscall call=empty-loop" --counters none --trials 1 --quiet --out "$around/facts.txt" >"$around/out" 2>&1
	for task in kthreadd migration iou-sqp lwp process; do
		key "task.$task" "$around/facts.txt" | grep -qE '^(PF_KTHREAD (yes|no); address space: |not shown: )'
	done
	"$ctxbench" verdicts "$around/facts.txt" | grep -q '^Kernel threads are never in user mode '
}

# -- a ring's worker

worker_is_built() {
	[ -x "$tree/build/cell-iou-sqp" ] || skip "built without liburing"
	why=$("$ctxbench" plan --only impl=iou-sqp | sed -n 's/.*not measured: //p' | head -n 1)
	[ -z "$why" ] || skip "$why"
}

@test "a ring's worker is switched to and from, once each, by one call" {
	worker_is_built
	"$ctxbench" run --only 'impl=iou-sqp bench=switch' --counters none --trials 1 --quiet --out "$around/worker.txt" ||
		grep -a '^Invalid' "$around/worker.txt"
	values switches/op "$around/worker.txt" Switch/ | grep -E '^(2$|1\.99|2\.0)'
	[ "$(values syscalls/op "$around/worker.txt" Switch/)" = 1 ]
}

# no_ring ERRNO: what is said of the cells under a filter that answers io_uring_setup with it.
no_ring() {
	[ -x "$around/noring" ] || program noring <<-'END'
		#include <linux/filter.h>
		#include <linux/seccomp.h>
		#include <stddef.h>
		#include <stdlib.h>
		#include <sys/prctl.h>
		#include <sys/syscall.h>
		#include <unistd.h>

		int main(int argc, char **argv)
		{
			struct sock_filter filter[] = {
				BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
				BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_setup, 0, 1),
				BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)atoi(argv[1])),
				BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
			};
			struct sock_fprog program = { .len = sizeof filter / sizeof *filter, .filter = filter };
			if (argc < 3 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
				return 125;
			execvp(argv[2], argv + 2);
			return 127;
		}
	END
	"$around/noring" "$1" "$ctxbench" plan --only 'impl=iou-sqp' >"$around/noring.out" || return 125
	cat "$around/noring.out"
}

@test "where io_uring is refused, the sentence says by what" {
	worker_is_built
	no_ring 38 || skip "a seccomp filter may not be installed here"
	[ "$(grep -c 'not measured: no io_uring: this kernel or a seccomp filter answers io_uring_setup with ENOSYS$' "$around/noring.out")" -eq 3 ]
	no_ring 1
	[ "$(grep -cE 'not measured: (a ring with SQPOLL is refused: Operation not permitted \(a seccomp filter\?\)|io_uring is off: kernel.io_uring_disabled=[12])$' "$around/noring.out")" -eq 3 ]
}

@test "where the administrator has turned io_uring off, the sentence names the setting" {
	worker_is_built
	needs unshare
	[ "$(id -u)" -eq 0 ] && [ -e /proc/sys/kernel/io_uring_disabled ] || skip "takes root, and a kernel with the setting"
	echo 2 >"$around/two"
	# shellcheck disable=SC2016
	no_ring 1 >/dev/null || skip "a seccomp filter may not be installed here"
	# the setting as a file of our own in a mount namespace of our own: the machine's stays as it is
	# shellcheck disable=SC2016
	unshare -m sh -c 'mount --bind "$1/two" /proc/sys/kernel/io_uring_disabled && shift && exec "$@"' sh "$around" \
		"$around/noring" 1 "$ctxbench" plan --only 'impl=iou-sqp' >"$around/off" || skip "nothing may be mounted here"
	cat "$around/off"
	[ "$(grep -c 'not measured: io_uring is off: kernel.io_uring_disabled=2$' "$around/off")" -eq 3 ]
}
