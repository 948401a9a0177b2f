// SPDX-License-Identifier: MIT
// needs: coroutine
// jobs: own
// kind: user-thread
/*
 * cxx20: coroutines of C++20. They have no stack: what lives over a suspension lies in a frame of its own on the heap,
 * and only the coroutine's own function can suspend, not what it calls. So a body of ours can't be one, and the jobs
 * are written anew in cxx20.cc, where the compiler makes the switches.
 */
#include "cxx20.h"

#include "harness/cell/impl.h"
#include "arch/arch.h"

/* -- create */
static size_t create_bytes(const struct point *p)
{
	(void)p;
	return sizeof(struct cxx20_maker);
}

static int create_open(const struct point *p)
{
	return cxx20_maker_open(p->arena);
}

static int create_loop(void *arena, uint64_t n)
{
	return cxx20_maker_run(arena, n);
}

static void create_close(void *arena)
{
	cxx20_maker_close(arena);
}

static uint64_t create_bodies(const void *arena)
{
	const struct cxx20_maker *m = arena;
	return m->ran;
}

static const struct job create_job = {
	.name = "create",
	.summary = "spawn, run and join one context",
	.unit = "op",
	.needs = CAP_SPAWN,
	.ops = 1,
	.spawns = 1,
	.arena_bytes = create_bytes,
	.open = create_open,
	.loop = create_loop,
	.close = create_close,
	.bodies = create_bodies,
};

/* -- switch */
static size_t switch_bytes(const struct point *p)
{
	(void)p;
	return sizeof(struct cxx20_pair);
}

static int switch_open(const struct point *p)
{
	return cxx20_pair_open(p->arena);
}

static int switch_loop(void *arena, uint64_t n)
{
	cxx20_pair_run(arena, n);
	return 0;
}

static void switch_close(void *arena)
{
	cxx20_pair_close(arena);
}

static uint64_t switch_bodies(const void *arena)
{
	const struct cxx20_pair *p = arena;
	return 2 * p->peers;
}

static const struct job switch_job = {
	.name = "switch",
	.summary = "hand one CPU to another context, and be handed it back",
	.unit = "switch",
	.needs = CAP_SPAWN | CAP_HANDOFF,
	.ops = 2,
	.handoffs = 2,
	.arena_bytes = switch_bytes,
	.open = switch_open,
	.loop = switch_loop,
	.close = switch_close,
	.bodies = switch_bodies,
};

static const struct job *const jobs[] = { &create_job, &switch_job, NULL };

/* -- what it must do before it may be timed: the checks that all are asked, in terms of coroutines */
static const char *made(const struct point *p, uint64_t rounds, unsigned detours, int *error)
{
	struct cxx20_maker *m = p->arena;
	m->detours = detours;
	if ((*error = cxx20_maker_open(m)))
		return "a context could not be made ready";
	*error = cxx20_maker_run(m, rounds);
	cxx20_maker_close(m);
	if (*error)
		return "a spawn failed";
	if (m->ran != rounds)
		return "after the joins the bodies had not run exactly once each";
	return m->early ? "join came back before the context had ended" : NULL;
}

static const char *runs(const struct point *p, uint64_t rounds, int *error)
{
	return made(p, rounds, 0, error);
}

static const char *joins(const struct point *p, uint64_t rounds, int *error)
{
	return made(p, rounds, 3, error);
}

static const char *ring_order(const struct point *p, uint64_t rounds, int *error)
{
	(void)p;
	uint64_t hops, out_of_turn;
	if ((*error = cxx20_ring(rounds, &hops, &out_of_turn)))
		return "a spawn failed";
	if (hops != rounds * 4)
		return "the ring made another number of hops than was asked for";
	return out_of_turn ? "a context ran out of its turn" : NULL;
}

static const char *successor(const struct point *p, uint64_t rounds, int *error)
{
	(void)p;
	for (uint64_t i = 0; i < rounds; i++) {
		char order[4] = "";
		if ((*error = cxx20_successor(order)))
			return "a spawn failed";
		if (order[0] != '1' || order[1] != '2' || order[2] != '0')
			return "the successor that a body named did not run next";
	}
	return NULL;
}

static void one_turn(void *arg)
{
	cxx20_pair_run(arg, 1);
}

static const char *registers(const struct point *p, uint64_t rounds, int *error)
{
	struct cxx20_pair *pair = p->arena;
	unsigned clobbered = 0;
	if ((*error = cxx20_pair_open(pair)))
		return "a context could not be made ready";
	for (uint64_t i = 1; i <= rounds; i++)
		clobbered += arch_clobbered(one_turn, pair, i);
	cxx20_pair_close(pair);
	return clobbered ? "a register that a callee must keep did not survive a hand-off" : NULL;
}

static const char *rounding(const struct point *p, uint64_t rounds, int *error)
{
	struct cxx20_pair *pair = p->arena;
	unsigned lost = 0;
	if ((*error = cxx20_pair_open(pair)))
		return "a context could not be made ready";
	for (uint64_t i = 0; i < rounds; i++) {
		arch_fp_set_rounding(i % 4);
		one_turn(pair);
		lost += arch_fp_rounding() != i % 4;
	}
	arch_fp_set_rounding(0);
	cxx20_pair_close(pair);
	return lost ? "the floating-point control word did not survive a hand-off" : NULL;
}

static const struct check checks[] = {
	{ "a body runs once, on an aligned stack", CAP_SPAWN, runs, 0 },
	{ "join waits for the end", CAP_SPAWN, joins, 0 },
	{ "hand-offs go round a ring in order", CAP_SPAWN | CAP_HANDOFF, ring_order, 0 },
	{ "an ended body's successor runs next", CAP_SPAWN | CAP_HANDOFF, successor, 0 },
	{ "callee-saved registers survive", CAP_SPAWN | CAP_HANDOFF, registers, 1 },
	{ "floating-point control survives", CAP_SPAWN | CAP_HANDOFF, rounding, 1 },
	{ "each has its own floating-point control", CAP_SPAWN | CAP_HANDOFF | CAP_SAVES_FP, NULL, 1 },
	{ "yields go round all that are ready", CAP_SPAWN | CAP_QUEUE, NULL, 0 },
	{ "callee-saved registers survive a yield", CAP_SPAWN | CAP_QUEUE, NULL, 1 },
	{ "floating-point control survives a yield", CAP_SPAWN | CAP_QUEUE, NULL, 1 },
	{ "each has its own floating-point control at a yield", CAP_SPAWN | CAP_QUEUE | CAP_SAVES_FP, NULL, 1 },
	{ .name = NULL },
};

static const struct impl instance = {
	.name = IMPL_NAME,
	.wait = "none",
	.kind = "user-thread",
	.summary = "C++20 coroutines, stackless: only the coroutine's own function suspends",
	.saves = "what the compiler finds live in the coroutine's function",
	.stack = "none: a frame of the compiler's making, by the C++ allocator",
	.caps = CAP_SPAWN | CAP_HANDOFF,
	.missing = cxx20_missing,
	.version = cxx20_compiler,
	.jobs = jobs,
	.checks = checks,
};

__attribute__((used, section("impls"))) static const struct impl *const entry = &instance;
