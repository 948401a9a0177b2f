// SPDX-License-Identifier: MIT
/*
 * yield: two contexts that are both ready go through their scheduler's queue, which runs the other each time. One turn
 * is two yields: ours and the peer's.
 */
struct yielders {
	struct ctx self CTX_APART, peer CTX_APART;
	uint64_t peers CTX_APART; /* turns of the peer */
	int stop;
};

static struct ctx *yield_peer(void *arg)
{
	struct yielders *y = arg;
	while (!__atomic_load_n(&y->stop, __ATOMIC_RELAXED)) {
		y->peers++;
		ctx_yield(&y->peer);
	}
	return NULL;
}

UNTIMED static size_t yield_bytes(const struct point *p)
{
	(void)p;
	return sizeof(struct yielders);
}

UNTIMED static int yield_open(const struct point *point)
{
	struct yielders *y = point->arena;
	int error = ctx_ready(&y->self, point->seat[0]);
	if (error)
		return error;
	error = ctx_ready(&y->peer, point->seat[1]);
	if (!error) {
		ctx_adopt(&y->self);
		error = ctx_spawn(&y->peer, yield_peer, y);
		if (error)
			ctx_release(&y->peer);
	}
	if (error)
		ctx_release(&y->self);
	return error;
}

static int yield_loop(void *arena, uint64_t n)
{
	struct yielders *y = arena;
	for (; n; n--)
		ctx_yield(&y->self);
	return 0;
}

UNTIMED static void yield_close(void *arena)
{
	struct yielders *y = arena;
	__atomic_store_n(&y->stop, 1, __ATOMIC_RELAXED);
	ctx_join(&y->self, &y->peer);
	ctx_release(&y->peer);
	ctx_release(&y->self);
}

/* The peer has yielded once for each of our own yields, or the queue was not gone through. */
static uint64_t yield_bodies(const void *arena)
{
	const struct yielders *y = arena;
	return 2 * y->peers;
}

static const struct job yield_job = {
	.name = "yield",
	.summary = "yield to another ready context through a user-level scheduler's queue",
	.unit = "yield",
	.needs = CAP_SPAWN | CAP_YIELD | CAP_QUEUE,
	.ops = 2,
	.yields = 2,
	.contexts = 2,
	.arena_bytes = yield_bytes,
	.open = yield_open,
	.loop = yield_loop,
	.close = yield_close,
	.bodies = yield_bodies,
};
