// SPDX-License-Identifier: MIT
/* What a switch leaves behind: figures over what each context touches, with the machine's caches marked on that axis.
 */
#include "../analyse/ring.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../analyse/axes.h"
#include "../analyse/text.h"
#include "columns.h"
#include "rows.h"

enum { SIZES = 32, LABEL = 40 };

/* -- the axis: the sizes that were measured, evenly spaced, as they are of this machine's caches */
struct sizes {
	double bytes[SIZES];
	size_t count;
};

static size_t place_of(const struct sizes *s, double bytes)
{
	size_t i = 0;

	while (i < s->count && s->bytes[i] < bytes)
		i++;
	return i + 1;
}

static void add_size(struct sizes *s, double bytes)
{
	size_t i = place_of(s, bytes) - 1;

	if ((i < s->count && s->bytes[i] <= bytes) || s->count == SIZES)
		return;
	memmove(s->bytes + i + 1, s->bytes + i, (s->count - i) * sizeof *s->bytes);
	s->bytes[i] = bytes;
	s->count++;
}

static struct sizes find_sizes(const struct cell *const *cell)
{
	struct sizes s = { .count = 0 };

	for (; *cell; cell++)
		add_size(&s, axis_at(*cell, "bytes"));
	return s;
}

/* A row of line 0: where on the axis a cache is full, between the sizes around it. */
static void put_cache(FILE *out, const struct sizes *s, size_t panel, const char *name, double bytes)
{
	char size[TEXT_NUMBER], label[LABEL * 2];

	for (size_t i = 0; i + 1 < s->count; i++) {
		double low = s->bytes[i], high = s->bytes[i + 1];

		if (low <= 0 || bytes < low || bytes > high)
			continue;
		fprintf(out, "%zu\t0", panel);
		columns_number(out, (double)(i + 1) + log(bytes / low) / log(high / low));
		snprintf(label, sizeof label, "%s %s", name, ring_bytes(size, bytes));
		fprintf(out, "\t%s\tNaN\tNaN\tNaN\t6\t0", label);
		columns_text(out, label, LABEL);
		fputc('\n', out);
		return;
	}
}

/* "L1i 32 KiB, L1d 32 KiB, L2 1024 KiB, L3 32768 KiB for 2 CPUs": those that hold data. */
static void put_caches(FILE *out, const struct cells *all, const struct sizes *s, size_t panel)
{
	const char *at = record_get(all->record, "caches");
	char name[8];
	double kib;

	for (; at && *at; at += strcspn(at, ","), at += strspn(at, ", "))
		if (sscanf(at, "%7s %lf KiB", name, &kib) == 2 && strcmp(name, "L1i"))
			put_cache(out, s, panel, name, kib * 1024);
}

/* -- a point: what the switch takes with its misses; where that is within noise, how much it is at most */
static void put_point(FILE *out, const struct cells *all, const struct sizes *s, size_t panel, size_t line,
	const struct cell *c, const struct difference *d, int filled, const char *label)
{
	char bytes[TEXT_NUMBER];
	double at = axis_at(c, "bytes");
	bool shown = difference_shown(d);

	fprintf(out, "%zu\t%zu\t%zu\t%s", panel, line, place_of(s, at), ring_bytes(bytes, at));
	columns_seconds(out, shown ? d->centre : NAN);
	columns_seconds(out, shown ? fmax(d->interval.low, 1e-4) : NAN);
	columns_seconds(out, d->interval.high);
	fprintf(out, "\t%d\t%d", columns_ink(all, c->impl), filled);
	columns_text(out, label, LABEL);
	fputc('\n', out);
}

static const char columns[] = "panel\tline\tplace\tbytes\tcost\tlow\thigh\tkind\tfilled\tlabel\n";

/* -- ring: one hop less the touching alone, of each impl the fewest and the most contexts */
static bool is_ring(const struct cell *c)
{
	return !strcmp(c->bench, "ring") && axis_measured(c) && axis_at(c, "contexts") > 1;
}

static double fewest_or_most(const struct cell *const *cell, const struct cell *like, bool most)
{
	double found = NAN;

	for (; *cell; cell++)
		if (axis_same_bench(*cell, like))
			found = most ? fmax(found, axis_at(*cell, "contexts"))
				     : fmin(found, axis_at(*cell, "contexts"));
	return found;
}

static size_t put_ring_line(FILE *out, size_t line, const struct cells *all, const struct cell *const *cell,
	const struct cell *like, double contexts, int filled, const struct sizes *s)
{
	char count[TEXT_NUMBER], label[120];
	size_t rows = 0;

	snprintf(label, sizeof label, "%s × %s", like->impl, text_fixed(count, contexts, 0));
	for (; *cell; cell++) {
		struct difference d = ring_cost(all, *cell);

		if (!axis_same_bench(*cell, like) || axis_at(*cell, "contexts") != contexts || isnan(d.centre))
			continue;
		put_point(out, all, s, 1, line, *cell, &d, filled, label);
		rows++;
	}
	return rows;
}

size_t ring_rows(FILE *out, const struct sources *sources)
{
	static const char *const axes[] = { "bytes", "contexts", NULL };
	const struct cells *all = *sources->cells;
	const struct cell **cell = axis_cells(all, is_ring, axes);
	struct sizes s = find_sizes(cell);
	size_t rows = 0, line = 0;

	fputs(columns, out);
	for (size_t i = 0; cell[i]; i++) {
		double fewest = fewest_or_most(cell, cell[i], false), most = fewest_or_most(cell, cell[i], true);

		if (i && axis_same_bench(cell[i], cell[i - 1]))
			continue;
		rows += put_ring_line(out, ++line, all, cell, cell[i], fewest, 0, &s);
		if (most > fewest)
			rows += put_ring_line(out, ++line, all, cell, cell[i], most, 1, &s);
	}
	if (rows)
		put_caches(out, all, &s, 1);
	free(cell);
	return rows;
}

/* -- direct-indirect: a panel an impl, a line each way to touch; two contexts, as the work that introduced it has */
static const struct {
	const char *bench, *label;
} strides[] = { { "ring", "reads every line" }, { "ring-write", "writes every line" },
	{ "ring-pages", "reads a line a page" } };
enum { STRIDES = sizeof strides / sizeof *strides };

static bool is_pair(const struct cell *c)
{
	bool touches = false;

	for (size_t i = 0; i < STRIDES; i++)
		touches = touches || !strcmp(c->bench, strides[i].bench);
	return touches && axis_measured(c) && axis_at(c, "contexts") == 2 && !strcmp(c->place, "same-pu") &&
	       !strcmp(c->policy, "batch");
}

/* What the switch takes, bytes or none: its direct cost is the point at nothing. */
static size_t put_strides(FILE *out, const struct cells *all, const struct cell *const *cell, const char *impl,
	size_t panel, const struct sizes *s)
{
	size_t rows = 0;

	for (size_t line = 0; line < STRIDES; line++)
		for (size_t i = 0; cell[i]; i++) {
			struct difference d;

			if (strcmp(cell[i]->impl, impl) || strcmp(cell[i]->bench, strides[line].bench))
				continue;
			d = ring_cost(all, cell[i]);
			if (isnan(d.centre))
				continue;
			put_point(out, all, s, panel, line + 1, cell[i], &d, line == 0, strides[line].label);
			rows++;
		}
	return rows;
}

/* A row of line -1: whose panel it is. */
static void put_owner(FILE *out, const struct cells *all, size_t panel, const char *impl)
{
	fprintf(out, "%zu\t-1\t0\t-\tNaN\tNaN\tNaN\t%d\t0", panel, columns_ink(all, impl));
	columns_text(out, impl, LABEL);
	fputc('\n', out);
}

size_t direct_indirect_rows(FILE *out, const struct sources *sources)
{
	static const char *const axes[] = { "bytes", NULL };
	const struct cells *all = *sources->cells;
	const struct cell **cell = axis_cells(all, is_pair, axes);
	struct sizes s = find_sizes(cell);
	size_t rows = 0, panel = 0;

	fputs(columns, out);
	for (size_t i = 0; i < all->impls; i++) {
		size_t n = put_strides(out, all, cell, all->impl[i].name, panel + 1, &s);

		if (!n)
			continue;
		rows += n;
		put_owner(out, all, ++panel, all->impl[i].name);
		put_caches(out, all, &s, panel);
	}
	free(cell);
	return rows;
}
