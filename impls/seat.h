// SPDX-License-Identifier: MIT
/*
 * Where a kernel-scheduled context sits. The mask is made ready outside the clock, because a new context sits down by
 * itself and may not call libc, which even the clearing of an array is to some compilers.
 */
#ifndef IMPLS_SEAT_H
#define IMPLS_SEAT_H

#include "system.h"

enum { SEAT_WORD = 8 * sizeof(long), SEAT_CPUS = 8192 };

struct seat {
	size_t bytes; /* of the mask that are used; 0: wherever its maker sits */
	unsigned long mask[SEAT_CPUS / SEAT_WORD];
};

/* `s` is zeroed. 0, or -EINVAL for a CPU beyond what is provided for. */
static inline int seat_take(struct seat *s, int cpu)
{
	if (cpu >= SEAT_CPUS)
		return -EINVAL;
	if (cpu < 0)
		return 0;
	s->mask[cpu / SEAT_WORD] = 1ul << cpu % SEAT_WORD;
	s->bytes = (size_t)(cpu / SEAT_WORD + 1) * sizeof(long);
	return 0;
}

/* Called by the context itself. Where it fails the context runs on: the audit sees the CPU that it ended on. */
static inline void seat_sit(const struct seat *s)
{
	if (s->bytes)
		SYSTEM(SYS_sched_setaffinity, 0, s->bytes, s->mask);
}

#endif
