// SPDX-License-Identifier: MIT
/*
 * Memory that is given back all at once, and words that are kept in it once each. What is read from a file is many
 * small things that live and end together: so none of them costs a malloc or a free. Memory that runs out ends the
 * program with one line. Never NULL.
 */
#ifndef HARNESS_ARENA_H
#define HARNESS_ARENA_H

#include <stddef.h>
#include <stdint.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a); /* and all that was taken from it; NULL is nothing */
/* `size` bytes, zeroed, for any type. */
void *arena_take(struct arena *a, size_t size);
/* The same bytes with room for more, at another address where there is none behind them. */
void *arena_grow(struct arena *a, void *old, size_t was, size_t size);
/* A copy with a NUL at its end. */
char *arena_text(struct arena *a, const char *text, size_t length);

/* A word, the same pointer for the same text: two of one table are compared by their address. */
struct word {
	uint64_t hash;
	const char *text;
	size_t length;
	size_t index; /* 0, 1, 2 ...: in the order in which they came */
	size_t mark;  /* the caller's, 0 at first */
};

struct words {
	struct word **slot; /* owned, as is this */
	size_t slots, count;
};

/* Added where it is not there yet; valid as long as the arena. */
struct word *words_add(struct words *w, struct arena *a, const char *text, size_t length);
struct word *words_find(const struct words *w, const char *text, size_t length); /* NULL where it is not there */
void words_free(struct words *w);

#endif
