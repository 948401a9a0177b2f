// SPDX-License-Identifier: MIT
/* Two result files side by side: what differs between the machines, then every cell that both have, by its full name.
 */
#include "analyse.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cells.h"
#include "modeswitch.h"
#include "text.h"

enum { STATUS_REFUSED = 2 };
enum { NAME = 16, WAIT = 11, TIME = 9, SPREAD = 5, RATIO = 6, KEY_NAME = 21, KEY_FIRST = 8, LINE = 20000 };
static const double CONFIDENCE = 0.95;

/* -- the keys. Those that explain a difference, heaviest first, with what they do; `NAME.` stands for all that begin
 * so. */
static const struct weight {
	const char *key, *phrase;
} weights[] = {
	{ "hypervisor", "cost of faults, timers, IPIs" },
	{ "cpu", "another processor" },
	{ "mitigations.", "cost of kernel entry" },
	{ "pti", "cost of kernel entry" },
	{ "pcid", "TLB flushes" },
	{ "frequency.driver", "core speed" },
	{ "frequency.governor", "core speed" },
	{ "frequency.boost", "core speed" },
	{ "smt", "shared cores" },
	{ "preemption", "when it may switch" },
	{ "kernel", NULL },
	{ "microcode", NULL },
	{ "clock", "how it was timed" },
	{ "idle.", "cost of wakes" },
	{ "flags", "how it was built" },
	{ "compiler", "how it was built" },
	{ "version", "another ctxbench" },
	{ "revision", "another ctxbench" },
	{ "libc", "cost of pthread, fork" },
	{ "scheduler", NULL },
	{ "hz", "timer ticks" },
	{ "cgroup.", "limits" },
	{ "thp", "page faults" },
	{ "affinity", NULL },
	{ "cpus-used", NULL },
	{ "isolated", "disturbances" },
};
enum { WEIGHTS = sizeof weights / sizeof *weights };

/* What every run has of its own, or what the head says anyway. */
static const char *const own[] = { "complete", "date", "host", "run", "seed", "seconds", "trials", "ctxbench",
	"counters", "aa.", "clock.", "impl.", "not-counted.", NULL };

static bool names(const char *pattern, const char *key)
{
	size_t length = strlen(pattern);

	return pattern[length - 1] == '.' ? !strncmp(pattern, key, length) : !strcmp(pattern, key);
}

static bool is_own(const char *key)
{
	for (const char *const *o = own; *o; o++)
		if (names(*o, key))
			return true;
	return false;
}

static size_t weight_of(const char *key)
{
	size_t i = 0;

	while (i < WEIGHTS && !names(weights[i].key, key))
		i++;
	return i;
}

/* One key that one of the two has, with both values. */
struct pair {
	const char *key, *a, *b;
	size_t weight;
};

static int order_pairs(const void *left, const void *right)
{
	const struct pair *x = left, *y = right;

	return x->weight != y->weight ? (x->weight < y->weight ? -1 : 1) : strcmp(x->key, y->key);
}

static struct pair *pair_keys(const struct record *a, const struct record *b, size_t *n)
{
	struct pair *pair = take(malloc((a->keys + b->keys + 1) * sizeof *pair));

	*n = 0;
	for (size_t i = 0; i < a->keys; i++)
		pair[(*n)++] = (struct pair){ a->key[i].key, a->key[i].value, record_get(b, a->key[i].key), 0 };
	for (size_t i = 0; i < b->keys; i++)
		if (!record_get(a, b->key[i].key))
			pair[(*n)++] = (struct pair){ b->key[i].key, NULL, b->key[i].value, 0 };
	for (size_t i = 0; i < *n; i++)
		pair[i].weight = weight_of(pair[i].key);
	qsort(pair, *n, sizeof *pair, order_pairs);
	return pair;
}

static bool is_equal(const struct pair *p)
{
	return p->a && p->b && !strcmp(p->a, p->b);
}

/* Of two long lines only what is not the same at their beginning, from the word on in which they part. */
static size_t common_words(const char *a, const char *b)
{
	size_t same = 0;

	while (a[same] && a[same] == b[same])
		same++;
	while (same && a[same - 1] != ' ')
		same--;
	return same;
}

static void put_difference(FILE *out, const struct pair *p)
{
	const char *a = p->a ? p->a : "(absent)", *b = p->b ? p->b : "(absent)";
	const char *phrase = p->weight < WEIGHTS ? weights[p->weight].phrase : NULL;
	size_t skip = strlen(a) + strlen(b) > 40 ? common_words(a, b) : 0, key = text_columns(p->key);
	char line[LINE];

	key = key < KEY_NAME ? KEY_NAME : key;
	text_cell(out, "differ", KEY_FIRST);
	text_cell(out, p->key, (int)key);
	fputs("  ", out);
	snprintf(line, sizeof line, "%s%s -> %s%s%s%s%s", skip ? "... " : "", a + skip, skip ? "... " : "", b + skip,
		phrase ? " (" : "", phrase ? phrase : "", phrase ? ")" : "");
	text_wrap(out, KEY_FIRST + key + 2, KEY_FIRST + KEY_NAME + 2, line);
}

/* Does it say no more than the lack of the key does? Kernels differ in which vulnerabilities they know. */
static bool says_nothing(const char *value)
{
	return !value || !strcmp(value, "Not affected") || !strcmp(value, "unknown") || !strcmp(value, "none");
}

static void put_names(FILE *out, const char *label, const struct text_list *list, size_t n)
{
	char line[1200];

	if (!n)
		return;
	snprintf(line, sizeof line, "%zu key%s (%s%s)", n, n == 1 ? "" : "s", list->text, list->more ? ", ..." : "");
	text_cell(out, label, KEY_FIRST);
	text_wrap(out, KEY_FIRST, KEY_FIRST, line);
}

static void put_keys(FILE *out, const struct record *a, const struct record *b)
{
	struct text_list list[3] = { 0 }; /* equal, only in A, only in B */
	size_t n, count[3] = { 0 };
	struct pair *pair = pair_keys(a, b, &n);

	for (size_t i = 0; i < n; i++) {
		const struct pair *p = &pair[i];
		int one = !p->b ? 1 : 2;

		if (is_own(p->key))
			continue;
		if (is_equal(p)) {
			text_list(&list[0], p->key, 5);
			count[0]++;
		} else if ((!p->a || !p->b) && (p->weight == WEIGHTS || (says_nothing(p->a) && says_nothing(p->b)))) {
			text_list(&list[one], p->key, 3);
			count[one]++;
		} else {
			put_difference(out, p);
		}
	}
	put_names(out, "only A", &list[1], count[1]);
	put_names(out, "only B", &list[2], count[2]);
	put_names(out, "equal", &list[0], count[0]);
	free(pair);
}

/* -- refusals: one line on stderr */

static bool refuse(const char *why)
{
	char clean[800];

	fprintf(stderr, "ctxbench: can't compare: %s\n", text_clean(clean, sizeof clean, why, 700));
	return false;
}

static const char *told(const struct record *r, const char *key)
{
	const char *value = record_get(r, key);

	return value ? value : "unknown";
}

static bool same_method(const struct record *a, const struct record *b)
{
	char why[300];

	snprintf(why, sizeof why, "method %.40s in A and %.40s in B: they did not measure the same", told(a, "method"),
		told(b, "method"));
	if (strcmp(told(a, "method"), told(b, "method")))
		return refuse(why);
	if (record_is(a, "emulated", "yes") != record_is(b, "emulated", "yes"))
		return refuse(record_is(a, "emulated", "yes") ? "A's CPU is emulated and B's is real"
							      : "B's CPU is emulated and A's is real");
	return true;
}

static bool same_units(
	const struct record *a, const struct record *b, const struct cells *left, const struct cells *right)
{
	char why[1400];

	for (size_t i = 0; i < a->units; i++)
		for (size_t j = 0; j < b->units; j++)
			if (!strcmp(a->unit[i].key, b->unit[j].key) && strcmp(a->unit[i].value, b->unit[j].value)) {
				snprintf(why, sizeof why, "Unit %.200s is %.200s in A and %.200s in B", a->unit[i].key,
					a->unit[i].value, b->unit[j].value);
				return refuse(why);
			}
	for (size_t i = 0; i < left->cells; i++) {
		const struct cell *x = &left->cell[i], *y = cells_find(right, x->name);

		if (y && x->unit && y->unit && strcmp(x->unit, y->unit)) {
			snprintf(why, sizeof why, "%.500s is in %.200s in A and in %.200s in B", x->name, x->unit,
				y->unit);
			return refuse(why);
		}
	}
	return true;
}

static bool in_common(const struct cells *left, const struct cells *right)
{
	for (size_t i = 0; i < left->cells; i++) {
		const struct cell *other = cells_find(right, left->cell[i].name);

		if (left->cell[i].state == CELL_VALID && other && other->state == CELL_VALID)
			return true;
	}
	return refuse("no cell is valid in both");
}

/* -- the cells */

struct tally {
	size_t cells, slower, faster, same, tests, unresolved, one_sided, neither;
};

/* One name; a side is NULL where that file does not have it. */
struct both {
	const struct cell *a, *b;
	size_t bench, impl;
};

static const struct cell *one_of(const struct both *p)
{
	return p->a ? p->a : p->b;
}

static bool counts(const struct cell *c)
{
	return c && c->state == CELL_VALID;
}

/* Of one section are cells of one bench and unit on one place under one policy. */
static int order_sections(const struct both *x, const struct both *y)
{
	const struct cell *a = one_of(x), *b = one_of(y);
	bool yields = a->unit && !strcmp(a->unit, "ns/yield"), yielded = b->unit && !strcmp(b->unit, "ns/yield");
	int order = (x->bench > y->bench) - (x->bench < y->bench);

	if (!order)
		order = strcmp(a->bench, b->bench);
	if (!order)
		order = yields - yielded;
	if (!order)
		order = cell_order_place(a->place, b->place);
	return order ? order : cell_order_policy(a->policy, b->policy);
}

static int order_both(const void *left, const void *right)
{
	const struct both *x = left, *y = right;
	const struct cell *a = one_of(x), *b = one_of(y);
	int order = order_sections(x, y);

	if (!order)
		order = (x->impl > y->impl) - (x->impl < y->impl);
	if (!order)
		order = cell_order_wait(a->wait, b->wait);
	return order ? order : strcmp(a->name, b->name);
}

static size_t bench_rank(const char *bench)
{
	static const char *const benches[] = { "switch", "wake", "create", "spawn", "mode", "yield-alone", "syscall",
		"refuse" };
	size_t i = 0;

	while (i < sizeof benches / sizeof *benches && strcmp(benches[i], bench))
		i++;
	return i;
}

/* The tables' order of A; what only B has comes after. */
static size_t impl_rank(const struct cells *left, const struct cells *right, const char *impl)
{
	const struct impl_row *a = cells_impl(left, impl), *b = cells_impl(right, impl);

	return a ? (size_t)(a - left->impl) : left->impls + (b ? (size_t)(b - right->impl) : 0);
}

static struct both *pair_cells(const struct cells *left, const struct cells *right, size_t *n)
{
	struct both *both = take(malloc((left->cells + right->cells + 1) * sizeof *both));

	*n = 0;
	for (size_t i = 0; i < left->cells; i++)
		both[(*n)++] = (struct both){ .a = &left->cell[i], .b = cells_find(right, left->cell[i].name) };
	for (size_t i = 0; i < right->cells; i++)
		if (!cells_find(left, right->cell[i].name))
			both[(*n)++] = (struct both){ .b = &right->cell[i] };
	for (size_t i = 0; i < *n; i++) {
		both[i].bench = bench_rank(one_of(&both[i])->bench);
		both[i].impl = impl_rank(left, right, one_of(&both[i])->impl);
	}
	qsort(both, *n, sizeof *both, order_both);
	return both;
}

static void put_section(FILE *out, const struct cell *c)
{
	static const struct {
		const char *bench, *words;
	} title[] = {
		{ "switch", "switch, one way" },
		{ "create", "create and join" },
		{ "spawn", "spawn alone" },
		{ "mode", "mode switch and back" },
		{ "yield-alone", "yield alone" },
		{ "syscall", "system calls" },
		{ "refuse", "a creation refused" },
	};
	const char *words = c->bench;
	char line[200];

	for (size_t i = 0; i < sizeof title / sizeof *title; i++)
		if (!strcmp(title[i].bench, c->bench))
			words = title[i].words;
	if (c->unit && !strcmp(c->unit, "ns/yield"))
		words = "yield, by the scheduler's queue";
	snprintf(line, sizeof line, "%s: %s%s%s", words, place_words(c->place), *c->policy ? ", policy " : "",
		c->policy);
	text_wrap(out, 0, 2, line);
}

static const char *side_words(const struct cell *c)
{
	if (!c)
		return "absent";
	if (c->state != CELL_VALID)
		return c->state == CELL_INVALID ? "invalid" : "not measured";
	return c->second ? "two groups" : "within noise";
}

static void put_side(FILE *out, const struct cell *c)
{
	char number[TEXT_NUMBER];

	if (!counts(c) || !cell_resolved(c) || c->second) {
		text_cell(out, side_words(c), -TIME - SPREAD);
		return;
	}
	text_cell(out, text_time(number, c->median), -TIME);
	text_cell(out, text_percent(number, c->spread), -SPREAD);
}

/* What ends a line, as far as the line goes. */
static void put_last(FILE *out, const char *text, size_t printed)
{
	char clean[4 * TEXT_WIDTH + 8];

	fputs(text_clean(clean, sizeof clean, text, TEXT_WIDTH - printed), out);
}

static void put_one_sided(FILE *out, const struct both *p)
{
	char words[1200], line[1300];

	put_side(out, p->a);
	if (counts(p->a)) {
		snprintf(line, sizeof line, "  %s", p->b ? cell_words(p->b, words, sizeof words) : "absent");
		put_last(out, line, NAME + WAIT + TIME + SPREAD);
		return;
	}
	put_side(out, p->b);
	snprintf(line, sizeof line, "  %s", p->a ? p->a->reason : "");
	put_last(out, p->a ? line : "", NAME + WAIT + 2 * (TIME + SPREAD));
}

static void put_same(FILE *out, const struct both *p)
{
	double least = stats_least_difference(p->a->x, p->a->n, p->b->x, p->b->n, CONFIDENCE);
	char number[TEXT_NUMBER];

	text_cell(out, "~", -RATIO);
	if (isnan(least))
		fputs("  (too few trials)", out);
	else
		fprintf(out, "  (%s would show)", text_percent(number, least));
}

static void put_ratio(FILE *out, const struct both *p)
{
	struct interval i = stats_ratio_interval(p->a->x, p->a->n, p->b->x, p->b->n, CONFIDENCE, 1);
	char ratio[TEXT_NUMBER], low[TEXT_NUMBER], high[TEXT_NUMBER], line[128];

	text_cell(out, text_ratio(ratio, p->b->median / p->a->median), -RATIO);
	snprintf(line, sizeof line, "  [%s, %s]", text_ratio(low, i.low), text_ratio(high, i.high));
	put_last(out, line, NAME + WAIT + 2 * (TIME + SPREAD) + RATIO);
}

static void put_verdict(FILE *out, const struct both *p, struct tally *tally)
{
	switch (cells_compare(p->a, p->b)) {
	case CELLS_UNTOLD:
		tally->unresolved++;
		return;
	case CELLS_DIFFER:
		*(p->b->median > p->a->median ? &tally->slower : &tally->faster) += 1;
		put_ratio(out, p);
		break;
	case CELLS_SAME:
		tally->same++;
		put_same(out, p);
	}
	tally->tests++;
}

static void put_name(FILE *out, const struct cell *c)
{
	char name[160], wait[160];

	if (modeswitch_draws(c)) {
		snprintf(name, sizeof name, "  %s", modeswitch_name(c, wait, sizeof wait));
		text_cell(out, name, NAME + WAIT);
		return;
	}
	snprintf(name, sizeof name, "  %s", c->impl);
	text_cell(out, name, NAME);
	snprintf(wait, sizeof wait, " %s%s%s", strcmp(c->wait, "none") ? c->wait : "",
		strcmp(c->wait, "none") && *c->points ? " " : "", cell_point(c));
	text_cell(out, wait, WAIT);
}

static void put_both(FILE *out, const struct both *p, struct tally *tally)
{
	const struct cell *c = one_of(p);

	tally->cells++;
	if (!counts(p->a) && !counts(p->b)) {
		tally->neither++;
		return;
	}
	put_name(out, c);
	if (counts(p->a) && counts(p->b)) {
		put_side(out, p->a);
		put_side(out, p->b);
		put_verdict(out, p, tally);
	} else {
		tally->one_sided++;
		put_one_sided(out, p);
	}
	fputc('\n', out);
}

static bool shown(const struct both *p)
{
	return counts(p->a) || counts(p->b);
}

static void put_cells(FILE *out, const struct cells *left, const struct cells *right, struct tally *tally)
{
	size_t n;
	struct both *both = pair_cells(left, right, &n);
	const struct both *last = NULL;

	text_cell(out, "", NAME + WAIT);
	text_cell(out, "A", -TIME);
	text_cell(out, "±", -SPREAD);
	text_cell(out, "B", -TIME);
	text_cell(out, "±", -SPREAD);
	text_cell(out, "B/A", -RATIO);
	fputs("  95% of B/A\n", out);
	for (size_t i = 0; i < n; i++) {
		if (shown(&both[i])) {
			if (!last || order_sections(last, &both[i]))
				put_section(out, one_of(&both[i]));
			last = &both[i];
		}
		put_both(out, &both[i], tally);
	}
	free(both);
}

/* -- head and end */

static const char *base_name(const struct record *r)
{
	const char *slash = r->path ? strrchr(r->path, '/') : NULL;

	return slash ? slash + 1 : r->path ? r->path : "(no file)";
}

static void put_file(FILE *out, const char *side, const struct record *r, bool whole)
{
	char line[LINE];
	const char *kernel = told(r, "kernel");

	snprintf(line, sizeof line, "%s: %.64s, %s%.*s, %.20s trials a cell, %s",
		whole && r->path ? r->path : base_name(r), told(r, "host"), strncmp(kernel, "Linux", 5) ? "Linux " : "",
		64, kernel, told(r, "trials"), record_is(r, "complete", "yes") ? "complete" : "NOT complete");
	text_cell(out, side, 3);
	text_wrap(out, 3, 3, line);
}

static void add_count(char *line, size_t size, size_t n, const char *what)
{
	size_t used = strlen(line);

	if (n)
		snprintf(line + used, size - used, ", %zu %s", n, what);
}

static void put_counts(FILE *out, const struct tally *t)
{
	char line[400], number[TEXT_NUMBER];

	snprintf(line, sizeof line, "%zu cells: %zu differ (B slower in %zu, faster in %zu), %zu not told apart",
		t->cells, t->slower + t->faster, t->slower, t->faster, t->same);
	add_count(line, sizeof line, t->one_sided, "one-sided");
	add_count(line, sizeof line, t->unresolved, "without one value");
	add_count(line, sizeof line, t->neither, "measured in neither");
	fputc('\n', out);
	text_wrap(out, 0, 2, line);
	snprintf(line, sizeof line,
		"~: no difference at 95%% (Mann-Whitney). Of %zu tests about %s would differ by chance", t->tests,
		text_fixed(number, (1 - CONFIDENCE) * (double)t->tests, 1));
	text_wrap(out, 0, 2, line);
}

static void put_all(
	FILE *out, const struct record *a, const struct record *b, const struct cells *left, const struct cells *right)
{
	bool alike = !strcmp(base_name(a), base_name(b));
	struct tally tally = { 0 };

	put_file(out, "A", a, alike);
	put_file(out, "B", b, alike);
	put_keys(out, a, b);
	fputc('\n', out);
	put_cells(out, left, right, &tally);
	put_counts(out, &tally);
}

int compare_print(const struct record *a, const struct record *b, FILE *out)
{
	struct cells *left = cells_group(a), *right = cells_group(b);
	bool can = same_method(a, b) && same_units(a, b, left, right) && in_common(left, right);

	if (can)
		put_all(out, a, b, left, right);
	cells_free(left);
	cells_free(right);
	return can ? 0 : STATUS_REFUSED;
}
