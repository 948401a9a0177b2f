// SPDX-License-Identifier: MIT
/* ring-write: the ring whose contexts write to their memory: what they drive out must be written back. */
UNTIMED static int ring_write_open(const struct point *p)
{
	return ring_begin(p, RING_LINE, 1);
}

static const struct job ring_write_job = {
	.name = "ring-write",
	.summary = "hand one CPU round between contexts that each write to memory of their own",
	RING_COMMON,
	.scale = { { "bytes", "caches" }, { "contexts", "pair" } },
	.open = ring_write_open,
};
