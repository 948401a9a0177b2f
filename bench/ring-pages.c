// SPDX-License-Identifier: MIT
/*
 * ring-pages: the ring whose contexts read one line of each page of their memory, so that what is missing after a hop
 * is translations rather than data. Each line is at another offset: at the same they would all share one set of the
 * cache.
 */
UNTIMED static int ring_pages_open(const struct point *p)
{
	return ring_begin(p, p->page + RING_LINE, 0);
}

static const struct job ring_pages_job = {
	.name = "ring-pages",
	.summary = "hand one CPU round between contexts that each read a line a page of their own",
	.unit = "hop",
	.needs = CAP_SPAWN | CAP_HANDOFF,
	.ops = 1,
	.handoffs = 1,
	.each = 2,
	.contexts = RING_MOST,
	.scale = { { "bytes", "caches" }, { "contexts", "pair" } },
	.arena_bytes = ring_bytes,
	.open = ring_pages_open,
	.loop = ring_loop,
	.close = ring_close,
};
