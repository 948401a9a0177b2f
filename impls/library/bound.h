// SPDX-License-Identifier: MIT
/*
 * Bound user threads: each has an LWP of its own for as long as it lives, and parks on it, asleep on the word that says
 * whether it has been given its turn. It is the kernel that switches. Turns are as in mn.h.
 */
#ifndef IMPLS_LIBRARY_BOUND_H
#define IMPLS_LIBRARY_BOUND_H

#include <pthread.h>
#include <unistd.h>

#include "../stack.h"
#include "../system.h"

struct bound_thread;
typedef struct bound_thread *bound_body(void *arg); /* returns who is given a turn at the end, or NULL */

struct bound_thread {
	int turn; /* given and not taken yet */
	bound_body *body;
	void *arg;
	pthread_attr_t attributes;
	pthread_t lwp;
};

/* Before the first spawn of t, and after the last join. 0 or -errno. */
static inline int bound_ready(struct bound_thread *t)
{
	long least = sysconf(_SC_THREAD_STACK_MIN);
	int error = pthread_attr_init(&t->attributes);
	if (error)
		return -error;
	error = pthread_attr_setstacksize(&t->attributes, least > STACK_BYTES ? (size_t)least : STACK_BYTES);
	if (error)
		pthread_attr_destroy(&t->attributes);
	return -error;
}

static inline void bound_release(struct bound_thread *t)
{
	pthread_attr_destroy(&t->attributes);
}

/* Gives t its turn; one that is given twice before it is taken is one. Always a call of the kernel: to ask first
 * whether t has parked would spare it only where both run at once, and there it is a race. */
static inline void bound_unpark(struct bound_thread *t)
{
	__atomic_store_n(&t->turn, 1, __ATOMIC_RELEASE);
	SYSTEM(SYSTEM_FUTEX, &t->turn, FUTEX_WAKE_PRIVATE, 1);
}

/* Until self has been given its turn. */
static inline void bound_park(struct bound_thread *self)
{
	while (!__atomic_exchange_n(&self->turn, 0, __ATOMIC_ACQUIRE))
		SYSTEM(SYSTEM_FUTEX, &self->turn, FUTEX_WAIT_PRIVATE, 0);
}

static inline void bound_handoff(struct bound_thread *self, struct bound_thread *to)
{
	bound_unpark(to);
	bound_park(self);
}

static void *bound_main(void *arg)
{
	struct bound_thread *self = arg, *next = self->body(self->arg);
	if (next)
		bound_unpark(next);
	return NULL;
}

/* On an LWP made for it. 0 or -errno. */
static inline int bound_spawn(struct bound_thread *t, bound_body *body, void *arg)
{
	t->turn = 0;
	t->body = body;
	t->arg = arg;
	return -pthread_create(&t->lwp, &t->attributes, bound_main, t);
}

static inline void bound_join(struct bound_thread *t)
{
	pthread_join(t->lwp, NULL);
}

/* A call into the library that switches nothing. */
static __attribute__((noinline, unused)) int bound_state(const struct bound_thread *t)
{
	return *(const volatile int *)&t->turn;
}

#endif
