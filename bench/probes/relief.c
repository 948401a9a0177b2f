// SPDX-License-Identifier: MIT
/*
 * relief: how long it takes to bring an LWP when all that carry user threads are blocked in the kernel. A probe: it
 * belongs to no template, since it blocks on purpose where the verbs never do, and calls the library by its own names.
 *
 * One turn: a user thread announces that it will block, and blocks; so does the only LWP. Another LWP is brought, made
 * for it or kept asleep from the last time, runs a thread that was ready, and that thread lets the first go on.
 */
#include "../../harness/cell/impl.h"
#include "../../impls/guard.h"
#include "../../impls/library/mn.h"

struct relief {
	uint32_t released; /* what the first sleeps on */
	uint64_t reliefs;  /* threads that were run while it did */
};

static size_t relief_bytes(const struct point *p)
{
	(void)p;
	return sizeof(struct relief);
}

static int relief_open(int ends_surplus)
{
	mn.ends_surplus = ends_surplus;
	return mn_begin(1);
}

static int relief_open_made(const struct point *p)
{
	(void)p;
	return relief_open(1);
}

static int relief_open_kept(const struct point *p)
{
	(void)p;
	return relief_open(0);
}

static struct mn_thread *relief_body(void *arg)
{
	struct relief *r = arg;
	r->reliefs++;
	__atomic_store_n(&r->released, 1, __ATOMIC_RELEASE);
	SYSTEM(SYSTEM_FUTEX, &r->released, FUTEX_WAKE_PRIVATE, 1);
	return NULL;
}

/* Until the LWP that was brought has gone, or sleeps: the next turn is to find it so. */
static void relief_settle(void *arena)
{
	(void)arena;
	while (__atomic_load_n(&mn.awake, __ATOMIC_ACQUIRE) > mn.k)
		SYSTEM(SYS_sched_yield);
}

static int relief_loop(void *arena, uint64_t n)
{
	struct relief *r = arena;
	struct mn_thread *self = mn_self(), *other;
	for (; n; n--) {
		r->released = 0;
		int error = mn_spawn(self, &other, relief_body, r);
		if (error)
			return error;
		mn_block_begin();
		while (!__atomic_load_n(&r->released, __ATOMIC_ACQUIRE))
			SYSTEM(SYSTEM_FUTEX, &r->released, FUTEX_WAIT_PRIVATE, 0);
		mn_block_end();
		mn_join(self, other);
	}
	return 0;
}

static void relief_close(void *arena)
{
	(void)arena;
	mn_end();
}

static uint64_t relief_bodies(const void *arena)
{
	const struct relief *r = arena;
	return r->reliefs;
}

static const char *relief_missing(void)
{
	return guard_missing(ARCH_SHADOW_STACK | ARCH_MARKED_JUMPS);
}

#define RELIEF(which, words, opens, ...)                                                                               \
	&(const struct job)                                                                                            \
	{                                                                                                              \
		.name = "relief", .variant = "lwp=" which, .summary = words, .unit = "op", .ops = 1, .spawns = 1,      \
		.arena_bytes = relief_bytes, .open = opens, .loop = relief_loop, .settle = relief_settle,              \
		.close = relief_close, .batch = 1, .bodies = relief_bodies, __VA_ARGS__                                \
	}

static const struct job *const reliefs[] = {
	RELIEF("made", "all LWPs block: one is made, and runs who is ready", relief_open_made, .own = { .tasks = 1 }),
	RELIEF("kept", "all LWPs block: one is woken, and runs who is ready", relief_open_kept),
	NULL,
};

/* How many times an LWP goes to sleep on its way is the library's and libc's business. */
static const struct impl probe = {
	.name = "mn",
	.wait = "none",
	.kind = "user-thread",
	.saves = "callee-saved registers; not the floating-point control words",
	.stack = "64 KiB above a guard page, from its free lists",
	.summary = "our scheduler, M:N: a deque for each LWP, work stealing",
	.caps = CAP_SPAWN | CAP_KERNEL | CAP_LIBC_SPAWN,
	.per_spawn = { .switches = NOT_CLAIMED },
	.missing = relief_missing,
	.jobs = reliefs,
};

__attribute__((used, section("impls"))) static const struct impl *const entry = &probe;
