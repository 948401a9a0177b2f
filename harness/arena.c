// SPDX-License-Identifier: MIT
#include "arena.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 1 << 16, SPARE = 64, ALIGNMENT = alignof(max_align_t), FEWEST_SLOTS = 64 };

struct block {
	struct block *next;
	size_t size, used;
	alignas(ALIGNMENT) char bytes[];
};

struct arena {
	struct block *block; /* the one that is filled now */
};

/* Blocks of arenas that are gone, for the next ones: whoever reads a thousand files would have the kernel clear the
 * same pages a thousand times. 4 MiB at most. */
static struct block *spare;
static size_t spares;

static void *owned(void *p)
{
	if (!p) {
		fputs("ctxbench: out of memory\n", stderr);
		exit(1);
	}
	return p;
}

struct arena *arena_new(void)
{
	return owned(calloc(1, sizeof(struct arena)));
}

static void give_back(struct block *b)
{
	if (b->size != BLOCK || spares == SPARE) {
		free(b);
		return;
	}
	b->next = spare;
	spare = b;
	spares++;
}

static struct block *block_of(size_t size)
{
	struct block *b = spare;

	if (size != BLOCK || !b) {
		b = owned(calloc(1, sizeof *b + size));
		b->size = size;
		return b;
	}
	spare = b->next;
	spares--;
	memset(b->bytes, 0, b->used);
	b->used = 0;
	return b;
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	for (struct block *b = a->block, *next; b; b = next) {
		next = b->next;
		give_back(b);
	}
	free(a);
}

static size_t rounded(size_t size)
{
	return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* What is large gets a block of its own, behind the one that is filled. */
static struct block *add_block(struct arena *a, size_t size)
{
	bool own = size > BLOCK / 4;
	struct block *b = block_of(own ? size : BLOCK);

	if (own && a->block) {
		b->next = a->block->next;
		a->block->next = b;
	} else {
		b->next = a->block;
		a->block = b;
	}
	return b;
}

void *arena_take(struct arena *a, size_t size)
{
	struct block *b = a->block;
	void *p;

	size = rounded(size);
	if (!b || b->size - b->used < size)
		b = add_block(a, size);
	p = b->bytes + b->used;
	b->used += size;
	return p;
}

void *arena_grow(struct arena *a, void *old, size_t was, size_t size)
{
	struct block *b = a->block;
	void *p;

	was = rounded(was);
	size = rounded(size);
	if (old && (char *)old + was == b->bytes + b->used && b->size - b->used >= size - was) {
		b->used += size - was;
		return old;
	}
	p = arena_take(a, size);
	if (old)
		memcpy(p, old, was);
	return p;
}

char *arena_text(struct arena *a, const char *text, size_t length)
{
	char *copy = arena_take(a, length + 1);

	memcpy(copy, text, length);
	return copy;
}

/* -- words */

/* Eight bytes at a time: names are long. */
static uint64_t hash_of(const char *text, size_t length)
{
	const uint64_t odd = 0x9e3779b97f4a7c15;
	uint64_t hash = length * odd, part;

	for (; length >= sizeof part; text += sizeof part, length -= sizeof part) {
		memcpy(&part, text, sizeof part);
		hash = (hash ^ part) * odd;
		hash ^= hash >> 32;
	}
	part = 0;
	memcpy(&part, text, length);
	hash = (hash ^ part) * odd;
	return hash ^ hash >> 32;
}

static void add_slots(struct words *w)
{
	size_t slots = w->slots ? 2 * w->slots : FEWEST_SLOTS;
	struct word **slot = owned(calloc(slots, sizeof(struct word *)));

	for (size_t i = 0; i < w->slots; i++) {
		size_t at;

		if (!w->slot[i])
			continue;
		for (at = w->slot[i]->hash & (slots - 1); slot[at];)
			at = (at + 1) & (slots - 1);
		slot[at] = w->slot[i];
	}
	free(w->slot);
	w->slot = slot;
	w->slots = slots;
}

static size_t slot_of(const struct words *w, uint64_t hash, const char *text, size_t length)
{
	size_t at = hash & (w->slots - 1);

	for (const struct word *word; (word = w->slot[at]); at = (at + 1) & (w->slots - 1))
		if (word->hash == hash && word->length == length && !memcmp(word->text, text, length))
			break;
	return at;
}

struct word *words_find(const struct words *w, const char *text, size_t length)
{
	return w->slots ? w->slot[slot_of(w, hash_of(text, length), text, length)] : NULL;
}

struct word *words_add(struct words *w, struct arena *a, const char *text, size_t length)
{
	uint64_t hash = hash_of(text, length);
	struct word **word;

	if (2 * w->count >= w->slots)
		add_slots(w);
	word = &w->slot[slot_of(w, hash, text, length)];
	if (!*word) {
		*word = arena_take(a, sizeof **word);
		**word = (struct word){
			.hash = hash, .text = arena_text(a, text, length), .length = length, .index = w->count++
		};
	}
	return *word;
}

void words_free(struct words *w)
{
	free(w->slot);
	*w = (struct words){ 0 };
}
