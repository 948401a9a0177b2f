// SPDX-License-Identifier: MIT
/*
 * User threads with a scheduler, N:1. README.md in this folder shows its use.
 *
 * One LWP carries them all. Who blocks hands the CPU to the first that is ready; nobody is preempted. Where nobody is
 * ready and nobody can ever become so, the program is at fault and traps. Stacks and what describes a thread, which
 * lies on top of its stack, are taken from a free list at the spawn and go back there at the join.
 */
#ifndef IMPLS_LIBRARY_UTHREADS_H
#define IMPLS_LIBRARY_UTHREADS_H

#include <stddef.h>

#include "../arch/arch.h"
#include "stacks.h"

/* For what switches: a return from a function that another context entered is one that the CPU predicts wrong. */
#define UT_INLINE static inline __attribute__((always_inline))

struct ut_thread;
typedef struct ut_thread *ut_body(void *arg); /* returns who runs next, or NULL: whoever joins, or the next */

struct ut_link {
	struct ut_link *next, *prev;
};

enum ut_state {
	UT_STOPPED, /* runs, or waits for something, or was left by a hand-off */
	UT_READY,   /* in the ready queue */
};

struct ut_thread {
	struct ut_link link; /* in the ready queue, in a list of waiters or in the free list */
	void *resume;        /* where it goes on; valid while it does not run */
	enum ut_state state;
	int done;
	struct ut_thread *joiner;
	ut_body *body;
	void *arg;
};

struct ut_waiters {
	struct ut_thread *first, *last;
};

/* All zeroed is unlocked, nobody waiting, none to be had. */
struct ut_mutex {
	struct ut_thread *owner;
	struct ut_waiters waiters;
};

struct ut_cond {
	struct ut_waiters waiters;
};

struct ut_sem {
	unsigned long count;
	struct ut_waiters waiters;
};

static struct {
	struct ut_thread *self; /* who runs */
	struct ut_link ready;   /* a ring with this at its join */
	struct ut_thread *unused;
	struct stacks stacks;
	struct ut_thread first; /* whoever called ut_begin */
} ut;

/* -- the scheduler as a whole */
static inline void ut_begin(void)
{
	ut.ready = (struct ut_link){ &ut.ready, &ut.ready };
	ut.self = &ut.first;
}

/* After all have been joined. */
static inline void ut_end(void)
{
	ut.unused = NULL;
	stacks_end(&ut.stacks);
}

/* Who runs: a call into the library. */
static __attribute__((noinline, unused)) struct ut_thread *ut_self(void)
{
	return *(struct ut_thread *volatile *)&ut.self;
}

/* -- the ready queue */
static inline void ut_ready(struct ut_thread *t)
{
	struct ut_link *last = ut.ready.prev;
	t->link = (struct ut_link){ &ut.ready, last };
	last->next = ut.ready.prev = &t->link;
	t->state = UT_READY;
}

static inline void ut_unready(struct ut_thread *t)
{
	t->link.prev->next = t->link.next;
	t->link.next->prev = t->link.prev;
	t->state = UT_STOPPED;
}

/* The first that is ready, taken from the queue. */
static inline struct ut_thread *ut_next(void)
{
	if (ut.ready.next == &ut.ready)
		__builtin_trap(); /* all wait for each other */
	struct ut_thread *t = (struct ut_thread *)ut.ready.next;
	ut_unready(t);
	return t;
}

/* -- who runs */
UT_INLINE void ut_run(struct ut_thread *self, struct ut_thread *to)
{
	ut.self = to;
	arch_switch(&self->resume, to->resume);
}

/* Until somebody makes us ready. */
UT_INLINE void ut_block(void)
{
	ut_run(ut.self, ut_next());
}

/* Run `to`, which waits for nothing but a hand-off or is ready; come back when handed back. */
UT_INLINE void ut_handoff(struct ut_thread *to)
{
	if (__builtin_expect(to->state == UT_READY, 0))
		ut_unready(to);
	ut_run(ut.self, to);
}

/* To the end of the queue. */
UT_INLINE void ut_yield(void)
{
	struct ut_thread *self = ut.self;
	if (ut.ready.next == &ut.ready)
		return;
	ut_ready(self);
	ut_run(self, ut_next());
}

/* -- from the spawn to the join */
static inline int ut_reserve(void)
{
	char *top;
	int error = stacks_new(&ut.stacks, &top);
	if (error)
		return error;
	struct ut_thread *t = (struct ut_thread *)(top - sizeof *t);
	*t = (struct ut_thread){ .link.next = (struct ut_link *)ut.unused };
	ut.unused = t;
	return 0;
}

static void ut_main(void *arg)
{
	struct ut_thread *self = arg, *next = self->body(self->arg), *joiner = self->joiner;
	self->done = 1;
	if (!next)
		next = joiner ? joiner : ut_next();
	else if (next->state == UT_READY)
		ut_unready(next);
	if (joiner && joiner != next)
		ut_ready(joiner);
	ut_run(self, next);
	__builtin_trap(); /* an ended thread was switched to */
}

/* Ready to run body(arg), at the end of the queue. 0 or -errno: no memory, or no mapping, for one more stack. */
static inline int ut_spawn(struct ut_thread **thread, ut_body *body, void *arg)
{
	if (__builtin_expect(!ut.unused, 0)) {
		int error = ut_reserve();
		if (error)
			return error;
	}
	struct ut_thread *t = ut.unused;
	ut.unused = (struct ut_thread *)t->link.next;
	t->done = 0;
	t->joiner = NULL;
	t->body = body;
	t->arg = arg;
	t->resume = arch_first_frame(t, ut_main, t);
	ut_ready(t);
	*thread = t;
	return 0;
}

/* Until it has ended; once a thread. One that is ready runs at once, out of its turn: nobody could use it sooner. */
UT_INLINE void ut_join(struct ut_thread *t)
{
	if (!t->done) {
		t->joiner = ut.self;
		if (t->state == UT_READY)
			ut_handoff(t);
		else
			ut_block();
	}
	t->link.next = (struct ut_link *)ut.unused;
	ut.unused = t;
}

/* -- waiting in line */
UT_INLINE void ut_wait(struct ut_waiters *w)
{
	struct ut_thread *self = ut.self;
	self->link.next = NULL;
	if (w->first)
		w->last->link.next = &self->link;
	else
		w->first = self;
	w->last = self;
	ut_block();
}

/* Makes the first in line ready. Who it was, or NULL. */
static inline struct ut_thread *ut_wake(struct ut_waiters *w)
{
	struct ut_thread *t = w->first;
	if (t) {
		w->first = (struct ut_thread *)t->link.next;
		ut_ready(t);
	}
	return t;
}

static inline void ut_lock(struct ut_mutex *m)
{
	if (m->owner)
		ut_wait(&m->waiters); /* who unlocks makes us the owner, so nobody overtakes */
	else
		m->owner = ut.self;
}

static inline void ut_unlock(struct ut_mutex *m)
{
	m->owner = ut_wake(&m->waiters);
}

static inline void ut_cond_wait(struct ut_cond *c, struct ut_mutex *m)
{
	ut_unlock(m);
	ut_wait(&c->waiters); /* nobody runs in between */
	ut_lock(m);
}

static inline void ut_cond_signal(struct ut_cond *c)
{
	ut_wake(&c->waiters);
}

static inline void ut_cond_broadcast(struct ut_cond *c)
{
	while (ut_wake(&c->waiters))
		;
}

static inline void ut_sem_wait(struct ut_sem *s)
{
	if (s->count)
		s->count--;
	else
		ut_wait(&s->waiters); /* what is posted then is ours and never in the count */
}

static inline void ut_sem_post(struct ut_sem *s)
{
	if (!ut_wake(&s->waiters))
		s->count++;
}

#endif
