// SPDX-License-Identifier: MIT
/* ring-sizes: the ring in the sizes and with the numbers of contexts of lmbench's published tables (lat_ctx, 1996). */
static const struct job ring_sizes_job = {
	.name = "ring-sizes",
	.summary = "the ring with lmbench's sizes and numbers of contexts",
	.unit = "hop",
	.needs = CAP_SPAWN | CAP_HANDOFF,
	.ops = 1,
	.handoffs = 1,
	.each = 2,
	.contexts = RING_MOST,
	.scale = { { "bytes", "0 4096 16384 32768 65536" }, { "contexts", "1 2 4 8 16 20" } },
	.arena_bytes = ring_bytes,
	.open = ring_open,
	.loop = ring_loop,
	.close = ring_close,
};
