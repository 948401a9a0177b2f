// SPDX-License-Identifier: MIT
/* create: spawn, run, join; the classic Null Fork. Stacks and descriptors are reused and nothing is waited for. */
struct create {
	struct ctx self, child;
	uint64_t ran;
};

static struct ctx *create_body(void *arg)
{
	struct create *c = arg;
	c->ran++;
	return NULL;
}

UNTIMED static size_t create_bytes(const struct point *p)
{
	(void)p;
	return sizeof(struct create);
}

UNTIMED static int create_open(const struct point *p)
{
	struct create *c = p->arena;
	int error = ctx_ready(&c->self, p->seat[0]);
	if (error)
		return error;
	error = ctx_ready(&c->child, p->seat[1]);
	if (error)
		ctx_release(&c->self);
	else
		ctx_adopt(&c->self);
	return error;
}

static int create_loop(void *arena, uint64_t n)
{
	struct create *c = arena;
	for (; n; n--) {
		int error = ctx_spawn(&c->child, create_body, c);
		if (error)
			return error;
		ctx_join(&c->self, &c->child);
	}
	return 0;
}

UNTIMED static void create_close(void *arena)
{
	struct create *c = arena;
	ctx_release(&c->child);
	ctx_release(&c->self);
}

static uint64_t create_bodies(const void *arena)
{
	const struct create *c = arena;
	return c->ran;
}

static const struct job create_job = {
	.name = "create",
	.summary = "spawn, run and join one context",
	.unit = "op",
	.needs = CAP_CREATE,
	.ops = 1,
	.spawns = 1,
	.contexts = 2,
	.arena_bytes = create_bytes,
	.open = create_open,
	.loop = create_loop,
	.close = create_close,
	.bodies = create_bodies,
};
