// SPDX-License-Identifier: MIT
/* How far machines are apart, cell by cell: ratios with their intervals, the slowest first, wakes under all others. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../analyse/text.h"
#include "../compare/sameness.h"
#include "../compare/sides.h"
#include "../compare/verdict.h"
#include "columns.h"
#include "rows.h"

enum { LABEL = 34, WORDS = 60, ROWS_MOST = 48, GAPS_MOST = 8 };

struct forest {
	const struct sources *sources;
	struct record **file;
	struct sides sides;
	struct matrix *matrix;
	const struct row **row; /* those that are drawn, in their order */
	size_t rows, gaps;      /* the last `gaps` of them have no ratio */
	size_t comparable;      /* in all */
};

static void ignore(const char *why, void *to)
{
	(void)why;
	(void)to;
}

/* -- which cells */
static double ratio_of(const struct forest *f, const struct row *r)
{
	double sum = 0;
	size_t n = 0;

	for (size_t i = 0; i < f->sides.sides; i++)
		if (i != f->sides.base && r->verdict[i].ratio > 0) {
			sum += log(r->verdict[i].ratio);
			n++;
		}
	return n ? exp(sum / (double)n) : NAN;
}

static bool is_time(const struct row *r)
{
	const struct cell *c = r->one ? r->one->cell : NULL;

	return c && (!c->unit || !strncmp(c->unit, "ns", 2));
}

/* How narrow the choice is: from all cells to those that everybody asks for first. */
enum choice { CHOICE_ALL, CHOICE_BATCH, CHOICE_PLAIN, CHOICE_FUTEX, CHOICES };
static const char *const chosen_words[CHOICES] = { "", ", SCHED_BATCH", ", SCHED_BATCH without points",
	", SCHED_BATCH, futex or no wait" };

static bool is_chosen(const struct row *r, enum choice choice)
{
	if (choice >= CHOICE_BATCH && *r->policy && strcmp(r->policy, "batch"))
		return false;
	if (choice >= CHOICE_PLAIN && *r->points)
		return false;
	return choice < CHOICE_FUTEX || !strcmp(r->wait, "none") || !strcmp(r->wait, "futex");
}

static size_t count_chosen(const struct forest *f, enum choice choice)
{
	size_t n = 0;

	for (size_t i = 0; i < f->matrix->rows; i++)
		n += is_time(&f->matrix->row[i]) && ratio_of(f, &f->matrix->row[i]) > 0 &&
		     is_chosen(&f->matrix->row[i], choice);
	return n;
}

static enum choice choose(const struct forest *f)
{
	enum choice choice = CHOICE_ALL;

	/* policies against each other are not to be chosen by policy */
	while (!f->sides.part && choice + 1 < CHOICES && count_chosen(f, choice) > ROWS_MOST)
		choice++;
	return choice;
}

/* Two CPUs at work, not one: never in a row with what one CPU does by itself. */
static bool is_wake(const struct row *r)
{
	return r->one && !strncmp(r->one->cell->bench, "wake", strlen("wake"));
}

/* -- in which order. What qsort's function has to know beside the two. */
static const struct forest *sorting;

static int slowest_first(const void *left, const void *right)
{
	double a = ratio_of(sorting, *(const struct row *const *)left),
	       b = ratio_of(sorting, *(const struct row *const *)right);
	int group = is_wake(*(const struct row *const *)left) - is_wake(*(const struct row *const *)right);

	return group   ? group
	       : a > b ? -1
	       : a < b ? 1
		       : strcmp((*(const struct row *const *)left)->name, (*(const struct row *const *)right)->name);
}

/* Of more than can be drawn those stay that are furthest apart. */
static int furthest_first(const void *left, const void *right)
{
	double a = fabs(log(ratio_of(sorting, *(const struct row *const *)left)));
	double b = fabs(log(ratio_of(sorting, *(const struct row *const *)right)));

	return a > b ? -1 : a < b ? 1 : slowest_first(left, right);
}

static void collect(struct forest *f)
{
	enum choice choice = choose(f);
	size_t gaps = 0;

	f->comparable = count_chosen(f, CHOICE_ALL);
	for (size_t i = 0; i < f->matrix->rows; i++)
		if (is_time(&f->matrix->row[i]) && ratio_of(f, &f->matrix->row[i]) > 0 &&
			is_chosen(&f->matrix->row[i], choice))
			f->row[f->rows++] = &f->matrix->row[i];
	sorting = f;
	if (f->rows > ROWS_MOST) {
		qsort(f->row, f->rows, sizeof *f->row, furthest_first);
		f->rows = ROWS_MOST;
	}
	qsort(f->row, f->rows, sizeof *f->row, slowest_first);
	for (size_t i = 0; i < f->matrix->rows && gaps < GAPS_MOST && f->rows && !f->sides.part; i++) {
		const struct row *r = &f->matrix->row[i];
		enum outcome o = r->verdict[!f->sides.base].outcome;

		if (is_time(r) && (o == OUTCOME_ONE_SIDED || o == OUTCOME_UNTOLD) && is_chosen(r, CHOICE_FUTEX)) {
			f->row[f->rows++] = r;
			gaps++;
		}
	}
	f->gaps = gaps;
}

/* Files against each other; of a single one its scheduling policies. */
static bool make_sides(struct forest *f)
{
	char error[400];

	if (sides_make(&f->sides, f->file, f->sources->files, NULL, NULL, error, sizeof error))
		return false;
	if (f->sides.sides == 1 && sides_split(&f->sides, "policy", "batch", error, sizeof error)) {
		sides_free(&f->sides);
		return false;
	}
	if (f->sides.sides >= 2 && !sameness_refusals(&f->sides, ignore, NULL))
		return true;
	sides_free(&f->sides);
	return false;
}

/* False where these files can't be held against each other. */
static bool forest_open(struct forest *f, const struct sources *s)
{
	*f = (struct forest){ .sources = s };
	f->file = take(calloc(s->files + 1, sizeof *f->file));
	for (size_t i = 0; i < s->files; i++)
		f->file[i] = (struct record *)s->cells[i]->record;
	if (!make_sides(f)) {
		free(f->file);
		return false;
	}
	f->matrix = matrix_make(&f->sides, false);
	f->row = take(calloc(f->matrix->rows + GAPS_MOST + 1, sizeof *f->row));
	collect(f);
	return true;
}

static void forest_close(struct forest *f)
{
	matrix_free(f->matrix);
	sides_free(&f->sides);
	free(f->row);
	free(f->file);
}

/* -- the columns */
/* What all are is not told in each: the policy, where it is batch. */
static void put_name(FILE *out, const struct row *r)
{
	static const char all[] = " batch";
	char label[240], *at;

	cell_label(r->one->cell, label, sizeof label);
	at = strstr(label, all);
	if (at && (!at[strlen(all)] || at[strlen(all)] == ' '))
		memmove(at, at + strlen(all), strlen(at + strlen(all)) + 1);
	columns_text(out, label, LABEL);
}

static void put_ratio(FILE *out, const struct forest *f, const struct row *r, size_t row, size_t series, size_t side)
{
	const struct verdict *v = &r->verdict[side];
	const struct side_cell *here = r->cell[side], *base = r->cell[f->sides.base];
	char words[1400] = "", which[1500] = "";
	const char *why;
	bool drawn = v->ratio > 0 && (v->outcome == OUTCOME_DIFFERS || v->outcome == OUTCOME_ALIKE);

	if (!drawn && (why = side_words(here, words, sizeof words)))
		snprintf(which, sizeof which, "%s %s", f->sides.side[side].letter, why);
	else if (!drawn && (why = side_words(base, words, sizeof words)))
		snprintf(which, sizeof which, "%s %s", f->sides.side[f->sides.base].letter, why);
	fprintf(out, "%zu", row);
	put_name(out, r);
	fprintf(out, "\t%d\t%zu", columns_ink(f->sources->cells[0], r->impl), series);
	columns_number(out, drawn ? v->ratio : NAN);
	columns_number(out, drawn ? v->interval.low : NAN);
	columns_number(out, drawn ? v->interval.high : NAN);
	fprintf(out, "\t%d", v->outcome == OUTCOME_DIFFERS);
	columns_text(out, which, WORDS);
	fputc('\n', out);
}

/* Rows 0: which side is which; the base's series is 0. */
static void put_sides(FILE *out, const struct forest *f)
{
	size_t series = 0;

	for (size_t i = 0; i < f->sides.sides; i++) {
		const struct side *s = &f->sides.side[i];
		const char *host = f->sides.part ? NULL : record_get(s->file[0], "host");
		char label[200];

		snprintf(label, sizeof label, "%s = %s%s%s", s->letter, s->label,
			host && !strstr(s->label, host) ? ", " : "", host && !strstr(s->label, host) ? host : "");
		fputs("0", out);
		columns_text(out, label, WORDS);
		fprintf(out, "\t6\t%zu\tNaN\tNaN\tNaN\t0\t-\n", i == f->sides.base ? 0 : ++series);
	}
}

size_t compare_rows(FILE *out, const struct sources *s)
{
	struct forest f;
	size_t rows;

	fputs("row\tlabel\tkind\tside\tratio\tlow\thigh\tdiffers\twhy\n", out);
	if (!forest_open(&f, s))
		return 0;
	put_sides(out, &f);
	for (size_t i = 0; i < f.rows; i++)
		for (size_t side = 0, series = 0; side < f.sides.sides; side++)
			if (side != f.sides.base)
				put_ratio(out, &f, f.row[i], i + 1, ++series, side);
	rows = f.rows;
	forest_close(&f);
	return rows;
}

void caption_compare(char *text, size_t size, const struct sources *s)
{
	struct forest f;
	enum choice choice;

	snprintf(text, size, "nothing to compare");
	if (!forest_open(&f, s))
		return;
	choice = choose(&f);
	snprintf(text, size, "%stime %s; %zu of %zu cells%s%s; full mark: differs; bar: 95%% interval",
		caption_warning(f.file[0]), f.sides.sides > 2 ? "/ A" : "B / A", f.rows - f.gaps, f.comparable,
		chosen_words[choice], count_chosen(&f, choice) > ROWS_MOST ? ", furthest apart" : "");
	forest_close(&f);
}

/* Of the cells that are in the picture: its caption counts no others. */
static struct tally count_drawn(const struct forest *f, size_t side)
{
	struct tally t = { .cells = 0 };

	for (size_t i = 0; i < f->rows; i++) {
		const struct verdict *v = &f->row[i]->verdict[side];

		t.alike += v->outcome == OUTCOME_ALIKE;
		t.slower += v->outcome == OUTCOME_DIFFERS && v->ratio > 1;
		t.faster += v->outcome == OUTCOME_DIFFERS && v->ratio < 1;
	}
	t.cells = t.alike + t.slower + t.faster;
	return t;
}

void alt_compare(char *text, size_t size, const struct sources *s)
{
	struct forest f;
	size_t used = 0;

	snprintf(text, size, "nothing to compare");
	if (!forest_open(&f, s))
		return;
	for (size_t i = 0; i < f.sides.sides && used < size; i++) {
		struct tally t;

		if (i == f.sides.base)
			continue;
		t = count_drawn(&f, i);
		used += (size_t)snprintf(text + used, size - used,
			"%s%s is slower than %s in %zu of %zu cells, faster in %zu, not told apart in %zu",
			used ? "; " : "", f.sides.side[i].label, f.sides.side[f.sides.base].label, t.slower, t.cells,
			t.faster, t.alike);
	}
	forest_close(&f);
}
