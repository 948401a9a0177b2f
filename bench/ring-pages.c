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
	RING_COMMON,
	.scale = { { "bytes", "caches" }, { "contexts", "pair" } },
	.open = ring_pages_open,
};
