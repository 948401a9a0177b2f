// SPDX-License-Identifier: MIT
/* A comparison for programs: CSV (RFC 4180, but for the line's end, which is one newline), TSV, JSON (RFC 8259). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../analyse/text.h"
#include "form.h"
#include "sameness.h"

enum { DIGITS = 40 };

/* Six significant digits with a point in every locale; `none` where it is no number. */
static const char *number(char *buffer, double x, const char *none)
{
	char *comma;

	if (!isfinite(x))
		return none;
	snprintf(buffer, DIGITS, "%.6g", x);
	comma = strpbrk(buffer, ",");
	if (comma)
		*comma = '.';
	return buffer;
}

/* Control characters and broken UTF-8 become "?". To be freed. */
static char *clean(const char *text)
{
	size_t size = strlen(text) + 8;

	return text_clean(take(malloc(size)), size, text, size);
}

static const char *state_word(const struct side_cell *c)
{
	if (!c)
		return "absent";
	if (!side_counts(c))
		return c->cell->state == CELL_INVALID ? "invalid" : "not measured";
	return "valid";
}

/* Why it has no number, or none that means anything; NULL. */
static const char *reason_of(const struct side_cell *c)
{
	char none[1];

	if (!c)
		return NULL;
	return side_counts(c) ? side_words(c, none, sizeof none) : c->cell->reason;
}

static bool is_base(const struct matrix *c, size_t side)
{
	return side == c->sides->base;
}

static bool told(const struct verdict *v)
{
	return v->outcome <= OUTCOME_ALIKE;
}

/* -- CSV and TSV */

struct line {
	FILE *out;
	char separator;
	size_t fields;
};

static void put_quoted(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

static void field(struct line *l, const char *text)
{
	char *cleaned = clean(text ? text : "");

	if (l->fields++)
		fputc(l->separator, l->out);
	if (l->separator == ',' && strpbrk(cleaned, ",\""))
		put_quoted(l->out, cleaned);
	else
		fputs(cleaned, l->out);
	free(cleaned);
}

static void numeric(struct line *l, double x)
{
	char buffer[DIGITS];

	field(l, number(buffer, x, ""));
}

static void end(struct line *l)
{
	fputc('\n', l->out);
	l->fields = 0;
}

static double holm_p(const struct matrix *c, const struct row *r, size_t i)
{
	return c->holm[i].asked ? r->verdict[i].p : NAN;
}

static void put_verdict_fields(struct line *l, const struct matrix *c, const struct row *r, size_t i)
{
	struct verdict none = { OUTCOME_NEITHER, NAN, { NAN, NAN, 0 }, NAN, NAN, NAN, false };
	bool base = is_base(c, i);
	const struct verdict *of = base ? &none : &r->verdict[i];

	field(l, base ? "base" : outcome_word(of->outcome));
	numeric(l, of->ratio);
	numeric(l, of->interval.low);
	numeric(l, of->interval.high);
	numeric(l, of->plain);
	numeric(l, of->least);
	numeric(l, base ? NAN : holm_p(c, r, i));
}

static void put_fields(struct line *l, const struct matrix *c, const struct row *r, size_t i)
{
	const struct side_cell *cell = r->cell[i];
	const char *const part[] = { r->name, r->bench, r->impl, r->wait, r->policy, r->place, r->points,
		c->sides->side[i].letter, c->sides->side[i].label, state_word(cell), reason_of(cell),
		c->sides->unit                        ? c->sides->unit
		: cell && cell->cell->unit && cell->n ? cell->cell->unit
						      : "" };
	bool valid = side_counts(cell);

	for (size_t k = 0; k < sizeof part / sizeof *part; k++)
		field(l, part[k]);
	numeric(l, valid ? (double)cell->n : 0);
	numeric(l, valid ? (double)cell->files : 0);
	numeric(l, valid ? cell->median : NAN);
	numeric(l, valid ? cell->interval.low : NAN);
	numeric(l, valid ? cell->interval.high : NAN);
	put_verdict_fields(l, c, r, i);
	end(l);
}

void csv_print(const struct matrix *c, char separator, FILE *out)
{
	static const char *const head[] = { "name", "bench", "impl", "wait", "policy", "place", "points", "side",
		"label", "state", "reason", "unit", "trials", "files", "median", "low", "high", "outcome", "ratio",
		"ratio_low", "ratio_high", "p", "least", "p_holm" };
	struct line l = { out, separator, 0 };

	for (size_t i = 0; i < sizeof head / sizeof *head; i++)
		field(&l, head[i]);
	end(&l);
	for (size_t k = 0; k < c->rows; k++)
		for (size_t i = 0; i < c->sides->sides; i++)
			put_fields(&l, c, &c->row[k], i);
}

/* -- JSON */

static void put_string(FILE *out, const char *text)
{
	char *cleaned;

	if (!text) {
		fputs("null", out);
		return;
	}
	cleaned = clean(text);
	fputc('"', out);
	for (const char *c = cleaned; *c; c++) {
		if (*c == '"' || *c == '\\')
			fputc('\\', out);
		fputc(*c, out);
	}
	fputc('"', out);
	free(cleaned);
}

static void member(FILE *out, const char *name, const char *text)
{
	fprintf(out, "\"%s\": ", name);
	put_string(out, text);
}

static void amount(FILE *out, const char *name, double x)
{
	char buffer[DIGITS];

	fprintf(out, ", \"%s\": %s", name, number(buffer, x, "null"));
}

/* A list's members are parted by commas: of all but the first. */
static void part(FILE *out, size_t i, const char *indent)
{
	fprintf(out, "%s\n%s", i ? "," : "", indent);
}

static void put_sides(const struct sides *s, FILE *out)
{
	fputs("  \"sides\": [", out);
	for (size_t i = 0; i < s->sides; i++) {
		part(out, i, "    { ");
		member(out, "side", s->side[i].letter);
		fputs(", ", out);
		member(out, "label", s->side[i].label);
		fputs(", \"files\": [", out);
		for (size_t f = 0; f < s->side[i].files; f++) {
			fputs(f ? ", " : "", out);
			put_string(out, s->side[i].file[f]->path);
		}
		fputc(']', out);
		amount(out, "ns_per_unit", s->side[i].scale);
		fputs(" }", out);
	}
	fputs("\n  ],\n", out);
}

static void put_keys(const struct sides *s, FILE *out)
{
	size_t n;
	struct sameness_key *key = sameness_keys(s, &n);

	fputs("  \"keys\": [", out);
	for (size_t k = 0; k < n; k++) {
		part(out, k, "    { ");
		member(out, "key", key[k].key);
		fputs(", ", out);
		member(out, "does", sameness_sentence(key[k].key));
		for (size_t i = 0; i < s->sides; i++) {
			fputs(", ", out);
			member(out, s->side[i].letter, key[k].value[i]);
		}
		fputs(", \"varies_within\": [", out);
		for (size_t i = 0, some = 0; i < s->sides; i++)
			if (key[k].inside >> i & 1)
				fprintf(out, "%s\"%s\"", some++ ? ", " : "", s->side[i].letter);
		fputs("] }", out);
	}
	fputs("\n  ],\n", out);
	free(key);
}

struct list {
	FILE *out;
	size_t n;
};

static void put_listed(const char *text, void *to)
{
	struct list *l = to;

	part(l->out, l->n++, "    ");
	put_string(l->out, text);
}

static void put_lists(const struct sides *s, FILE *out)
{
	struct list notes = { out, 0 }, reasons = { out, 0 };

	fputs("  \"notes\": [", out);
	sameness_notes(s, put_listed, &notes);
	fputs("],\n  \"forced\": [", out);
	sameness_refusals(s, put_listed, &reasons);
	fputs("],\n", out);
}

static void put_verdict(const struct matrix *c, const struct row *r, size_t i, FILE *out)
{
	const struct verdict *v = &r->verdict[i];

	fputs(", ", out);
	member(out, "outcome", outcome_word(v->outcome));
	if (!told(v))
		return;
	amount(out, "ratio", v->ratio);
	amount(out, "ratio_low", v->interval.low);
	amount(out, "ratio_high", v->interval.high);
	amount(out, "p", r->verdict[i].plain);
	if (c->holm[i].asked)
		amount(out, "p_holm", holm_p(c, r, i));
	amount(out, "least", v->least);
}

static void put_side(const struct matrix *c, const struct row *r, size_t i, FILE *out)
{
	const struct side_cell *cell = r->cell[i];

	fprintf(out, "\"%s\": { ", c->sides->side[i].letter);
	member(out, "state", state_word(cell));
	if (reason_of(cell)) {
		fputs(", ", out);
		member(out, "reason", reason_of(cell));
	}
	if (side_counts(cell)) {
		fputs(", ", out);
		member(out, "unit", c->sides->unit ? c->sides->unit : cell->cell->unit);
		amount(out, "trials", (double)cell->n);
		amount(out, "files", (double)cell->files);
		amount(out, "median", cell->median);
		amount(out, "low", cell->interval.low);
		amount(out, "high", cell->interval.high);
	}
	if (!is_base(c, i))
		put_verdict(c, r, i, out);
	fputs(" }", out);
}

static void put_cells(const struct matrix *c, FILE *out)
{
	fputs("  \"cells\": [", out);
	for (size_t k = 0; k < c->rows; k++) {
		part(out, k, "    { ");
		member(out, "name", c->row[k].name);
		for (size_t i = 0; i < c->sides->sides; i++) {
			fputs(",\n      ", out);
			put_side(c, &c->row[k], i, out);
		}
		fputs(" }", out);
	}
	fputs("\n  ],\n", out);
}

static void put_counts(const struct matrix *c, FILE *out)
{
	size_t some = 0;

	fputs("  \"counts\": {", out);
	for (size_t i = 0; i < c->sides->sides; i++) {
		const struct tally *t = &c->tally[i];

		if (is_base(c, i))
			continue;
		part(out, some++, "    ");
		fprintf(out,
			"\"%s\": { \"cells\": %zu, \"slower\": %zu, \"faster\": %zu, \"alike\": %zu, "
			"\"no_one_value\": %zu, \"other_units\": %zu, \"one_sided\": %zu, \"neither\": %zu",
			c->sides->side[i].letter, t->cells, t->slower, t->faster, t->alike, t->untold, t->foreign,
			t->one_sided, t->neither);
		amount(out, "geometric_mean", c->geomean[i]);
		fprintf(out, ", \"of\": %zu }", c->common);
	}
	fputs("\n  }\n", out);
}

void json_print(const struct matrix *c, FILE *out)
{
	const struct sides *s = c->sides;

	fputs("{\n  ", out);
	member(out, "base", s->side[s->base].letter);
	fputs(",\n  ", out);
	member(out, "per", s->unit);
	fputs(",\n", out);
	put_sides(s, out);
	put_keys(s, out);
	put_lists(s, out);
	put_cells(c, out);
	put_counts(c, out);
	fputs("}\n", out);
}
