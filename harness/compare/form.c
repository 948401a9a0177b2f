// SPDX-License-Identifier: MIT
/* What all forms of a comparison have in common: its head, a cell's verdict, its end. */
#include "form.h"

#include <math.h>
#include <string.h>

#include "../analyse/text.h"

static const char *told(const struct record *r, const char *key)
{
	const char *value = record_get(r, key);

	return value ? value : "unknown";
}

/* Files of one name are told apart by their folders. */
static const char *file_name(const struct matrix *c, size_t side)
{
	const struct sides *s = c->sides;
	const struct record *r = s->side[side].file[0];

	for (size_t i = 0; i < s->sides; i++)
		if (i != side && !strcmp(s->side[i].label, s->side[side].label) && r->path)
			return r->path;
	return s->side[side].label;
}

char *form_head(const struct matrix *c, size_t side, char *buffer, size_t size)
{
	const struct side *s = &c->sides->side[side];
	const struct record *r = s->file[0];
	const char *kernel = told(r, "kernel");
	char files[40] = "";

	if (s->files > 1)
		snprintf(files, sizeof files, "%zu files, ", s->files);
	snprintf(buffer, size, "%s: %s%.64s, %s%.*s, %.20s trial%s a cell, %s%s", file_name(c, side), files,
		told(r, "host"), strncmp(kernel, "Linux", 5) ? "Linux " : "", 64, kernel, told(r, "trials"),
		record_is(r, "trials", "1") ? "" : "s", record_is(r, "complete", "yes") ? "complete" : "NOT complete",
		c->sides->base == side && c->sides->sides > 2 ? "; the base" : "");
	return buffer;
}

char *form_unit(const struct matrix *c, size_t side, char *buffer, size_t size)
{
	const struct side *s = &c->sides->side[side];
	char scale[TEXT_NUMBER], low[TEXT_NUMBER], high[TEXT_NUMBER], interval[2 * TEXT_NUMBER + 8] = "";

	if (!c->sides->unit || (c->sides->part && side))
		return NULL;
	if (s->scaling.low < s->scaling.high)
		snprintf(interval, sizeof interval, " [%s, %s]", text_time(low, s->scale * s->scaling.low),
			text_time(high, s->scale * s->scaling.high));
	snprintf(buffer, size, "%s%s%s of %s%s each", c->sides->part ? "" : s->letter, c->sides->part ? "" : ": ",
		c->sides->unit, text_time(scale, s->scale), interval);
	return buffer;
}

char *form_p(double p, char *buffer)
{
	return p < 0.0005 ? strcpy(buffer, "<0.001") : text_fixed(buffer, p, 3);
}

static char *with_p(const struct verdict *v, char *text)
{
	char number[TEXT_NUMBER];
	size_t used = strlen(text);

	form_p(v->p, number);
	snprintf(text + used, FORM_WORDS - used, " p%s%s", *number == '<' ? "" : "=", number);
	return text;
}

char *form_verdict(const struct matrix *c, const struct row *r, size_t side, bool p, char *buffer)
{
	const struct verdict *v = &r->verdict[side];
	char a[TEXT_NUMBER], b[TEXT_NUMBER], d[TEXT_NUMBER];

	*buffer = '\0';
	if (side == c->sides->base)
		return buffer;
	switch (v->outcome) {
	case OUTCOME_DIFFERS:
		snprintf(buffer, FORM_WORDS, "%s [%s, %s]", text_ratio(a, v->ratio), text_ratio(b, v->interval.low),
			text_ratio(d, v->interval.high));
		break;
	case OUTCOME_ALIKE:
		if (v->corrected)
			snprintf(buffer, FORM_WORDS, "~ (not after Holm)");
		else if (isnan(v->least))
			snprintf(buffer, FORM_WORDS, "~ (too few trials)");
		else
			snprintf(buffer, FORM_WORDS, "~ (%s would show)", text_percent(a, v->least));
		break;
	default:
		snprintf(buffer, FORM_WORDS, "%s", v->outcome == OUTCOME_FOREIGN ? "in other units" : "");
		return buffer;
	}
	return p ? with_p(v, buffer) : buffer;
}

/* -- the end */

static void add_count(char *line, size_t size, size_t n, const char *what)
{
	size_t used = strlen(line);

	if (n)
		snprintf(line + used, size - used, ", %zu %s", n, what);
}

static void end_of_side(const struct matrix *c, size_t i, void (*put)(const char *line, void *to), void *to)
{
	const struct tally *t = &c->tally[i];
	const char *letter = c->sides->side[i].letter;
	char line[500], number[TEXT_NUMBER], from[40] = "";

	if (c->sides->sides > 2)
		snprintf(from, sizeof from, " from %s", c->sides->side[c->sides->base].letter);
	snprintf(line, sizeof line, "%zu cell%s: %zu differ%s (%s slower in %zu, faster in %zu), %zu not told apart",
		t->cells, t->cells == 1 ? "" : "s", t->slower + t->faster, from, letter, t->slower, t->faster,
		t->alike);
	add_count(line, sizeof line, t->one_sided, "one-sided");
	add_count(line, sizeof line, t->untold, "without one value");
	add_count(line, sizeof line, t->foreign, "in other units");
	add_count(line, sizeof line, t->neither, "measured in neither");
	put(line, to);
	if (!c->common)
		return;
	snprintf(line, sizeof line, "geometric mean of %s/%s over the %zu cell%s valid on all sides: %s", letter,
		c->sides->side[c->sides->base].letter, c->common, c->common == 1 ? "" : "s",
		text_fixed(number, c->geomean[i], 3));
	put(line, to);
}

static void end_of_holm(const struct matrix *c, size_t i, void (*put)(const char *line, void *to), void *to)
{
	const struct holm *h = &c->holm[i];
	char line[400];

	snprintf(line, sizeof line, "--holm: %zu of %zu differ after Holm's correction for %zu test%s", h->pass,
		h->tests, h->tests, h->tests == 1 ? "" : "s");
	put(line, to);
	if (h->can_pass >= h->tests || !h->would_do)
		return;
	snprintf(line, sizeof line,
		"with so few trials no more than %zu cell%s can be tested at once and pass; %zu trials a side would do "
		"for %zu",
		h->can_pass, h->can_pass == 1 ? "" : "s", h->would_do, h->tests);
	put(line, to);
}

void form_ends(const struct matrix *c, void (*put)(const char *line, void *to), void *to)
{
	char line[200], number[TEXT_NUMBER];
	size_t tests = 0;

	for (size_t i = 0; i < c->sides->sides; i++) {
		if (i == c->sides->base)
			continue;
		end_of_side(c, i, put, to);
		if (c->holm[i].asked)
			end_of_holm(c, i, put, to);
		tests += c->holm[i].asked ? 0 : c->tally[i].tests;
	}
	if (!tests)
		return;
	snprintf(line, sizeof line,
		"~: no difference at 95%% (Mann-Whitney). Of %zu test%s about %s would differ by chance", tests,
		tests == 1 ? "" : "s", text_fixed(number, (1 - c->confidence) * (double)tests, 1));
	put(line, to);
}
