// SPDX-License-Identifier: MIT
#include "plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../filter.h"
#include "../record.h"
#include "grid.h"
#include "policy.h"

/* What a cell's name is made of; the axes and variants that benches have of their own come after these. */
static const char *const name_keys[] = { "bench", "impl", "wait", "policy", "place", "kind", "workers" };

/* What the shorter runs choose from the whole, in the words of --only: one of each kind of context, and of user threads
 * what a switch can be made of. */
#define ONE_OF_EACH "impl=null,process,lwp,pthread,kthread,uthread,uthread-jmp,uthread-ret,uthread-inline,ucontext"
static const char *const quick[] = {
	"bench=syscall call=empty-loop,clock-read,vdso,null,enosys",
	"bench=refuse stage=size,copied,combination",
	"bench=latency gap=0 policy=batch place=same-pu",
	"bench=create,mode " ONE_OF_EACH,
	"bench=switch wait=futex,none,wake policy=batch place=same-pu " ONE_OF_EACH,
	"bench=wake impl=lwp wait=futex policy=other",
	"bench=wake impl=kthread-stopper",
	"bench=block impl=uthread",
	"bench=block impl=mn read=plain workers=2",
	"bench=anatomy of=create,switch impl=lwp,uthread policy=batch",
	NULL,
};
/* What of the benches with many cells a full run chooses; --only has them all. */
static const char *const full[] = {
	"bench=ring,ring-write,ring-pages impl=process,lwp,uthread-jmp wait=futex,none",
	"bench=ring-sizes impl=process wait=pipe",
	"bench=grain impl=null,process,lwp,pthread,uthread,uthread-jmp,ucontext wait=futex,none",
	NULL,
};
static const char *const brief[] = {
	"bench=create impl=lwp,uthread-jmp",
	"bench=switch impl=lwp,process wait=futex policy=batch place=same-pu",
	"bench=switch impl=uthread-jmp",
	"bench=syscall call=null",
	NULL,
};

/* -- what an op must make is composed of what its verbs make */
static double each(const struct cell *c)
{
	return c->entry->each ? (double)c->at[c->entry->each - 1] : 1;
}

static double handoffs(const struct cell *c)
{
	bool alone = c->entry->each && each(c) == 1;
	return alone ? 0 : c->entry->handoffs * each(c);
}

static double composed(const struct cell *c, double handoff, double spawn, double mode, double yield, double own)
{
	const struct entry *e = c->entry;
	return handoffs(c) * handoff + e->spawns * spawn + e->modes * mode + e->yields * yield + own;
}

double plan_each(const struct cell *c)
{
	return c->entry->own_each ? (double)c->at[0] : 1;
}

static bool is(const char *a, const char *b)
{
	return !strcmp(a, b);
}

static double for_each(double cost, double n)
{
	return cost == NOT_CLAIMED ? NOT_CLAIMED : cost * n;
}

/* Of a whole turn. */
static struct cost own_cost(const struct cell *c)
{
	const struct cost *own = &c->entry->own;
	double n = plan_each(c);
	return (struct cost){ .switches = for_each(own->switches, n),
		.elsewhere = for_each(own->elsewhere, n),
		.calls = for_each(own->calls, n),
		.tasks = for_each(own->tasks, n),
		.migrations = for_each(own->migrations, n) };
}

static void claim(struct cell *c)
{
	const struct entry *e = c->entry;
	const struct cost own = own_cost(c);
	bool one_cpu = is(c->place->name, "same-pu"), piles_up = e->batch > 1;
	/* across CPUs a waiter may find its turn come before it sleeps */
	bool may_find = !one_cpu && e->handoffs;
	c->claimed_switches = c->claimed_elsewhere = c->claimed_calls = -1;
	c->claimed_tasks =
		composed(c, e->per_handoff.tasks, e->per_spawn.tasks, e->per_mode.tasks, e->per_yield.tasks, own.tasks);
	c->claimed_migrations = own.migrations;
	c->at_most = may_find;
	if (is(c->place->name, "free") || piles_up)
		return; /* where they run, and when those that pile up do, is the scheduler's business */
	if (e->spawns && e->per_spawn.switches == NOT_CLAIMED)
		return;
	c->claimed_switches = composed(c, e->per_handoff.switches, e->per_spawn.switches, e->per_mode.switches,
		e->per_yield.switches, own.switches);
	c->claimed_elsewhere = composed(c, e->per_handoff.elsewhere, e->per_spawn.elsewhere, e->per_mode.elsewhere,
		e->per_yield.elsewhere, own.elsewhere);
	if (own.switches == NOT_CLAIMED)
		c->claimed_switches = -1;
	bool libc_decides =
		(e->spawns && e->caps & CAP_LIBC_SPAWN) || ((e->handoffs || e->yields) && e->caps & CAP_LIBC_HANDOFF);
	if (!may_find && !libc_decides && own.calls != NOT_CLAIMED)
		c->claimed_calls = composed(
			c, e->per_handoff.calls, e->per_spawn.calls, e->per_mode.calls, e->per_yield.calls, own.calls);
}

/* -- one cell */
static void name_cell(struct cell *c)
{
	const struct entry *e = c->entry;
	char bench[64];
	record_bench_name(e->job, bench, sizeof bench);
	int used = snprintf(c->name, sizeof c->name, "%s/impl=%s/wait=%s/policy=%s/place=%s%s%s", bench, e->impl,
		e->wait, c->policy, c->place->name, *e->variant ? "/" : "", e->variant);
	if (c->workers)
		used += snprintf(c->name + used, sizeof c->name - (size_t)used, "/workers=%u", c->workers);
	for (int i = 0; i < SCALES_MOST && *e->scale[i]; i++)
		used += snprintf(c->name + used, sizeof c->name - (size_t)used, "/%s=%llu", e->scale[i],
			(unsigned long long)c->at[i]);
	const char *unit = is(c->place->name, "free") && is(e->unit, "switch") ? "handoff"
			   : e->caps & CAP_UNDIRECTED && is(e->unit, "switch") ? "yield"
									       : e->unit;
	snprintf(c->unit, sizeof c->unit, "%s", unit);
}

static void say_missing(struct cell *c)
{
	const struct entry *e = c->entry;
	const char *why = *e->missing ? e->missing : *c->place->missing ? c->place->missing : policy_missing(c->policy);
	if (!is(c->place->name, "same-pu") && e->caps & CAP_UNDIRECTED)
		why = "a yield off one CPU only spins";
	if (c->place->cpu[0] == c->place->cpu[1] && e->needs & CAP_HANDOFF && e->caps & CAP_ACROSS_ONLY)
		why = "on one CPU it only spins until its slice is over";
	if (e->each && e->needs & CAP_HANDOFF && e->caps & CAP_UNDIRECTED)
		why = "the scheduler's queue picks who runs, and not the bench";
	if (c->workers > 1 && e->yields && e->needs & CAP_QUEUE)
		why = "each of the two has an LWP of its own and nobody to yield to";
	snprintf(c->missing, sizeof c->missing, "%s", why);
}

static void add_cell_at(struct plan *plan, struct cell cell)
{
	plan->cell = realloc(plan->cell, (plan->cells + 1) * sizeof *plan->cell);
	if (!plan->cell)
		abort();
	struct cell *c = &plan->cell[plan->cells++];
	*c = cell;
	name_cell(c);
	say_missing(c);
	claim(c);
}

/* One for each value on the bench's axes from the first that is not set yet. */
static void add_grid(struct plan *plan, const struct places *places, struct cell cell, int axis)
{
	const struct entry *e = cell.entry;
	if (axis == SCALES_MOST || !*e->scale[axis]) {
		add_cell_at(plan, cell);
		return;
	}
	uint64_t value[GRID_MOST];
	size_t values = grid_values(e->grid[axis], places, axis ? cell.at[axis - 1] : 0, value);
	for (size_t i = 0; i < values; i++) {
		cell.at[axis] = value[i];
		add_grid(plan, places, cell, axis + 1);
	}
}

static void add_cell(struct plan *plan, const struct places *places, const struct registered *r,
	const struct place *place, const char *policy, unsigned workers)
{
	struct cell cell = {
		.entry = &r->entry, .program = r->program, .place = place, .policy = policy, .workers = workers
	};
	add_grid(plan, places, cell, 0);
}

/* Where a bench that never waits belongs: to the instance that can't, so that it is measured once an impl. */
static bool belongs(const struct entry *e)
{
	return e->needs & (CAP_HANDOFF | CAP_ALL_CPUS) || is(e->wait, "none");
}

static bool able(const struct entry *e, unsigned needs)
{
	return (needs & ~e->caps) == 0;
}

/* On each pair of CPUs that are related in a way of their own. A hand-off from one to the other is measured under every
 * policy; what is no hand-off, or has axes of its own, as programs get it. */
static void add_across(struct plan *plan, const struct registered *r, const struct places *p)
{
	static const char *const policies[] = { "batch", "other", "fifo" };
	bool every = r->entry.needs & CAP_HANDOFF && !*r->entry.scale[0];
	for (unsigned i = 0; i <= p->farthers; i++)
		for (size_t k = 0; k < sizeof policies / sizeof *policies; k++)
			if (every || is(policies[k], "other"))
				add_cell(plan, p, r, i ? &p->farther[i - 1] : &p->other, policies[k], 0);
}

static void add_cells(struct plan *plan, const struct registered *r, const struct places *p)
{
	const struct entry *e = &r->entry;
	if (!*e->job || !belongs(e) || !able(e, e->needs & ~(unsigned)CAP_TWO_CPUS))
		return;
	bool kernel = e->caps & CAP_KERNEL, hands_off = e->needs & CAP_HANDOFF, variant = e->caps & CAP_VARIANT;
	if (variant && (e->needs & (CAP_MODE | CAP_YIELD | CAP_TWO_CPUS) || e->each))
		return;
	if (e->needs & CAP_ALL_CPUS) {
		add_cell(plan, p, r, &p->compact, "batch", 0);
		add_cell(plan, p, r, &p->scattered, "batch", 0);
		return;
	}
	if (e->needs & CAP_TWO_CPUS) {
		if (kernel)
			add_across(plan, r, p);
		return;
	}
	/* a context that gives its CPU up to nobody is made where one that wakes takes it */
	bool holds_on = e->spawns && e->caps & CAP_PREEMPTED;
	add_cell(plan, p, r, &p->same, holds_on ? "other" : "batch", e->caps & CAP_WORKERS ? 1 : 0);
	if (hands_off && e->each)
		return; /* one CPU and one policy: the axes make cells enough */
	if (kernel && hands_off && !variant) {
		add_cell(plan, p, r, &p->same, "other", 0);
		if (!*e->scale[0]) /* a bench with axes of its own is not multiplied by all policies as well */
			add_cell(plan, p, r, &p->same, "fifo", 0);
		add_cell(plan, p, r, &p->free, "other", 0);
	}
	if (e->caps & CAP_WORKERS)
		for (unsigned k = 2; k <= p->allowed; k *= 2)
			add_cell(plan, p, r, &p->free, "other", k);
}

/* -- choosing */
/* The keys of a filter expression, ending with NULL; the texts belong to the registry or to this file. */
struct keys {
	const char *key[64];
	size_t keys;
	char of_variant[16][NAME_SIZE];
	size_t variants;
};

static void add_key(struct keys *k, const char *key)
{
	for (size_t i = 0; i < k->keys; i++)
		if (is(k->key[i], key))
			return;
	if (k->keys + 1 < sizeof k->key / sizeof *k->key)
		k->key[k->keys++] = key;
}

static void add_variant_key(struct keys *k, const char *variant)
{
	if (!*variant || k->variants == sizeof k->of_variant / sizeof *k->of_variant)
		return;
	char *text = k->of_variant[k->variants];
	snprintf(text, NAME_SIZE, "%.*s", (int)strcspn(variant, "="), variant);
	size_t before = k->keys;
	add_key(k, text);
	k->variants += k->keys > before;
}

static struct keys *keys_of(const struct registry *r)
{
	struct keys *k = calloc(1, sizeof *k);
	if (!k)
		abort();
	for (size_t i = 0; i < sizeof name_keys / sizeof *name_keys; i++)
		add_key(k, name_keys[i]);
	for (size_t i = 0; i < r->items; i++) {
		const struct entry *e = &r->item[i].entry;
		add_variant_key(k, e->variant);
		for (int axis = 0; axis < SCALES_MOST && *e->scale[axis]; axis++)
			add_key(k, e->scale[axis]);
	}
	return k;
}

static const char *cell_value(const char *key, const void *context)
{
	const struct cell *c = context;
	static char buffer[64];
	if (is(key, "kind"))
		return c->entry->kind;
	return record_part(c->name, key, buffer, sizeof buffer);
}

/* What a shorter run chooses: what any of its expressions matches. */
struct choice {
	const char *const *expressions;
	const struct keys *keys;
};

static bool in_extent(const struct cell *c, const void *context)
{
	const struct choice *choice = context;
	for (const char *const *e = choice->expressions; *e; e++) {
		char error[256];
		struct filter *f = filter_parse(*e, choice->keys->key, error, sizeof error);
		bool matches = f && filter_matches(f, cell_value, c);
		filter_free(f);
		if (matches)
			return true;
	}
	return false;
}

static bool has_many_cells(const struct cell *c)
{
	return c->entry->each && c->entry->needs & CAP_HANDOFF;
}

static bool in_full(const struct cell *c, const void *context)
{
	return !has_many_cells(c) || in_extent(c, context);
}

static void keep_if(struct plan *plan, bool (*holds)(const struct cell *, const void *), const void *context)
{
	size_t kept = 0;
	for (size_t i = 0; i < plan->cells; i++)
		if (holds(&plan->cell[i], context))
			plan->cell[kept++] = plan->cell[i];
	plan->cells = kept;
}

static bool in_filter(const struct cell *c, const void *filter)
{
	return filter_matches(filter, cell_value, c);
}

/* Says of the first term that holds for no cell which values its key has. */
static void explain_nothing(const struct plan *all, const struct filter *f, const struct keys *keys, const char *only,
	char *error, size_t size)
{
	for (size_t t = 0; t < filter_terms(f); t++) {
		const char *key = filter_term_key(f, t);
		char text[256], ignored[64], seen[512] = " ";
		bool holds = false;
		snprintf(text, sizeof text, "%s=%s", key, filter_term_glob(f, t));
		struct filter *one = filter_parse(text, keys->key, ignored, sizeof ignored);
		for (size_t i = 0; one && i < all->cells; i++) {
			const char *value = cell_value(key, &all->cell[i]);
			char word[80];
			holds |= filter_matches(one, cell_value, &all->cell[i]);
			snprintf(word, sizeof word, " %s ", value ? value : "");
			if (value && !strstr(seen, word) && strlen(seen) + strlen(value) + 2 < sizeof seen)
				strcat(strcat(seen, value), " ");
		}
		filter_free(one);
		if (!holds) {
			snprintf(error, size, "--only: no cell has %s; %s is one of:%.*s", text, key,
				(int)strlen(seen) - 1, seen);
			return;
		}
	}
	snprintf(error, size, "--only '%s': no cell has all of these at once (see `ctxbench plan --full`)", only);
}

int plan_make(struct plan *plan, const struct registry *r, const struct places *places, enum extent extent,
	const char *only, char *error, size_t error_size)
{
	*plan = (struct plan){ 0 };
	snprintf(error, error_size, "nothing to measure: this build has no such cell");
	struct keys *keys = keys_of(r);
	struct filter *f = only ? filter_parse(only, keys->key, error, error_size) : NULL;
	if (only && !f) {
		free(keys);
		return 2;
	}
	for (size_t i = 0; i < r->items; i++)
		add_cells(plan, &r->item[i], places);
	static const char *const *const chosen[] = {
		[EXTENT_BRIEF] = brief, [EXTENT_QUICK] = quick, [EXTENT_FULL] = full
	};
	struct choice choice = { chosen[extent], keys };
	if (extent != EXTENT_FULL || !only)
		keep_if(plan, extent == EXTENT_FULL ? in_full : in_extent, &choice);
	struct plan before = { .cells = plan->cells };
	if (f) {
		before.cell = malloc((plan->cells + 1) * sizeof *before.cell);
		if (!before.cell)
			abort();
		memcpy(before.cell, plan->cell, plan->cells * sizeof *before.cell);
		keep_if(plan, in_filter, f);
		if (!plan->cells)
			explain_nothing(&before, f, keys, only, error, error_size);
	}
	free(before.cell);
	filter_free(f);
	free(keys);
	return plan->cells ? 0 : 2;
}

void plan_free(struct plan *plan)
{
	for (size_t i = 0; i < plan->cells; i++)
		bars_free(&plan->cell[i].values);
	free(plan->cell);
	*plan = (struct plan){ 0 };
}

double plan_ops(const struct cell *c)
{
	return c->entry->caps & CAP_CALL_ONLY ? 1 : c->entry->ops * each(c);
}
