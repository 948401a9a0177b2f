// SPDX-License-Identifier: MIT
/*
 * System calls counted in the very tasks that make them: a seccomp filter turns each into SIGSYS, whose handler counts and
 * makes it. Needs no privilege, is inherited by every context, and lets no other task run meanwhile, as a tracer's stops do.
 * The clone family and sigreturn can't be made by a handler and pass uncounted: what was cloned is counted when it ends.
 * A process that has counted can never stop: the filter stays.
 */
#ifndef HARNESS_CELL_CALLS_H
#define HARNESS_CELL_CALLS_H

#include <stdint.h>

/* Starts counting for this task and all that it makes from here on. With `makes_none` it will make no task, and a creation that is
 * refused is counted like any other call. NULL, or why system calls can't be counted here. */
const char *calls_start(int makes_none);

struct calls {
	uint64_t calls;  /* system calls, without those that made a task */
	uint64_t tasks;  /* kernel tasks that ended, each made by one more call */
};

/* Totals since the start. */
struct calls calls_read(void);

/* Can a signal have reached a handler in this process? Only SIGSYS, the harness's own SIGTERM and what libc keeps for itself have one. 1, 0, or -1:
 * this kernel does not tell. */
int calls_signals_possible(void);

#endif
