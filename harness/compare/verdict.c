// SPDX-License-Identifier: MIT
#include "verdict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../analyse/modeswitch.h"
#include "../analyse/text.h"

enum { TRIALS_MOST = 100 };
static const double CONFIDENCE = 0.95;

/* -- one cell of two sides */

/* A ratio of multiples has the spread of what they are multiples of, too: independent, so the logarithms' squares add
 * up. It is least where the base's unit is least and the other's is most. */
static struct interval with_scaling(struct interval i, double ratio, const struct side *a, const struct side *b)
{
	double below = log(ratio / i.low), above = log(i.high / ratio);

	if (!(i.low > 0) || (a->scaling.low == a->scaling.high && b->scaling.low == b->scaling.high))
		return i;
	below = sqrt(below * below + pow(log(a->scaling.low), 2) + pow(log(b->scaling.high), 2));
	above = sqrt(above * above + pow(log(a->scaling.high), 2) + pow(log(b->scaling.low), 2));
	return (struct interval){ ratio * exp(-below), ratio * exp(above), i.coverage };
}

/* Trials of one file have its boot in common: where there are several files, what they differ by counts as well. */
static void between_files(struct verdict *v, const struct side_cell *x, const struct side_cell *y, double *least)
{
	struct interval i;

	if (x->files + y->files < 3)
		return;
	i = stats_between_interval(x->centre, x->files, y->centre, y->files, CONFIDENCE);
	v->interval.low = fmin(v->interval.low, i.low);
	v->interval.high = fmax(v->interval.high, i.high);
	v->p = fmax(v->p, stats_between_p(x->centre, x->files, y->centre, y->files));
	*least = fmax(*least, sqrt(i.high / i.low) - 1);
}

/* p takes the spread of the units as the same normal error that the interval has, so that both say the same. */
static void between_units(struct verdict *v, struct interval unscaled, double *least)
{
	double near, z;

	if (v->interval.low == unscaled.low && v->interval.high == unscaled.high)
		return;
	near = v->ratio > 1 ? log(v->ratio / v->interval.low) : log(v->interval.high / v->ratio);
	z = near > 0 ? fabs(log(v->ratio)) / near * 1.959964 : 0;
	v->p = fmax(v->p, erfc(z / M_SQRT2));
	*least = fmax(*least, expm1(near));
}

struct verdict verdict_of(
	const struct side *a, const struct side_cell *x, const struct side *b, const struct side_cell *y)
{
	struct verdict v = { OUTCOME_NEITHER, NAN, { NAN, NAN, 0 }, NAN, NAN, NAN, false };
	struct interval plain;
	double least = 0; /* what the spread of units and files would hide */

	if (!side_counts(x) || !side_counts(y)) {
		v.outcome = side_counts(x) || side_counts(y) ? OUTCOME_ONE_SIDED : OUTCOME_NEITHER;
		return v;
	}
	if (strcmp(x->cell->unit, y->cell->unit)) {
		v.outcome = OUTCOME_FOREIGN;
		return v;
	}
	if (x->untold || y->untold) {
		v.outcome = OUTCOME_UNTOLD;
		return v;
	}
	v.ratio = y->median / x->median;
	plain = stats_ratio_interval(x->x, x->n, y->x, y->n, CONFIDENCE, 1);
	v.interval = with_scaling(plain, v.ratio, a, b);
	v.p = stats_mann_whitney(x->x, x->n, y->x, y->n);
	between_units(&v, plain, &least);
	between_files(&v, x, y, &least);
	v.plain = v.p;
	v.outcome = v.p < 1 - CONFIDENCE ? OUTCOME_DIFFERS : OUTCOME_ALIKE;
	if (v.outcome == OUTCOME_ALIKE) {
		v.least = stats_least_difference(x->x, x->n, y->x, y->n, CONFIDENCE);
		/* what was seen, and did not show, is no difference that would have */
		least = fmax(least, fmax(v.ratio, 1 / v.ratio) - 1);
		v.least = isnan(v.least) ? NAN : fmax(v.least, least);
	}
	return v;
}

const char *outcome_word(enum outcome o)
{
	static const char *const word[OUTCOMES] = { "differs", "alike", "no one value", "other units", "one-sided",
		"neither" };

	return word[o];
}

const char *side_words(const struct side_cell *c, char *buffer, size_t size)
{
	if (!c)
		return "absent";
	if (!side_counts(c))
		return cell_words(c->cell, buffer, size);
	if (!c->untold)
		return NULL;
	for (size_t i = 0; i < c->files; i++)
		if (c->of[i]->second)
			return "two groups";
	return "within noise";
}

/* -- rows */

static size_t rank_of_bench(const char *bench)
{
	static const char *const benches[] = { "switch", "wake", "create", "spawn", "mode", "yield-alone", "syscall",
		"refuse" };
	size_t i = 0;

	while (i < sizeof benches / sizeof *benches && strcmp(benches[i], bench))
		i++;
	return i;
}

/* The tables' order of the base's first file; what only another has comes after. */
static size_t rank_of_impl(const struct sides *s, const char *impl)
{
	size_t before = 0;

	for (size_t k = 0; k < s->sides; k++) {
		const struct cells *all = s->side[(s->base + k) % s->sides].cells[0];
		const struct impl_row *row = cells_impl(all, impl);

		if (row)
			return before + (size_t)(row - all->impl);
		before += all->impls;
	}
	return before;
}

static void read_part(const char *name, const char *part, char *buffer, size_t size)
{
	if (!record_part(name, part, buffer, size))
		*buffer = '\0';
}

void row_read(struct row *r)
{
	const char *place = strstr(r->name, "/place="), *rest = place ? strchr(place + 1, '/') : NULL;

	read_part(r->name, "bench", r->bench, sizeof r->bench);
	read_part(r->name, "impl", r->impl, sizeof r->impl);
	read_part(r->name, "wait", r->wait, sizeof r->wait);
	read_part(r->name, "policy", r->policy, sizeof r->policy);
	read_part(r->name, "place", r->place, sizeof r->place);
	snprintf(r->points, sizeof r->points, "%s", rest ? rest + 1 : "");
}

static bool is_yield(const struct row *r)
{
	return r->one->cell->unit && !strcmp(r->one->cell->unit, "ns/yield");
}

/* Of one section are cells of one bench and unit on one place under one policy. */
static int order_sections(const struct row *a, const struct row *b)
{
	int order = (a->bench_rank > b->bench_rank) - (a->bench_rank < b->bench_rank);

	if (!order)
		order = strcmp(a->bench, b->bench);
	if (!order)
		order = is_yield(a) - is_yield(b);
	if (!order)
		order = cell_order_place(a->place, b->place);
	return order ? order : cell_order_policy(a->policy, b->policy);
}

static int order_rows(const void *left, const void *right)
{
	const struct row *a = left, *b = right;
	int order = order_sections(a, b);

	if (!order)
		order = (a->impl_rank > b->impl_rank) - (a->impl_rank < b->impl_rank);
	if (!order)
		order = cell_order_wait(a->wait, b->wait);
	return order ? order : strcmp(a->name, b->name);
}

/* Every side's cells are by name: the least name that is next anywhere is the next row. */
static size_t merge_names(const struct sides *s, struct row *row)
{
	size_t next[SIDES_MOST] = { 0 }, rows = 0;

	for (;;) {
		const char *least = NULL;
		struct row *r = &row[rows];

		for (size_t i = 0; i < s->sides; i++)
			if (next[i] < s->side[i].size && (!least || strcmp(s->side[i].cell[next[i]].name, least) < 0))
				least = s->side[i].cell[next[i]].name;
		if (!least)
			return rows;
		*r = (struct row){ .name = least };
		for (size_t i = 0; i < s->sides; i++) {
			if (next[i] == s->side[i].size || strcmp(s->side[i].cell[next[i]].name, least))
				continue;
			r->cell[i] = &s->side[i].cell[next[i]++];
			if (!r->one)
				r->one = r->cell[i];
		}
		row_read(r);
		r->bench_rank = rank_of_bench(r->bench);
		r->impl_rank = rank_of_impl(s, r->impl);
		rows++;
	}
}

/* -- all of them */

static void count(struct tally *t, const struct verdict *v)
{
	size_t *const of[OUTCOMES] = { v->ratio > 1 ? &t->slower : &t->faster, &t->alike, &t->untold, &t->foreign,
		&t->one_sided, &t->neither };

	t->cells++;
	t->tests += v->outcome <= OUTCOME_ALIKE;
	*of[v->outcome] += 1;
}

static bool valid_everywhere(const struct matrix *c, const struct row *r)
{
	for (size_t i = 0; i < c->sides->sides; i++)
		if (i == c->sides->base ? !side_counts(r->cell[i]) || r->cell[i]->untold
					: !isfinite(r->verdict[i].ratio))
			return false;
	return true;
}

static void take_means(struct matrix *c)
{
	for (size_t k = 0; k < c->rows; k++) {
		if (!valid_everywhere(c, &c->row[k]))
			continue;
		c->common++;
		for (size_t i = 0; i < c->sides->sides; i++)
			if (i != c->sides->base)
				c->geomean[i] += log(c->row[k].verdict[i].ratio);
	}
	for (size_t i = 0; i < c->sides->sides; i++)
		c->geomean[i] = c->common ? exp(c->geomean[i] / (double)c->common) : NAN;
}

/* -- Holm 1979, A simple sequentially rejective multiple test procedure */

static int order_p(const void *left, const void *right)
{
	const struct verdict *const *a = left, *const *b = right;

	return ((*a)->p > (*b)->p) - ((*a)->p < (*b)->p);
}

/* The least p that a test of n against m can have: one whole order of all choices, and its mirror image. */
static double least_p(size_t n, size_t m)
{
	double choices = 1;

	for (size_t k = 1; k <= n; k++)
		choices = choices * (double)(m + k) / (double)k;
	return fmin(2 / choices, 1);
}

static void what_can_pass(struct matrix *c, size_t i)
{
	struct holm *h = &c->holm[i];
	double least = 1, each = 1 - c->confidence;

	for (size_t k = 0; k < c->rows; k++)
		if (c->row[k].verdict[i].outcome <= OUTCOME_ALIKE)
			least = fmin(least, least_p(c->row[k].cell[c->sides->base]->n, c->row[k].cell[i]->n));
	h->can_pass = (size_t)fmin(floor(each / least * (1 - 1e-12)), 1e9);
	for (size_t n = 2; n <= TRIALS_MOST && !h->would_do; n++)
		if (least_p(n, n) * (double)h->tests < each)
			h->would_do = n;
}

static void correct(struct matrix *c, size_t i)
{
	struct verdict **v = take(malloc((c->rows + 1) * sizeof *v));
	struct holm *h = &c->holm[i];
	double worst = 0;

	*h = (struct holm){ .asked = true };
	for (size_t k = 0; k < c->rows; k++)
		if (c->row[k].verdict[i].outcome <= OUTCOME_ALIKE)
			v[h->tests++] = &c->row[k].verdict[i];
	qsort(v, h->tests, sizeof *v, order_p);
	for (size_t k = 0; k < h->tests; k++) {
		bool differed = v[k]->outcome == OUTCOME_DIFFERS;

		worst = fmax(worst, fmin(v[k]->p * (double)(h->tests - k), 1));
		v[k]->p = worst;
		v[k]->outcome = worst < 1 - c->confidence ? OUTCOME_DIFFERS : OUTCOME_ALIKE;
		v[k]->corrected = differed && v[k]->outcome == OUTCOME_ALIKE;
		h->pass += v[k]->outcome == OUTCOME_DIFFERS;
	}
	free(v);
	what_can_pass(c, i);
}

struct matrix *matrix_make(const struct sides *s, bool holm)
{
	struct matrix *c = take(calloc(1, sizeof *c));
	size_t most = 1, base = s->base;

	*c = (struct matrix){ .sides = s, .confidence = CONFIDENCE };
	for (size_t i = 0; i < s->sides; i++)
		most += s->side[i].size;
	c->row = take(malloc(most * sizeof *c->row));
	c->rows = merge_names(s, c->row);
	qsort(c->row, c->rows, sizeof *c->row, order_rows);
	for (size_t i = 0; i < s->sides; i++) {
		if (i == base)
			continue;
		for (size_t k = 0; k < c->rows; k++)
			c->row[k].verdict[i] =
				verdict_of(&s->side[base], c->row[k].cell[base], &s->side[i], c->row[k].cell[i]);
		if (holm)
			correct(c, i);
		for (size_t k = 0; k < c->rows; k++)
			count(&c->tally[i], &c->row[k].verdict[i]);
	}
	take_means(c);
	return c;
}

void matrix_free(struct matrix *c)
{
	for (size_t k = 0; k < c->rows; k++) {
		free(c->row[k].label);
		free(c->row[k].section);
	}
	free(c->row);
	free(c);
}

/* -- words */

char *row_section(const struct row *r, char *buffer, size_t size)
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
	const char *words = strcmp(r->bench, "*") ? r->bench : "every bench";
	const char *place = strcmp(r->place, "*") ? place_words(r->place) : "every place";
	bool policy = *r->policy && strcmp(r->policy, "*");

	if (r->section) {
		snprintf(buffer, size, "%s", r->section);
		return buffer;
	}
	for (size_t i = 0; i < sizeof title / sizeof *title; i++)
		if (!strcmp(title[i].bench, r->bench))
			words = title[i].words;
	if (is_yield(r))
		words = "yield, by the scheduler's queue";
	snprintf(buffer, size, "%s: %s%s%s", words, place, policy ? ", policy " : "", policy ? r->policy : "");
	return buffer;
}

/* The value of the only point, "null" of "call=null"; else all of them as they are. */
static const char *point_words(const char *points)
{
	const char *value = strchr(points, '=');

	return value && !strchr(points, '/') ? value + 1 : points;
}

void row_words(const struct row *r, char *impl, char *wait)
{
	bool waits = strcmp(r->wait, "none") && strcmp(r->wait, "*");

	*wait = '\0';
	if (r->label) {
		snprintf(impl, ROW_WORDS, "%s", r->label);
		return;
	}
	if (modeswitch_draws(r->one->cell) && !strchr(r->name, '*')) {
		modeswitch_name(r->one->cell, impl, ROW_WORDS);
		return;
	}
	snprintf(impl, ROW_WORDS, "%s", strcmp(r->impl, "*") ? r->impl : "");
	snprintf(wait, ROW_WORDS, "%s%s%s", waits ? r->wait : "", waits && *r->points ? " " : "",
		point_words(r->points));
}
