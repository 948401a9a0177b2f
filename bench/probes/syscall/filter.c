// SPDX-License-Identifier: MIT
/*
 * syscall: a seccomp filter in the way of a null call. A probe, as syscall.c is: the filter stays until the process
 * ends, and every trial is a process of its own. In the pass that counts calls there is one more, which counts.
 *
 * A kernel from 5.11 on sees of a filter of one instruction that it lets every call pass, and asks it no more; from two
 * on there is a look at an argument in it, of which no kernel can know the outcome.
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "rungs.h"

static int install(uint64_t instructions)
{
	struct sock_filter look = BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offsetof(struct seccomp_data, args[0]));
	struct sock_filter pass = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_filter *filter = calloc(instructions, sizeof *filter);
	if (!filter)
		return -ENOMEM;
	for (uint64_t i = 0; i < instructions; i++)
		filter[i] = i + 1 < instructions ? look : pass;
	struct sock_fprog program = { .len = (unsigned short)instructions, .filter = filter };
	int error = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)
			    ? -errno
			    : 0;
	free(filter);
	return error;
}

static int filter_open(const struct point *p)
{
	int error = install(p->at[0]);
	if (error)
		return error;
	return ask_open(p, (struct asked){ .number = SYS_getppid, .answer = getppid() });
}

static const char *filter_missing(void)
{
	if (arch_missing())
		return arch_missing();
	return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) < 0 ? "this kernel has no seccomp filters" : NULL;
}

static const struct job *const rungs[] = {
	RUNG("filter", "getppid past a seccomp filter of so many instructions", .arena_bytes = ask_bytes,
		.open = filter_open, .loop = ask_loop, .close = ask_close, .own = { .calls = 1 },
		.scale = { { "instructions", "1 2 100" } }),
	NULL,
};

LADDER(filtered, filter_missing, rungs);
