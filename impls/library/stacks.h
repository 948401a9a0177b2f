// SPDX-License-Identifier: MIT
/*
 * Stacks by the hundred thousand: STACK_BYTES each above a guard page, cut from slabs and never given back singly; who
 * has done with one keeps it in a free list. Not for two LWPs at once: who needs that takes a lock.
 *
 * A guard by mprotect splits a mapping in two, and vm.max_map_count (65530 where nobody changed it) then ends it near
 * 32,000 stacks. Linux 6.13 has guards that are marks in the page table and split nothing: they are used where they
 * are to be had, and stacks_guard() says which these are.
 */
#ifndef IMPLS_LIBRARY_STACKS_H
#define IMPLS_LIBRARY_STACKS_H

#include "../stack.h"
#include "../system.h"

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif

struct stacks_slab {
	struct stacks_slab *next;
	size_t bytes;
};

struct stacks {
	char *at, *end; /* of the slab that is being cut */
	size_t page;
	unsigned long made;
	int by_mprotect;
	struct stacks_slab *slabs;
};

/* Slabs double up to this many stacks: few mappings for many, little address space for few. */
enum { STACKS_LEAST = 16, STACKS_MOST = 1024 };

static inline const char *stacks_guard(const struct stacks *s)
{
	return s->by_mprotect ? "by mprotect, two mappings each, of which vm.max_map_count bounds the number"
			      : "by madvise, which takes no mapping";
}

static inline int stacks_slab_new(struct stacks *s)
{
	if (!s->page)
		s->page = (size_t)sysconf(_SC_PAGESIZE);
	unsigned long n = s->made < STACKS_LEAST ? STACKS_LEAST : s->made > STACKS_MOST ? STACKS_MOST : s->made;
	size_t bytes = s->page + n * (s->page + STACK_BYTES);
	/* no reserve: most of what is mapped here is never touched */
	struct stacks_slab *slab = mmap(
		NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
	if (slab == MAP_FAILED)
		return -errno;
	madvise(slab, bytes, MADV_NOHUGEPAGE);
	*slab = (struct stacks_slab){ .next = s->slabs, .bytes = bytes };
	s->slabs = slab;
	s->at = (char *)slab + s->page;
	s->end = (char *)slab + bytes;
	return 0;
}

/* An emulator says yes to advice that it does not know. So the kernel is made to read there, by a call that does
 * nothing: to wait while the word is 1, which on a new page it is not. */
static inline int stacks_guard_holds(const char *page)
{
	return SYSTEM(SYSTEM_FUTEX, page, FUTEX_WAIT_PRIVATE, 1) == -EFAULT;
}

static inline int stacks_guard_at(struct stacks *s, char *page)
{
	if (!s->by_mprotect) {
		int refused = madvise(page, s->page, MADV_GUARD_INSTALL) ? errno : 0;
		if (!refused && (s->made || stacks_guard_holds(page)))
			return 0;
		if (refused && refused != EINVAL)
			return -refused;
		s->by_mprotect = 1; /* the kernel is older */
	}
	return mprotect(page, s->page, PROT_NONE) ? -errno : 0;
}

/*
 * The top of one more stack in *top, or -errno; -ENOMEM is also what the kernel says to one mapping too many. Tops lie
 * at different places in their pages: what is at the top of many stacks would otherwise compete for the same few sets
 * of a cache.
 */
static inline int stacks_new(struct stacks *s, char **top)
{
	enum { COLOURS = 16, COLOUR_BYTES = 128 };
	int error = s->at == s->end ? stacks_slab_new(s) : 0;
	if (!error)
		error = stacks_guard_at(s, s->at);
	if (error)
		return error;
	s->at += s->page + STACK_BYTES;
	*top = s->at - s->made++ % COLOURS * COLOUR_BYTES;
	return 0;
}

static inline void stacks_end(struct stacks *s)
{
	for (struct stacks_slab *next, *slab = s->slabs; slab; slab = next) {
		next = slab->next;
		munmap(slab, slab->bytes);
	}
	*s = (struct stacks){ 0 };
}

#endif
