// SPDX-License-Identifier: MIT
/* anatomy of one LWP. */
#include "../../../harness/cell/verbs.h"
#define WAIT_SOURCE "waits/none.c"
#include "../../../impls/lwp.c"
#define CREATION_KERNEL 1
#include "creation.h"

/* Its pages are given back: the next to run on it faults them in anew. */
static void stack_cool(void *arena)
{
	struct creation *c = arena;
	struct stack *s = &c->child[0].stack;
	madvise(s->base + s->guard, STACK_BYTES, MADV_DONTNEED);
}

static const struct job anatomy = CREATION_ANATOMY, batch = CREATION_IN_BATCH, cold = CREATION_COLD(stack_cool),
			alive = CREATION_ALIVE("tasks are alive and asleep");
static const struct job *const jobs[] = { &anatomy, &batch, &cold, &alive, NULL };

static const struct impl probe = { .name = "lwp", .wait = "none", .jobs = jobs, IMPL_TRAITS };
__attribute__((used, section("impls"))) static const struct impl *const entry = &probe;
