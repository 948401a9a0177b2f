// SPDX-License-Identifier: MIT
/* yield-alone: through the scheduler's queue with nobody else in it: what a yield costs when it switches nothing. */
static int yield_alone_loop(void *arena, uint64_t n)
{
	for (; n; n--)
		ctx_yield(arena);
	return 0;
}

static const struct job yield_alone_job = {
	.name = "yield-alone",
	.summary = "yield with nobody to yield to",
	.unit = "op",
	.needs = CAP_YIELD,
	.ops = 1,
	.yields = 1,
	.contexts = 1,
	.arena_bytes = mode_bytes,
	.open = mode_open,
	.loop = yield_alone_loop,
	.close = mode_close,
};
