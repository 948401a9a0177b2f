// SPDX-License-Identifier: MIT
#include "grain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "axes.h"
#include "text.h"

enum { NAME = 16, SHARE = 7, METG = 11, GRAINS_MOST = 32 };
static const double CONFIDENCE = 0.95;
static const char *const axes[] = { "work", "contexts", NULL };

bool grain_has(const struct cell *c)
{
	return !strcmp(c->bench, "grain") && !isnan(axis_at(c, "work"));
}

static bool hands_off(const struct cell *c)
{
	return grain_has(c) && axis_at(c, "contexts") > 1;
}

/* -- the share of the time that is work, at one grain */
struct share {
	double work; /* what it takes alone: ns */
	double centre;
	struct interval interval;
};

/* False where one of the two cells is not measured. The share is below 1, but what is measured of it may be above. */
static bool find_share(const struct cells *all, const struct cell *c, struct share *s)
{
	const struct cell *alone = axis_beside(all, c, "contexts", 1);

	if (!axis_measured(c) || !axis_measured(alone))
		return false;
	s->work = alone->median;
	s->centre = alone->median / c->median;
	s->interval = stats_ratio_interval(c->x, c->n, alone->x, alone->n, CONFIDENCE, 1);
	return true;
}

/* -- the grain at which a share is reached */

/* A switch that takes as long whatever the work gives odds of work to switch that grow as the work does: so odds are
 * interpolated, both on logarithmic scales. */
static double odds(double share)
{
	const double nearly = 0.9999; /* more cannot be told from no cost at all */

	return log(share < nearly ? share / (1 - share) : nearly / (1 - nearly));
}

static double crossing(const double *work, const double *share, size_t n, double wanted, int *beyond)
{
	size_t i = 0;

	while (i < n && share[i] < wanted)
		i++;
	*beyond = i == 0 ? -1 : i == n ? 1 : 0;
	if (*beyond)
		return work[i == 0 ? 0 : n - 1];
	double low = odds(share[i - 1]), high = odds(share[i]), part = (odds(wanted) - low) / (high - low);
	return exp(log(work[i - 1]) + part * (log(work[i]) - log(work[i - 1])));
}

static size_t find_shares(const struct cells *all, const struct cell *like, struct share *s)
{
	const struct cell **cell = axis_cells(all, hands_off, axes);
	size_t n = 0;

	for (size_t i = 0; cell[i] && n < GRAINS_MOST; i++)
		if (axis_same_bench(cell[i], like))
			n += find_share(all, cell[i], &s[n]);
	free(cell);
	return n;
}

/* The low end of the shares gives the high end of the grain, and the other way round. */
struct metg grain_metg(const struct cells *all, const struct cell *like, double share)
{
	struct share s[GRAINS_MOST];
	double work[GRAINS_MOST], centre[GRAINS_MOST], low[GRAINS_MOST], high[GRAINS_MOST];
	size_t n = find_shares(all, like, s);
	struct metg m = { NAN, { NAN, NAN, CONFIDENCE }, 0 };
	int ignored;

	for (size_t i = 0; i < n; i++) {
		work[i] = s[i].work;
		centre[i] = s[i].centre;
		low[i] = s[i].interval.low;
		high[i] = s[i].interval.high;
		m.interval.coverage = fmin(m.interval.coverage, s[i].interval.coverage);
	}
	if (!n)
		return m;
	m.centre = crossing(work, centre, n, share, &m.beyond);
	m.interval.low = crossing(work, high, n, share, &ignored);
	m.interval.high = crossing(work, low, n, share, &ignored);
	return m;
}

const struct cell *grain_of(const struct cells *all, const char *impl)
{
	const struct cell **cell = axis_cells(all, hands_off, axes), *found = NULL;

	for (size_t i = 0; cell[i] && !found; i++)
		if (!strcmp(cell[i]->impl, impl) && axis_measured(cell[i]))
			found = cell[i];
	free(cell);
	return found;
}

char *grain_words(char *buffer, const struct metg *m)
{
	char number[TEXT_NUMBER];

	snprintf(buffer, TEXT_NUMBER + 1, "%s%s",
		m->beyond < 0   ? "<"
		: m->beyond > 0 ? ">"
				: "",
		text_time(number, m->centre));
	return buffer;
}

/* -- the table: a row a context, a column a grain */

static size_t grains_of(const struct cell *const *cell, double *grain)
{
	size_t n = 0;

	for (; *cell; cell++) {
		double work = axis_at(*cell, "work");
		size_t i = 0;

		while (i < n && grain[i] < work)
			i++;
		if ((i < n && grain[i] <= work) || n == GRAINS_MOST)
			continue;
		memmove(grain + i + 1, grain + i, (n - i) * sizeof *grain);
		grain[i] = work;
		n++;
	}
	return n;
}

/* "10 ns" and not "10.0 ns": a column's name. */
static char *grain_name(char *buffer, double ns)
{
	static const char *const unit[] = { "ns", "µs", "ms", "s" };
	size_t i = 0;

	for (; ns >= 1000 && i < 3; i++)
		ns /= 1000;
	snprintf(buffer, TEXT_NUMBER, "%.0f%s", ns, unit[i]);
	return buffer;
}

static void put_head(FILE *out, const double *grain, size_t grains)
{
	char name[TEXT_NUMBER];

	text_cell(out, "grain, work of", NAME);
	for (size_t i = 0; i < grains; i++)
		text_cell(out, grain_name(name, grain[i]), -SHARE);
	text_cell(out, "50% at", -METG);
	text_cell(out, "95% at", -METG);
	fputs("\none CPU: share of the time that is work; the least work at which it is so large\n", out);
}

static void put_share(FILE *out, const struct cells *all, const struct cell *c)
{
	struct share s;
	char number[TEXT_NUMBER];

	if (!c)
		text_cell(out, "", -SHARE);
	else if (c->state != CELL_VALID)
		text_cell(out, c->state == CELL_INVALID ? "inval." : "-", -SHARE);
	else if (!find_share(all, c, &s))
		text_cell(out, "-", -SHARE);
	else
		text_cell(out, strcat(text_fixed(number, fmin(100 * s.centre, 100), 1), "%"), -SHARE);
}

static void put_metg(FILE *out, const struct cells *all, const struct cell *like, double share)
{
	struct metg m = grain_metg(all, like, share);
	char words[TEXT_NUMBER + 1];

	text_cell(out, grain_words(words, &m), -METG);
}

static void put_row(FILE *out, const struct cells *all, const struct cell *like, const double *grain, size_t grains)
{
	char name[64];

	snprintf(name, sizeof name, "  %s", like->impl);
	text_cell(out, name, NAME);
	for (size_t i = 0; i < grains; i++)
		put_share(out, all, axis_beside(all, like, "work", grain[i]));
	put_metg(out, all, like, 0.5);
	put_metg(out, all, like, 0.95);
	fputc('\n', out);
}

void grain_print(FILE *out, const struct cells *all)
{
	const struct cell **cell = axis_cells(all, hands_off, axes);
	double grain[GRAINS_MOST];
	size_t grains = grains_of(cell, grain);

	/* no more columns than fit; the others are in the file */
	if (grains > (TEXT_WIDTH - NAME - 2 * METG) / SHARE)
		grains = (TEXT_WIDTH - NAME - 2 * METG) / SHARE;
	if (*cell) {
		fputc('\n', out);
		put_head(out, grain, grains);
	}
	for (size_t i = 0; cell[i]; i++)
		if (!i || !axis_same_bench(cell[i], cell[i - 1]))
			put_row(out, all, cell[i], grain, grains);
	free(cell);
}
