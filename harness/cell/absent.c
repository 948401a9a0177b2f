// SPDX-License-Identifier: MIT
/*
 * An impl that could not be built, because what it needs is not on the machine that built this: listed with the reason,
 * so that nothing is left out silently. Compiled once for each (-DIMPL_NAME, -DIMPL_KIND, -DIMPL_NEEDS).
 */
#include <errno.h>

#include "impl.h"

static int absent_open(const struct point *p)
{
	(void)p;
	return -ENOTSUP;
}

static int absent_loop(void *arena, uint64_t n)
{
	(void)arena;
	(void)n;
	return -ENOTSUP;
}

static size_t absent_bytes(const struct point *p)
{
	(void)p;
	return 1;
}

static void absent_close(void *arena)
{
	(void)arena;
}

static const char *absent_missing(void)
{
	return "not built: needs " IMPL_NEEDS;
}

/* It stands for all that the impl would be measured in. */
static const struct job create = {
	.name = "create",
	.summary = "spawn, run and join one context",
	.unit = "op",
	.ops = 1,
	.arena_bytes = absent_bytes,
	.open = absent_open,
	.loop = absent_loop,
	.close = absent_close,
};

static const struct job *const jobs[] = { &create, NULL };

static const struct impl instance = {
	.name = IMPL_NAME,
	.wait = "none",
	.kind = IMPL_KIND,
	.saves = "not known: not built",
	.summary = "not built",
	.missing = absent_missing,
	.jobs = jobs,
};

__attribute__((used, section("impls"))) static const struct impl *const entry = &instance;
