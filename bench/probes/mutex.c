// SPDX-License-Identifier: MIT
/* mutex, the control: two calls that lock nothing. */
#include "mutex/mutex.h"

static __attribute__((noinline)) void call_nothing(void *arena)
{
	__asm__ volatile("" : : "r"(arena) : "memory");
}

static size_t null_bytes(const struct point *p)
{
	(void)p;
	return 1;
}

static int null_open(const struct point *p)
{
	(void)p;
	return 0;
}

static int null_loop(void *arena, uint64_t n)
{
	for (; n; n--) {
		call_nothing(arena);
		GUARDED();
		call_nothing(arena);
	}
	return 0;
}

static void null_close(void *arena)
{
	(void)arena;
}

static const char *null_missing(void)
{
	return NULL;
}

static const struct job mutex =
	MUTEX("lock and unlock a mutex that nobody else wants", null_bytes, null_open, null_loop, null_close);
static const struct job *const jobs[] = { &mutex, NULL };

static const struct impl probe = {
	.name = "null",
	.wait = "none",
	.kind = "floor",
	.saves = "nothing",
	.stack = "none: its caller's",
	.summary = "a procedure call",
	.caps = CAP_CALL_ONLY,
	.missing = null_missing,
	.jobs = jobs,
};
__attribute__((used, section("impls"))) static const struct impl *const entry = &probe;
