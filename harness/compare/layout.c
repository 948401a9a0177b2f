// SPDX-License-Identifier: MIT
#include "layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VALUE = 128 };

/* -- rows */

static bool is_among(const char *parts, const char *part, size_t length)
{
	for (size_t n; (n = strcspn(parts, ",")), true; parts += n + 1) {
		if (n == length && !strncmp(parts, part, n))
			return true;
		if (!parts[n])
			return false;
	}
}

/* "lwp futex": the values of the parts, in their order; a column's is said by its head. */
static char *label_of(const char *name, const char *parts, const char *column)
{
	char *text = NULL, *copy = take(strdup(parts)), *rest = copy, value[VALUE];
	size_t size = 0;
	FILE *out = take(open_memstream(&text, &size));

	for (char *part; (part = strsep(&rest, ","));)
		if (!(column && !strcmp(part, column)) && record_part(name, part, value, sizeof value) &&
			strcmp(value, "none"))
			fprintf(out, "%s%s", ftell(out) ? " " : "", value);
	fclose(out);
	free(copy);
	return take(text);
}

/* "switch policy=batch place=same-pu": all parts of the name but those that are rows or columns. */
static char *section_of(const char *name, const char *parts)
{
	char *text = NULL, bench[VALUE] = "";
	size_t size = 0;
	FILE *out = take(open_memstream(&text, &size));
	const char *at = name;

	if (!is_among(parts, "bench", 5) && record_part(name, "bench", bench, sizeof bench) && strcmp(bench, "*"))
		fputs(bench, out);
	while ((at = strchr(at, '/'))) {
		size_t part = strcspn(++at, "="), whole = strcspn(at, "/");

		if (part < whole && !is_among(parts, at, part) && strncmp(at + part, "=*", whole - part))
			fprintf(out, "%s%.*s", ftell(out) ? " " : "", (int)whole, at);
	}
	fclose(out);
	return take(text);
}

/* Of the first side that has measured it; NULL. */
static const char *unit_of(const struct row *r)
{
	for (size_t i = 0; i < SIDES_MOST; i++)
		if (r->cell[i] && r->cell[i]->cell->unit)
			return r->cell[i]->cell->unit;
	return NULL;
}

/* A cell that nobody has measured stands with those that it would have been one of. */
static const char *unit_beside(const struct matrix *c, const struct row *r)
{
	const char *unit = unit_of(r);

	for (size_t k = 0; k < c->rows && !unit; k++)
		if (!strcmp(c->row[k].section, r->section))
			unit = unit_of(&c->row[k]);
	return unit;
}

/* "switch policy=batch place=same-pu, ns/switch": and what it is per. */
static void end_sections(struct matrix *c)
{
	char **section = take(malloc((c->rows + 1) * sizeof *section));

	for (size_t k = 0; k < c->rows; k++) {
		const char *own = c->row[k].section, *unit = unit_beside(c, &c->row[k]);

		if (asprintf(&section[k], "%s%s%s", own, unit && *own ? ", " : "", unit ? unit : "") < 0)
			section[k] = take(NULL);
	}
	for (size_t k = 0; k < c->rows; k++) { /* not before all have been looked at */
		free(c->row[k].section);
		c->row[k].section = section[k];
	}
	free(section);
}

static int order_arranged(const void *left, const void *right)
{
	const struct row *a = left, *b = right;
	int order = (a->bench_rank > b->bench_rank) - (a->bench_rank < b->bench_rank);

	if (!order)
		order = strcmp(a->section, b->section);
	return order ? order : (a->index > b->index) - (a->index < b->index);
}

static bool some_name_has(const struct matrix *c, const char *part)
{
	char value[VALUE];

	for (size_t k = 0; k < c->rows; k++)
		if (record_part(c->row[k].name, part, value, sizeof value))
			return true;
	return false;
}

int layout_rows(struct matrix *c, const char *parts, const char *column, char *error, size_t size)
{
	char *copy = take(strdup(parts)), *rest = copy, *shown;
	int status = 0;

	for (char *part; !status && (part = strsep(&rest, ","));) {
		if (some_name_has(c, part))
			continue;
		snprintf(error, size,
			"--row %s: no cell has the part '%s'; bench, impl, wait, policy, place or one of a bench's own "
			"were expected",
			parts, part);
		status = -1;
	}
	free(copy);
	if (status)
		return status;
	if (asprintf(&shown, "%s,%s", parts, column ? column : "") < 0)
		shown = take(NULL);
	for (size_t k = 0; k < c->rows; k++) {
		c->row[k].label = label_of(c->row[k].name, parts, column);
		c->row[k].section = section_of(c->row[k].name, shown);
		c->row[k].index = k;
	}
	if (!column || strcmp(column, "bench")) /* where each column has another unit, none heads them all */
		end_sections(c);
	free(shown);
	qsort(c->row, c->rows, sizeof *c->row, order_arranged);
	return 0;
}

/* -- columns */

static size_t column_of(struct grid *g, const char *value)
{
	for (size_t i = 0; i < g->values; i++)
		if (!strcmp(g->value[i], value))
			return i;
	g->value = take(realloc(g->value, (g->values + 1) * sizeof *g->value));
	g->value[g->values] = take(strdup(value));
	return g->values++;
}

/* A row of the matrix in the table to be. */
struct entry {
	char *name; /* without the part */
	const struct row *row;
	size_t column, index;
};

static int order_entries(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int order = strcmp(a->name, b->name);

	return order ? order : (a->column > b->column) - (a->column < b->column);
}

static int order_grid(const void *left, const void *right)
{
	const struct grid_row *a = left, *b = right;

	return (a->row.index > b->row.index) - (a->row.index < b->row.index);
}

static struct entry *entries_of(struct grid *g, const struct matrix *c, const char *part, size_t *n)
{
	struct entry *entry = take(malloc((c->rows + 1) * sizeof *entry));
	char value[VALUE];

	*n = 0;
	for (size_t k = 0; k < c->rows; k++)
		if (record_part(c->row[k].name, part, value, sizeof value))
			entry[(*n)++] =
				(struct entry){ side_name(c->row[k].name, part), &c->row[k], column_of(g, value), k };
	qsort(entry, *n, sizeof *entry, order_entries);
	return entry;
}

static void fill(struct grid *g, struct entry *entry, size_t n)
{
	g->row = take(calloc(n + 1, sizeof *g->row));
	for (size_t i = 0; i < n; i++) {
		struct grid_row *last = g->rows ? &g->row[g->rows - 1] : NULL;

		if (!last || strcmp(last->name, entry[i].name)) {
			last = &g->row[g->rows++];
			last->name = entry[i].name;
			last->at = take(calloc(g->values, sizeof *last->at));
			last->row = *entry[i].row;
			last->row.name = last->name;
			last->row.index = entry[i].index;
			row_read(&last->row);
		} else {
			free(entry[i].name);
		}
		last->at[entry[i].column] = entry[i].row;
		if (entry[i].index < last->row.index)
			last->row.index = entry[i].index;
	}
	qsort(g->row, g->rows, sizeof *g->row, order_grid);
}

struct grid *grid_make(const struct matrix *c, const char *part, char *error, size_t size)
{
	struct grid *g = take(calloc(1, sizeof *g));
	size_t n;
	struct entry *entry = entries_of(g, c, part, &n);

	fill(g, entry, n);
	free(entry);
	if (n)
		return g;
	snprintf(error, size,
		"--col %s: no cell has such a part; bench, impl, wait, policy, place or one of a bench's own was "
		"expected",
		part);
	grid_free(g);
	return NULL;
}

void grid_free(struct grid *g)
{
	for (size_t i = 0; i < g->values; i++)
		free(g->value[i]);
	for (size_t i = 0; i < g->rows; i++) {
		free(g->row[i].name);
		free(g->row[i].at);
	}
	free(g->value);
	free(g->row);
	free(g);
}
