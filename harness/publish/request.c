// SPDX-License-Identifier: MIT
/* Pictures of whole files: those that a command line asks for, and those beside a run. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../say.h"
#include "figures.h"
#include "publish.h"

enum { FORMS_MOST = 8, PATH = 4096 };

struct work {
	const char *name, *out;
	struct sources sources;
	const char *forms[FORMS_MOST + 1];
	struct drawing drawing;
};

/* "svg,png" into a list that ends with NULL; the words stay in `copy`. */
static void split_forms(char *copy, const char **forms)
{
	size_t n = 0;

	for (char *rest = copy, *word; n < FORMS_MOST && (word = strsep(&rest, ","));)
		forms[n++] = word;
	forms[n] = NULL;
}

/* One, from these sources; what was drawn is printed. */
static int draw_one(const struct work *q, const struct figure *f, const struct sources *s, const char *stem, bool must,
	size_t *drawn)
{
	struct drawing d = q->drawing;
	char error[400];
	int status;

	d.stem = stem;
	status = figure_draw(f, s, &d, q->forms, error, sizeof error);
	if (!status)
		for (const char *const *form = q->forms; *form; form++)
			printf("%s%s.%s\n", stem, f->name, *form);
	*drawn += !status;
	if (status > 0 || (status < 0 && must))
		return complain(FAILED, "%s: %s", f->name, error);
	if (status)
		printf("%s: %s\n", f->name, error);
	return OK;
}

/* A figure of one file is drawn of each, numbered where they are several; one that compares, of all of them. */
static int draw_figure(const struct work *q, const struct figure *f, bool must, size_t *drawn)
{
	char stem[PATH + 32];
	int status = OK;

	snprintf(stem, sizeof stem, "%s/", q->out);
	if (f->together || q->sources.files == 1)
		return draw_one(q, f, &q->sources, stem, must, drawn);
	for (size_t i = 0; i < q->sources.files && !status; i++) {
		struct sources one = { q->sources.cells + i, 1 };

		snprintf(stem, sizeof stem, "%s/%zu.", q->out, i + 1);
		status = draw_one(q, f, &one, stem, must, drawn);
	}
	return status;
}

static int draw_all(const struct work *q)
{
	const struct figure *chosen = figure_find(q->name);
	size_t drawn = 0;
	int status = OK;

	if (mkdir(q->out, 0777) && errno != EEXIST)
		return complain(FAILED, "-o %s: %s", q->out, strerror(errno));
	for (size_t i = 0; i < figures_count && !status; i++)
		if (!chosen || chosen == &figures[i])
			status = draw_figure(q, &figures[i], chosen, &drawn);
	return status || drawn ? status : complain(FAILED, "figure all: these files have nothing that can be drawn");
}

const char *figure_unknown(const char *name)
{
	static char list[400];

	if (!strcmp(name, "all") || figure_find(name))
		return NULL;
	snprintf(list, sizeof list, "all, or one of ");
	for (size_t i = 0; i < figures_count; i++)
		snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", i ? ", " : "", figures[i].name);
	return list;
}

int figures_make(const struct figure_request *q, const struct record *const *record, size_t files)
{
	struct cells **cells = take(calloc(files, sizeof *cells));
	struct work w = { .name = q->name, .out = q->out };
	char forms[64];
	int status;

	for (size_t i = 0; i < files; i++)
		cells[i] = cells_group(record[i]);
	snprintf(forms, sizeof forms, "%s", q->forms);
	split_forms(forms, w.forms);
	w.sources = (struct sources){ (const struct cells *const *)cells, files };
	w.drawing = (struct drawing){ .plots = q->plots, .width = q->width, .font = q->font, .columns = true };
	status = draw_all(&w);
	for (size_t i = 0; i < files; i++)
		cells_free(cells[i]);
	free(cells);
	return status;
}

int figures_beside(
	const struct record *r, const char *plots, const char *base, FILE *out, char *error, size_t error_size)
{
	static const char *const forms[] = { "svg", "png", NULL };
	char stem[PATH], why[400];
	struct cells *all = cells_group(r);
	const struct cells *const one[] = { all };
	const struct sources s = { one, 1 };
	const struct drawing d = { .plots = plots, .stem = stem };
	int status = 0, drawn = 0;

	snprintf(stem, sizeof stem, "%s.", base);
	for (size_t i = 0; i < figures_count && status <= 0; i++) {
		if (!figures[i].with_run)
			continue;
		status = figure_draw(&figures[i], &s, &d, forms, why, sizeof why);
		if (!status)
			fprintf(out, "%s.%s.svg and .png\n", base, figures[i].name);
		if (!i || status > 0) /* few files have the cells for all of them: why there is none at all, the first
					 says */
			snprintf(error, error_size, "%s", why);
		drawn += !status;
	}
	cells_free(all);
	return status > 0 ? 1 : drawn ? 0 : -1;
}
