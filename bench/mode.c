// SPDX-License-Identifier: MIT
/* mode: into the mode that manages this kind of context, and straight back. */
UNTIMED static size_t mode_bytes(const struct point *p)
{
	(void)p;
	return sizeof(struct ctx);
}

UNTIMED static int mode_open(const struct point *p)
{
	int error = ctx_ready(p->arena, p->seat[0]);
	if (!error)
		ctx_adopt(p->arena);
	return error;
}

static int mode_loop(void *arena, uint64_t n)
{
	for (; n; n--)
		ctx_mode(arena);
	return 0;
}

UNTIMED static void mode_close(void *arena)
{
	ctx_release(arena);
}

static const struct job mode_job = {
	.name = "mode",
	.summary = "into the mode that manages the context, and straight back",
	.unit = "op",
	.needs = CAP_MODE,
	.ops = 1,
	.modes = 1,
	.contexts = 1,
	.arena_bytes = mode_bytes,
	.open = mode_open,
	.loop = mode_loop,
	.close = mode_close,
};
