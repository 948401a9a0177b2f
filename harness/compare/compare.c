// SPDX-License-Identifier: MIT
#include "compare.h"

#include <stdlib.h>
#include <string.h>

#include "../analyse/text.h"
#include "../say.h"
#include "explain.h"
#include "fleet.h"
#include "form.h"
#include "sameness.h"

static int refuse(const char *why)
{
	char clean[1000];

	return complain(USAGE, "can't compare: %s", text_clean(clean, sizeof clean, why, 900));
}

/* The first reason is said; the others would be found when that one is mended. */
static void keep_first(const char *why, void *to)
{
	char *first = to;

	if (!*first)
		snprintf(first, 900, "%s", why);
}

static bool in_common(const struct matrix *c)
{
	for (size_t k = 0; k < c->rows; k++)
		for (size_t i = 0; i < c->sides->sides; i++)
			if (c->row[k].verdict[i].outcome < OUTCOME_ONE_SIDED && i != c->sides->base)
				return true;
	return false;
}

/* What the options make of the files' sides. */
static int prepare(struct sides *s, const struct compare_options *o)
{
	char error[600];
	bool splits = o->col && s->sides == 1;

	if (o->per && sides_normalise(s, o->per, error, sizeof error))
		return complain(USAGE, "compare: %s", error);
	if (o->explain && sides_choose(s, o->explain, error, sizeof error))
		return complain(USAGE, "compare: %s", error);
	if (o->only && sides_only(s, o->only, error, sizeof error))
		return complain(USAGE, "compare: %s", error);
	if (splits && sides_split(s, o->col, o->base, error, sizeof error))
		return complain(USAGE, "compare: %s", error);
	if (s->sides < 2 && o->by)
		return complain(USAGE,
			"compare: --by %s: every file has the same value (%s); two or more were expected", o->by,
			s->side[0].label);
	if (s->sides < 2)
		return complain(USAGE, "compare: two result files were expected, or one with --col PART");
	return OK;
}

static void print_form(const struct matrix *c, const struct grid *g, const struct compare_options *o, FILE *out)
{
	switch (o->form) {
	case COMPARE_TABLE:
		g ? terminal_grid(c, g, o, out) : terminal_print(c, o, out);
		break;
	case COMPARE_MARKDOWN:
		g ? markdown_grid(c, g, o, out) : markdown_print(c, o, out);
		break;
	case COMPARE_LATEX:
		g ? latex_grid(c, g, o, out) : latex_print(c, o, out);
		break;
	case COMPARE_CSV: /* rows and columns are for tables: for programs every cell has a line of its own */
	case COMPARE_TSV:
		csv_print(c, o->form == COMPARE_CSV ? ',' : '\t', out);
		break;
	case COMPARE_JSON:
		json_print(c, out);
		break;
	}
}

static int print_laid_out(struct matrix *c, const struct compare_options *o, FILE *out)
{
	char error[400];
	struct grid *g = NULL;

	if (o->explain) {
		explain_print(c, out);
		return OK;
	}
	if (o->row && layout_rows(c, o->row, o->col, error, sizeof error))
		return complain(USAGE, "compare: %s", error);
	if (o->col && !c->sides->part && !(g = grid_make(c, o->col, error, sizeof error)))
		return complain(USAGE, "compare: %s", error);
	print_form(c, g, o, out);
	if (g)
		grid_free(g);
	return OK;
}

/* Resamples of fewer trials can't go beyond their own few values: that interval holds far less than it claims. Four
 * against four are also the fewest of which Mann-Whitney can tell a difference at 95 %. */
enum { HELD_TRIALS = 4 };

/* Why a cell of the base can't be held on a side; NULL where it is. */
static const char *not_held(const struct row *r, size_t base, size_t side, char *buffer, size_t size)
{
	const struct side_cell *a = r->cell[base], *b = r->cell[side];

	if (!side_counts(b) || b->untold)
		return side_words(b, buffer, size);
	if (a->untold)
		return side_words(a, buffer, size);
	if (r->verdict[side].outcome > OUTCOME_ALIKE)
		return "other units";
	snprintf(buffer, size, "%zu against %zu trials, at least %d each were expected", b->n, a->n, HELD_TRIALS);
	return a->n < HELD_TRIALS || b->n < HELD_TRIALS ? buffer : NULL;
}

/* The near end of its interval is beyond; with --holm it must have passed. */
static bool is_beyond(const struct matrix *c, size_t side, const struct verdict *v, double allowed)
{
	return v->interval.low > 1 + allowed && !(c->holm[side].asked && v->outcome != OUTCOME_DIFFERS);
}

static int say_beyond(const struct matrix *c, const struct row *r, size_t side, double allowed)
{
	const struct verdict *v = &r->verdict[side];
	char ratio[TEXT_NUMBER], low[TEXT_NUMBER], most[TEXT_NUMBER];

	return complain(FOUND, "%s: %s is %s times %s's, at least %s; at most %s was expected", r->name,
		c->sides->side[side].letter, text_ratio(ratio, v->ratio), c->sides->side[c->sides->base].letter,
		text_fixed(low, v->interval.low, 3), text_fixed(most, 1 + allowed, 3));
}

/* Cells of a side that are slower by more than is allowed, one line each on stderr; and what could not be held, for
 * that nothing is said of it does not mean that it has passed. */
static int hold_side(const struct matrix *c, size_t side, double allowed)
{
	size_t base = c->sides->base, skipped = 0;
	char words[1400], first[2000] = "";
	int status = OK;

	for (size_t k = 0; k < c->rows; k++) {
		const struct row *r = &c->row[k];
		const char *why = side_counts(r->cell[base]) ? not_held(r, base, side, words, sizeof words) : NULL;

		if (why && !skipped++)
			snprintf(first, sizeof first, "%.500s (%s)", r->name, why);
		else if (side_counts(r->cell[base]) && !why && is_beyond(c, side, &r->verdict[side], allowed))
			status = say_beyond(c, r, side, allowed);
	}
	if (skipped)
		complain(OK, "%zu cell%s of %s could not be held on %s: %s%s", skipped, skipped == 1 ? "" : "s",
			c->sides->side[base].letter, c->sides->side[side].letter, first, skipped > 1 ? ", ..." : "");
	return status;
}

static int hold_to(const struct matrix *c, double allowed)
{
	int status = OK;

	for (size_t i = 0; i < c->sides->sides; i++)
		if (i != c->sides->base && hold_side(c, i, allowed))
			status = FOUND;
	return status;
}

static int compare_sides(const struct sides *s, const struct compare_options *o, FILE *out)
{
	char why[1000] = "";
	struct matrix *c;
	int status = OK;

	if (sameness_refusals(s, keep_first, why) && !o->force)
		return refuse(why);
	c = matrix_make(s, o->holm);
	if (!in_common(c) && !(o->force && c->rows))
		status = refuse(s->part         ? "no cell is valid in two of them"
				: s->sides == 2 ? "no cell is valid in both"
						: "no cell is valid in two of them");
	else
		status = print_laid_out(c, o, out);
	if (!status && o->fail_above > 0) {
		fflush(out);
		status = hold_to(c, o->fail_above);
	}
	matrix_free(c);
	return status;
}

int compare_files(struct record *const *file, size_t files, const struct compare_options *o, FILE *out)
{
	struct sides s;
	char error[600];
	int status;

	if (sides_make(&s, file, files, o->by, o->col && files == 1 ? NULL : o->base, error, sizeof error))
		return complain(USAGE, "compare: %s", error);
	status = prepare(&s, o);
	if (!status)
		status = compare_sides(&s, o, out);
	sides_free(&s);
	return status;
}

/* -- paths */

/* More machines than a table has columns for: the table of a fleet. */
static int hand_over(char **path, size_t files)
{
	struct fleet f;
	char error[1200];
	int status = OK;

	if (fleet_read(&f, path, files, error, sizeof error)) {
		fleet_free(&f);
		return complain(USAGE, "compare: %s", error);
	}
	fleet_print(&f, stdout);
	printf("(more than %d machines: as `ctxbench fleet` shows, which writes a .tsv, too)\n", SIDES_MOST);
	if (fleet_count(&f, APART_APART))
		status = FOUND;
	fleet_free(&f);
	return status;
}

/* Machines and settings that have been seen, as far as they are told apart here. */
struct machines {
	uint64_t seen[SIDES_MOST];
	size_t n;
};

/* False where it is one more than there are sides. */
static bool has_room(struct machines *m, const struct record *r)
{
	uint64_t fingerprint = sameness_fingerprint(r);

	for (size_t i = 0; i < m->n; i++)
		if (m->seen[i] == fingerprint)
			return true;
	if (m->n == SIDES_MOST)
		return false;
	m->seen[m->n++] = fingerprint;
	return true;
}

static bool is_plain(const struct compare_options *o)
{
	return !o->by && !o->base && !o->only && !o->row && !o->col && !o->per && !o->explain && !o->form && !o->holm &&
	       !(o->fail_above > 0);
}

int compare_paths(char **path, size_t files, const struct compare_options *o)
{
	struct record **file = calloc(files, sizeof *file);
	struct machines machines = { .n = 0 };
	char error[512];
	size_t read = 0;
	int status = file ? OK : complain(FAILED, "out of memory");
	bool fleet = false;

	for (; read < files && !status && !fleet; read += !status) {
		file[read] = record_read(path[read], error, sizeof error);
		if (!file[read])
			status = complain(USAGE, "%s", error);
		else
			fleet = is_plain(o) && !has_room(&machines, file[read]);
	}
	if (!status && !fleet)
		status = compare_files(file, files, o, stdout);
	while (read)
		record_free(file[--read]);
	free(file);
	return finish(fleet ? hand_over(path, files) : status);
}

int compare_print(const struct record *a, const struct record *b, FILE *out)
{
	const struct compare_options plain = { 0 };
	struct record *const file[] = { (struct record *)a, (struct record *)b };

	return compare_files(file, 2, &plain, out);
}
