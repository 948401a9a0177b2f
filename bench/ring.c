// SPDX-License-Identifier: MIT
/*
 * ring: contexts on one CPU hand it round; each, when its turn comes, touches memory of its own, which the others have
 * meanwhile driven out of the caches. One turn is once around: a hop for each context. One context alone is the
 * control: it touches as much, and hands off to nobody (lmbench's, of lat_ctx).
 */
enum { RING_MOST = 20, RING_LINE = 64 };

struct ring_member {
	struct ctx ctx CTX_APART;
	struct ring *ring;
	struct ring_member *next;
	unsigned char *own; /* the memory that it touches */
};

struct ring {
	uint64_t bytes, stride; /* touched by each: one word every `stride` bytes */
	int writes;
	unsigned contexts, ready, spawned;
	int stop CTX_APART;
	struct ring_member member[RING_MOST];
};

/* Volatile, so that each word is read, and no vector of them at once. */
static inline void ring_touch(const struct ring_member *m)
{
	const struct ring *r = m->ring;
	if (r->writes)
		for (uint64_t at = 0; at < r->bytes; at += r->stride)
			*(volatile unsigned long *)(m->own + at) = at;
	else
		for (uint64_t at = 0; at < r->bytes; at += r->stride)
			(void)*(volatile unsigned long *)(m->own + at);
}

static struct ctx *ring_peer(void *arg)
{
	struct ring_member *m = arg;
	ctx_await(&m->ctx);
	while (!__atomic_load_n(&m->ring->stop, __ATOMIC_RELAXED)) {
		ring_touch(m);
		ctx_handoff(&m->ctx, &m->next->ctx);
	}
	return &m->next->ctx;
}

UNTIMED static uint64_t ring_whole_pages(uint64_t bytes, const struct point *p)
{
	return (bytes + p->page - 1) & -p->page;
}

/* at[0]: bytes each, at[1]: contexts. */
UNTIMED static size_t ring_bytes(const struct point *p)
{
	return ring_whole_pages(sizeof(struct ring), p) + p->at[1] * ring_whole_pages(p->at[0], p);
}

UNTIMED static void ring_close(void *arena)
{
	struct ring *r = arena;
	__atomic_store_n(&r->stop, 1, __ATOMIC_RELAXED);
	if (r->spawned)
		ctx_handoff(&r->member[0].ctx, &r->member[1].ctx);
	for (unsigned i = 1; i <= r->spawned; i++)
		ctx_join(&r->member[0].ctx, &r->member[i].ctx);
	while (r->ready)
		ctx_release(&r->member[--r->ready].ctx);
}

UNTIMED static int ring_spawn(struct ring *r)
{
	int error = 0;
	ctx_adopt(&r->member[0].ctx);
	while (!error && r->spawned + 1 < r->contexts) {
		struct ring_member *last = &r->member[r->spawned], *fresh = last + 1;
		fresh->next = &r->member[0];
		error = ctx_spawn(&fresh->ctx, ring_peer, fresh);
		if (!error) {
			last->next = fresh;
			r->spawned++;
		}
	}
	return error;
}

UNTIMED static int ring_begin(const struct point *p, uint64_t stride, int writes)
{
	struct ring *r = p->arena;
	unsigned char *memory = (unsigned char *)p->arena + ring_whole_pages(sizeof *r, p);
	r->bytes = p->at[0];
	r->stride = stride;
	r->writes = writes;
	r->contexts = p->at[1] < RING_MOST ? (unsigned)p->at[1] : RING_MOST;
	int error = 0;
	for (unsigned i = 0; !error && i < r->contexts; i++) {
		struct ring_member *m = &r->member[i];
		m->ring = r;
		m->own = memory + i * ring_whole_pages(r->bytes, p);
		error = ctx_ready(&m->ctx, p->seat[i > 0]);
		r->ready += !error;
	}
	if (!error)
		error = ring_spawn(r);
	if (error)
		ring_close(r);
	return error;
}

UNTIMED static int ring_open(const struct point *p)
{
	return ring_begin(p, RING_LINE, 0);
}

static int ring_loop(void *arena, uint64_t n)
{
	struct ring *r = arena;
	struct ring_member *self = &r->member[0], *next = self->next;
	for (; n; n--) {
		ring_touch(self);
		if (next)
			ctx_handoff(&self->ctx, &next->ctx);
	}
	return 0;
}

/* What all rings have in common: each has only its name, what it goes over, and how it begins. */
#define RING_COMMON                                                                                                    \
	.unit = "hop", .needs = CAP_SPAWN | CAP_HANDOFF, .ops = 1, .handoffs = 1, .each = 2, .contexts = RING_MOST,    \
	.arena_bytes = ring_bytes, .loop = ring_loop, .close = ring_close

static const struct job ring_job = {
	.name = "ring",
	.summary = "hand one CPU round between contexts that each read memory of their own",
	RING_COMMON,
	.scale = { { "bytes", "caches" }, { "contexts", "contexts" } },
	.open = ring_open,
};
