// SPDX-License-Identifier: MIT
/* One figure of one record, drawn as beside a run: `base`.NAME.svg and .png. */
#ifndef TESTS_DRAWING_H
#define TESTS_DRAWING_H

#include "../harness/publish/figures.h"

static int draw_beside(
	const char *name, const struct record *r, const char *plots, const char *base, char *error, size_t error_size)
{
	static const char *const forms[] = { "svg", "png", NULL };
	char stem[300];
	struct cells *all = cells_group(r);
	const struct cells *const one[] = { all };
	const struct sources s = { one, 1 };
	const struct drawing d = { .plots = plots, .stem = stem };
	int status;

	snprintf(stem, sizeof stem, "%s.", base);
	status = figure_draw(figure_find(name), &s, &d, forms, error, error_size);
	cells_free(all);
	return status;
}

#endif
