// SPDX-License-Identifier: MIT
#include "recipe.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../analyse/cells.h"

enum { FIELDS_MOST = 12, FACT_FIELDS = 10, FACT_LABELLED = 11 };

const char *const recipe_names[] = { "activations91", "lmbench96", "li07", "threadops", "coroutines", "mitigations",
	"wake", "flexsc", NULL };

int recipe_known(const char *name)
{
	const char *const *known = recipe_names;

	while (*known && strcmp(*known, name))
		known++;
	return *known != NULL;
}

/* -- memory: a recipe owns copies of all its texts */

static void *grown(void *array, size_t members, size_t size)
{
	return take(realloc(array, (members + 1) * size));
}

static char *copy(const char *text)
{
	return take(strdup(text));
}

static void free_fact(struct fact *f)
{
	char *const text[] = { f->table, f->row, f->column, f->unit, f->per, f->hardware, f->source, f->trust,
		f->label };

	for (size_t i = 0; i < sizeof text / sizeof *text; i++)
		free(text[i]);
}

static void free_row(struct recipe_row *row)
{
	for (size_t i = 0; i < row->facts; i++)
		free_fact(&row->fact[i]);
	free(row->fact);
	free(row->group);
	free(row->label);
	free(row->measure);
	free(row->cells);
}

void recipe_free(struct recipe *r)
{
	for (size_t i = 0; i < r->rows; i++)
		free_row(&r->row[i]);
	for (size_t i = 0; i < r->counts_n; i++)
		free(r->counts[i]);
	free(r->row);
	free(r->counts);
	free(r->name);
	free(r->title);
	free(r->floor);
	free(r->columns);
	free(r);
}

/* -- lines */

/* Digits with at most one point: a number looks the same in every locale. */
static double number(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	double x = 0, place = 0.1;

	if (!digits || digits > 15)
		return NAN;
	for (size_t i = 0; i < digits; i++)
		x = x * 10 + (text[i] - '0');
	text += digits;
	if (*text == '.')
		for (text++; *text >= '0' && *text <= '9'; text++, place /= 10)
			x += (*text - '0') * place;
	return *text ? NAN : x;
}

static const char *take_row(struct recipe *r, char **field, size_t fields)
{
	if (fields != 5)
		return "row, group, label, measure and cells were expected";
	r->row = grown(r->row, r->rows, sizeof *r->row);
	r->row[r->rows++] = (struct recipe_row){
		.group = copy(field[1]), .label = copy(field[2]), .measure = copy(field[3]), .cells = copy(field[4])
	};
	return NULL;
}

static const char *take_fact(struct recipe *r, char **field, size_t fields)
{
	struct recipe_row *row = r->rows ? &r->row[r->rows - 1] : NULL;
	double value = fields > 4 ? number(field[4]) : NAN;

	if (!row)
		return "a row was expected before its facts";
	if (fields != FACT_FIELDS && fields != FACT_LABELLED)
		return "fact and its nine fields were expected, and at most a label";
	if (!(value > 0))
		return "a number was expected for the fact's value";
	row->fact = grown(row->fact, row->facts, sizeof *row->fact);
	row->fact[row->facts++] = (struct fact){ .table = copy(field[1]),
		.row = copy(field[2]),
		.column = copy(field[3]),
		.value = value,
		.unit = copy(field[5]),
		.per = copy(field[6]),
		.hardware = copy(field[7]),
		.source = copy(field[8]),
		.trust = copy(field[9]),
		.label = copy(fields == FACT_LABELLED ? field[10] : "") };
	return NULL;
}

static const char *take_text(char **to, char **field, size_t fields)
{
	if (fields != 2)
		return "one text was expected";
	free(*to);
	*to = copy(field[1]);
	return NULL;
}

static const char *take_counts(struct recipe *r, char **field, size_t fields)
{
	if (fields != 2)
		return "one text was expected";
	r->counts = grown(r->counts, r->counts_n, sizeof *r->counts);
	r->counts[r->counts_n++] = copy(field[1]);
	return NULL;
}

/* NULL, or what was expected. */
static const char *take_line(struct recipe *r, char **field, size_t fields)
{
	if (!strcmp(*field, "row"))
		return take_row(r, field, fields);
	if (!strcmp(*field, "fact"))
		return take_fact(r, field, fields);
	if (!strcmp(*field, "counts"))
		return take_counts(r, field, fields);
	if (!strcmp(*field, "title"))
		return take_text(&r->title, field, fields);
	if (!strcmp(*field, "columns"))
		return take_text(&r->columns, field, fields);
	if (!strcmp(*field, "floor"))
		return take_text(&r->floor, field, fields);
	if (!strcmp(*field, "files") && fields == 2) {
		r->files = (size_t)number(field[1]);
		return NULL;
	}
	return "title, columns, counts, floor, files, row or fact was expected";
}

static const char *split_line(struct recipe *r, char *line)
{
	char *field[FIELDS_MOST];
	size_t fields = 0;

	line[strcspn(line, "\r\n")] = '\0';
	if (!*line || *line == '#')
		return NULL;
	while (line && fields < FIELDS_MOST)
		field[fields++] = strsep(&line, "\t");
	return line ? "fewer fields were expected" : take_line(r, field, fields);
}

static const char *read_lines(struct recipe *r, FILE *in, size_t *row)
{
	char *line = NULL;
	const char *expected = NULL;
	size_t size = 0;

	for (*row = 0; !expected && getline(&line, &size, in) >= 0; ++*row)
		expected = split_line(r, line);
	free(line);
	if (!expected && (!r->title || !r->columns || !r->rows))
		expected = "a title, columns and rows were expected";
	return expected;
}

struct recipe *recipe_read(const char *folder, const char *name, char *error, size_t error_size)
{
	struct recipe *r = take(calloc(1, sizeof *r));
	char path[4200];
	const char *expected;
	size_t row;
	FILE *in;

	snprintf(path, sizeof path, "%s/%s.tsv", folder, name);
	r->name = copy(name);
	r->files = 1;
	in = fopen(path, "re");
	if (!in) {
		snprintf(error, error_size, "%s: %s", path, strerror(errno));
		recipe_free(r);
		return NULL;
	}
	expected = read_lines(r, in, &row);
	fclose(in);
	if (!expected)
		return r;
	snprintf(error, error_size, "%s:%zu: %s", path, row, expected);
	recipe_free(r);
	return NULL;
}
