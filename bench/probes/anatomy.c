// SPDX-License-Identifier: MIT
/*
 * anatomy of one switch by futex: two LWPs hand one CPU to each other, and the clock is read before the call that wakes
 * and after it, and by the other first thing when it runs. A probe, because it reads a clock, and on both sides of the
 * wake and the wait that a hand-off is made of.
 */
#include "../../harness/cell/verbs.h"
#define WAIT_SOURCE "waits/futex.c"
#include "../../impls/lwp.c"
#include "anatomy/timeline.h"

struct handing {
	struct ctx self CTX_APART, peer CTX_APART;
	int stop CTX_APART;
	uint64_t ran, woke; /* written by the peer: it runs; its call that wakes has returned */
	struct timeline timeline;
};

static struct ctx *handing_peer(void *arg)
{
	struct handing *h = arg;
	ctx_await(&h->peer);
	h->ran = timeline_now(&h->timeline);
	while (!__atomic_load_n(&h->stop, __ATOMIC_RELAXED)) {
		wait_wake(&h->self.wait);
		h->woke = timeline_now(&h->timeline);
		wait_turn(&h->peer.wait);
		h->ran = timeline_now(&h->timeline);
	}
	return &h->self;
}

static size_t handing_bytes(const struct point *p)
{
	(void)p;
	return sizeof(struct handing);
}

static int handing_open(const struct point *p)
{
	struct handing *h = p->arena;
	int error = ctx_ready(&h->self, p->seat[0]);
	if (error)
		return error;
	error = ctx_ready(&h->peer, p->seat[1]);
	if (!error) {
		ctx_adopt(&h->self);
		timeline_begin(&h->timeline, p->clock);
		error = ctx_spawn(&h->peer, handing_peer, h);
		if (error)
			ctx_release(&h->peer);
	}
	if (error)
		ctx_release(&h->self);
	return error;
}

/* There and back: two switches, so each part is half of what both took. The peer's `woke` may be written while we run
 * already, where it was preempted by the wake: then it is one turn old, and said to be early. */
static int handing_loop(void *arena, uint64_t n)
{
	struct handing *h = arena;
	for (; n; n--) {
		uint64_t before = timeline_now(&h->timeline);
		wait_wake(&h->peer.wait);
		uint64_t woke = timeline_now(&h->timeline);
		wait_turn(&h->self.wait);
		uint64_t back = timeline_now(&h->timeline);
		timeline_add(
			&h->timeline, (uint64_t[]){ before, woke, h->ran, h->woke, back }, (double[]){ 1, 1, 1, 1 }, 1);
	}
	return 0;
}

static void handing_close(void *arena)
{
	struct handing *h = arena;
	__atomic_store_n(&h->stop, 1, __ATOMIC_RELAXED);
	ctx_handoff(&h->self, &h->peer);
	ctx_join(&h->self, &h->peer);
	ctx_release(&h->peer);
	ctx_release(&h->self);
}

static const struct reading handing_parts[] = {
	{ "wake-there-ns", READ_TICKS },
	{ "sleep-there-ns", READ_TICKS },
	{ "wake-back-ns", READ_TICKS },
	{ "sleep-back-ns", READ_TICKS },
	{ "whole-ns", READ_TICKS },
	{ "early%", READ_NUMBER },
	{ NULL, READ_NUMBER },
};

static void handing_read(void *arena, uint64_t turns, double *value)
{
	struct handing *h = arena;
	(void)turns;
	timeline_tell(&h->timeline, value);
}

static const struct job anatomy = {
	.name = "anatomy",
	.variant = "of=switch",
	.summary = "one switch, or one creation, by its parts: the clock read at each step, by both sides",
	.unit = "switch",
	.needs = CAP_SPAWN | CAP_HANDOFF,
	.ops = 2,
	.handoffs = 2,
	.contexts = 2,
	.readings = handing_parts,
	.has_parts = 1,
	.arena_bytes = handing_bytes,
	.open = handing_open,
	.loop = handing_loop,
	.close = handing_close,
	.read = handing_read,
};
static const struct job *const jobs[] = { &anatomy, NULL };

static const struct impl probe = { .name = "lwp", .wait = "futex", .jobs = jobs, IMPL_TRAITS };
__attribute__((used, section("impls"))) static const struct impl *const entry = &probe;
