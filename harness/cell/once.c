// SPDX-License-Identifier: MIT
/*
 * Something done once in a context of its own, whatever it is: for what is looked at from outside of the verbs. A
 * template like those in bench/.
 */
struct once {
	struct ctx self, other;
	void (*what)(void *arg);
	void *arg;
};

UNTIMED static struct ctx *once_body(void *arg)
{
	struct once *o = arg;
	o->what(o->arg);
	return NULL;
}

UNTIMED static int once(const struct point *p, void (*what)(void *arg), void *arg)
{
	struct once *o = p->arena;
	o->what = what;
	o->arg = arg;
	int error = ctx_ready(&o->self, p->seat[0]);
	if (!error) {
		error = ctx_ready(&o->other, p->seat[1]);
		if (!error) {
			ctx_adopt(&o->self);
			error = ctx_spawn(&o->other, once_body, o);
			if (!error)
				ctx_join(&o->self, &o->other);
			ctx_release(&o->other);
		}
		ctx_release(&o->self);
	}
	return error;
}
