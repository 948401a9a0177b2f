// SPDX-License-Identifier: MIT
/* preempt of light-weight processes: the kernel's timer takes them off. A probe, as preempt/preempt.h says. */
#define WAIT_SOURCE "waits/none.c"
#include "../../harness/cell/verbs.h"

#include "../../impls/lwp.c"

#include "preempt/preempt.h"

static int preempt_open_alone(const struct point *point)
{
	struct preempt *p = point->arena;
	p->clock = point->clock;
	return 0;
}

static int preempt_open(const struct point *point)
{
	struct preempt *p = point->arena;
	p->clock = point->clock;
	preempt_look_away(p);
	int error = ctx_ready(&p->peer, point->seat[1]);
	if (!error)
		error = ctx_spawn(&p->peer, preempt_peer, p);
	if (error)
		ctx_release(&p->peer);
	return error;
}

static int preempt_loop(void *arena, uint64_t n)
{
	struct preempt *p = arena;
	preempt_begin(p);
	while (n)
		n -= (uint64_t)preempt_look(p, 0);
	preempt_look_away(p);
	return 0;
}

static void preempt_close_alone(void *arena)
{
	(void)arena;
}

static void preempt_close(void *arena)
{
	struct preempt *p = arena;
	__atomic_store_n(&p->stop, 1, __ATOMIC_RELAXED);
	ctx_join(&p->self, &p->peer);
	ctx_release(&p->peer);
}

static const struct job *const alone[] = {
	PREEMPT("contexts=1", "the switch nobody asked for: its control, one busy context alone", "op", 1,
		preempt_open_alone, preempt_alone_loop, preempt_close_alone, .samples_most = PREEMPT_SAMPLES_ALONE,
		.turn_s = 0.01),
	NULL,
};

static const struct job *const together[] = {
	PREEMPT("contexts=2", "the switch nobody asked for: two busy contexts on one CPU", "slice", 2, preempt_open,
		preempt_loop, preempt_close, .samples_most = PREEMPT_SAMPLES, .turn_s = 0.008, .contexts = 1,
		.own = { .switches = 2 }),
	NULL,
};

#define PROBE_TRAITS                                                                                                   \
	.name = "lwp", .wait = "none", .kind = "lwp", .saves = LWP_REGISTERS ", by the kernel",                        \
	.stack = LWP_STACK "reused", .summary = LWP_SUMMARY, .begin = lwp_begin, .missing = lwp_missing

#define PROBE_CAPS (CAP_SPAWN | CAP_KERNEL | CAP_SAVES_FP | CAP_THREAD_GROUP)

/* Nobody gives the CPU up: of one alone nothing is counted, of two what was taken from them. */
static const struct impl probe_alone = { PROBE_TRAITS, .caps = PROBE_CAPS, .jobs = alone };
static const struct impl probe = { PROBE_TRAITS, .caps = PROBE_CAPS | CAP_PREEMPTED, .jobs = together };

/* Not an array: the compiler may align one, and leave a hole in the section. */
__attribute__((used, section("impls"))) static const struct impl *const entry_alone = &probe_alone;
__attribute__((used, section("impls"))) static const struct impl *const entry = &probe;
