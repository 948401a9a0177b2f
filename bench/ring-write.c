// SPDX-License-Identifier: MIT
/* ring-write: the ring whose contexts write to their memory: what they drive out must be written back. */
UNTIMED static int ring_write_open(const struct point *p)
{
	return ring_begin(p, RING_LINE, 1);
}

static const struct job ring_write_job = {
	.name = "ring-write",
	.summary = "hand one CPU round between contexts that each write to memory of their own",
	.unit = "hop",
	.needs = CAP_SPAWN | CAP_HANDOFF,
	.ops = 1,
	.handoffs = 1,
	.each = 2,
	.contexts = RING_MOST,
	.scale = { { "bytes", "caches" }, { "contexts", "pair" } },
	.arena_bytes = ring_bytes,
	.open = ring_write_open,
	.loop = ring_loop,
	.close = ring_close,
};
