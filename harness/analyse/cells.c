// SPDX-License-Identifier: MIT
#include "cells.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The textbook's kinds, cheapest first, as tables show them. A kind that is not here makes a group of its own. */
static const struct kind {
	const char *name, *title;
	int rank, ink;
} kinds[] = {
	{ "user-thread", "user threads", 1, 4 },
	{ "lwp", "light-weight processes", 2, 3 },
	{ "pthread", "light-weight processes", 2, 3 },
	{ "process", "processes", 3, 2 },
	{ "kernel-thread", "kernel threads", 4, 1 },
	{ "floor", "floor", 9, 6 },
};
enum { RANK_OTHER = 8, INK_RUNTIME = 5, INK_NONE = 6, KINDS = sizeof kinds / sizeof *kinds };

static const double GROUP_FACTOR = 2; /* two groups lie further apart than twice what either spans */

static const char *const waits[] = { "none", "futex", "wake", "pipe", "eventfd", "socketpair", "sem", "condvar",
	"sysv-sem", "mqueue", "signal", "spin", "yield", NULL };
static const char *const policies[] = { "batch", "other", "fifo", NULL };
static const struct {
	const char *name, *words;
} places[] = {
	{ "same-pu", "one CPU" },
	{ "smt", "hyperthreads of one core" },
	{ "same-l2", "same L2 cache" },
	{ "same-llc", "same last-level cache" },
	{ "same-numa", "same NUMA node" },
	{ "cross-numa", "another NUMA node" },
	{ "cross-package", "another package" },
	{ "p-to-e", "performance to efficiency core" },
	{ "free", "unpinned" },
	{ "compact", "neighbouring CPUs" },
	{ "scattered", "CPUs far apart" },
};

void *take(void *memory)
{
	if (!memory) {
		fputs("ctxbench: out of memory\n", stderr);
		exit(1);
	}
	return memory;
}

bool record_is(const struct record *r, const char *key, const char *value)
{
	const char *is = record_get(r, key);

	return is && !strcmp(is, value);
}

/* -- order */

static int order_in(const char *const *list, const char *a, const char *b)
{
	size_t i = 0, j = 0;

	while (list[i] && strcmp(list[i], a))
		i++;
	while (list[j] && strcmp(list[j], b))
		j++;
	return i != j ? (i < j ? -1 : 1) : strcmp(a, b);
}

int cell_order_wait(const char *a, const char *b)
{
	return order_in(waits, a, b);
}

int cell_order_policy(const char *a, const char *b)
{
	return order_in(policies, a, b);
}

static size_t place_index(const char *place)
{
	size_t i = 0;

	while (i < sizeof places / sizeof *places && strcmp(places[i].name, place))
		i++;
	return i;
}

int cell_order_place(const char *a, const char *b)
{
	size_t i = place_index(a), j = place_index(b);

	return i != j ? (i < j ? -1 : 1) : strcmp(a, b);
}

const char *place_words(const char *place)
{
	size_t i = place_index(place);

	return i < sizeof places / sizeof *places ? places[i].words : place;
}

/* -- lines to cells */

static void read_part(const char *name, const char *part, char *buffer, size_t size)
{
	if (!record_part(name, part, buffer, size))
		*buffer = '\0';
}

static void read_points(const char *name, char *buffer, size_t size)
{
	const char *place = strstr(name, "/place="), *rest = place ? strchr(place + 1, '/') : NULL;

	snprintf(buffer, size, "%s", rest ? rest + 1 : "");
}

/* Of each distinct name of the record, by its index: one more than the cell's, 0 where it has none. */
static struct cell *cell_of(struct cells *all, size_t *of, const struct record_line *line)
{
	struct cell *c;
	const char *name = line->name;

	if (of[line->name_index])
		return &all->cell[of[line->name_index] - 1];
	c = &all->cell[all->cells++];
	of[line->name_index] = all->cells;
	*c = (struct cell){ .name = name, .median = NAN, .least = NAN, .spread = NAN };
	read_part(name, "bench", c->bench, sizeof c->bench);
	read_part(name, "impl", c->impl, sizeof c->impl);
	read_part(name, "wait", c->wait, sizeof c->wait);
	read_part(name, "policy", c->policy, sizeof c->policy);
	read_part(name, "place", c->place, sizeof c->place);
	read_points(name, c->points, sizeof c->points);
	return c;
}

/* Trials have the same units in the same order: this one's is mostly where it was in the one before, at `guess`. */
static struct series *series_of(struct cells *all, struct cell *c, const char *unit, size_t guess)
{
	size_t was = c->units, size = sizeof *c->series;

	if (guess < c->units && c->series[guess].unit == unit)
		return &c->series[guess];
	for (size_t i = 0; i < c->units; i++)
		if (c->series[i].unit == unit)
			return &c->series[i];
	if (!(was & (was - 1)))
		c->series = arena_grow(all->arena, c->series, was * size, (was ? 2 * was : 1) * size);
	c->series[c->units] = (struct series){ .unit = unit, .x = arena_take(all->arena, c->trials * sizeof(double)) };
	return &c->series[c->units++];
}

static bool is_time(const char *unit)
{
	return !strncmp(unit, "ns/", 3);
}

/* Of another program's file: not read as a number, but its unit can be named. */
static bool is_other_time(const char *unit)
{
	static const char *const other[] = { "ps/", "us/", "µs/", "ms/", "s/", NULL };

	for (const char *const *o = other; *o; o++)
		if (!strncmp(unit, *o, strlen(*o)))
			return true;
	return false;
}

/* The centre's unit on a line of a timed trial; NULL on one of a counted pass, whose units are counts per op. */
static const char *centre_unit(const struct record_line *line)
{
	double ignored;

	for (size_t i = 0; i < line->values; i++)
		if (is_time(line->value[i].unit) || is_other_time(line->value[i].unit))
			return line->value[i].unit;
	if (line->values && (record_find(line, "min-ns", &ignored) || record_find(line, "linear", &ignored)))
		return line->value[0].unit;
	return NULL;
}

static void add_trial(struct cells *all, struct cell *c, const struct record_line *line)
{
	if (!c->unit)
		c->unit = centre_unit(line);
	for (size_t i = 0, at = 0; i < line->values; i++) {
		struct series *s = series_of(all, c, line->value[i].unit, at);

		s->x[s->n++] = line->value[i].x;
		at = (size_t)(s - c->series) + 1;
	}
}

static void add_line(struct cells *all, struct cell *c, const struct record_line *line)
{
	if (line->kind == RECORD_BENCHMARK) {
		add_trial(all, c, line);
	} else if (line->kind == RECORD_HISTOGRAM) {
		c->bars = line->bars;
	} else {
		c->refused += line->kind == RECORD_INVALID;
		/* the last one: a run ends with the trial that was refused, the ones before it are refused along with
		 * it */
		if (!c->reason || line->kind == RECORD_INVALID)
			c->reason = line->reason && *line->reason ? line->reason : "no reason is given";
	}
}

/* Twice through the lines: what there is of each is known before its values get their place. */
static void add_lines(struct cells *all)
{
	const struct record *r = all->record;
	size_t *of = take(calloc(r->names + 1, sizeof *of));

	all->cell = arena_take(all->arena, r->names * sizeof *all->cell);
	for (size_t i = 0; i < r->lines; i++)
		if (r->line[i].kind != RECORD_SAMPLES)
			cell_of(all, of, &r->line[i])->trials += r->line[i].kind == RECORD_BENCHMARK;
	for (size_t i = 0; i < r->lines; i++)
		if (r->line[i].kind != RECORD_SAMPLES)
			add_line(all, cell_of(all, of, &r->line[i]), &r->line[i]);
	free(of);
}

/* -- cells to numbers */

const struct series *cell_series(const struct cell *c, const char *unit)
{
	for (size_t i = 0; i < c->units; i++)
		if (!strcmp(c->series[i].unit, unit))
			return &c->series[i];
	return NULL;
}

double cell_median(const struct cell *c, const char *unit)
{
	const struct series *s = c ? cell_series(c, unit) : NULL;

	return s ? stats_median(s->x, s->n) : NAN;
}

static double least_of(const struct series *s)
{
	double least = NAN;

	for (size_t i = 0; s && i < s->n; i++)
		least = fmin(least, s->x[i]);
	return least;
}

static void judge(struct cell *c)
{
	if (c->refused) {
		c->state = CELL_INVALID;
	} else if (!c->unit) {
		c->state = CELL_MISSING;
		if (!c->reason)
			c->reason = "no timed trial in this file";
	} else if (!is_time(c->unit)) {
		c->state = CELL_INVALID;
		c->reason = "its time is in an unknown unit";
	}
}

static int order_numbers(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Only where nothing is pinned can one cell be two things. */
static void part_groups(struct cells *all, struct cell *c)
{
	if (strcmp(c->place, "free"))
		return;
	c->sorted = arena_take(all->arena, c->n * sizeof *c->sorted);
	memcpy(c->sorted, c->x, c->n * sizeof *c->sorted);
	qsort(c->sorted, c->n, sizeof *c->sorted, order_numbers);
	c->second = stats_two_groups(c->sorted, c->n, GROUP_FACTOR);
}

static void summarise(struct cells *all, struct cell *c)
{
	const struct series *centre = c->unit ? cell_series(c, c->unit) : NULL;
	const struct series *samples = cell_series(c, "min-ns");

	judge(c);
	if (!centre)
		return;
	c->x = centre->x;
	c->n = centre->n;
	c->median = stats_median(c->x, c->n);
	c->least = least_of(samples ? samples : centre);
	c->interval = stats_median_interval(c->x, c->n, 0.95);
	if (c->n > 1 && c->median > 0)
		c->spread = (c->interval.high - c->interval.low) / 2 / c->median;
	part_groups(all, c);
}

/* -- cells to implementations */

static void read_kind(struct impl_row *row, const struct record *r)
{
	char key[64];
	const char *value;
	size_t i = 0;

	snprintf(key, sizeof key, "impl.%s", row->name);
	value = record_get(r, key);
	snprintf(row->kind, sizeof row->kind, "%.*s", value ? (int)strcspn(value, "; ") : 0, value ? value : "");
	while (i < KINDS && strcmp(kinds[i].name, row->kind))
		i++;
	row->rank = i < KINDS ? kinds[i].rank : RANK_OTHER;
	row->ink = i < KINDS ? kinds[i].ink : *row->kind ? INK_RUNTIME : INK_NONE;
	snprintf(row->title, sizeof row->title, "%s",
		i < KINDS    ? kinds[i].title
		: *row->kind ? row->kind
			     : "of a kind that the file does not tell");
}

/* Cells that stand for an implementation; a yield is no directed switch. */
static bool is_base(const struct cell *c)
{
	return !strcmp(c->policy, "batch") && !strcmp(c->place, "same-pu") &&
	       (!*c->points || !strcmp(c->points, "workers=1")) && !(c->unit && !strcmp(c->unit, "ns/yield")) &&
	       !(!strcmp(c->bench, "switch") && !strcmp(c->wait, "yield"));
}

/* Where a cell of this bench stands in its implementation's row; NULL where it does not. */
static const struct cell **base_of(struct impl_row *row, const char *bench)
{
	const struct {
		const char *bench;
		const struct cell **cell;
	} bases[] = { { "switch", &row->turn }, { "create", &row->create }, { "spawn", &row->spawn },
		{ "mode", &row->mode }, { "yield-alone", &row->yield_alone } };

	for (size_t i = 0; i < sizeof bases / sizeof *bases; i++)
		if (!strcmp(bases[i].bench, bench))
			return bases[i].cell;
	return NULL;
}

static void add_impl(struct cells *all, const struct word *name)
{
	if (!(all->impls & (all->impls - 1)))
		all->impl = take(realloc(all->impl, (all->impls ? 2 * all->impls : 1) * sizeof *all->impl));
	all->impl[all->impls] = (struct impl_row){ .name = name->text };
	read_kind(&all->impl[all->impls++], all->record);
}

static void add_impls(struct cells *all)
{
	struct words names = { 0 };

	for (size_t i = 0; i < all->cells; i++) {
		const struct cell *c = &all->cell[i], **base;
		const struct word *name;

		if (!*c->impl)
			continue;
		name = words_add(&names, all->arena, c->impl, strlen(c->impl));
		if (name->index == all->impls)
			add_impl(all, name);
		base = is_base(c) ? base_of(&all->impl[name->index], c->bench) : NULL;
		if (base && (!*base || cell_order_wait(c->wait, (*base)->wait) < 0))
			*base = c;
	}
	words_free(&names);
}

static double sort_cost(const struct impl_row *row)
{
	return row->turn && row->turn->state == CELL_VALID ? row->turn->median : INFINITY;
}

static int order_impls(const void *left, const void *right)
{
	const struct impl_row *a = left, *b = right;

	if (a->rank != b->rank)
		return a->rank - b->rank;
	if (strcmp(a->title, b->title))
		return strcmp(a->title, b->title);
	if (sort_cost(a) != sort_cost(b))
		return sort_cost(a) < sort_cost(b) ? -1 : 1;
	return strcmp(a->name, b->name);
}

static void find_floor(struct cells *all)
{
	for (size_t i = 0; i < all->impls; i++)
		if (!strcmp(all->impl[i].kind, "floor") && !all->call && isfinite(sort_cost(&all->impl[i])))
			all->call = all->impl[i].turn;
}

/* The file's order is that of the trials, which is another in every run. */
static int order_names(const void *left, const void *right)
{
	const struct cell *a = left, *b = right;

	return strcmp(a->name, b->name);
}

static double median_of_cells(const struct cells *all, const char *unit)
{
	double *x = take(calloc(all->cells + 1, sizeof *x)), median;
	size_t n = 0;

	for (size_t i = 0; i < all->cells; i++)
		if (cell_series(&all->cell[i], unit))
			x[n++] = cell_median(&all->cell[i], unit);
	median = stats_median(x, n);
	free(x);
	return median;
}

struct cells *cells_group(const struct record *r)
{
	struct cells *all = take(calloc(1, sizeof *all));

	all->record = r;
	all->arena = arena_new();
	add_lines(all);
	for (size_t i = 0; i < all->cells; i++)
		summarise(all, &all->cell[i]);
	if (all->cells)
		qsort(all->cell, all->cells, sizeof *all->cell, order_names);
	add_impls(all);
	if (all->impls)
		qsort(all->impl, all->impls, sizeof *all->impl, order_impls);
	find_floor(all);
	all->add_ns = median_of_cells(all, "add-ns");
	all->burst_ns = median_of_cells(all, "burst-ns");
	return all;
}

void cells_free(struct cells *all)
{
	arena_free(all->arena);
	free(all->impl);
	free(all);
}

/* -- asking */

const struct cell *cells_find(const struct cells *all, const char *name)
{
	const struct cell asked = { .name = name };

	return all->cells ? bsearch(&asked, all->cell, all->cells, sizeof *all->cell, order_names) : NULL;
}

const struct impl_row *cells_impl(const struct cells *all, const char *name)
{
	for (size_t i = 0; i < all->impls; i++)
		if (!strcmp(all->impl[i].name, name))
			return &all->impl[i];
	return NULL;
}

double cell_per_op(const struct cell *c)
{
	double ops = cell_median(c, "ops");

	return ops > 0 ? ops : 1;
}

/* -- words */

static void append(char *buffer, size_t size, const char *separator, const char *word)
{
	size_t used = strlen(buffer);

	if (*word)
		snprintf(buffer + used, size - used, "%s%s", used ? separator : "", word);
}

bool cell_resolved(const struct cell *c)
{
	return c->median > 1e-6;
}

enum comparison cells_compare(const struct cell *a, const struct cell *b)
{
	static const double significance = 0.05;

	if (!cell_resolved(a) || !cell_resolved(b) || a->second || b->second)
		return CELLS_UNTOLD;
	return stats_mann_whitney(a->x, a->n, b->x, b->n) < significance ? CELLS_DIFFER : CELLS_SAME;
}

char *cell_label(const struct cell *c, char *buffer, size_t size)
{
	*buffer = '\0';
	append(buffer, size, " ", c->bench);
	append(buffer, size, " ", c->impl);
	append(buffer, size, " ", strcmp(c->wait, "none") ? c->wait : "");
	append(buffer, size, " ", c->policy);
	append(buffer, size, " ", strcmp(c->place, "same-pu") ? c->place : "");
	append(buffer, size, " ", c->points);
	return buffer;
}

const char *cell_point(const struct cell *c)
{
	const char *value = strchr(c->points, '=');

	return value && !strchr(c->points, '/') ? value + 1 : c->points;
}

char *cell_words(const struct cell *c, char *buffer, size_t size)
{
	if (c->state == CELL_INVALID)
		snprintf(buffer, size, "invalid: %s", c->reason);
	else
		snprintf(buffer, size, "not measured: %s", c->reason);
	return buffer;
}

static bool told(const char *value)
{
	return value && *value && strcmp(value, "unknown") && strcmp(value, "none");
}

char *machine_words(const struct record *r, char *buffer, size_t size)
{
	const char *cpu = record_get(r, "cpu"), *cpus = record_get(r, "cpus"), *guest = record_get(r, "hypervisor");
	const char *kernel = record_get(r, "kernel");
	char words[128];

	*buffer = '\0';
	append(buffer, size, ", ", told(cpu) ? cpu : "unknown CPU");
	if (told(cpus)) {
		snprintf(words, sizeof words, "%s CPU%s", cpus, strcmp(cpus, "1") ? "s" : "");
		append(buffer, size, ", ", words);
	}
	if (told(guest)) {
		snprintf(words, sizeof words, "%s guest", guest);
		append(buffer, size, ", ", words);
	}
	if (told(kernel)) {
		snprintf(words, sizeof words, "%s%.*s", strncmp(kernel, "Linux", 5) ? "Linux " : "",
			(int)strcspn(kernel + (strncmp(kernel, "Linux ", 6) ? 0 : 6), " ") +
				(strncmp(kernel, "Linux ", 6) ? 0 : 6),
			kernel);
		append(buffer, size, ", ", words);
	}
	if (record_is(r, "emulated", "yes"))
		append(buffer, size, ", ", "EMULATED: its times are no machine's");
	return buffer;
}
