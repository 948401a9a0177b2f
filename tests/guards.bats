#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What guards returns and jumps: shadow stacks, indirect branch tracking, marked jumps, signed return addresses. A switch
# bears them or is refused with a reason.

load helper

setup_file() {
	make_tree
	answering
	make_port_program
}

teardown_file() {
	remove_tree
}

setup() {
	cd "$root" || return
}

# `answering N COMMAND...`: runs it in a kernel that answers N to the question whether shadow stacks are on. A seccomp
# filter sends that one call to us, who write the answer into the asking process.
answering() {
	program answering <<-'END'
		#include <fcntl.h>
		#include <linux/filter.h>
		#include <linux/seccomp.h>
		#include <poll.h>
		#include <stddef.h>
		#include <stdio.h>
		#include <stdlib.h>
		#include <string.h>
		#include <sys/ioctl.h>
		#include <sys/prctl.h>
		#include <sys/syscall.h>
		#include <sys/wait.h>
		#include <unistd.h>

		#ifdef __x86_64__
		enum { CALL = SYS_arch_prctl, QUESTION = 0x5005 };
		#else
		enum { CALL = SYS_prctl, QUESTION = 74 };
		#endif

		static int listener(void)
		{
			struct sock_filter filter[] = {
				BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
				BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, CALL, 0, 3),
				BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
				BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, QUESTION, 0, 1),
				BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
				BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
			};
			struct sock_fprog program = { sizeof filter / sizeof *filter, filter };
			prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
			return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
		}

		static void answer(int fd, unsigned long word)
		{
			static struct seccomp_notif asked;
			static struct seccomp_notif_resp reply;
			char path[64];
			memset(&asked, 0, sizeof asked);
			memset(&reply, 0, sizeof reply);
			if (ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &asked))
				return;
			snprintf(path, sizeof path, "/proc/%d/mem", (int)asked.pid);
			int memory = open(path, O_WRONLY);
			if (memory < 0 || pwrite(memory, &word, sizeof word, asked.data.args[1]) != sizeof word)
				exit(3);
			close(memory);
			reply.id = asked.id;
			ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &reply);
		}

		/* The filter is ours too, who never ask. */
		int main(int argc, char **argv)
		{
			int fd = argc > 2 ? listener() : -1, status = 0;
			if (fd < 0)
				return 2;
			pid_t child = fork();
			if (!child) {
				close(fd);
				execvp(argv[2], argv + 2);
				_exit(127);
			}
			while (waitpid(child, &status, WNOHANG) != child)
				if (poll(&(struct pollfd){ .fd = fd, .events = POLLIN }, 1, 10) > 0)
					answer(fd, strtoul(argv[1], NULL, 10));
			return WIFEXITED(status) ? WEXITSTATUS(status) : 4;
		}
	END
}

needs_answers() {
	case $(uname -m) in
	x86_64 | aarch64 | riscv64) ;;
	*) skip "no port asks for shadow stacks on $(uname -m)" ;;
	esac
	"$around/answering" 0 true || skip "no seccomp notification to be had here"
}

refusals() {
	"$around/answering" "$1" "$ctxbench" list impls | reasons | grep ': shadow stacks are on, '
}

@test "shadow stacks on: what does not keep them is refused, and says so" {
	needs_answers
	refusals 1 >"$around/refused"
	cat "$around/refused"
	for impl in uthread-jmp uthread-ret uthread-fpu uthread-inline sjlj sigsetjmp; do
		grep -qx "$impl: shadow stacks are on, and this switch does not keep them" "$around/refused"
	done
	# the kernel gives each task its own, and a C library that turns them on keeps them in its own switch
	absent grep -E '^(lwp|pthread|process|ucontext|null|cxx20):' "$around/refused"
	for impl in fcontext boost-fiber pth st pcl; do
		"$ctxbench" list impls | reasons | grep -q "^$impl: " || grep -q "^$impl: .* not known$" "$around/refused"
	done
	run "$around/answering" 1 "$ctxbench" conform --rounds 10 --only impl=uthread-jmp
	[ "$status" -eq 0 ]
	[[ ${lines[0]} == *"# SKIP shadow stacks are on, and this switch does not keep them" ]]
}

@test "shadow stacks off, or another bit of the answer: nothing is refused" {
	needs_answers
	absent refusals 0
	absent refusals 2
}

@test "x86_64: every way into the port is marked, and its note claims branch tracking and no shadow stack" {
	[ "$(uname -m)" = x86_64 ] || skip "the note is x86's"
	needs objdump readelf
	objdump -d --no-show-raw-insn build/port.o | awk '
		/^[0-9a-f]+ <arch_.*>:$/ { name = $2; if (name ~ /untrapped_ip/) next; getline; n++; if ($2 != "endbr64") print name, $0 }
		END { if (n < 12) print n " entries" }' >"$BATS_TEST_TMPDIR/unmarked"
	cat "$BATS_TEST_TMPDIR/unmarked"
	[ ! -s "$BATS_TEST_TMPDIR/unmarked" ]
	readelf -n build/port.o | grep 'x86 feature: IBT$'
	readelf -n build/port.o | absent grep SHSTK
}

# hardened CC FLAGS [VARIABLE=VALUE...]: a cell program of the user threads, as a distribution builds; conform passes.
hardened() {
	compiler=$1
	flags=$2
	shift 2
	built="$BATS_TEST_TMPDIR/build"
	make -s -j 2 B="$built" CC="$compiler" OPT="-O2 $flags" WAITS=futex "$@" \
		IMPLS="$(echo impls/null.c impls/lwp.c impls/ucontext.c impls/sjlj.c impls/sigsetjmp.c impls/uthread-*.c)" "$built/cell"
	cp build/ctxbench "$built"
}

# What the kernel or the CPU would kill has been carried out.
passes() {
	run "$built/ctxbench" conform --rounds 50
	grep -A 1 '^not ok' <<<"$output" || true
	[ "$status" -eq 0 ]
	for impl in sjlj sigsetjmp uthread-fpu uthread-inline uthread-jmp uthread-ret; do
		grep "^ok [0-9]* - $impl, wait none: callee-saved registers survive$" <<<"$output"
	done
}

@test "x86_64 built for branch tracking, with checked library calls and stack protectors: conforms" {
	[ "$(uname -m)" = x86_64 ] || skip "the flags are x86's"
	hardened "${CC:-cc}" "-fcf-protection=full -D_FORTIFY_SOURCE=2 -fstack-protector-strong"
	passes
}

needs_qemu() {
	qemu=$(command -v qemu-aarch64-static || command -v qemu-aarch64) || skip "no qemu-aarch64 (package qemu-user or qemu-user-static)"
	command -v aarch64-linux-gnu-gcc >/dev/null || skip "no aarch64-linux-gnu-gcc (package gcc-aarch64-linux-gnu)"
}

@test "aarch64 built for marked jumps and signed return addresses: conforms" {
	needs_qemu
	hardened aarch64-linux-gnu-gcc -mbranch-protection=standard LDFLAGS=-static
	objdump=$(command -v aarch64-linux-gnu-objdump)
	"$objdump" -d "$built/instance/uthread-jmp.none.o" | grep -q paciasp
	"$objdump" -d "$built/port.o" | grep -A 1 '^[0-9a-f]* <arch_switch>:' | grep -q 'bti.*c$'
	mv "$built/cell" "$built/there"
	printf '#!/bin/sh\nexec "%s" -cpu max "%s"\n' "$qemu" "$built/there" >"$built/cell"
	chmod +x "$built/cell"
	passes
}

# Debian's C library has no markers itself, so this program has none of it: it switches by the port, and says what the
# port says.
make_port_program() {
	cat >"$around/port.c" <<-'END'
		#include <sys/syscall.h>

		#include "impls/guard.h"

		static void say(const char *text)
		{
			long n = 0;
			while (text[n])
				n++;
			arch_syscall(SYS_write, 1, (long)text, n, 0, 0, 0);
			arch_syscall(SYS_write, 1, (long)"\n", 1, 0, 0, 0);
		}

		static void *main_sp, *peer_sp;
		static char stack[65536];
		static int turns;

		static void peer(void *arg)
		{
			(void)arg;
			for (;; turns++)
				SWITCH(&peer_sp, main_sp);
		}

		static void there_and_back(void *arg)
		{
			(void)arg;
			SWITCH(&main_sp, peer_sp);
		}

		void start(void)
		{
			const char *jump = guard_says(arch_guards(), ARCH_SHADOW_STACK | ARCH_MARKED_JUMPS);
			const char *back = guard_says(arch_guards(), ARCH_SHADOW_STACK);
			unsigned (*volatile clobbered)(void (*)(void *), void *, uint64_t) = arch_clobbered;
			say(jump ? jump : "a jump is borne");
			say(back ? back : "a return is borne");
			peer_sp = arch_first_frame(stack + sizeof stack, peer, 0);
			for (int i = 0; i < 3; i++)
				there_and_back(0);
			say(clobbered(there_and_back, 0, 42) ? "lost a register" : "kept the registers");
			say(turns == 3 ? "took its turns" : "lost a turn");
			arch_syscall(SYS_exit, 0, 0, 0, 0, 0, 0);
		}
		__asm__(".globl _start\n_start:\thint #36\n\tbl start\n");
	END
}

# port_program SWITCH [FLAG...]: runs it where the CPU guards the jumps of a program that is so linked.
port_program() {
	switch=$1
	shift
	aarch64-linux-gnu-gcc -O2 -ffreestanding -fno-tree-loop-distribute-patterns -I. -static -nostdlib -mbranch-protection=standard \
		-DSWITCH="$switch" "$@" "$around/port.c" impls/arch/aarch64.S -o "$BATS_TEST_TMPDIR/port" 2>/dev/null
	run "$qemu" -cpu max "$BATS_TEST_TMPDIR/port"
	echo "$output"
}

@test "aarch64 linked to guard its jumps: the switch that jumps is refused and would fault, the one that returns goes" {
	needs_qemu
	port_program arch_switch
	[ "$output" = "$(printf '%s\n' "a jump is borne" "a return is borne" "kept the registers" "took its turns")" ]
	port_program arch_switch_ret -Wl,-z,force-bti
	[ "${lines[0]}" = "this program is linked to jump to markers only (BTI), and this switch jumps to a return address" ]
	[ "${lines[1]}" = "a return is borne" ]
	[ "${lines[2]}" = "kept the registers" ]
	[ "${lines[3]}" = "took its turns" ]
	port_program arch_switch -Wl,-z,force-bti
	[ "$status" -eq 132 ] # SIGILL
	[[ $output != *"took its turns"* ]]
}
