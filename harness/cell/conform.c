// SPDX-License-Identifier: MIT
/*
 * What every impl must do before it may be timed, in terms of its verbs alone; a template like those in bench/. What
 * needs libc to be seen (leaks, refused spawns) is in conformance.c.
 */
#include "../../impls/arch/arch.h"

/* -- the two verbs that can fail: whether, and why */
UNTIMED static int conform_ready(struct ctx *c, int seat, int *error)
{
	return *error = ctx_ready(c, seat);
}

UNTIMED static int conform_spawn(struct ctx *c, ctx_body *body, void *arg, int *error)
{
	return *error = ctx_spawn(c, body, arg);
}

/* -- a body runs once, with its argument, on an aligned stack, and join waits for its end */
struct conform_one {
	struct ctx self, child;
	uint64_t runs;
	unsigned misaligned;
	int ended;
};

UNTIMED static int conform_one_open(struct conform_one *o, const struct point *p, int *error)
{
	if (conform_ready(&o->self, p->seat[0], error) || conform_ready(&o->child, p->seat[1], error))
		return *error;
	ctx_adopt(&o->self);
	return 0;
}

UNTIMED static void conform_one_close(struct conform_one *o)
{
	ctx_release(&o->child);
	ctx_release(&o->self);
}

UNTIMED static struct ctx *conform_runs_body(void *arg)
{
	struct conform_one *o = arg;
	_Alignas(16) char aligned[16];
	uintptr_t address = (uintptr_t)aligned;
	__asm__ volatile(
		""
		: "+r"(address)::"memory"); /* the compiler believes in the alignment: don't let it fold the test */
	o->misaligned += address % 16 != 0;
	o->runs++;
	return NULL;
}

static const char *conform_runs(const struct point *p, uint64_t rounds, int *error)
{
	struct conform_one *o = p->arena;
	if (conform_one_open(o, p, error))
		return "a context could not be made ready";
	for (uint64_t i = 1; i <= rounds; i++) {
		if (conform_spawn(&o->child, conform_runs_body, o, error))
			return "a spawn failed";
		ctx_join(&o->self, &o->child);
		if (o->runs != i)
			return "after the join the body had not run exactly once";
	}
	conform_one_close(o);
	return o->misaligned ? "the stack of a new context is not aligned as after a call" : NULL;
}

UNTIMED static struct ctx *conform_joins_body(void *arg)
{
	struct conform_one *o = arg;
	for (volatile unsigned i = 0; i < 20000; i = i + 1)
		;
	__atomic_store_n(&o->ended, 1, __ATOMIC_RELEASE);
	return NULL;
}

static const char *conform_joins(const struct point *p, uint64_t rounds, int *error)
{
	struct conform_one *o = p->arena;
	if (conform_one_open(o, p, error))
		return "a context could not be made ready";
	for (uint64_t i = 0; i < rounds; i++) {
		o->ended = 0;
		if (conform_spawn(&o->child, conform_joins_body, o, error))
			return "a spawn failed";
		ctx_join(&o->self, &o->child);
		if (!__atomic_load_n(&o->ended, __ATOMIC_ACQUIRE))
			return "join came back before the context had ended";
	}
	conform_one_close(o);
	return NULL;
}

/* -- hand-offs go where they are told to */
enum { CONFORM_RING = 4 };

struct conform_ring {
	struct ctx c[CONFORM_RING];
	struct conform_node {
		struct conform_ring *ring;
		unsigned index;
	} node[CONFORM_RING];
	uint64_t hops, out_of_turn;
	int stop;
};

UNTIMED static void conform_ring_turn(struct conform_ring *r, unsigned index)
{
	r->out_of_turn += r->hops % CONFORM_RING != index;
	r->hops++;
	ctx_handoff(&r->c[index], &r->c[(index + 1) % CONFORM_RING]);
}

UNTIMED static struct ctx *conform_ring_body(void *arg)
{
	struct conform_node *n = arg;
	struct conform_ring *r = n->ring;
	ctx_await(&r->c[n->index]);
	while (!__atomic_load_n(&r->stop, __ATOMIC_RELAXED))
		conform_ring_turn(r, n->index);
	return &r->c[(n->index + 1) % CONFORM_RING];
}

static const char *conform_ring_order(const struct point *p, uint64_t rounds, int *error)
{
	struct conform_ring *r = p->arena;
	for (unsigned i = 0; i < CONFORM_RING; i++)
		if (conform_ready(&r->c[i], p->seat[i != 0], error))
			return "a context could not be made ready";
	ctx_adopt(&r->c[0]);
	for (unsigned i = 1; i < CONFORM_RING; i++) {
		r->node[i] = (struct conform_node){ .ring = r, .index = i };
		if (conform_spawn(&r->c[i], conform_ring_body, &r->node[i], error))
			return "a spawn failed";
	}
	for (uint64_t i = 0; i < rounds; i++)
		conform_ring_turn(r, 0);
	__atomic_store_n(&r->stop, 1, __ATOMIC_RELAXED);
	ctx_handoff(&r->c[0], &r->c[1]); /* each ends and names the next, the last one names us */
	for (unsigned i = 1; i < CONFORM_RING; i++)
		ctx_join(&r->c[0], &r->c[i]);
	for (unsigned i = 0; i < CONFORM_RING; i++)
		ctx_release(&r->c[i]);
	if (r->hops != rounds * CONFORM_RING)
		return "the ring made another number of hops than was asked for";
	return r->out_of_turn ? "a context ran out of its turn" : NULL;
}

/* -- an ended body's successor runs next */
struct conform_chain {
	struct ctx self, first, second;
	char order[4];
	unsigned seen;
};

UNTIMED static struct ctx *conform_chain_first(void *arg)
{
	struct conform_chain *c = arg;
	ctx_await(&c->first);
	c->order[c->seen++] = '1';
	return &c->second;
}

UNTIMED static struct ctx *conform_chain_second(void *arg)
{
	struct conform_chain *c = arg;
	ctx_await(&c->second);
	c->order[c->seen++] = '2';
	return &c->self;
}

static const char *conform_successor(const struct point *p, uint64_t rounds, int *error)
{
	struct conform_chain *c = p->arena;
	if (conform_ready(&c->self, p->seat[0], error) || conform_ready(&c->first, p->seat[1], error) ||
		conform_ready(&c->second, p->seat[1], error))
		return "a context could not be made ready";
	ctx_adopt(&c->self);
	for (uint64_t i = 0; i < rounds; i++) {
		c->seen = 0;
		if (conform_spawn(&c->first, conform_chain_first, c, error) ||
			conform_spawn(&c->second, conform_chain_second, c, error))
			return "a spawn failed";
		ctx_handoff(&c->self, &c->first);
		c->order[c->seen++] = '0';
		ctx_join(&c->self, &c->first);
		ctx_join(&c->self, &c->second);
		if (c->order[0] != '1' || c->order[1] != '2' || c->order[2] != '0')
			return "the successor that a body named did not run next";
	}
	ctx_release(&c->second);
	ctx_release(&c->first);
	ctx_release(&c->self);
	return NULL;
}

/* -- through the queue: nobody runs a second time before all that are ready have run */
struct conform_round {
	struct ctx c[CONFORM_RING];
	struct conform_round_node {
		struct conform_round *round;
		unsigned index;
	} node[CONFORM_RING];
	uint64_t turns[CONFORM_RING], ahead;
	int stop;
};

UNTIMED static void conform_round_turn(struct conform_round *r, unsigned index)
{
	r->turns[index]++;
	for (unsigned i = 0; i < CONFORM_RING; i++)
		r->ahead += r->turns[index] > r->turns[i] + 1;
	ctx_yield(&r->c[index]);
}

UNTIMED static struct ctx *conform_round_body(void *arg)
{
	struct conform_round_node *n = arg;
	while (!__atomic_load_n(&n->round->stop, __ATOMIC_RELAXED))
		conform_round_turn(n->round, n->index);
	return NULL;
}

static const char *conform_yields(const struct point *p, uint64_t rounds, int *error)
{
	struct conform_round *r = p->arena;
	for (unsigned i = 0; i < CONFORM_RING; i++)
		if (conform_ready(&r->c[i], p->seat[i != 0], error))
			return "a context could not be made ready";
	ctx_adopt(&r->c[0]);
	for (unsigned i = 1; i < CONFORM_RING; i++) {
		r->node[i] = (struct conform_round_node){ .round = r, .index = i };
		if (conform_spawn(&r->c[i], conform_round_body, &r->node[i], error))
			return "a spawn failed";
	}
	for (uint64_t i = 0; i < rounds; i++)
		conform_round_turn(r, 0);
	__atomic_store_n(&r->stop, 1, __ATOMIC_RELAXED);
	for (unsigned i = 1; i < CONFORM_RING; i++)
		ctx_join(&r->c[0], &r->c[i]);
	for (unsigned i = 0; i < CONFORM_RING; i++)
		ctx_release(&r->c[i]);
	return r->ahead ? "a yield came back before others that were ready had run" : NULL;
}

/* -- what a context has in its registers survives the others' having the CPU */
struct conform_pair {
	struct ctx self, peer;
	void (*to_peer)(void *pair), (*to_self)(void *pair); /* by name, or through the queue */
	unsigned clobbered[2];                               /* as seen by self, by peer */
	unsigned rounding[2];
	uint64_t peer_turns; /* nothing survives where nobody else has run */
	int stop;
};

UNTIMED static void conform_to_peer(void *arg)
{
	struct conform_pair *p = arg;
	ctx_handoff(&p->self, &p->peer);
}

UNTIMED static void conform_to_self(void *arg)
{
	struct conform_pair *p = arg;
	ctx_handoff(&p->peer, &p->self);
}

UNTIMED static void conform_yield_to_peer(void *arg)
{
	struct conform_pair *p = arg;
	ctx_yield(&p->self);
}

UNTIMED static void conform_yield_to_self(void *arg)
{
	struct conform_pair *p = arg;
	ctx_yield(&p->peer);
}

UNTIMED static void conform_by_name(const struct point *p)
{
	struct conform_pair *c = p->arena;
	c->to_peer = conform_to_peer;
	c->to_self = conform_to_self;
}

UNTIMED static void conform_by_queue(const struct point *p)
{
	struct conform_pair *c = p->arena;
	c->to_peer = conform_yield_to_peer;
	c->to_self = conform_yield_to_self;
}

/* Where all goes through the queue, nobody gives the peer a turn that it could wait for. */
UNTIMED static void conform_pair_await(struct conform_pair *c)
{
	if (c->to_self == conform_to_self)
		ctx_await(&c->peer);
}

static const char *conform_pair_start(struct conform_pair *c, const struct point *p, ctx_body *body, int *error)
{
	if (conform_ready(&c->self, p->seat[0], error) || conform_ready(&c->peer, p->seat[1], error))
		return "a context could not be made ready";
	ctx_adopt(&c->self);
	return conform_spawn(&c->peer, body, c, error) ? "a spawn failed" : NULL;
}

UNTIMED static void conform_pair_end(struct conform_pair *c)
{
	__atomic_store_n(&c->stop, 1, __ATOMIC_RELAXED);
	c->to_peer(c);
	ctx_join(&c->self, &c->peer);
	ctx_release(&c->peer);
	ctx_release(&c->self);
}

UNTIMED static struct ctx *conform_registers_body(void *arg)
{
	struct conform_pair *c = arg;
	conform_pair_await(c);
	for (uint64_t i = 1; !__atomic_load_n(&c->stop, __ATOMIC_RELAXED); i++) {
		c->peer_turns++;
		c->clobbered[1] += arch_clobbered(c->to_self, c, ~i);
	}
	return &c->self;
}

static const char *conform_registers_of_pair(const struct point *p, uint64_t rounds, int *error)
{
	struct conform_pair *c = p->arena;
	const char *wrong = conform_pair_start(c, p, conform_registers_body, error);
	if (wrong)
		return wrong;
	for (uint64_t i = 1; i <= rounds; i++)
		c->clobbered[0] += arch_clobbered(c->to_peer, c, i);
	conform_pair_end(c);
	if (!c->peer_turns)
		return "the other context never ran, so nothing could have been changed";
	return c->clobbered[0] + c->clobbered[1] ? "a register that a callee must keep did not survive a hand-off"
						 : NULL;
}

static const char *conform_registers(const struct point *p, uint64_t rounds, int *error)
{
	conform_by_name(p);
	return conform_registers_of_pair(p, rounds, error);
}

static const char *conform_registers_by_queue(const struct point *p, uint64_t rounds, int *error)
{
	conform_by_queue(p);
	return conform_registers_of_pair(p, rounds, error);
}

/* -- the rounding direction: a hand-off leaves it alone; where the impl keeps control words, each context has its own
 */
UNTIMED static struct ctx *conform_rounding_body(void *arg)
{
	struct conform_pair *c = arg;
	conform_pair_await(c);
	while (!__atomic_load_n(&c->stop, __ATOMIC_RELAXED)) {
		c->peer_turns++;
		c->to_self(c);
	}
	return &c->self;
}

UNTIMED static struct ctx *conform_own_rounding_body(void *arg)
{
	struct conform_pair *c = arg;
	conform_pair_await(c);
	for (unsigned i = 0; !__atomic_load_n(&c->stop, __ATOMIC_RELAXED); i++) {
		c->peer_turns++;
		arch_fp_set_rounding((i + 2) % 4);
		c->to_self(c);
		c->rounding[1] += arch_fp_rounding() != (i + 2) % 4;
	}
	return &c->self;
}

static const char *conform_rounding_with(
	const struct point *p, uint64_t rounds, ctx_body *body, const char *if_lost, int *error)
{
	struct conform_pair *c = p->arena;
	arch_fp_set_rounding(0);
	const char *wrong = conform_pair_start(c, p, body, error);
	if (wrong)
		return wrong;
	for (uint64_t i = 0; i < rounds; i++) {
		arch_fp_set_rounding(i % 4);
		c->to_peer(c);
		c->rounding[0] += arch_fp_rounding() != i % 4;
	}
	arch_fp_set_rounding(0);
	conform_pair_end(c);
	if (!c->peer_turns)
		return "the other context never ran, so nothing could have been changed";
	return c->rounding[0] + c->rounding[1] ? if_lost : NULL;
}

static const char *conform_rounding(const struct point *p, uint64_t rounds, int *error)
{
	conform_by_name(p);
	return conform_rounding_with(
		p, rounds, conform_rounding_body, "the floating-point control word did not survive a hand-off", error);
}

static const char *conform_own_rounding(const struct point *p, uint64_t rounds, int *error)
{
	conform_by_name(p);
	return conform_rounding_with(p, rounds, conform_own_rounding_body,
		"one context's floating-point control word leaked into another", error);
}

static const char *conform_rounding_by_queue(const struct point *p, uint64_t rounds, int *error)
{
	conform_by_queue(p);
	return conform_rounding_with(
		p, rounds, conform_rounding_body, "the floating-point control word did not survive a yield", error);
}

static const char *conform_own_rounding_by_queue(const struct point *p, uint64_t rounds, int *error)
{
	conform_by_queue(p);
	return conform_rounding_with(p, rounds, conform_own_rounding_body,
		"one context's floating-point control word leaked into another through the queue", error);
}

static const struct check checks[] = {
	{ "a body runs once, on an aligned stack", CAP_CREATE, conform_runs, 0 },
	{ "join waits for the end", CAP_CREATE, conform_joins, 0 },
	{ "hand-offs go round a ring in order", CAP_SPAWN | CAP_HANDOFF, conform_ring_order, 0 },
	{ "an ended body's successor runs next", CAP_SPAWN | CAP_HANDOFF, conform_successor, 0 },
	{ "callee-saved registers survive", CAP_SPAWN | CAP_HANDOFF, conform_registers, 1 },
	{ "floating-point control survives", CAP_SPAWN | CAP_HANDOFF, conform_rounding, 1 },
	{ "each has its own floating-point control", CAP_SPAWN | CAP_HANDOFF | CAP_SAVES_FP, conform_own_rounding, 1 },
	{ "yields go round all that are ready", CAP_SPAWN | CAP_QUEUE, conform_yields, 0 },
	{ "callee-saved registers survive a yield", CAP_SPAWN | CAP_QUEUE, conform_registers_by_queue, 1 },
	{ "floating-point control survives a yield", CAP_SPAWN | CAP_QUEUE, conform_rounding_by_queue, 1 },
	{ "each has its own floating-point control at a yield", CAP_SPAWN | CAP_QUEUE | CAP_SAVES_FP,
		conform_own_rounding_by_queue, 1 },
	{ .name = NULL },
};
