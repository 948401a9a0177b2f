// SPDX-License-Identifier: MIT
/* mutex of our library's user threads, N:1: nobody runs meanwhile, so no atomic operation is needed. */
#include "../../../harness/cell/verbs.h"
#define WAIT_SOURCE "waits/none.c"
#include "../../../impls/uthread.c"

#include "mutex.h"

static size_t mutex_bytes(const struct point *p)
{
	(void)p;
	return sizeof(struct ut_mutex);
}

/* A zeroed one is unlocked. */
static int mutex_open(const struct point *p)
{
	(void)p;
	return 0;
}

static int mutex_loop(void *arena, uint64_t n)
{
	struct ut_mutex *m = arena;
	for (; n; n--) {
		ut_lock(m);
		GUARDED();
		ut_unlock(m);
		GUARDED();
	}
	return 0;
}

static void mutex_close(void *arena)
{
	(void)arena;
}

static const struct job mutex =
	MUTEX("lock and unlock a mutex that nobody else wants", mutex_bytes, mutex_open, mutex_loop, mutex_close);
static const struct job *const jobs[] = { &mutex, NULL };

static const struct impl probe = { .name = "uthread", .wait = "none", .jobs = jobs, IMPL_TRAITS };
__attribute__((used, section("impls"))) static const struct impl *const entry = &probe;
