// SPDX-License-Identifier: MIT
#include "calls.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "../../impls/arch/arch.h"
#include TRAP_SOURCE

static struct calls nothing,
	*shared = &nothing; /* once started, seen by every context: counted up by whichever traps */

/*
 * SIGSYS must never be blocked, or the next system call kills: a thread library blocks all signals around a creation.
 * So the mask is changed in the saved context, from which sigreturn restores it, and without SIGSYS.
 */
static long emulate_sigprocmask(ucontext_t *c)
{
	uint64_t *mask = (uint64_t *)&c->uc_sigmask, old = *mask;
	const uint64_t *set = (const uint64_t *)trap_argument(c, 1);
	if (set) {
		uint64_t wanted = *set & ~(1ull << (SIGSYS - 1));
		long how = trap_argument(c, 0);
		*mask = how == SIG_BLOCK ? old | wanted : how == SIG_UNBLOCK ? old & ~wanted : wanted;
	}
	if (trap_argument(c, 2))
		*(uint64_t *)trap_argument(c, 2) = old;
	return 0;
}

/* Sigreturn restores the alternate stack too, so a change to it goes into the saved context as well. */
static long emulate_sigaltstack(ucontext_t *c)
{
	long result = arch_untrapped(SYS_sigaltstack, trap_argument(c, 0), trap_argument(c, 1), 0, 0, 0, 0);
	if (!result && trap_argument(c, 0))
		c->uc_stack = *(const stack_t *)trap_argument(c, 0);
	return result;
}

/* Runs in every context, also where thread-local storage is another's: no libc in here. */
static void count_and_call(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)info;
	ucontext_t *c = context;
	long number = trap_number(c);
	__atomic_fetch_add(&shared->calls, 1, __ATOMIC_RELAXED);
	if (number == SYS_exit || number == SYS_exit_group)
		__atomic_fetch_add(&shared->tasks, 1, __ATOMIC_RELAXED);
	trap_return(c, number == SYS_rt_sigprocmask ? emulate_sigprocmask(c)
		       : number == SYS_sigaltstack
			       ? emulate_sigaltstack(c)
			       : arch_untrapped(number, trap_argument(c, 0), trap_argument(c, 1), trap_argument(c, 2),
					 trap_argument(c, 3), trap_argument(c, 4), trap_argument(c, 5)));
}

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define PASS_IF(value) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#ifdef SYS_vfork
#define PASS_CREATIONS PASS_IF(SYS_clone), PASS_IF(SYS_clone3), PASS_IF(SYS_vfork), PASS_IF(SYS_fork)
#else /* newer CPUs have clone only */
#define PASS_CREATIONS PASS_IF(SYS_clone), PASS_IF(SYS_clone3)
#endif

static int install_filter(int makes_none)
{
	uint64_t ip = (uint64_t)(uintptr_t)arch_untrapped_ip;
	struct sock_filter creations[] = { PASS_CREATIONS };
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, instruction_pointer)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)ip, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, instruction_pointer) + 4),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(ip >> 32), 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		LOAD(nr),
		PASS_IF(SYS_rt_sigreturn),
		BPF_STMT(BPF_JMP | BPF_JA, makes_none ? sizeof creations / sizeof *creations : 0),
		PASS_CREATIONS,
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
	};
	struct sock_fprog program = { .len = sizeof filter / sizeof *filter, .filter = filter };
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		return -errno;
	return 0;
}

const char *calls_start(int makes_none)
{
	if (trap_missing())
		return trap_missing();
	if (arch_missing())
		return arch_missing();
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return "no memory for the counts";
	struct sigaction action = { .sa_sigaction = count_and_call, .sa_flags = SA_SIGINFO | SA_NODEFER };
	sigaction(SIGSYS, &action, NULL);
	switch (install_filter(makes_none)) {
	case 0:
		return NULL;
	case -EINVAL:
		return "this kernel has no seccomp filters";
	default:
		return "a seccomp filter may not be installed here";
	}
}

struct calls calls_read(void)
{
	return (struct calls){ .calls = __atomic_load_n(&shared->calls, __ATOMIC_RELAXED),
		.tasks = __atomic_load_n(&shared->tasks, __ATOMIC_RELAXED) };
}

int calls_signals_possible(void)
{
	/* 32 and 33 are libc's own, which only pthread_cancel and setuid send */
	const uint64_t ours = 1ull << (SIGSYS - 1) | 1ull << (SIGTERM - 1) | 1ull << (32 - 1) | 1ull << (33 - 1);
	char line[256];
	int possible = -1;
	FILE *f = fopen("/proc/self/status", "re");
	while (f && fgets(line, sizeof line, f))
		if (!strncmp(line, "SigCgt:", 7))
			possible = (strtoull(line + 7, NULL, 16) & ~ours) != 0;
	if (f)
		fclose(f);
	return possible;
}
