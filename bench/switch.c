// SPDX-License-Identifier: MIT
/* switch: two contexts on one CPU hand it to each other, each by name. One turn is there and back: two switches. */
struct pair {
	struct ctx self CTX_APART, peer CTX_APART;
	int stop CTX_APART;
};

static struct ctx *switch_peer(void *arg)
{
	struct pair *p = arg;
	ctx_await(&p->peer);
	while (!__atomic_load_n(&p->stop, __ATOMIC_RELAXED))
		ctx_handoff(&p->peer, &p->self);
	return &p->self;
}

UNTIMED static size_t switch_bytes(const struct point *p)
{
	(void)p;
	return sizeof(struct pair);
}

UNTIMED static int switch_open(const struct point *point)
{
	struct pair *p = point->arena;
	int error = ctx_ready(&p->self, point->seat[0]);
	if (error)
		return error;
	error = ctx_ready(&p->peer, point->seat[1]);
	if (!error) {
		ctx_adopt(&p->self);
		error = ctx_spawn(&p->peer, switch_peer, p);
		if (error)
			ctx_release(&p->peer);
	}
	if (error)
		ctx_release(&p->self);
	return error;
}

static int switch_loop(void *arena, uint64_t n)
{
	struct pair *p = arena;
	for (; n; n--)
		ctx_handoff(&p->self, &p->peer);
	return 0;
}

UNTIMED static void switch_close(void *arena)
{
	struct pair *p = arena;
	__atomic_store_n(&p->stop, 1, __ATOMIC_RELAXED);
	ctx_handoff(&p->self, &p->peer);
	ctx_join(&p->self, &p->peer);
	ctx_release(&p->peer);
	ctx_release(&p->self);
}

static const struct job switch_job = {
	.name = "switch",
	.summary = "hand one CPU to another context, and be handed it back",
	.unit = "switch",
	.needs = CAP_SPAWN | CAP_HANDOFF,
	.ops = 2,
	.handoffs = 2,
	.contexts = 2,
	.arena_bytes = switch_bytes,
	.open = switch_open,
	.loop = switch_loop,
	.close = switch_close,
};
