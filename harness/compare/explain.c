// SPDX-License-Identifier: MIT
#include "explain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../analyse/text.h"
#include "form.h"
#include "sameness.h"

enum { LABEL = 28, VALUE = 10, CHANGE = 9, BLOCK = 2, UNITS = 128, TOLD = 4 };

/* The same cell in each file of a side; n is 0 where no file has it valid. */
struct seen {
	const struct cell *const *of;
	size_t n;
	const struct cell **owned;
};

struct writer {
	const struct matrix *c;
	FILE *out;
	const size_t *side; /* the columns: the base and at most BLOCK others */
	size_t sides;
	size_t said; /* lines of this section */
	struct grown {
		char what[64];
		double share; /* how much it changed, 0.1 is 10 % more */
	} grown[UNITS];
	size_t grew;
};

/* -- values */

static double median_of(const struct seen *s, const char *unit, bool per_thing)
{
	size_t n = 0;
	double *x, median;

	for (size_t i = 0; i < s->n; i++)
		n += cell_series(s->of[i], unit) ? cell_series(s->of[i], unit)->n : 0;
	x = take(malloc((n + 1) * sizeof *x));
	n = 0;
	for (size_t i = 0; i < s->n; i++) {
		const struct series *series = cell_series(s->of[i], unit);
		double by = per_thing ? cell_per_op(s->of[i]) : 1;

		for (size_t k = 0; series && k < series->n; k++)
			x[n++] = series->x[k] / by;
	}
	median = stats_median(x, n);
	free(x);
	return median;
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);

	return length >= tail && !strcmp(text + length - tail, end);
}

/* "instructions:u/op": what is counted a turn. Some kernels count a part only, and say so. */
static bool is_count(const char *unit)
{
	return ends_with(unit, "/op") && strncmp(unit, "ns/", 3);
}

static bool is_around(const char *unit)
{
	static const char *const around[] = { "add-ns", "burst-ns", "steal%", "preempted/s", "interrupts", "migrations",
		"throttled", "cpu%", "one-cpu%", NULL };

	for (const char *const *a = around; *a; a++)
		if (!strcmp(*a, unit))
			return true;
	return false;
}

static bool is_part(const char *unit)
{
	return ends_with(unit, "-ns") && !is_around(unit) && strcmp(unit, "min-ns") && strcmp(unit, "counted-ns");
}

/* "call-instructions:u": of the parts of a turn, and not of all of it. */
static bool is_counted_part(const char *unit)
{
	return strstr(unit, "-instructions:") && !ends_with(unit, "/op");
}

/* -- lines */

static char *put_amount(char *buffer, const char *unit, double x)
{
	if (isnan(x))
		return strcpy(buffer, "-");
	if (ends_with(unit, "-ns") || !strncmp(unit, "ns/", 3))
		return text_time(buffer, x);
	return x < 999.5 ? text_fixed(buffer, x,
				   fabs(x - round(x)) <= 0.0005 ? 0
				   : x < 10                     ? 3
								: 1)
			 : text_multiple(buffer, x);
}

/* "+12%", "-3%", "=" within what a count may be off; "new" from nothing. */
static char *change_words(char *buffer, double from, double to)
{
	double share = to / from - 1;

	if (isnan(from) || isnan(to))
		return strcpy(buffer, "");
	if (from == to || fabs(share) < 0.005)
		return strcpy(buffer, "=");
	if (from == 0)
		return strcpy(buffer, "new");
	if (share > 9.994)
		return strcat(text_ratio(buffer, to / from), "x");
	buffer[0] = share < 0 ? '-' : '+';
	text_percent(buffer + 1, fabs(share));
	return buffer;
}

static void put_heading(struct writer *w, const char *title)
{
	text_cell(w->out, title, LABEL);
	for (size_t i = 0; i < w->sides; i++) {
		text_cell(w->out, w->c->sides->side[w->side[i]].letter, -VALUE);
		text_cell(w->out, "", i ? -CHANGE : 0);
	}
	fputc('\n', w->out);
	w->said = 0;
}

static void put_unit(struct writer *w, const struct seen *seen, const char *label, const char *unit, bool per_thing)
{
	char line[100], number[TEXT_NUMBER], change[TEXT_NUMBER];
	double base = median_of(&seen[w->side[0]], unit, per_thing);

	snprintf(line, sizeof line, "  %s", label);
	text_cell(w->out, line, LABEL);
	for (size_t i = 0; i < w->sides; i++) {
		double x = median_of(&seen[w->side[i]], unit, per_thing);

		text_cell(w->out, put_amount(number, unit, x), -VALUE);
		if (!i)
			continue;
		text_cell(w->out, change_words(change, base, x), -CHANGE);
		if (i == 1 && base > 0 && fabs(x / base - 1) >= 0.01 && w->grew < UNITS) {
			snprintf(w->grown[w->grew].what, sizeof w->grown->what, "%s", label);
			w->grown[w->grew++].share = x / base - 1;
		}
	}
	fputc('\n', w->out);
	w->said++;
}

/* Every unit that some side's cell has, each once. */
static size_t units_of(
	const struct writer *w, const struct seen *seen, bool (*wanted)(const char *unit), const char **unit)
{
	size_t n = 0;

	for (size_t i = 0; i < w->sides; i++)
		for (size_t f = 0; f < seen[w->side[i]].n; f++) {
			const struct cell *c = seen[w->side[i]].of[f];

			for (size_t u = 0; u < c->units && n < UNITS; u++) {
				bool before = !wanted(c->series[u].unit);

				for (size_t k = 0; k < n && !before; k++)
					before = !strcmp(unit[k], c->series[u].unit);
				if (!before)
					unit[n++] = c->series[u].unit;
			}
		}
	return n;
}

/* -- sections */

static void put_timed(struct writer *w, const struct row *r)
{
	char words[FORM_WORDS], number[TEXT_NUMBER], spread[TEXT_NUMBER], line[FORM_WORDS + 40], said[1400];

	for (size_t i = 0; i < w->sides; i++) {
		const struct side_cell *c = r->cell[w->side[i]];
		const char *none = side_words(c, said, sizeof said);

		snprintf(line, sizeof line, "%s  ", w->c->sides->side[w->side[i]].letter);
		fprintf(w->out, "  %s", line);
		if (none)
			snprintf(line, sizeof line, "%s", none);
		else
			snprintf(line, sizeof line, "%s ± %s%s%s", side_number(w->c->sides, c->median, number),
				text_percent(spread, c->spread), i ? "   " : "",
				i ? form_verdict(w->c, r, w->side[i], true, words) : "");
		text_wrap(w->out, 5, 5, line);
	}
}

static const char *per_word(const struct row *r)
{
	const char *unit = r->one->cell->unit;

	return unit && !strncmp(unit, "ns/", 3) ? unit + 3 : "op";
}

static void put_counts(struct writer *w, const struct row *r, const struct seen *seen)
{
	const char *unit[UNITS];
	size_t n = units_of(w, seen, is_count, unit);
	char title[60], label[64];

	snprintf(title, sizeof title, "counted, per %s", per_word(r));
	put_heading(w, title);
	for (size_t k = 0; k < n; k++) {
		snprintf(label, sizeof label, "%.*s", (int)(strlen(unit[k]) - 3), unit[k]);
		put_unit(w, seen, label, unit[k], true);
	}
	if (!w->said)
		fputs("  nothing was counted of it\n", w->out);
}

static const char not_counted[] = "not-counted.";

static bool tells_of_event(const struct record_key *key)
{
	return !strncmp(key->key, not_counted, strlen(not_counted)) && strncmp(key->key, "not-counted.syscalls", 20);
}

static bool told_before(const struct record *r, size_t k)
{
	for (size_t i = 0; i < k; i++)
		if (tells_of_event(&r->key[i]) && !strcmp(r->key[i].value, r->key[k].value))
			return true;
	return false;
}

/* "not counted in A: cycles:u, cycles:k: no hardware PMU": every event of the k-th key's reason. */
static void put_reason(struct writer *w, const struct side *s, const struct record *r, size_t k)
{
	bool whole = w->c->sides->part; /* all sides are of one file */
	char *text = NULL;
	size_t size = 0, listed = 0;
	FILE *line = take(open_memstream(&text, &size));

	fprintf(line, "not counted%s%s: ", whole ? "" : " in ", whole ? "" : s->letter);
	for (size_t i = k; i < r->keys; i++)
		if (tells_of_event(&r->key[i]) && !strcmp(r->key[i].value, r->key[k].value))
			fprintf(line, "%s%s", listed++ ? ", " : "", r->key[i].key + strlen(not_counted));
	fprintf(line, ": %s", r->key[k].value);
	fclose(line);
	fputs("  ", w->out);
	text_wrap(w->out, 2, 4, take(text));
	free(text);
}

/* Each reason once. */
static void put_not_counted(struct writer *w)
{
	for (size_t i = 0; i < w->sides && !(w->c->sides->part && i); i++) {
		const struct side *s = &w->c->sides->side[w->side[i]];
		const struct record *r = s->file[0];

		for (size_t k = 0; k < r->keys; k++)
			if (tells_of_event(&r->key[k]) && !told_before(r, k))
				put_reason(w, s, r, k);
	}
}

static void put_around(struct writer *w, const struct seen *seen)
{
	const char *unit[UNITS];
	size_t n = units_of(w, seen, is_around, unit);

	if (n)
		put_heading(w, "around it");
	for (size_t k = 0; k < n; k++)
		put_unit(w, seen, unit[k], unit[k], false);
}

static void put_counted_parts(struct writer *w, const struct seen *seen, const char *title)
{
	const char *unit[UNITS];
	size_t n = units_of(w, seen, is_counted_part, unit);

	if (n)
		put_heading(w, title);
	for (size_t k = 0; k < n; k++)
		put_unit(w, seen, unit[k], unit[k], false);
}

static void put_parts(struct writer *w, const struct seen *seen, const char *title)
{
	const char *unit[UNITS];
	size_t n = units_of(w, seen, is_part, unit);

	if (!n)
		return;
	put_heading(w, title);
	for (size_t k = 0; k < n; k++) {
		char label[64];

		snprintf(label, sizeof label, "%.*s", (int)(strlen(unit[k]) - 3), unit[k]);
		put_unit(w, seen, label, unit[k], false);
	}
}

/* -- the cell that took this one apart */

static void anatomy_name(const struct cell *c, char *name, size_t size)
{
	snprintf(name, size, "Anatomy/impl=%s/wait=%s/policy=%s/place=%s/of=%s", c->impl, c->wait, c->policy, c->place,
		c->bench);
}

static struct seen find_anatomy(const struct side *s, const struct cell *of)
{
	struct seen seen = { .owned = take(calloc(s->files + 1, sizeof *seen.owned)) };
	char name[300];

	anatomy_name(of, name, sizeof name);
	for (size_t f = 0; f < s->files; f++) {
		const struct cell *c = cells_find(s->cells[f], name);

		if (c && c->state == CELL_VALID)
			seen.owned[seen.n++] = c;
	}
	seen.of = seen.owned;
	return seen;
}

static void put_anatomy(struct writer *w, const struct row *r)
{
	struct seen seen[SIDES_MOST] = { 0 };
	size_t found = 0;

	for (size_t i = 0; i < w->sides; i++) {
		const struct side_cell *c = r->cell[w->side[i]];

		if (!side_counts(c))
			continue;
		seen[w->side[i]] = find_anatomy(&w->c->sides->side[w->side[i]], c->cell);
		found += seen[w->side[i]].n;
	}
	if (found) {
		put_parts(w, seen, "its anatomy, timed apart");
		put_counted_parts(w, seen, "its anatomy, counted apart");
	} else if (!strcmp(r->one->cell->bench, "switch") || !strcmp(r->one->cell->bench, "create"))
		fputs("its anatomy was not measured in these files\n", w->out);
	for (size_t i = 0; i < w->sides; i++)
		free(seen[w->side[i]].owned);
}

/* -- what grew */

static int order_grown(const void *left, const void *right)
{
	const struct grown *a = left, *b = right;
	double x = fabs(log1p(fmax(a->share, -0.999))), y = fabs(log1p(fmax(b->share, -0.999)));

	return (x < y) - (x > y);
}

/* Where no difference of the two times was found, nothing that changed explains one: what is said instead, or NULL. */
static const char *nothing_to_explain(const struct row *r, size_t base, size_t side)
{
	switch (r->verdict[side].outcome) {
	case OUTCOME_DIFFERS:
		return NULL;
	case OUTCOME_ALIKE:
		return "are not told apart: there is no difference to explain";
	case OUTCOME_UNTOLD:
		return "are not told apart: one of them has no one value";
	case OUTCOME_FOREIGN:
		return "are in different units: there is no ratio to explain";
	default:
		return side_counts(r->cell[base]) || side_counts(r->cell[side])
			       ? "can't be held against each other: one of them is not valid"
			       : "are both not valid";
	}
}

static void put_grown(struct writer *w, const struct row *r)
{
	struct text_list list = { 0 };
	char line[1300], word[120], share[TEXT_NUMBER];
	const char *nothing = nothing_to_explain(r, w->side[0], w->side[1]);

	if (nothing) {
		snprintf(line, sizeof line, "%s and %s %s", w->c->sides->side[w->side[0]].letter,
			w->c->sides->side[w->side[1]].letter, nothing);
		text_wrap(w->out, 0, 2, line);
		return;
	}
	qsort(w->grown, w->grew, sizeof *w->grown, order_grown);
	for (size_t i = 0; i < w->grew; i++) {
		snprintf(word, sizeof word, "%s %s", w->grown[i].what, change_words(share, 1, 1 + w->grown[i].share));
		text_list(&list, word, TOLD);
	}
	snprintf(line, sizeof line, "most changed from %s to %s: %s", w->c->sides->side[w->side[0]].letter,
		w->c->sides->side[w->side[1]].letter, list.members ? list.text : "nothing by 1% or more");
	text_wrap(w->out, 0, 2, line);
}

static void explain_row(struct writer *w, const struct row *r)
{
	struct seen seen[SIDES_MOST] = { 0 };
	char section[300], impl[ROW_WORDS], wait[ROW_WORDS], line[800];

	for (size_t i = 0; i < w->sides; i++) {
		const struct side_cell *c = r->cell[w->side[i]];

		if (side_counts(c))
			seen[w->side[i]] = (struct seen){ c->of, c->files, NULL };
	}
	w->grew = 0;
	row_words(r, impl, wait);
	snprintf(line, sizeof line, "%s%s%s, %s", impl, *impl && *wait ? " " : "", wait,
		row_section(r, section, sizeof section));
	text_wrap(w->out, 0, 2, line);
	put_timed(w, r);
	put_counts(w, r, seen);
	put_not_counted(w);
	put_parts(w, seen, "parts of its time");
	put_counted_parts(w, seen, "parts of its instructions");
	put_anatomy(w, r);
	/* what the machine did is no part of the cell: it is shown, but not counted among what grew */
	size_t grew = w->grew;
	put_around(w, seen);
	w->grew = grew;
	put_grown(w, r);
	fputc('\n', w->out);
}

static bool valid_somewhere(const struct row *r)
{
	for (size_t i = 0; i < SIDES_MOST; i++)
		if (side_counts(r->cell[i]))
			return true;
	return false;
}

static void explain_block(const struct matrix *c, const size_t *side, size_t sides, FILE *out)
{
	struct writer w = { .c = c, .out = out, .side = side, .sides = sides };

	for (size_t k = 0; k < c->rows; k++)
		if (valid_somewhere(&c->row[k]))
			explain_row(&w, &c->row[k]);
}

/* Of what is valid nowhere there is a line only, with one side's reason. */
static void put_nowhere(const struct matrix *c, FILE *out)
{
	char words[1400], line[2000];

	for (size_t k = 0; k < c->rows; k++) {
		const struct row *r = &c->row[k];

		if (valid_somewhere(r))
			continue;
		snprintf(line, sizeof line, "%.500s is valid nowhere: %s", r->name,
			side_words(r->one, words, sizeof words));
		text_wrap(out, 0, 2, line);
	}
}

void explain_print(const struct matrix *c, FILE *given)
{
	const struct sides *s = c->sides;
	char *text = NULL, line[900];
	size_t size = 0, side[1 + BLOCK] = { s->base }, n = 1;
	FILE *out = take(open_memstream(&text, &size));

	for (size_t i = 0; i < s->sides; i++) {
		text_cell(out, s->side[i].letter, 3);
		text_wrap(out, 3, 3, s->part ? s->side[i].label : form_head(c, i, line, sizeof line));
	}
	fputc('\n', out);
	for (size_t i = 0; i < s->sides; i++) {
		if (i != s->base)
			side[n++] = i;
		if (n == 1 + BLOCK || (n > 1 && i + 1 == s->sides)) {
			explain_block(c, side, n, out);
			n = 1;
		}
	}
	put_nowhere(c, out);
	fclose(out);
	text_trimmed(given, text);
	free(text);
}
