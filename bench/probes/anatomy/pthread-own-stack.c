// SPDX-License-Identifier: MIT
/* anatomy of a pthread whose stack is ours, so that its pages can be taken away. */
#include "../../../harness/cell/verbs.h"
#define WAIT_SOURCE "waits/none.c"
#include "../../../impls/pthread-own-stack.c"
#define CREATION_KERNEL 1
#include "creation.h"

/* The library keeps nothing there once it is joined. */
static void stack_cool(void *arena)
{
	struct creation *c = arena;
	madvise(c->child[0].stack + c->child[0].guard, c->child[0].bytes, MADV_DONTNEED);
}

static const struct job anatomy = CREATION_ANATOMY, cold = CREATION_COLD(stack_cool);
static const struct job *const jobs[] = { &anatomy, &cold, NULL };

static const struct impl probe = { .name = "pthread-own-stack", .wait = "none", .jobs = jobs, IMPL_TRAITS };
__attribute__((used, section("impls"))) static const struct impl *const entry = &probe;
