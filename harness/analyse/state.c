// SPDX-License-Identifier: MIT
#include "state.h"

#include <math.h>
#include <string.h>

#include "text.h"

enum { NAME = 12, TIME = 9, SPREAD = 5, MORE = 14, WRITE = 10, BYTES = 9 };

static const char kernel[] = "lwp", user[] = "uthread-fpu", control[] = "null";

bool state_owns(const struct cell *c)
{
	return !strcmp(c->bench, "state");
}

static bool shown(const struct cell *c)
{
	return state_owns(c) && c->state == CELL_VALID;
}

static const struct cell *find(const struct cells *all, const char *impl, const char *set)
{
	for (size_t i = 0; i < all->cells; i++)
		if (shown(&all->cell[i]) && !strcmp(all->cell[i].impl, impl) && !strcmp(cell_point(&all->cell[i]), set))
			return &all->cell[i];
	return NULL;
}

static double half(const struct cell *c)
{
	return isnan(c->spread) ? 0 : c->spread * c->median;
}

static void put_time(FILE *out, const struct cell *c, int width)
{
	char number[TEXT_NUMBER];

	text_cell(out, c ? text_time(number, c->median) : "-", -width);
}

static void put_spread(FILE *out, const struct cell *c)
{
	char number[TEXT_NUMBER];

	text_cell(out, c ? text_percent(number, c->spread) : "", -SPREAD);
}

/* What a switch takes beyond the clean one, the writing taken off from both; nothing where their intervals meet. */
static void put_more(FILE *out, const struct cells *all, const char *impl, const char *set)
{
	const struct cell *c = find(all, impl, set), *clean = find(all, impl, "clean");
	const struct cell *write = find(all, control, set), *none = find(all, control, "clean");
	char number[TEXT_NUMBER];

	if (!c || !clean || !write || !none || c == clean) {
		text_cell(out, c == clean ? "" : "-", -MORE);
		return;
	}
	double more = c->median - write->median - (clean->median - none->median);
	bool told = fabs(more) > half(c) + half(write) + half(clean) + half(none);

	text_cell(out, text_time(number, told ? more : 0), -MORE);
}

static void put_row(FILE *out, const struct cells *all, const char *set)
{
	const struct cell *of_kernel = find(all, kernel, set), *of_user = find(all, user, set);
	double bytes = of_kernel ? cell_median(of_kernel, "in-use-B") : NAN;
	char number[TEXT_NUMBER], name[64];

	snprintf(name, sizeof name, "  %s", set);
	text_cell(out, name, NAME);
	put_time(out, of_kernel, TIME);
	put_spread(out, of_kernel);
	put_more(out, all, kernel, set);
	put_time(out, of_user, TIME);
	put_spread(out, of_user);
	put_time(out, find(all, control, set), WRITE);
	text_cell(out, isnan(bytes) ? "-" : text_fixed(number, bytes, 0), -BYTES);
	fputc('\n', out);
}

static void put_head(FILE *out)
{
	fputc('\n', out);
	text_cell(out, "switch, by", NAME);
	text_cell(out, "lwp, futex", -TIME - SPREAD);
	text_cell(out, "more than", -MORE);
	text_cell(out, "uthread-fpu", -TIME - SPREAD);
	text_cell(out, "writing", -WRITE);
	text_cell(out, "bytes", -BYTES);
	fputc('\n', out);
	text_cell(out, "registers", NAME);
	text_cell(out, "time", -TIME);
	text_cell(out, "±", -SPREAD);
	text_cell(out, "clean", -MORE);
	text_cell(out, "time", -TIME);
	text_cell(out, "±", -SPREAD);
	text_cell(out, "alone", -WRITE);
	text_cell(out, "in use", -BYTES);
	fputc('\n', out);
}

static bool is_first(const struct cells *all, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (shown(&all->cell[i]) && !strcmp(cell_point(&all->cell[i]), cell_point(&all->cell[at])))
			return false;
	return true;
}

/* That of which the others are more, then the others as they come. */
void state_print(const struct cells *all, FILE *out)
{
	bool any = false;

	for (int others = 0; others < 2; others++)
		for (size_t i = 0; i < all->cells; i++) {
			const char *set = cell_point(&all->cell[i]);

			if (!shown(&all->cell[i]) || (strcmp(set, "clean") != 0) != others || !is_first(all, i))
				continue;
			if (!any)
				put_head(out);
			any = true;
			put_row(out, all, set);
		}
}
