// SPDX-License-Identifier: MIT
// waits: *
/*
 * pthread: an LWP and what the thread library adds to it. The stack's size is ours, its reuse is the library's. The
 * same file with the stack from elsewhere: PTHREAD_STACK says from where.
 */
#define IMPL_SHARES_VM 1
#include "seat.h"
#include "system.h"
#include WAIT_SOURCE

#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include "stack.h"

enum pthread_stack {
	STACK_OF_LIBRARY, /* which keeps those of ended threads for the next, if it likes */
	STACK_TOO_LARGE,  /* the library's, of a size that it does not keep */
	STACK_REUSED,     /* ours, made once */
	STACK_FRESH,      /* ours, mapped for the thread and unmapped after it, as a library without a cache does */
};

#ifndef PTHREAD_STACK
#define PTHREAD_STACK STACK_OF_LIBRARY
#endif

/* glibc keeps 40 MiB of stacks at the most; of this one exists only what is touched. */
enum { LARGE_BYTES = 64 << 20 };

struct ctx {
	struct wait wait;
	/* set before the spawn, read by the new context */
	ctx_body *body;
	void *arg;
	struct seat seat;
	pthread_attr_t attributes;
	pthread_t thread;
	char *stack;
	size_t bytes, guard;
};

#include "task.h"

/* -- a stack of ours, above a guard page */
static inline void pthread_unmap(struct ctx *c)
{
	munmap(c->stack, c->guard + c->bytes);
}

static inline int pthread_map(struct ctx *c)
{
	c->stack = mmap(NULL, c->guard + c->bytes, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
	if (c->stack == MAP_FAILED)
		return -errno;
	int error = mprotect(c->stack, c->guard, PROT_NONE) ? -errno : 0;
	if (!error)
		error = -pthread_attr_setstack(&c->attributes, c->stack + c->guard, c->bytes);
	if (error)
		pthread_unmap(c);
	return error;
}

static inline int pthread_stack_ready(struct ctx *c)
{
	long least = sysconf(_SC_THREAD_STACK_MIN); /* glibc on arm64 gives no thread less than 128 KiB */
	c->bytes = PTHREAD_STACK == STACK_TOO_LARGE ? LARGE_BYTES : least > STACK_BYTES ? (size_t)least : STACK_BYTES;
	c->guard = (size_t)sysconf(_SC_PAGESIZE);
	if (PTHREAD_STACK == STACK_REUSED)
		return pthread_map(c);
	return -pthread_attr_setstacksize(&c->attributes, c->bytes);
}

static inline void pthread_stack_release(struct ctx *c)
{
	if (PTHREAD_STACK == STACK_REUSED)
		pthread_unmap(c);
}

static inline int ctx_ready(struct ctx *c, int seat)
{
	int error = seat_take(&c->seat, seat);
	if (!error)
		error = -pthread_attr_init(&c->attributes);
	if (error)
		return error;
	error = pthread_stack_ready(c);
	if (!error && (error = wait_ready(&c->wait)))
		pthread_stack_release(c);
	if (error)
		pthread_attr_destroy(&c->attributes);
	return error;
}

static inline void ctx_release(struct ctx *c)
{
	wait_release(&c->wait);
	pthread_stack_release(c);
	pthread_attr_destroy(&c->attributes);
}

static void *pthread_main(void *arg)
{
	struct ctx *c = arg;
	task_run(c, c->body, c->arg);
	return NULL;
}

static inline int ctx_spawn(struct ctx *c, ctx_body *body, void *arg)
{
	c->body = body;
	c->arg = arg;
	int error = PTHREAD_STACK == STACK_FRESH ? pthread_map(c) : 0;
	if (!error) {
		error = -pthread_create(&c->thread, &c->attributes, pthread_main, c);
		if (error && PTHREAD_STACK == STACK_FRESH)
			pthread_unmap(c);
	}
	return error;
}

static inline void ctx_join(struct ctx *self, struct ctx *c)
{
	(void)self;
	pthread_join(c->thread, NULL);
	if (PTHREAD_STACK == STACK_FRESH)
		pthread_unmap(c);
}

#ifndef PTHREAD_MISSING
#define PTHREAD_MISSING NULL
#endif

static const char *pthread_missing(void)
{
	const char *why = PTHREAD_MISSING;
	return why ? why : WAIT_MISSING;
}

#ifdef PTHREAD_SUMMARY
#define PTHREAD_VARIANT CAP_VARIANT
#else
#define PTHREAD_VARIANT 0
#define PTHREAD_SUMMARY "pthread_create: an LWP and the thread library's own work"
#endif
#ifndef PTHREAD_STACK_WORDS
#define PTHREAD_STACK_WORDS "64 KiB or the least that the C library allows, its own, from its cache"
#endif

#define IMPL_TRAITS                                                                                                    \
	.kind = "pthread", .saves = "all of user mode's registers, by the kernel", .stack = PTHREAD_STACK_WORDS,       \
	.summary = PTHREAD_SUMMARY,                                                                                    \
	.caps = CAP_SPAWN | CAP_MODE | CAP_YIELD | CAP_KERNEL | CAP_THREAD_GROUP | CAP_SAVES_FP | CAP_LIBC_SPAWN |     \
		PTHREAD_VARIANT | WAIT_CAPS,                                                                           \
	.missing = pthread_missing, .per_spawn = { .switches = 2, .tasks = 1 }, .per_context = WAIT_NEEDS,             \
	.per_handoff = WAIT_COST, .per_mode = { .calls = 1 }, .per_yield = { .calls = 1 }
