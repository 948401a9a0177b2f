// SPDX-License-Identifier: MIT
/* ring-sizes: the ring in the sizes and with the numbers of contexts of lmbench's published tables (lat_ctx, 1996). */
static const struct job ring_sizes_job = {
	.name = "ring-sizes",
	.summary = "the ring with lmbench's sizes and numbers of contexts",
	RING_COMMON,
	.scale = { { "bytes", "0 4096 16384 32768 65536" }, { "contexts", "1 2 4 8 16 20" } },
	.open = ring_open,
};
