// SPDX-License-Identifier: MIT
/*
 * A deque for work stealing (Chase and Lev, 2005; its orderings as in Le, Pop, Cohen and Zappa Nardelli, 2013). Its
 * owner pushes and pops at the bottom, anybody takes from the top. It grows; rings that it has outgrown are kept to the
 * end, since a thief may still read one.
 *
 * `alone`: no other LWP exists, so nothing has to be atomic.
 */
#ifndef IMPLS_LIBRARY_DEQUE_H
#define IMPLS_LIBRARY_DEQUE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

struct deque_ring {
	struct deque_ring *outgrown;
	size_t bytes;
	int64_t mask;
	void *slot[];
};

struct deque {
	int64_t top __attribute__((aligned(128)));    /* by anybody */
	int64_t bottom __attribute__((aligned(128))); /* by the owner */
	struct deque_ring *ring;
};

/* Twice as large as the one before, with what is in it. NULL without memory. */
static struct deque_ring *deque_ring_after(struct deque_ring *old, int64_t top, int64_t bottom)
{
	enum { SLOTS_LEAST = 256 };
	int64_t slots = old ? 2 * (old->mask + 1) : SLOTS_LEAST;
	size_t bytes = sizeof(struct deque_ring) + (size_t)slots * sizeof(void *);
	struct deque_ring *r = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (r == MAP_FAILED)
		return NULL;
	*r = (struct deque_ring){ .outgrown = old, .bytes = bytes, .mask = slots - 1 };
	for (int64_t i = top; i < bottom; i++)
		r->slot[i & r->mask] = __atomic_load_n(&old->slot[i & old->mask], __ATOMIC_RELAXED);
	return r;
}

/* 0, or -1 without memory. */
static inline int deque_begin(struct deque *d)
{
	*d = (struct deque){ .ring = deque_ring_after(NULL, 0, 0) };
	return d->ring ? 0 : -1;
}

static inline void deque_end(struct deque *d)
{
	for (struct deque_ring *next, *r = d->ring; r; r = next) {
		next = r->outgrown;
		munmap(r, r->bytes);
	}
	d->ring = NULL;
}

static inline int deque_empty(const struct deque *d)
{
	return __atomic_load_n(&d->top, __ATOMIC_ACQUIRE) >= __atomic_load_n(&d->bottom, __ATOMIC_ACQUIRE);
}

static inline void deque_push(struct deque *d, void *x)
{
	int64_t bottom = d->bottom, top = __atomic_load_n(&d->top, __ATOMIC_ACQUIRE);
	struct deque_ring *r = d->ring;
	if (__builtin_expect(bottom - top > r->mask, 0)) {
		r = deque_ring_after(r, top, bottom);
		if (!r)
			__builtin_trap(); /* no memory to remember who is ready: a thread would be lost */
		__atomic_store_n(&d->ring, r, __ATOMIC_RELEASE);
	}
	__atomic_store_n(&r->slot[bottom & r->mask], x, __ATOMIC_RELAXED);
	__atomic_store_n(&d->bottom, bottom + 1, __ATOMIC_RELEASE);
}

static inline void *deque_slot(const struct deque *d, int64_t i)
{
	struct deque_ring *r = __atomic_load_n(&d->ring, __ATOMIC_ACQUIRE);
	return __atomic_load_n(&r->slot[i & r->mask], __ATOMIC_RELAXED);
}

/* The last one pushed, for the owner; NULL: none. */
static inline void *deque_pop(struct deque *d, int alone)
{
	int64_t bottom = d->bottom - 1, top = __atomic_load_n(&d->top, __ATOMIC_RELAXED);
	if (top > bottom)
		return NULL;
	__atomic_store_n(&d->bottom, bottom, __ATOMIC_RELAXED);
	if (alone)
		return deque_slot(d, bottom);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	top = __atomic_load_n(&d->top, __ATOMIC_RELAXED);
	void *x = top <= bottom ? deque_slot(d, bottom) : NULL;
	if (top == bottom &&
		!__atomic_compare_exchange_n(&d->top, &top, top + 1, 0, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
		x = NULL; /* a thief was quicker */
	if (top >= bottom)
		__atomic_store_n(&d->bottom, bottom + 1, __ATOMIC_RELAXED);
	return x;
}

/* The first one pushed, for anybody; NULL: none. */
static inline void *deque_take(struct deque *d, int alone)
{
	for (;;) {
		int64_t top = __atomic_load_n(&d->top, __ATOMIC_ACQUIRE);
		if (!alone)
			__atomic_thread_fence(__ATOMIC_SEQ_CST);
		if (top >= __atomic_load_n(&d->bottom, __ATOMIC_ACQUIRE))
			return NULL;
		void *x = deque_slot(d, top);
		if (alone)
			d->top = top + 1;
		else if (!__atomic_compare_exchange_n(&d->top, &top, top + 1, 0, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
			continue;
		return x;
	}
}

#endif
