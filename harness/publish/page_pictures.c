// SPDX-License-Identifier: MIT
/* The page's figures: each an image with a text instead, and the numbers that it was drawn from. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../analyse/text.h"
#include "columns.h"
#include "markup.h"
#include "page.h"

enum { ALT = 1400 };

/* A value as it stands in the columns: nanoseconds are told by how they are written. */
static const char *column_text(const char *text, char *number)
{
	size_t length = strlen(text);

	if (!strcmp(text, "NaN") || !strcmp(text, "-"))
		return "";
	if (length > 3 && !strcmp(text + length - 3, "e-9") && strspn(text, "0123456789.e-") == length)
		return text_time(number, strtod(text, NULL) * 1e9);
	return text;
}

static void add_row(struct sheet *t, char *line, bool head)
{
	char number[TEXT_NUMBER];

	if (!head)
		sheet_row(t);
	for (char *rest = line, *value; (value = strsep(&rest, "\t"));)
		if (head)
			sheet_column(t, value, false);
		else
			sheet_text(t, column_text(columns_raw(value), number));
}

/* The same columns that it was drawn from. */
static void put_numbers(FILE *out, const struct picture *p)
{
	struct sheet t;
	char title[200], *text, *rest, *line;
	size_t size;

	text = file_read(p->columns, &size);
	if (!text)
		return;
	snprintf(title, sizeof title, "The numbers of this figure: %s", p->figure->title);
	sheet_begin(&t, title);
	for (rest = text; (line = strsep(&rest, "\n"));)
		if (*line && *line != '#')
			add_row(&t, line, !t.columns);
	fputs("<details><summary>The numbers of this figure</summary>\n", out);
	sheet_html(&t, out);
	fputs("</details>\n", out);
	sheet_free(&t);
	free(text);
}

/* On a narrow screen the figure is the one that is drawn for a narrow column: its text stays as large as the page's. */
static void put_narrow(FILE *out, const struct picture *p)
{
	size_t size;
	char *svg = p->narrow ? file_read(p->narrow, &size) : NULL;

	if (!svg)
		return;
	fputs("<source media=\"(max-width: 34rem)\" srcset=\"", out);
	data_uri(out, "image/svg+xml", svg, size);
	fputs("\" />", out);
	free(svg);
}

/* Was there one to put, and not only the reason for none? */
static bool put_picture(FILE *out, const struct report *r, const struct picture *p)
{
	char alt[ALT], *svg;
	size_t size;

	svg = p->svg ? file_read(p->svg, &size) : NULL;
	if (!svg) {
		fputs("<p class=\"w\">", out);
		html_put(out, p->figure->title);
		fputs(": ", out);
		html_put(out, p->why ? p->why : strerror(errno));
		fputs("</p>\n", out);
		return false;
	}
	fputs("<figure>\n<figcaption>", out);
	if (r->s->files > 1 && p->file < r->s->files)
		fprintf(out, "%c: ", report_letter(p->file));
	html_put(out, p->figure->title);
	fputs("</figcaption>\n<picture>", out);
	put_narrow(out, p);
	fputs("<img alt=\"", out);
	html_put(out, figure_alt(p->figure, p->s, alt, sizeof alt));
	fputs("\" src=\"", out);
	data_uri(out, "image/svg+xml", svg, size);
	fputs("\" /></picture>\n", out);
	put_numbers(out, p);
	fputs("</figure>\n", out);
	free(svg);
	return true;
}

static bool in_a_section(const char *figure)
{
	for (size_t i = 0; i < sections_count; i++)
		if (section_has_figure(&sections[i], figure))
			return true;
	return !strcmp(figure, "ladder");
}

/* Of one name, or a section's. What is of several files together is no section's: it stands with the differences. */
static bool is_wanted(const struct report *r, const struct picture *p, const struct section *section, const char *name)
{
	if (name)
		return !strcmp(p->figure->name, name);
	if (r->s->files > 1 && p->file == r->s->files)
		return false;
	return section_has_figure(section, p->figure->name) || (!section->benches && !in_a_section(p->figure->name));
}

/* Each file's beside the others'. Was any put? */
static bool put_pictures(FILE *out, const struct report *r, const struct section *section, const char *name)
{
	size_t found = 0;
	bool any = false;

	for (size_t i = 0; i < r->pictures; i++) {
		if (!is_wanted(r, &r->picture[i], section, name))
			continue;
		if (!found++)
			fputs("<div class=\"figures\">\n", out);
		any |= put_picture(out, r, &r->picture[i]);
	}
	if (found)
		fputs("</div>\n", out);
	return any;
}

void report_pictures(const struct report *r, const char *figure, FILE *out)
{
	put_pictures(out, r, NULL, figure);
}

bool section_pictures(const struct report *r, const struct section *section, FILE *out)
{
	return put_pictures(out, r, section, NULL);
}
