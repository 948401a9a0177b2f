// SPDX-License-Identifier: MIT
/*
 * A stack for a context: STACK_BYTES usable bytes above one guard page. MAP_STACK and MADV_NOHUGEPAGE, because a huge
 * page would cost 2 MiB and its clearing for each, on some kernels and not on others. Made and unmade outside the
 * clock.
 */
#ifndef IMPLS_STACK_H
#define IMPLS_STACK_H

#include <errno.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

/* Room for the signal frame of the widest vector registers (11 KiB and growing) on top of what the bodies need. */
enum { STACK_BYTES = 64 << 10 };

struct stack {
	char *base;
	size_t guard;
};

static inline void *stack_top(const struct stack *s)
{
	return s->base + s->guard + STACK_BYTES;
}

static inline void stack_put(struct stack *s)
{
	if (s->base)
		munmap(s->base, s->guard + STACK_BYTES);
	s->base = NULL;
}

/* 0 or -errno. The pages are touched here, so that the first run on a new stack does not fault inside the clock. */
static inline int stack_get(struct stack *s)
{
	s->guard = (size_t)sysconf(_SC_PAGESIZE);
	s->base = mmap(
		NULL, s->guard + STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	if (s->base == MAP_FAILED) {
		s->base = NULL;
		return -errno;
	}
	madvise(s->base, s->guard + STACK_BYTES, MADV_NOHUGEPAGE);
	if (mprotect(s->base, s->guard, PROT_NONE)) {
		int error = -errno;
		stack_put(s);
		return error;
	}
	for (size_t i = 0; i < STACK_BYTES; i += s->guard)
		((volatile char *)s->base)[s->guard + i] = 0;
	return 0;
}

#endif
