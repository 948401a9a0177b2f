// SPDX-License-Identifier: MIT
#include "sheet.h"

#include <stdlib.h>
#include <string.h>

#include "../analyse/cells.h"
#include "../analyse/text.h"
#include "markup.h"

enum { LONG = 24 }; /* a text that may be broken into lines */

/* -- making one */
void sheet_begin(struct sheet *s, const char *title)
{
	*s = (struct sheet){ .title = take(strdup(title)) };
}

void sheet_column(struct sheet *s, const char *head, bool number)
{
	s->column = take(realloc(s->column, (s->columns + 1) * sizeof *s->column));
	s->column[s->columns].head = take(strdup(head));
	s->column[s->columns++].number = number;
}

void sheet_row(struct sheet *s)
{
	s->cell = take(realloc(s->cell, (s->rows + 1) * s->columns * sizeof *s->cell));
	memset(s->cell + s->rows * s->columns, 0, s->columns * sizeof *s->cell);
	for (size_t i = 0; i < s->columns; i++)
		s->cell[s->rows * s->columns + i].span = 1;
	s->rows++;
	s->filled = 0;
}

static void put(struct sheet *s, const char *text, size_t span, bool words)
{
	struct sheet_cell *c;

	if (s->filled >= s->columns)
		return;
	if (span > s->columns - s->filled)
		span = s->columns - s->filled;
	c = &s->cell[(s->rows - 1) * s->columns + s->filled];
	*c = (struct sheet_cell){ take(strdup(text)), span, words };
	s->filled += span;
}

void sheet_text(struct sheet *s, const char *text)
{
	put(s, text, 1, false);
}

void sheet_words(struct sheet *s, const char *words, size_t span)
{
	put(s, words, span, true);
}

void sheet_free(struct sheet *s)
{
	for (size_t i = 0; i < s->rows * s->columns; i++)
		free(s->cell[i].text);
	for (size_t i = 0; i < s->columns; i++)
		free(s->column[i].head);
	free(s->cell);
	free(s->column);
	free(s->title);
	*s = (struct sheet){ 0 };
}

/* -- as HTML. What is wider than the screen is moved within a frame of its own, also by the keyboard. */
static void html_head(const struct sheet *s, FILE *out)
{
	fputs("<thead><tr>", out);
	for (size_t i = 0; i < s->columns; i++) {
		fprintf(out, "<th scope=\"col\"%s>", s->column[i].number ? " class=\"n\"" : "");
		html_put(out, s->column[i].head);
		fputs("</th>", out);
	}
	fputs("</tr></thead>\n", out);
}

static void html_cell(const struct sheet *s, const struct sheet_cell *c, size_t column, FILE *out)
{
	const char *name = column ? "td" : "th";
	bool is_long = c->text && text_columns(c->text) > LONG;

	fprintf(out, "<%s", name);
	if (!column)
		fputs(" scope=\"row\"", out);
	if (c->words || s->column[column].number)
		fprintf(out, " class=\"%s\"", !c->words ? "n" : is_long ? "w l" : "w");
	else if (is_long)
		fputs(" class=\"l\"", out);
	if (c->span > 1)
		fprintf(out, " colspan=\"%zu\"", c->span);
	fputc('>', out);
	html_put(out, c->text ? c->text : "");
	fprintf(out, "</%s>", name);
}

void sheet_html(const struct sheet *s, FILE *out)
{
	if (!s->rows)
		return;
	fputs("<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-label=\"", out);
	html_put(out, s->title);
	fputs("\"><table>\n<caption><span>", out);
	html_put(out, s->title);
	fputs("</span></caption>\n", out);
	html_head(s, out);
	fputs("<tbody>\n", out);
	for (size_t row = 0; row < s->rows; row++) {
		fputs("<tr>", out);
		for (size_t i = 0; i < s->columns; i += s->cell[row * s->columns + i].span)
			html_cell(s, &s->cell[row * s->columns + i], i, out);
		fputs("</tr>\n", out);
	}
	fputs("</tbody></table></div>\n", out);
}

/* -- the others: what spans columns stands in the first of them */
static void rows_of(const struct sheet *s, FILE *out, void (*put_text)(FILE *, const char *), const char *before,
	const char *between, const char *end)
{
	for (size_t row = 0; row < s->rows; row++) {
		fputs(before, out);
		for (size_t i = 0; i < s->columns; i++) {
			const char *text = s->cell[row * s->columns + i].text;

			put_text(out, text ? text : "");
			fputs(i + 1 < s->columns ? between : end, out);
		}
	}
}

void sheet_markdown(const struct sheet *s, FILE *out)
{
	if (!s->rows)
		return;
	fputs("| ", out);
	for (size_t i = 0; i < s->columns; i++) {
		markdown_put(out, s->column[i].head);
		fputs(i + 1 < s->columns ? " | " : " |\n|", out);
	}
	for (size_t i = 0; i < s->columns; i++)
		fputs(s->column[i].number ? "---:|" : "---|", out);
	fputc('\n', out);
	rows_of(s, out, markdown_put, "| ", " | ", " |\n");
}

void sheet_csv(const struct sheet *s, FILE *out)
{
	for (size_t i = 0; i < s->columns; i++) {
		csv_put(out, s->column[i].head);
		fputs(i + 1 < s->columns ? "," : "\n", out);
	}
	rows_of(s, out, csv_put, "", ",", "\n");
}

static void latex_row(const struct sheet *s, size_t row, FILE *out)
{
	for (size_t i = 0; i < s->columns;) {
		const struct sheet_cell *c = &s->cell[row * s->columns + i];

		if (c->span > 1)
			fprintf(out, "\\multicolumn{%zu}{l}{", c->span);
		tex_put(out, c->text ? c->text : "");
		if (c->span > 1)
			fputc('}', out);
		i += c->span;
		fputs(i < s->columns ? " & " : " \\\\\n", out);
	}
}

void sheet_latex(const struct sheet *s, FILE *out)
{
	if (!s->rows)
		return;
	fputs("\\begin{tabular}{", out);
	for (size_t i = 0; i < s->columns; i++)
		fputc(s->column[i].number ? 'r' : 'l', out);
	fputs("}\n\\toprule\n", out);
	for (size_t i = 0; i < s->columns; i++) {
		tex_put(out, s->column[i].head);
		fputs(i + 1 < s->columns ? " & " : " \\\\\n\\midrule\n", out);
	}
	for (size_t row = 0; row < s->rows; row++)
		latex_row(s, row, out);
	fputs("\\bottomrule\n\\end{tabular}\n", out);
}
