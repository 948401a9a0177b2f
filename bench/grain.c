// SPDX-License-Identifier: MIT
/*
 * grain: two contexts on one CPU work and hand it to each other, each by name. Work is a chain of shifts and additions,
 * each of which needs the one before: it touches no memory and leaves nothing behind. One turn is the work and the
 * hand-off of each; one context alone, which hands off to nobody, tells what the work itself takes.
 */
struct grain {
	struct ctx self CTX_APART, peer CTX_APART;
	uint64_t steps CTX_APART; /* between two hand-offs */
	unsigned contexts;
	int stop CTX_APART;
	uint64_t sum CTX_APART; /* what has come of the work: one goes on where the other left off, so that a CPU can't
				   do both at once */
};

enum { GRAIN_ADDS_A_STEP = 2 }; /* a shift takes as long as an addition */

/* What comes out of one turn goes into the next, and no compiler knows what comes of many steps at once. */
static inline void grain_work(uint64_t *sum, uint64_t steps)
{
	uint64_t x = *(volatile uint64_t *)sum;
	for (; steps; steps--)
		x += x >> 1;
	*(volatile uint64_t *)sum = x;
}

static struct ctx *grain_peer(void *arg)
{
	struct grain *g = arg;
	ctx_await(&g->peer);
	while (!__atomic_load_n(&g->stop, __ATOMIC_RELAXED)) {
		grain_work(&g->sum, g->steps);
		ctx_handoff(&g->peer, &g->self);
	}
	return &g->self;
}

UNTIMED static size_t grain_bytes(const struct point *p)
{
	(void)p;
	return sizeof(struct grain);
}

UNTIMED static void grain_close(void *arena)
{
	struct grain *g = arena;
	__atomic_store_n(&g->stop, 1, __ATOMIC_RELAXED);
	if (g->contexts > 1) {
		ctx_handoff(&g->self, &g->peer);
		ctx_join(&g->self, &g->peer);
	}
	ctx_release(&g->peer);
	ctx_release(&g->self);
}

/* at[0]: nanoseconds of work, at[1]: contexts. */
UNTIMED static int grain_open(const struct point *p)
{
	struct grain *g = p->arena;
	g->steps = p->at[0] * p->adds_per_us / (1000 * GRAIN_ADDS_A_STEP);
	g->sum = p->adds_per_us;
	int error = ctx_ready(&g->self, p->seat[0]);
	if (error)
		return error;
	error = ctx_ready(&g->peer, p->seat[1]);
	if (error) {
		ctx_release(&g->self);
		return error;
	}
	ctx_adopt(&g->self);
	g->contexts = 1;
	if (p->at[1] > 1)
		error = ctx_spawn(&g->peer, grain_peer, g);
	if (error)
		grain_close(g);
	else
		g->contexts = (unsigned)p->at[1];
	return error;
}

static int grain_loop(void *arena, uint64_t n)
{
	struct grain *g = arena;
	int alone = g->contexts == 1;
	for (; n; n--) {
		grain_work(&g->sum, g->steps);
		if (!alone)
			ctx_handoff(&g->self, &g->peer);
	}
	return 0;
}

static const struct job grain_job = {
	.name = "grain",
	.summary = "work for a while, then hand one CPU to another context that does",
	.unit = "op",
	.needs = CAP_SPAWN | CAP_HANDOFF,
	.ops = 1,
	.handoffs = 1,
	.each = 2,
	.contexts = 2,
	.scale = { { "work", "10 100 1000 10000 100000 1000000" }, { "contexts", "1 2" } },
	.arena_bytes = grain_bytes,
	.open = grain_open,
	.loop = grain_loop,
	.close = grain_close,
};
