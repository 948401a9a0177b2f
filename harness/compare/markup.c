// SPDX-License-Identifier: MIT
/* The tables as Markdown and as LaTeX: what they say is the same, how a cell of a table is written is not. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../analyse/text.h"
#include "form.h"
#include "sameness.h"

struct markup {
	const char *before, *between, *after;    /* a row's cells */
	const char *paragraph, *end, *strong[2]; /* of text */
	void (*put)(FILE *out, const char *text);
	void (*head)(FILE *out, size_t columns); /* what stands before the head's row, and after it */
	void (*rule)(FILE *out, size_t columns);
	void (*foot)(FILE *out);
	void (*section)(FILE *out, const struct markup *m, const char *title, size_t columns);
};

struct writer {
	const struct matrix *c;
	const struct compare_options *o;
	const struct markup *m;
	FILE *out;
};

/* -- Markdown: https://github.github.com/gfm/ */

static void markdown_put(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("\\`*_{}[]<>#|~", *text))
			fputc('\\', out);
		fputc(*text, out);
	}
}

static void markdown_head(FILE *out, size_t columns)
{
	(void)out;
	(void)columns;
}

static void markdown_rule(FILE *out, size_t columns)
{
	for (size_t i = 0; i < columns; i++)
		fputs(i ? "---:|" : "|---|", out);
	fputc('\n', out);
}

static void markdown_foot(FILE *out)
{
	fputc('\n', out);
}

static void markdown_section(FILE *out, const struct markup *m, const char *title, size_t columns)
{
	fputs("| **", out);
	m->put(out, title);
	fputs("** |", out);
	for (size_t i = 1; i < columns; i++)
		fputs(" |", out);
	fputc('\n', out);
}

static const struct markup markdown = { "| ", " | ", " |\n", "- ", "\n", { "**", "**" }, markdown_put, markdown_head,
	markdown_rule, markdown_foot, markdown_section };

/* -- LaTeX: booktabs, longtable. Every character of a text is only ever text. */

static void latex_put(FILE *out, const char *text)
{
	static const struct {
		const char *is, *written;
	} special[] = {
		{ "\\", "\\textbackslash{}" },
		{ "~", "\\textasciitilde{}" },
		{ "^", "\\textasciicircum{}" },
		{ "<", "\\textless{}" },
		{ ">", "\\textgreater{}" },
		{ "|", "\\textbar{}" },
		{ "\"", "\\textquotedbl{}" },
		{ "&", "\\&" },
		{ "%", "\\%" },
		{ "$", "\\$" },
		{ "#", "\\#" },
		{ "_", "\\_" },
		{ "{", "\\{" },
		{ "}", "\\}" },
		{ "µ", "\\textmu{}" },
		{ "±", "\\textpm{}" },
		{ "…", "\\ldots{}" },
		{ "[", "{[}" },
		{ "]", "{]}" },
	};

	while (*text) {
		size_t i = 0, n = sizeof special / sizeof *special;

		while (i < n && strncmp(text, special[i].is, strlen(special[i].is)))
			i++;
		if (i < n)
			fputs(special[i].written, out);
		else
			fputc(*text, out);
		text += i < n ? strlen(special[i].is) : 1;
	}
}

static void latex_head(FILE *out, size_t columns)
{
	fputs("\\begin{longtable}{l", out);
	for (size_t i = 1; i < columns; i++)
		fputc('r', out);
	fputs("}\n\\toprule\n", out);
}

static void latex_rule(FILE *out, size_t columns)
{
	(void)columns;
	fputs("\\midrule\n\\endhead\n", out);
}

static void latex_foot(FILE *out)
{
	fputs("\\bottomrule\n\\end{longtable}\n\n", out);
}

static void latex_section(FILE *out, const struct markup *m, const char *title, size_t columns)
{
	fprintf(out, "\\multicolumn{%zu}{l}{\\emph{", columns);
	m->put(out, title);
	fputs("}} \\\\\n", out);
}

static const struct markup latex = { "", " & ", " \\\\\n", "", "\n\n", { "\\textbf{", "}" }, latex_put, latex_head,
	latex_rule, latex_foot, latex_section };

/* -- texts */

/* What a file says may hold anything; here it is printable. */
static void put(const struct writer *w, const char *text)
{
	size_t size = strlen(text) + 8;
	char *cleaned = text_clean(take(malloc(size)), size, text, size);

	w->m->put(w->out, cleaned);
	free(cleaned);
}

static void put_line(const char *line, void *to)
{
	struct writer *w = to;

	fputs(w->m->paragraph, w->out);
	put(w, line);
	fputs(w->m->end, w->out);
}

static void put_titled(struct writer *w, const char *title, const char *line)
{
	fprintf(w->out, "%s%s", w->m->paragraph, w->m->strong[0]);
	put(w, title);
	fprintf(w->out, "%s ", w->m->strong[1]);
	put(w, line);
	fputs(w->m->end, w->out);
}

static void put_forced(const char *why, void *to)
{
	put_titled(to, "forced:", why);
}

static void put_note(const char *note, void *to)
{
	put_titled(to, "note:", note);
}

static void put_key(struct writer *w, const struct sameness_key *k)
{
	const struct sides *s = w->c->sides;
	const char *sentence = sameness_sentence(k->key);
	char *line = NULL;
	size_t size = 0;
	FILE *out = take(open_memstream(&line, &size));

	for (size_t i = 0; i < s->sides; i++)
		fprintf(out, "%s%s: %s%s", i ? "; " : "", s->side[i].letter, k->value[i] ? k->value[i] : "(absent)",
			k->inside >> i & 1 ? " (and others within it)" : "");
	if (sentence)
		fprintf(out, ". %s", sentence);
	fclose(out);
	put_titled(w, k->key, line);
	free(line);
}

static void put_heads(struct writer *w)
{
	const struct sides *s = w->c->sides;
	char line[900];
	struct sameness_key *key;
	size_t n;

	for (size_t i = 0; i < s->sides; i++)
		put_titled(w, s->side[i].letter, s->part ? s->side[i].label : form_head(w->c, i, line, sizeof line));
	for (size_t i = 0; i < s->sides && form_unit(w->c, i, line, sizeof line); i++)
		put_titled(w, "unit:", line);
	key = sameness_keys(s, &n);
	for (size_t i = 0; i < n; i++)
		put_key(w, &key[i]);
	free(key);
	sameness_notes(s, put_note, w);
	if (w->o->force)
		sameness_refusals(s, put_forced, w);
	fputc('\n', w->out);
}

/* -- tables */

static void put_cell(struct writer *w, size_t column, const char *text)
{
	fputs(column ? w->m->between : w->m->before, w->out);
	put(w, text);
}

/* The number with its half interval, or all of its words. */
static void put_side(struct writer *w, size_t column, const struct side_cell *c)
{
	char words[1400], number[TEXT_NUMBER], spread[TEXT_NUMBER], line[2 * TEXT_NUMBER + 8];
	const char *said = side_words(c, words, sizeof words);

	if (!said) {
		snprintf(line, sizeof line, "%s ± %s", side_number(w->c->sides, c->median, number),
			text_percent(spread, c->spread));
		said = line;
	}
	put_cell(w, column, said);
}

static void put_row(struct writer *w, const struct row *r)
{
	const struct sides *s = w->c->sides;
	char impl[ROW_WORDS], wait[ROW_WORDS], line[2 * ROW_WORDS + 2], words[FORM_WORDS];
	size_t column = 0;

	row_words(r, impl, wait);
	snprintf(line, sizeof line, "%s%s%s", impl, *impl && *wait ? " " : "", wait);
	put_cell(w, column++, line);
	put_side(w, column++, r->cell[s->base]);
	for (size_t i = 0; i < s->sides; i++) {
		if (i == s->base)
			continue;
		put_side(w, column++, r->cell[i]);
		put_cell(w, column++, form_verdict(w->c, r, i, w->o->p, words));
	}
	fputs(w->m->after, w->out);
}

static void put_names(struct writer *w)
{
	const struct sides *s = w->c->sides;
	const char *base = s->side[s->base].letter;
	char line[40];
	size_t column = 0;

	put_cell(w, column++, "");
	put_cell(w, column++, base);
	for (size_t i = 0; i < s->sides; i++) {
		if (i == s->base)
			continue;
		put_cell(w, column++, s->side[i].letter);
		snprintf(line, sizeof line, "%s/%s, 95%% interval", s->side[i].letter, base);
		put_cell(w, column++, line);
	}
	fputs(w->m->after, w->out);
}

static bool shown(const struct row *r)
{
	for (size_t i = 0; i < SIDES_MOST; i++)
		if (side_counts(r->cell[i]))
			return true;
	return false;
}

static void put_table(struct writer *w)
{
	size_t columns = 2 * w->c->sides->sides;
	char section[300], last[300] = "";

	w->m->head(w->out, columns);
	put_names(w);
	w->m->rule(w->out, columns);
	for (size_t k = 0; k < w->c->rows; k++) {
		if (!shown(&w->c->row[k]))
			continue;
		if (strcmp(row_section(&w->c->row[k], section, sizeof section), last)) {
			w->m->section(w->out, w->m, section, columns);
			snprintf(last, sizeof last, "%s", section);
		}
		put_row(w, &w->c->row[k]);
	}
	w->m->foot(w->out);
}

/* -- values of a part as columns */

static void put_entry(struct writer *w, size_t column, const struct row *r, size_t side)
{
	char words[FORM_WORDS];

	if (!r)
		put_cell(w, column, "-");
	else if (r->verdict[side].outcome == OUTCOME_DIFFERS || r->verdict[side].outcome == OUTCOME_ALIKE ||
		 r->verdict[side].outcome == OUTCOME_FOREIGN)
		put_cell(w, column, form_verdict(w->c, r, side, w->o->p, words));
	else if (r->verdict[side].outcome == OUTCOME_ONE_SIDED) {
		snprintf(words, sizeof words, "only %s",
			w->c->sides->side[side_counts(r->cell[side]) ? side : w->c->sides->base].letter);
		put_cell(w, column, words);
	} else
		put_side(w, column, r->cell[side]);
}

static void put_grid(struct writer *w, const struct grid *g, size_t side)
{
	const struct sides *s = w->c->sides;
	char line[40], section[300], last[300] = "", impl[ROW_WORDS], wait[ROW_WORDS], name[2 * ROW_WORDS + 2];

	w->m->head(w->out, 1 + g->values);
	snprintf(line, sizeof line, "%s/%s", s->side[side].letter, s->side[s->base].letter);
	put_cell(w, 0, line);
	for (size_t v = 0; v < g->values; v++)
		put_cell(w, 1, g->value[v]);
	fputs(w->m->after, w->out);
	w->m->rule(w->out, 1 + g->values);
	for (size_t k = 0; k < g->rows; k++) {
		if (strcmp(row_section(&g->row[k].row, section, sizeof section), last)) {
			w->m->section(w->out, w->m, section, 1 + g->values);
			snprintf(last, sizeof last, "%s", section);
		}
		row_words(&g->row[k].row, impl, wait);
		snprintf(name, sizeof name, "%s%s%s", impl, *impl && *wait ? " " : "", wait);
		put_cell(w, 0, name);
		for (size_t v = 0; v < g->values; v++)
			put_entry(w, 1, g->row[k].at[v], side);
		fputs(w->m->after, w->out);
	}
	w->m->foot(w->out);
}

static void print(const struct matrix *c, const struct grid *g, const struct compare_options *o, const struct markup *m,
	FILE *out)
{
	struct writer w = { c, o, m, out };

	put_heads(&w);
	for (size_t i = 0; i < c->sides->sides && g; i++)
		if (i != c->sides->base)
			put_grid(&w, g, i);
	if (!g)
		put_table(&w);
	form_ends(c, put_line, &w);
}

void markdown_print(const struct matrix *c, const struct compare_options *o, FILE *out)
{
	print(c, NULL, o, &markdown, out);
}

void markdown_grid(const struct matrix *c, const struct grid *g, const struct compare_options *o, FILE *out)
{
	print(c, g, o, &markdown, out);
}

static const char latex_needs[] = "% needs \\usepackage{booktabs,longtable,textcomp}, and UTF-8 input\n";

void latex_print(const struct matrix *c, const struct compare_options *o, FILE *out)
{
	fputs(latex_needs, out);
	print(c, NULL, o, &latex, out);
}

void latex_grid(const struct matrix *c, const struct grid *g, const struct compare_options *o, FILE *out)
{
	fputs(latex_needs, out);
	print(c, g, o, &latex, out);
}
