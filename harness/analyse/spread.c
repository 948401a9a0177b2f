// SPDX-License-Identifier: MIT
#include "spread.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "axes.h"
#include "text.h"

enum { NAME = 26, CPUS = 6, TIME = 13, SPREAD = 5, RATE = 16, GAIN = 10, WORDS = 1200 };
static const char *const axes[] = { "cpus", NULL };

bool spread_has(const struct cell *c)
{
	return !strcmp(c->bench, "spread") && !isnan(axis_at(c, "cpus"));
}

double spread_gain(const struct cells *all, const struct cell *c)
{
	const struct cell *one = axis_beside(all, c, "cpus", 1);

	return axis_measured(c) && axis_measured(one) ? one->median / c->median : NAN;
}

static void put_head(FILE *out)
{
	text_cell(out, "spread, pairs that switch", NAME);
	text_cell(out, "CPUs", -CPUS);
	text_cell(out, "a switch", -TIME);
	text_cell(out, "±", -SPREAD);
	text_cell(out, "switches a s", -RATE);
	text_cell(out, "x one CPU", -GAIN);
	fputc('\n', out);
}

/* "405 k", "1.23 M": three significant digits. */
static char *rate_words(char *buffer, double a_second)
{
	static const char *const unit[] = { "", " k", " M", " G" };
	size_t i = 0;

	for (; a_second >= 999.5 && i < 3; i++)
		a_second /= 1000;
	return strcat(text_ratio(buffer, a_second), unit[i]);
}

static void put_row(FILE *out, const struct cells *all, const struct cell *c, bool first)
{
	char name[120], number[TEXT_NUMBER], words[WORDS];
	double gain = spread_gain(all, c);

	snprintf(name, sizeof name, "  %s, %s", c->impl, c->place);
	text_cell(out, first ? name : "", NAME);
	text_cell(out, text_fixed(number, axis_at(c, "cpus"), 0), -CPUS);
	if (!axis_measured(c)) {
		fputs("  ", out);
		text_wrap(out, NAME + CPUS + 2, NAME + CPUS + 4,
			c->state == CELL_VALID ? "within noise" : cell_words(c, words, sizeof words));
		return;
	}
	text_cell(out, text_time(number, c->median), -TIME);
	text_cell(out, text_percent(number, c->spread), -SPREAD);
	text_cell(out, rate_words(number, 1e9 / c->median), -RATE);
	text_cell(out, isnan(gain) ? "-" : text_ratio(number, gain), -GAIN);
	fputc('\n', out);
}

void spread_print(FILE *out, const struct cells *all)
{
	const struct cell **cell = axis_cells(all, spread_has, axes);

	if (*cell) {
		fputc('\n', out);
		put_head(out);
	}
	for (size_t i = 0; cell[i]; i++)
		put_row(out, all, cell[i], !i || !axis_same_bench(cell[i], cell[i - 1]));
	free(cell);
}
