// SPDX-License-Identifier: MIT
/*
 * preempt of user threads. By themselves they can't be taken off: who does not hand off keeps the one LWP. A timer's
 * signal does it here: its handler runs on the stack of whoever is interrupted, and switches to the other, who returns
 * from the signal that interrupted it. A probe, as preempt.h says. The slice is what the timer is set to, a
 * millisecond, and the switch costs a signal and its return beside what it is between threads that ask for it.
 */
#include <signal.h>
#include <sys/time.h>

#include "../../../harness/cell/verbs.h"

#include "../../../impls/uthread-jmp.c"

#include "preempt.h"

enum { SLICE_US = 1000 };

/* The handler is told nothing but the signal. `on`: who is on the CPU. */
static struct {
	struct preempt *p;
	volatile sig_atomic_t running, on;
} preempted;

static void preempt_tick(int number)
{
	struct preempt *p = preempted.p;
	(void)number;
	if (!preempted.running && !preempted.on)
		return; /* the first is not in its loop */
	preempted.on = !preempted.on;
	if (preempted.on)
		uthread_switch(&p->self, &p->peer);
	else
		uthread_switch(&p->peer, &p->self);
}

/* Not blocked while its handler runs: the other thread goes on from there, the first time without a return from a
 * signal. */
static int preempt_arm(long period_us)
{
	struct sigaction action = { .sa_handler = preempt_tick, .sa_flags = SA_RESTART | SA_NODEFER };
	struct itimerval timer = { { 0, period_us }, { 0, period_us } };
	sigemptyset(&action.sa_mask);
	return sigaction(SIGALRM, &action, NULL) || setitimer(ITIMER_REAL, &timer, NULL) ? -errno : 0;
}

static int preempt_open(const struct point *point)
{
	struct preempt *p = point->arena;
	p->clock = point->clock;
	preempted.p = p;
	preempt_look_away(p);
	ctx_adopt(&p->self);
	int error = ctx_ready(&p->peer, -1);
	if (!error)
		error = ctx_spawn(&p->peer, preempt_peer, p);
	if (!error)
		error = preempt_arm(SLICE_US);
	if (error)
		ctx_release(&p->peer);
	return error;
}

static int preempt_loop(void *arena, uint64_t n)
{
	struct preempt *p = arena;
	preempt_begin(p);
	preempted.running = 1;
	while (n)
		n -= (uint64_t)preempt_look(p, 0);
	preempted.running = 0;
	preempt_look_away(p);
	return 0;
}

static void preempt_close(void *arena)
{
	struct preempt *p = arena;
	preempt_arm(0);
	signal(SIGALRM, SIG_IGN);
	__atomic_store_n(&p->stop, 1, __ATOMIC_RELAXED);
	ctx_join(&p->self, &p->peer);
	ctx_release(&p->peer);
}

static const struct job *const preemptions[] = {
	PREEMPT("contexts=2", "the switch nobody asked for: two busy user threads and a timer's signal", "slice", 2,
		preempt_open, preempt_loop, preempt_close, .samples_most = PREEMPT_SAMPLES, .turn_s = 0.002,
		.contexts = 1),
	PREEMPT("contexts=1", "the switch nobody asked for: its control, one busy user thread and a timer's signals",
		"op", 1, preempt_open, preempt_alone_loop, preempt_close, .samples_most = PREEMPT_SAMPLES_ALONE,
		.turn_s = 0.01, .contexts = 1),
	NULL,
};

static const struct impl probe = { .name = "uthread-jmp", .wait = "none", .jobs = preemptions, IMPL_TRAITS };

__attribute__((used, section("impls"))) static const struct impl *const entry = &probe;
