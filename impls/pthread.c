// SPDX-License-Identifier: MIT
// waits: *
/* pthread: an LWP and what the thread library adds to it. The stack's size is ours, its reuse is the library's. */
#define IMPL_SHARES_VM 1
#include "seat.h"
#include "system.h"
#include WAIT_SOURCE

#include <pthread.h>
#include <unistd.h>

#include "stack.h"

struct ctx {
	struct wait wait;
	/* set before the spawn, read by the new context */
	ctx_body *body;
	void *arg;
	struct seat seat;
	pthread_attr_t attributes;
	pthread_t thread;
};

#include "task.h"

static inline int ctx_ready(struct ctx *c, int seat)
{
	long least = sysconf(_SC_THREAD_STACK_MIN); /* glibc on arm64 gives no thread less than 128 KiB */
	int error = -seat_take(&c->seat, seat);
	if (!error)
		error = pthread_attr_init(&c->attributes);
	if (!error)
		error = pthread_attr_setstacksize(&c->attributes, least > STACK_BYTES ? (size_t)least : STACK_BYTES);
	return error ? -error : wait_ready(&c->wait);
}

static inline void ctx_release(struct ctx *c)
{
	wait_release(&c->wait);
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
	return -pthread_create(&c->thread, &c->attributes, pthread_main, c);
}

static inline void ctx_join(struct ctx *self, struct ctx *c)
{
	(void)self;
	pthread_join(c->thread, NULL);
}

static const char *pthread_missing(void)
{
	return WAIT_MISSING;
}

#define IMPL_TRAITS                                                                                                    \
	.kind = "pthread", .saves = "all of user mode's registers, by the kernel",                                     \
	.stack = "64 KiB or the least that the C library allows, its own, from its cache",                             \
	.summary = "pthread_create: an LWP and the thread library's own work",                                         \
	.caps = CAP_SPAWN | CAP_MODE | CAP_YIELD | CAP_KERNEL | CAP_THREAD_GROUP | CAP_SAVES_FP | CAP_LIBC_SPAWN |     \
		WAIT_CAPS,                                                                                             \
	.missing = pthread_missing, .per_spawn = { .switches = 2, .tasks = 1 }, .per_context = WAIT_NEEDS,             \
	.per_handoff = WAIT_COST, .per_mode = { .calls = 1 }, .per_yield = { .calls = 1 }
