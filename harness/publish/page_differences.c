// SPDX-License-Identifier: MIT
/* The page's part on what is different between several files: what harness/compare/ has found, the largest first. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../analyse/text.h"
#include "../compare/form.h"
#include "../compare/sameness.h"
#include "markup.h"
#include "page.h"

enum { SHOWN = 24 };

static void put_line(const char *line, void *to)
{
	fputs("<p>", to);
	html_put(to, line);
	fputs("</p>\n", to);
}

static void put_refusal(const char *why, void *to)
{
	fputs("<p class=\"w\">Not compared: ", to);
	html_put(to, why);
	fputs("</p>\n", to);
}

/* -- what is different of the machines and their settings */
static void put_keys(FILE *out, const struct sides *s)
{
	struct sheet t;
	size_t keys;
	struct sameness_key *key = sameness_keys(s, &keys);

	sheet_begin(&t, "What is different of the machines and their settings, what explains most first");
	sheet_column(&t, "key", false);
	for (size_t i = 0; i < s->sides; i++)
		sheet_column(&t, s->side[i].letter, false);
	sheet_column(&t, "what it does", false);
	for (size_t k = 0; k < keys; k++) {
		const char *sentence = sameness_sentence(key[k].key);

		if (sameness_own(key[k].key))
			continue;
		sheet_row(&t);
		sheet_text(&t, key[k].key);
		for (size_t i = 0; i < s->sides; i++)
			sheet_text(&t, key[k].value[i] ? key[k].value[i] : "not told");
		sheet_text(&t, sentence ? sentence : "");
	}
	if (t.rows > SHOWN)
		fprintf(out, "<details><summary>%zu keys are different</summary>\n", t.rows);
	sheet_html(&t, out);
	if (t.rows > SHOWN)
		fputs("</details>\n", out);
	sheet_free(&t);
	free(key);
}

/* -- what is different of the cells */

/* How far the side that is furthest is from the base; below zero where none differs. */
static double distance(const struct row *row, size_t sides)
{
	double most = -1;

	for (size_t i = 0; i < sides; i++)
		if (row->verdict[i].outcome == OUTCOME_DIFFERS && row->verdict[i].ratio > 0)
			most = fmax(most, fabs(log(row->verdict[i].ratio)));
	return most;
}

struct far {
	const struct row *row;
	double distance;
};

static int order_far(const void *left, const void *right)
{
	const struct far *a = left, *b = right;

	if (a->distance != b->distance)
		return a->distance > b->distance ? -1 : 1;
	return strcmp(a->row->name, b->row->name);
}

static void add_number(struct sheet *t, const struct matrix *m, const struct side_cell *c)
{
	char text[TEXT_NUMBER], words[FORM_WORDS];
	const char *instead = side_words(c, words, sizeof words);

	sheet_text(t, instead ? instead : side_number(m->sides, c->median, text));
}

static void add_row(struct sheet *t, const struct matrix *m, const struct row *row)
{
	const struct sides *s = m->sides;
	char text[FORM_WORDS], label[300];

	sheet_row(t);
	sheet_text(t, row->one && row->one->cell ? cell_label(row->one->cell, label, sizeof label) : row->name);
	for (size_t i = 0; i < s->sides; i++)
		add_number(t, m, row->cell[i]);
	for (size_t i = 0; i < s->sides; i++)
		if (i != s->base)
			sheet_text(t, form_verdict(m, row, i, false, text));
}

static void begin_rows(struct sheet *t, const struct sides *s, const char *title)
{
	char head[64];

	sheet_begin(t, title);
	sheet_column(t, "cell", false);
	for (size_t i = 0; i < s->sides; i++)
		sheet_column(t, s->side[i].letter, true);
	for (size_t i = 0; i < s->sides; i++) {
		if (i == s->base)
			continue;
		snprintf(head, sizeof head, "%s / %s", s->side[i].letter, s->side[s->base].letter);
		sheet_column(t, head, true);
	}
}

static void put_cells(FILE *out, const struct matrix *m)
{
	struct far *far = take(calloc(m->rows + 1, sizeof *far));
	struct sheet t;
	size_t n = 0;

	for (size_t i = 0; i < m->rows; i++)
		if (distance(&m->row[i], m->sides->sides) >= 0)
			far[n++] = (struct far){ &m->row[i], distance(&m->row[i], m->sides->sides) };
	qsort(far, n, sizeof *far, order_far);
	begin_rows(&t, m->sides, "The cells that differ most, with the 95% interval of the ratio");
	for (size_t i = 0; i < n && i < SHOWN; i++)
		add_row(&t, m, far[i].row);
	sheet_html(&t, out);
	sheet_free(&t);
	if (n > SHOWN) {
		begin_rows(&t, m->sides, "All cells that differ");
		for (size_t i = 0; i < n; i++)
			add_row(&t, m, far[i].row);
		fprintf(out, "<details><summary>All %zu cells that differ</summary>\n", n);
		sheet_html(&t, out);
		fputs("</details>\n", out);
		sheet_free(&t);
	}
	if (!n)
		put_line("No cell could be told apart.", out);
	free(far);
}

static void put_sides(FILE *out, const struct sides *s)
{
	struct matrix *m = matrix_make(s, false);

	form_ends(m, put_line, out);
	put_cells(out, m);
	matrix_free(m);
}

void page_differences(const struct report *r, FILE *out)
{
	struct sides s;
	char error[600];

	page_open(out, "differences", "Differences");
	if (sides_make(&s, r->record, r->s->files, "file", NULL, error, sizeof error)) {
		put_refusal(error, out);
	} else {
		put_line("Each file is held against A, cell by cell; a ratio above 1 is slower than A. ~: no "
			 "difference was found.",
			out);
		put_keys(out, &s);
		if (!sameness_refusals(&s, put_refusal, out))
			put_sides(out, &s);
		sides_free(&s);
	}
	report_pictures(r, "compare", out);
	report_pictures(r, "fleet", out);
	page_close(out);
}
