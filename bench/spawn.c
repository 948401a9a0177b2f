// SPDX-License-Identifier: MIT
/*
 * spawn: start a context and go on; the joins are settled between the batches, outside the clock. In a batch of more
 * turns than there are contexts, one that has not run is started anew, which only those can bear that do not run until
 * they are joined.
 */
struct spawn {
	unsigned contexts, ready, live;
	struct ctx self, child[];
};

enum { SPAWN_CONTEXTS = 16 }; /* a power of two */

static struct ctx *spawn_body(void *arg)
{
	(void)arg;
	return NULL;
}

UNTIMED static unsigned spawn_contexts(const struct point *p)
{
	return p->piles_up ? p->piles_up : SPAWN_CONTEXTS;
}

UNTIMED static size_t spawn_bytes(const struct point *p)
{
	return sizeof(struct spawn) + spawn_contexts(p) * sizeof(struct ctx);
}

UNTIMED static void spawn_close(void *arena)
{
	struct spawn *s = arena;
	while (s->ready)
		ctx_release(&s->child[--s->ready]);
	ctx_release(&s->self);
}

UNTIMED static int spawn_open(const struct point *p)
{
	struct spawn *s = p->arena;
	int error = ctx_ready(&s->self, p->seat[0]);
	if (error)
		return error;
	ctx_adopt(&s->self);
	s->contexts = spawn_contexts(p);
	for (; s->ready < s->contexts; s->ready++) {
		error = ctx_ready(&s->child[s->ready], p->seat[1]);
		if (error) {
			spawn_close(s);
			return error;
		}
	}
	return 0;
}

static int spawn_loop(void *arena, uint64_t n)
{
	struct spawn *s = arena;
	for (; n; n--) {
		int error = ctx_spawn(&s->child[s->live & (s->contexts - 1)], spawn_body, s);
		if (error)
			return error;
		s->live++;
	}
	return 0;
}

UNTIMED static void spawn_settle(void *arena)
{
	struct spawn *s = arena;
	if (s->live > s->contexts)
		s->live = s->contexts;
	while (s->live)
		ctx_join(&s->self, &s->child[--s->live]);
}

static const struct job spawn_job = {
	.name = "spawn",
	.summary = "start one context, which is joined outside the clock",
	.unit = "op",
	.needs = CAP_SPAWN,
	.ops = 1,
	.spawns = 1,
	.batch = SPAWN_CONTEXTS,
	.contexts = SPAWN_CONTEXTS + 1,
	.arena_bytes = spawn_bytes,
	.open = spawn_open,
	.loop = spawn_loop,
	.settle = spawn_settle,
	.close = spawn_close,
};
