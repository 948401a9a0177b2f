// SPDX-License-Identifier: MIT
/*
 * Tasks that are alive and asleep while something else is measured. They share this process's memory and descriptors
 * but are not of its thread group: the witness reads what the kernel keeps of each task of the process, and of ten
 * thousand that takes longer than the trial. They sleep in a read of a pipe, where nobody else looks at the queue that
 * they stand in; on a futex they would make longer the list in which everybody else's wait is looked for.
 */
#ifndef BENCH_PROBES_ANATOMY_CROWD_H
#define BENCH_PROBES_ANATOMY_CROWD_H

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../../impls/arch/arch.h"

enum { CROWD_STACK = 16 << 10 }; /* of which a page is touched */

struct crowd {
	int pipe[2];
	uint64_t tasks; /* made */
	uint64_t there; /* of them, those that run, or sleep */
	char *stacks;
	size_t bytes;
};

/* By the calls that are not trapped while calls are counted: these are not the bench's. */
static void crowd_main(void *arg)
{
	struct crowd *c = arg;
	char byte;
	/* an end that nobody foresaw must not leave them behind */
	arch_untrapped(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0, 0);
	__atomic_fetch_add(&c->there, 1, __ATOMIC_RELAXED);
	while (arch_untrapped(SYS_read, c->pipe[0], (long)&byte, 1, 0, 0, 0) == -EINTR)
		;
}

/* They go when the pipe has no other end any more. */
static void crowd_end(struct crowd *c)
{
	if (!c->stacks)
		return;
	close(c->pipe[1]);
	for (uint64_t i = 0; i < c->tasks; i++)
		while (waitpid(-1, NULL, __WCLONE) < 0 && errno == EINTR)
			;
	close(c->pipe[0]);
	munmap(c->stacks, c->bytes);
	*c = (struct crowd){ 0 };
}

/* `c` is zeroed memory that they see. 0 or -errno, and then none are left. */
static int crowd_begin(struct crowd *c, uint64_t tasks)
{
	enum { FLAGS_OF_CROWD = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND };
	if (!tasks)
		return 0;
	if (pipe2(c->pipe, O_CLOEXEC))
		return -errno;
	c->bytes = tasks * CROWD_STACK;
	c->stacks = mmap(
		NULL, c->bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
	if (c->stacks == MAP_FAILED) {
		int error = -errno;
		close(c->pipe[0]);
		close(c->pipe[1]);
		c->stacks = NULL;
		return error;
	}
	madvise(c->stacks, c->bytes, MADV_NOHUGEPAGE);
	for (; c->tasks < tasks; c->tasks++) {
		long tid = arch_clone(FLAGS_OF_CROWD, c->stacks + (c->tasks + 1) * CROWD_STACK, crowd_main, c, NULL);
		if (tid < 0) {
			crowd_end(c);
			return (int)tid;
		}
	}
	while (__atomic_load_n(&c->there, __ATOMIC_RELAXED) < tasks)
		usleep(1000);
	return 0;
}

#endif
