// SPDX-License-Identifier: MIT
/* A classic table for a terminal, for a README, for a page and for programs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../analyse/text.h"
#include "classic.h"

enum { SOURCE_WIDTH = 5, INDENT = 2, LINE = 2000 };

static bool new_group(const struct classic *t, size_t i)
{
	return *t->row[i].group && (!i || strcmp(t->row[i].group, t->row[i - 1].group));
}

/* -- a terminal */

struct widths {
	int label, column[CLASSIC_COLUMNS_MOST];
};

static int larger(int a, size_t b)
{
	return a > (int)b ? a : (int)b;
}

/* As wide as what stands in it, and a blank before it; the labels have the rest. */
static struct widths widths_of(const struct classic *t)
{
	struct widths w = { .label = TEXT_WIDTH - SOURCE_WIDTH };

	for (size_t i = 0; i < t->columns; i++) {
		w.column[i] = (int)text_columns(t->column[i]->title);
		for (size_t r = 0; r < t->rows; r++)
			w.column[i] = larger(w.column[i], text_columns(t->row[r].field[i].text));
		w.label -= ++w.column[i];
	}
	return w;
}

static void put_source(FILE *out, size_t source)
{
	char text[32] = "";

	if (source)
		snprintf(text, sizeof text, "[%zu]", source);
	text_cell(out, text, -SOURCE_WIDTH);
}

/* What was published stands in the same line, and so leaves room for two words only; the rest of them follows below. */
static bool in_brief(const struct classic_row *row)
{
	return row->words && row->source;
}

static const char *brief(const struct classic_row *row)
{
	return !strncmp(row->words, "invalid", 7) ? "invalid"
	       : strncmp(row->words, "not ", 4)   ? row->words
						  : "not measured";
}

/* A label that is too long for its place goes on where the row has nothing, as before a number that was published. */
static int put_label(
	FILE *out, const struct classic *t, const struct classic_row *row, const struct widths *w, size_t *next)
{
	int width = w->label, wanted = (int)text_columns(row->label);

	for (*next = 0; *next < t->columns && wanted > width && !row->words && !*row->field[*next].text; ++*next)
		width += w->column[*next];
	if (wanted > width) {
		text_wrap(out, 0, INDENT, row->label);
		text_cell(out, "", width);
	} else {
		text_cell(out, row->label, width);
	}
	return width;
}

static void put_text_row(FILE *out, const struct classic *t, const struct classic_row *row, const struct widths *w)
{
	size_t i;
	int width = put_label(out, t, row, w, &i);

	if (row->words && !row->source) {
		fputs("  ", out);
		text_wrap(out, (size_t)width + 2, (size_t)width + 4, row->words);
		return;
	}
	for (; i < t->columns; i++)
		text_cell(out, !i && row->words ? brief(row) : row->field[i].text, -w->column[i]);
	put_source(out, row->source);
	fputc('\n', out);
}

static void put_text_head(FILE *out, const struct classic *t, const struct widths *w)
{
	text_cell(out, "", w->label);
	for (size_t i = 0; i < t->columns; i++)
		text_cell(out, t->column[i]->title, -w->column[i]);
	fputc('\n', out);
}

/* The reasons for which there was no room, each once. */
static void put_reasons(FILE *out, const struct classic *t)
{
	for (size_t i = 0; i < t->rows; i++) {
		const struct classic_row *row = &t->row[i];
		bool said = !in_brief(row) || !strcmp(brief(row), row->words);

		for (size_t k = 0; k < i && !said; k++)
			said = in_brief(&t->row[k]) && !strcmp(t->row[k].words, row->words);
		if (!said)
			text_wrap(out, 0, INDENT, row->words);
	}
}

static void put_text(FILE *out, const struct classic *t)
{
	struct widths w = widths_of(t);
	char line[LINE];

	text_wrap(out, 0, INDENT, t->recipe->title);
	fputc('\n', out);
	put_text_head(out, t, &w);
	for (size_t i = 0; i < t->rows; i++) {
		if (new_group(t, i))
			text_wrap(out, 0, INDENT, t->row[i].group);
		put_text_row(out, t, &t->row[i], &w);
	}
	fputc('\n', out);
	put_reasons(out, t);
	for (size_t i = 0; i < t->notes; i++)
		text_wrap(out, 0, INDENT, t->note[i]);
	for (size_t i = 0; i < t->sources; i++) {
		snprintf(line, sizeof line, "[%zu] %s", i + 1, t->source[i]);
		text_wrap(out, 0, INDENT, line);
	}
}

void classic_text(FILE *out, const struct classic *t)
{
	char *text = NULL;
	size_t size = 0;
	FILE *memory = take(open_memstream(&text, &size));

	put_text(memory, t);
	fclose(memory);
	text_trimmed(out, text);
	free(text);
}

/* -- Markdown: a backslash before what would be read as markup */

static void put_escaped(FILE *out, const char *text)
{
	char clean[LINE];

	for (const char *c = text_clean(clean, sizeof clean, text + strspn(text, " "), LINE); *c; c++) {
		if (strchr("\\`*_[]<>|#&~$", *c))
			fputc('\\', out);
		fputc(*c, out);
	}
}

static void put_markdown_row(FILE *out, const struct classic *t, const struct classic_row *row)
{
	fputs("| ", out);
	if (*row->label == ' ')
		fputs("&emsp;", out);
	put_escaped(out, row->label);
	for (size_t i = 0; i < t->columns; i++) {
		fputs(" | ", out);
		put_escaped(out, row->words && !i ? row->words : row->field[i].text);
	}
	fputs(" | ", out);
	if (row->source)
		fprintf(out, "%zu", row->source);
	fputs(" |\n", out);
}

void classic_markdown(FILE *out, const struct classic *t)
{
	fputs("**", out);
	put_escaped(out, t->recipe->title);
	fputs("**\n\n| ", out);
	for (size_t i = 0; i < t->columns; i++)
		fprintf(out, " | %s", t->column[i]->title);
	fputs(" | source |\n|---|", out);
	for (size_t i = 0; i < t->columns; i++)
		fputs("---:|", out);
	fputs("---:|\n", out);
	for (size_t i = 0; i < t->rows; i++) {
		if (new_group(t, i)) {
			fputs("| **", out);
			put_escaped(out, t->row[i].group);
			fputs("**", out);
			for (size_t k = 0; k < t->columns + 1; k++)
				fputs(" |", out);
			fputs(" |\n", out);
		}
		put_markdown_row(out, t, &t->row[i]);
	}
	fputc('\n', out);
	for (size_t i = 0; i < t->notes; i++) {
		fputs("- ", out);
		put_escaped(out, t->note[i]);
		fputc('\n', out);
	}
	fputc(t->sources ? '\n' : ' ', out);
	for (size_t i = 0; i < t->sources; i++) {
		fprintf(out, "%zu. ", i + 1);
		put_escaped(out, t->source[i]);
		fputc('\n', out);
	}
}

/* -- HTML */

static void put_html(FILE *out, const char *text)
{
	char clean[LINE];

	for (const char *c = text_clean(clean, sizeof clean, text + strspn(text, " "), LINE); *c; c++)
		switch (*c) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc(*c, out);
		}
}

static void put_html_row(FILE *out, const struct classic *t, const struct classic_row *row)
{
	fprintf(out, "<tr><th scope=\"row\"%s>", *row->label == ' ' ? " class=\"then\"" : "");
	put_html(out, row->label);
	fputs("</th>", out);
	for (size_t i = 0; i < t->columns; i++) {
		fprintf(out, "<td%s>", row->words && !i ? " class=\"words\"" : "");
		put_html(out, row->words && !i ? row->words : row->field[i].text);
		fputs("</td>", out);
	}
	fputs("<td>", out);
	if (row->source)
		fprintf(out, "%zu", row->source);
	fputs("</td></tr>\n", out);
}

void classic_html(FILE *out, const struct classic *t)
{
	fputs("<table class=\"classic\">\n<caption>", out);
	put_html(out, t->recipe->title);
	fputs("</caption>\n<thead><tr><td></td>", out);
	for (size_t i = 0; i < t->columns; i++) {
		fputs("<th scope=\"col\">", out);
		put_html(out, t->column[i]->title);
		fputs("</th>", out);
	}
	fputs("<th scope=\"col\">source</th></tr></thead>\n", out);
	for (size_t i = 0; i < t->rows; i++) {
		if (!i || strcmp(t->row[i].group, t->row[i - 1].group))
			fputs(i ? "</tbody>\n<tbody>\n" : "<tbody>\n", out);
		if (new_group(t, i)) {
			fprintf(out, "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"%zu\">", t->columns + 2);
			put_html(out, t->row[i].group);
			fputs("</th></tr>\n", out);
		}
		put_html_row(out, t, &t->row[i]);
	}
	fputs(t->rows ? "</tbody>\n</table>\n" : "</table>\n", out);
	for (size_t i = 0; i < t->notes; i++) {
		fputs("<p>", out);
		put_html(out, t->note[i]);
		fputs("</p>\n", out);
	}
	if (t->sources)
		fputs("<ol class=\"sources\">\n", out);
	for (size_t i = 0; i < t->sources; i++) {
		fputs("<li>", out);
		put_html(out, t->source[i]);
		fputs("</li>\n", out);
	}
	if (t->sources)
		fputs("</ol>\n", out);
}

/* -- CSV, as RFC 4180 has it */

static void put_quoted(FILE *out, const char *text)
{
	fputc('"', out);
	for (text += strspn(text, " "); *text; text++) {
		if (*text == '"')
			fputc('"', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

/* Six decimals, from integers where they hold it: printf's point is the locale's. */
static void put_number(FILE *out, double x)
{
	char text[TEXT_NUMBER];

	fputc(',', out);
	if (!isnan(x))
		fputs(text_fixed(text, x, 6), out);
}

void classic_csv(FILE *out, const struct classic *t)
{
	fputs("table,group,row,cell,words", out);
	for (size_t i = 0; i < t->columns; i++) {
		const char *title = t->column[i]->title;

		fprintf(out, ",%s", title);
		if (t->column[i]->bounds)
			fprintf(out, ",%s low,%s high", title, title);
		fprintf(out, ",%s unit", title);
	}
	fputs(",source\n", out);
	for (size_t r = 0; r < t->rows; r++) {
		const struct classic_row *row = &t->row[r];

		fprintf(out, "%s,", t->recipe->name);
		put_quoted(out, row->group);
		fputc(',', out);
		put_quoted(out, row->label);
		fputc(',', out);
		put_quoted(out, row->cell ? row->cell : "");
		fputc(',', out);
		put_quoted(out, row->words ? row->words : "");
		for (size_t i = 0; i < t->columns; i++) {
			put_number(out, row->field[i].value);
			if (t->column[i]->bounds) {
				put_number(out, row->field[i].low);
				put_number(out, row->field[i].high);
			}
			fputc(',', out);
			fputs(row->field[i].unit, out);
		}
		fputc(',', out);
		put_quoted(out, row->source ? t->source[row->source - 1] : "");
		fputc('\n', out);
	}
}
