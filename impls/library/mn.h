// SPDX-License-Identifier: MIT
/*
 * User threads over K LWPs, M:N. README.md in this folder shows its use and says what its user must know.
 *
 * Each LWP has a worker with a deque of threads that are ready; it runs what it pushed last and, when it has none,
 * steals what another pushed first. A thread is never to be had by others before its registers are saved: what makes
 * it so (in the queue, parked, joined, ended) is done after the switch, by whoever is switched to. lwps.h has the other
 * half: how LWPs sleep, are woken, and are brought when others block in the kernel.
 */
#ifndef IMPLS_LIBRARY_MN_H
#define IMPLS_LIBRARY_MN_H

#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "../arch/arch.h"
#include "../system.h"
#include "deque.h"
#include "stacks.h"

struct mn_thread;
struct mn_worker;
typedef struct mn_thread *mn_body(void *arg); /* returns who runs next, or NULL */

/* A turn that is given before it is waited for is not lost; a second one is. */
enum mn_turn {
	MN_RUNS,   /* or is ready */
	MN_PARKED, /* saved, and of whoever makes it MN_RUNS */
	MN_GIVEN,  /* runs, or is ready, and has been given a turn */
};

struct mn_thread {
	/* by whoever runs it */
	void *resume;
	struct mn_worker *worker;
	/* constant while it lives */
	struct mn_worker *home; /* it runs there only; NULL: anywhere */
	mn_body *body;
	void *arg;
	/* by anybody */
	int turn;
	struct mn_thread *joiner; /* NULL, who joins, or MN_ENDED */
	/* in a free list */
	struct mn_thread *next;
};

/* For what switches: a return from a function that another context entered is one that the CPU predicts wrong. */
#define MN_INLINE static inline __attribute__((always_inline))

#define MN_ENDED ((struct mn_thread *)1)

/* What is still to be done for the thread that a worker has just left. */
enum mn_after { MN_NOTHING, MN_READY, MN_PARK, MN_JOIN, MN_END };

struct mn_worker {
	struct deque ready;
	/* by its own LWP only */
	struct mn_thread *self, *left, *joined;
	enum mn_after after;
	unsigned number, unuseds;
	struct mn_thread *unused;
	uint32_t random;
	struct mn_thread scheduler; /* runs when no thread does */
	struct mn_worker *next;     /* of those without an LWP */
	/* by anybody: one of which this is the home and that others have made ready */
	struct mn_thread *arrived __attribute__((aligned(128)));
};

enum { MN_WORKERS_MOST = 1024 };

static struct {
	/* constant from mn_begin on */
	int k;            /* LWPs that may run at once */
	int ends_surplus; /* one beyond K that has nothing to do ends, instead of sleeping until it is needed */
	/* until a second LWP is made */
	int alone;
	/* by anybody, atomically: LWPs that run or look for work, that sleep, that there are beside the first */
	int awake __attribute__((aligned(128))), idle, lwps;
	int waking; /* one has been woken and has not looked round yet */
	int event;  /* what they sleep on */
	int stop;
	/* added to under the lock, read by anybody */
	unsigned workers;
	struct mn_worker *worker[MN_WORKERS_MOST];
	/* under the lock */
	int lock __attribute__((aligned(128)));
	struct mn_worker *lwpless;
	struct mn_thread *unused;
	struct stacks stacks;
	struct mn_thread first; /* whoever called mn_begin; its home is the first worker */
} mn;

static _Thread_local struct mn_worker *mn_here;

/* -- after a switch another LWP may carry us, and thread-local storage be another. The compiler takes its address for
 *    constant and keeps it; so it is asked for in functions that it can't see through, and never kept over a switch. */
static __attribute__((noinline, unused)) struct mn_thread *mn_self(void)
{
	__asm__ volatile("" ::: "memory");
	return mn_here->self;
}

static __attribute__((noinline, unused)) int *mn_errno(void)
{
	__asm__ volatile("" ::: "memory");
	return &errno;
}

static inline void mn_lock(void)
{
	while (__atomic_exchange_n(&mn.lock, 1, __ATOMIC_ACQUIRE))
		SYSTEM(SYS_sched_yield); /* held for a few instructions, or while its holder is preempted */
}

static inline void mn_unlock(void)
{
	__atomic_store_n(&mn.lock, 0, __ATOMIC_RELEASE);
}

/* -- who is ready */
static void mn_wake_one(void);

/* After something was pushed: is there an LWP too few for it? */
static inline void mn_wake(void)
{
	if (mn.alone)
		return;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (__builtin_expect(__atomic_load_n(&mn.awake, __ATOMIC_RELAXED) < mn.k, 0))
		mn_wake_one();
}

static inline int mn_may_run(const struct mn_worker *w, const struct mn_thread *t)
{
	return !t->home || t->home == w;
}

static __attribute__((noinline)) void mn_send_home(struct mn_thread *t)
{
	__atomic_store_n(&t->home->arrived, t, __ATOMIC_SEQ_CST);
	__atomic_fetch_add(&mn.event, 1, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&mn.idle, __ATOMIC_SEQ_CST))
		SYSTEM(SYSTEM_FUTEX, &mn.event, FUTEX_WAKE_PRIVATE, INT32_MAX);
}

/* t is saved, and ours to make ready. */
static inline void mn_ready(struct mn_worker *w, struct mn_thread *t)
{
	if (!mn_may_run(w, t)) {
		mn_send_home(t);
		return;
	}
	deque_push(&w->ready, t);
	mn_wake();
}

static inline struct mn_thread *mn_arrival(struct mn_worker *w)
{
	return __builtin_expect(__atomic_load_n(&w->arrived, __ATOMIC_RELAXED) != NULL, 0)
		       ? __atomic_exchange_n(&w->arrived, NULL, __ATOMIC_ACQUIRE)
		       : NULL;
}

/* Who runs here when the one that runs does so no more. */
static __attribute__((noinline)) struct mn_thread *mn_next(struct mn_worker *w)
{
	struct mn_thread *t = mn_arrival(w);
	if (!t)
		t = deque_pop(&w->ready, mn.alone);
	return t ? t : &w->scheduler;
}

/* -- the switch, and what it leaves behind */
static inline int mn_swap_turn(struct mn_thread *t, int from, int to)
{
	if (!mn.alone)
		return __atomic_compare_exchange_n(&t->turn, &from, to, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
	if (t->turn != from)
		return 0;
	t->turn = to;
	return 1;
}

static inline struct mn_thread *mn_swap_joiner(struct mn_thread *t, struct mn_thread *to)
{
	if (!mn.alone)
		return __atomic_exchange_n(&t->joiner, to, __ATOMIC_ACQ_REL);
	struct mn_thread *was = t->joiner;
	t->joiner = to;
	return was;
}

/* The rarer ones. */
static __attribute__((noinline)) void mn_publish(struct mn_worker *w)
{
	struct mn_thread *left = w->left, *ready = NULL;
	if (w->after == MN_PARK) {
		left->turn = MN_RUNS; /* its turn had come before it parked */
		ready = left;
	} else if (w->after == MN_JOIN) {
		ready = mn_swap_joiner(w->joined, left) == MN_ENDED ? left : NULL;
	} else if (w->after == MN_END) {
		ready = mn_swap_joiner(left, MN_ENDED); /* from here on its stack is the joiner's to free */
	}
	if (ready)
		mn_ready(w, ready);
}

/* First thing on a context that was switched to: the one that was left is saved now, and is published. */
MN_INLINE void mn_arrive(struct mn_thread *self)
{
	struct mn_worker *w = self->worker;
	if (w->after == MN_READY)
		mn_ready(w, w->left);
	else if (w->after != MN_PARK || !mn_swap_turn(w->left, MN_RUNS, MN_PARKED))
		mn_publish(w);
}

MN_INLINE void mn_switch(struct mn_thread *self, struct mn_thread *to, enum mn_after after)
{
	struct mn_worker *w = self->worker;
	w->left = self;
	w->after = after;
	w->self = to;
	to->worker = w;
	arch_switch(&self->resume, to->resume);
	mn_arrive(self);
}

/* -- turns: a thread waits for one, another gives it */

/* Is it parked, and ours now? Otherwise it finds that it has been given its turn. */
static int mn_claim(struct mn_thread *t)
{
	for (;;) {
		if (mn_swap_turn(t, MN_PARKED, MN_RUNS))
			return 1;
		if (mn_swap_turn(t, MN_RUNS, MN_GIVEN) || __atomic_load_n(&t->turn, __ATOMIC_ACQUIRE) == MN_GIVEN)
			return 0;
	}
}

static inline void mn_unpark(struct mn_thread *self, struct mn_thread *t)
{
	if (mn_claim(t))
		mn_ready(self->worker, t);
}

/* Until unparked or handed to. */
MN_INLINE void mn_park(struct mn_thread *self)
{
	if (!mn_swap_turn(self, MN_GIVEN, MN_RUNS))
		mn_switch(self, mn_next(self->worker), MN_PARK);
}

static __attribute__((noinline)) struct mn_thread *mn_handoff_elsewhere(struct mn_thread *self, struct mn_thread *to)
{
	struct mn_worker *w = self->worker;
	if (mn_claim(to)) {
		if (mn_may_run(w, to))
			return to;
		mn_send_home(to);
	}
	return mn_next(w);
}

/* `to` gets its turn, on this LWP and at once where it is parked; we wait for ours. */
MN_INLINE void mn_handoff(struct mn_thread *self, struct mn_thread *to)
{
	struct mn_thread *next = to;
	if (__builtin_expect(!mn_may_run(self->worker, to) || !mn_swap_turn(to, MN_PARKED, MN_RUNS), 0))
		next = mn_handoff_elsewhere(self, to);
	mn_switch(self, next, MN_PARK);
}

/* Behind all that are ready on this LWP. */
MN_INLINE void mn_yield(struct mn_thread *self)
{
	struct mn_worker *w = self->worker;
	struct mn_thread *next = mn_arrival(w);
	if (!next)
		next = deque_take(&w->ready, mn.alone);
	if (next)
		mn_switch(self, next, MN_READY);
}

/* -- stacks, each with its thread on top: a short list for each worker, the rest under the lock */
enum { MN_UNUSEDS = 64 };

static __attribute__((noinline)) int mn_refill(struct mn_worker *w)
{
	int error = 0;
	mn_lock();
	for (; mn.unused && w->unuseds < MN_UNUSEDS / 2; w->unuseds++) {
		struct mn_thread *t = mn.unused;
		mn.unused = t->next;
		t->next = w->unused;
		w->unused = t;
	}
	char *top;
	if (!w->unused && !(error = stacks_new(&mn.stacks, &top))) {
		w->unused = (struct mn_thread *)(top - sizeof(struct mn_thread));
		*w->unused = (struct mn_thread){ 0 };
		w->unuseds = 1;
	}
	mn_unlock();
	return error;
}

/* One more stack, for a spawn to come. 0 or -errno. */
static inline int mn_reserve(void)
{
	char *top;
	mn_lock();
	int error = stacks_new(&mn.stacks, &top);
	if (!error) {
		struct mn_thread *t = (struct mn_thread *)(top - sizeof *t);
		*t = (struct mn_thread){ .next = mn.unused };
		mn.unused = t;
	}
	mn_unlock();
	return error;
}

static __attribute__((noinline)) void mn_spill(struct mn_worker *w)
{
	mn_lock();
	for (; w->unuseds > MN_UNUSEDS / 2; w->unuseds--) {
		struct mn_thread *t = w->unused;
		w->unused = t->next;
		t->next = mn.unused;
		mn.unused = t;
	}
	mn_unlock();
}

/* -- from the spawn to the join */

/* Who runs after one that has ended, where it is known: the successor that it named, or else its joiner. */
static inline struct mn_thread *mn_successor(struct mn_worker *w, struct mn_thread *named, struct mn_thread *joiner)
{
	if (named && mn_claim(named)) {
		if (mn_may_run(w, named))
			return named;
		mn_send_home(named);
	}
	return joiner && mn_may_run(w, joiner) ? joiner : NULL;
}

static void mn_main(void *arg)
{
	struct mn_thread *self = arg;
	mn_arrive(self);
	struct mn_thread *named = self->body(self->arg);
	struct mn_worker *w = self->worker; /* not before: it may be another now */
	struct mn_thread *joiner = __atomic_load_n(&self->joiner, __ATOMIC_ACQUIRE);
	struct mn_thread *to = mn_successor(w, named, joiner);
	/* where the joiner runs next, nobody else will ever look at us */
	mn_switch(self, to ? to : mn_next(w), to && to == joiner ? MN_NOTHING : MN_END);
	__builtin_trap(); /* an ended thread was switched to */
}

/* Ready to run body(arg), here or wherever it is stolen to. 0 or -errno. */
static inline int mn_spawn(struct mn_thread *self, struct mn_thread **thread, mn_body *body, void *arg)
{
	struct mn_worker *w = self->worker;
	if (__builtin_expect(!w->unused, 0)) {
		int error = mn_refill(w);
		if (error)
			return error;
	}
	struct mn_thread *t = w->unused;
	w->unused = t->next;
	w->unuseds--;
	t->turn = MN_RUNS;
	t->joiner = NULL;
	t->body = body;
	t->arg = arg;
	t->resume = arch_first_frame(t, mn_main, t);
	*thread = t;
	deque_push(&w->ready, t);
	mn_wake();
	return 0;
}

/* Until it has ended; once a thread. */
MN_INLINE void mn_join(struct mn_thread *self, struct mn_thread *t)
{
	if (__atomic_load_n(&t->joiner, __ATOMIC_ACQUIRE) != MN_ENDED) {
		self->worker->joined = t;
		mn_switch(self, mn_next(self->worker), MN_JOIN);
	}
	struct mn_worker *w = self->worker;
	t->next = w->unused;
	w->unused = t;
	if (__builtin_expect(++w->unuseds > MN_UNUSEDS, 0) && !mn.alone)
		mn_spill(w);
}

#include "lwps.h"

#endif
