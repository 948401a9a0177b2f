// SPDX-License-Identifier: MIT
/*
 * The page: one file that needs nothing, no network and no script. What is tabular is a table, a picture is an image
 * with a text instead and its numbers behind it, and everything from a file is escaped.
 */
#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#include "../analyse/judge.h"
#include "../analyse/text.h"
#include "classic.h"
#include "columns.h"
#include "machine.h"
#include "markup.h"
#include "paper.h"
#include "report.h"
#include "sections.h"

enum { LINE = 1400, OPEN_ROWS = 30 };

/* -- pieces */
static void open_section(FILE *out, const char *id, const char *title)
{
	fprintf(out, "<section id=\"%s\" aria-labelledby=\"%s-title\">\n<h2 id=\"%s-title\">", id, id, id);
	html_put(out, title);
	fputs("</h2>\n", out);
}

static void close_section(FILE *out)
{
	fputs("</section>\n", out);
}

static void put_paragraph(FILE *out, const char *text)
{
	fputs("<p>", out);
	html_put(out, text);
	fputs("</p>\n", out);
}

/* A long table is there, but not in the way. */
static void put_sheet(FILE *out, const struct sheet *t)
{
	bool folded = t->rows > OPEN_ROWS;

	if (folded) {
		fputs("<details><summary>", out);
		html_put(out, t->title);
		fprintf(out, " (%zu rows)</summary>\n", t->rows);
	}
	sheet_html(t, out);
	if (folded)
		fputs("</details>\n", out);
}

/* -- figures */

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

static void put_picture(FILE *out, const struct report *r, const struct picture *p)
{
	char alt[LINE], *svg;
	size_t size;

	svg = p->svg ? file_read(p->svg, &size) : NULL;
	if (!svg) {
		fputs("<p class=\"w\">", out);
		html_put(out, p->figure->title);
		fputs(": ", out);
		html_put(out, p->why ? p->why : strerror(errno));
		fputs("</p>\n", out);
		return;
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

/* Each file's beside the others'. */
static void put_pictures(FILE *out, const struct report *r, const struct section *section, const char *name)
{
	size_t found = 0;

	for (size_t i = 0; i < r->pictures; i++) {
		if (!is_wanted(r, &r->picture[i], section, name))
			continue;
		if (!found++)
			fputs("<div class=\"figures\">\n", out);
		put_picture(out, r, &r->picture[i]);
	}
	if (found)
		fputs("</div>\n", out);
}

void report_pictures(const struct report *r, const char *figure, FILE *out)
{
	put_pictures(out, r, NULL, figure);
}

/* -- verdicts */
struct sentence_row {
	char *words;
	char **verdict, **text; /* of each file */
};

struct sentences {
	struct sentence_row *row;
	size_t rows, files, file;
	size_t *count; /* of each file, of each verdict */
};

static void add_sentence(const char *words, const struct judgement *j, void *to)
{
	static const char *const verdict[] = {
		[HOLDS] = "holds", [HOLDS_NOT] = "does not hold", [UNMEASURED] = "not measured", [NUMBER_ONLY] = ""
	};
	struct sentences *all = to;
	struct sentence_row *row;
	size_t i = 0;

	while (i < all->rows && strcmp(all->row[i].words, words))
		i++;
	if (i == all->rows) {
		all->row = take(realloc(all->row, (all->rows + 1) * sizeof *all->row));
		all->row[all->rows++] = (struct sentence_row){ take(strdup(words)),
			take(calloc(all->files, sizeof(char *))), take(calloc(all->files, sizeof(char *))) };
	}
	row = &all->row[i];
	free(row->verdict[all->file]);
	free(row->text[all->file]);
	row->verdict[all->file] = take(strdup(verdict[j->verdict]));
	row->text[all->file] = take(strdup(j->text));
	all->count[all->file * VERDICTS + j->verdict]++;
}

/* What belongs to the sentence before it is marked: blanks would not show. */
static void add_sentence_row(struct sheet *t, struct sentence_row *row, size_t files)
{
	size_t blanks = strspn(row->words, " ");
	char words[100];

	snprintf(words, sizeof words, "%s%s", blanks ? "– " : "", row->words + blanks);
	sheet_row(t);
	sheet_text(t, words);
	for (size_t f = 0; f < files; f++) {
		sheet_text(t, row->verdict[f] ? row->verdict[f] : "not asked here");
		sheet_text(t, row->text[f] ? row->text[f] : "");
		free(row->verdict[f]);
		free(row->text[f]);
	}
	free(row->verdict);
	free(row->text);
	free(row->words);
}

static void put_counts(FILE *out, const struct sentences *all)
{
	for (size_t i = 0; i < all->files; i++) {
		const size_t *count = all->count + i * VERDICTS;

		fputs("<p><strong>", out);
		if (all->files > 1)
			fprintf(out, "%c: ", report_letter(i));
		fprintf(out, "holds: %zu; does not hold: %zu; not measured here: %zu.</strong></p>\n", count[HOLDS],
			count[HOLDS_NOT], count[UNMEASURED]);
	}
}

static void put_verdicts(FILE *out, const struct report *r)
{
	struct sentences all = { .files = r->s->files };
	struct sheet t;

	all.count = take(calloc(all.files * VERDICTS, sizeof *all.count));
	for (; all.file < all.files; all.file++) {
		struct page page = judge_page(r->s->cells[all.file]);

		verdicts_each(&page, add_sentence, &all);
	}
	open_section(out, "verdicts", "Verdicts");
	put_paragraph(out,
		"Sentences of the textbook on processes, light-weight processes and user threads, held to the "
		"numbers: one holds if the whole interval is on its side. x: times as dear.");
	put_counts(out, &all);
	sheet_begin(&t, "The textbook's sentences");
	sheet_column(&t, "sentence", false);
	for (size_t i = 0; i < all.files; i++) {
		sheet_column(&t, all.files > 1 ? (char[]){ report_letter(i), '\0' } : "here", false);
		sheet_column(&t, "number, 95% interval", false);
	}
	for (size_t i = 0; i < all.rows; i++)
		add_sentence_row(&t, &all.row[i], all.files);
	free(all.row);
	free(all.count);
	sheet_html(&t, out);
	sheet_free(&t);
	close_section(out);
}

/* -- machines */
static void put_drawings(FILE *out, const struct report *r)
{
	fputs("<div class=\"figures\">\n", out);
	for (size_t i = 0; i < r->s->files; i++) {
		const struct record *record = r->s->cells[i]->record;
		char why[200], machine[600], *svg;
		size_t size;

		svg = machine_drawing(record, &size, why, sizeof why);
		machine_words(record, machine, sizeof machine);
		fputs(svg ? "<figure class=\"machine\">\n<figcaption>" : "<p class=\"w\">", out);
		if (r->s->files > 1)
			fprintf(out, "%c: ", report_letter(i));
		html_put(out, svg ? "How the machine is built, by hwloc" : why);
		fputs(svg ? "</figcaption>\n<img alt=\"" : "</p>\n", out);
		if (!svg)
			continue;
		html_put(out, machine);
		fputs(": ", out);
		html_put(out, record_get(record, "topology") ? record_get(record, "topology") : "");
		fputs("\" src=\"", out);
		data_uri(out, "image/svg+xml", svg, size);
		fputs("\" />\n</figure>\n", out);
		free(svg);
	}
	fputs("</div>\n", out);
}

static void put_machines(FILE *out, const struct report *r)
{
	struct sheet t;

	open_section(out, "machine", r->s->files > 1 ? "The machines" : "The machine");
	put_drawings(out, r);
	machine_sheet(r->s, true, &t);
	sheet_html(&t, out);
	sheet_free(&t);
	mitigations_sheet(r->s, &t);
	if (t.rows)
		sheet_html(&t, out);
	else
		put_paragraph(out, "By what the kernel tells, none of the known vulnerabilities affects the CPU.");
	sheet_free(&t);
	machine_sheet(r->s, false, &t);
	fputs("<details><summary>How the kernel and the run were set up</summary>\n", out);
	sheet_html(&t, out);
	fputs("</details>\n", out);
	sheet_free(&t);
	close_section(out);
}

/* -- what was measured */
static void put_ladder(FILE *out, const struct report *r)
{
	open_section(out, "ladder", "The ladder: from a procedure call to a process");
	put_paragraph(out,
		"Every context that was measured here, by its kind. A switch is one way; create, join is a context "
		"that was made, has run and ended; a mode switch leads into what manages the context and back: "
		"the kernel, or for a user thread its library. ± is half of the 95 % interval between trials, and a "
		"trial is a fresh process. Kernel switches and system calls are per switch, and counted.");
	report_pictures(r, "ladder", out);
	for (size_t i = 0; i < r->s->files; i++) {
		struct sheet t;
		char title[240];

		contexts_sheet(r->s->cells[i], &t);
		if (r->s->files > 1) {
			snprintf(title, sizeof title, "%c: %s", report_letter(i), t.title);
			free(t.title);
			t.title = take(strdup(title));
		}
		sheet_html(&t, out);
		sheet_free(&t);
	}
	close_section(out);
}

struct bench_place {
	FILE *out;
	const struct section *section;
	const struct sources *s;
};

static void put_bench(const char *bench, void *to)
{
	struct bench_place *p = to;
	struct sheet t;

	section_sheet(p->section, bench, p->s, &t);
	if (t.rows)
		put_sheet(p->out, &t);
	sheet_free(&t);
}

static void put_section(FILE *out, const struct report *r, const struct section *section)
{
	struct bench_place p = { out, section, r->s };

	open_section(out, section->id, section->title);
	put_paragraph(out, section->how);
	put_pictures(out, r, section, NULL);
	section_benches(section, r->s, put_bench, &p);
	close_section(out);
}

/* -- then and now */
static void put_classic(FILE *out, const struct report *r, const struct recipe *recipe, size_t file)
{
	const struct sources one = { r->s->cells + file, 1 };
	char error[400];
	struct classic *t = classic_make(recipe, recipe->files == 1 ? &one : r->s, error, sizeof error);

	if (!t || !t->measured) {
		fputs("<p class=\"w\">", out);
		html_put(out, recipe->title);
		html_put(out, t ? ": not measured in this file" : error);
		fputs("</p>\n", out);
	} else {
		fputs("<h3>", out);
		if (r->s->files > 1 && recipe->files == 1)
			fprintf(out, "%c: ", report_letter(file));
		html_put(out, recipe->title);
		fputs("</h3>\n<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-label=\"", out);
		html_put(out, recipe->title);
		fputs("\">\n", out);
		classic_html(out, t);
		fputs("</div>\n", out);
	}
	if (t)
		classic_free(t);
}

static void put_classics(FILE *out, const struct report *r)
{
	char folder[4096], error[400];

	snprintf(folder, sizeof folder, "%s/tables", r->plots);
	open_section(out, "classic", "The classic tables, then and now");
	put_paragraph(out,
		"The workloads of published tables on this machine, beside what was published, and the ratio of the "
		"two. Where nothing was published, the place is empty.");
	for (size_t i = 0; recipe_names[i]; i++) {
		struct recipe *recipe = recipe_read(folder, recipe_names[i], error, sizeof error);

		if (!recipe)
			put_paragraph(out, error);
		for (size_t f = 0; recipe && f < (recipe->files == 1 ? r->s->files : 1); f++)
			put_classic(out, r, recipe, f);
		if (recipe)
			recipe_free(recipe);
	}
	close_section(out);
}

/* -- what is not in the tables: one row for each reason, with all cells that have it */
static void add_gap(struct sheet *t, const struct report *r, size_t file, size_t first)
{
	const struct cells *all = r->s->cells[file];
	const struct cell *c = &all->cell[first];
	char number[TEXT_NUMBER], label[300], *text = NULL;
	size_t size, found = 0;
	FILE *list = take(open_memstream(&text, &size));

	for (size_t i = first; i < all->cells; i++)
		if (all->cell[i].state == c->state && !strcmp(all->cell[i].reason, c->reason))
			fprintf(list, "%s%s", found++ ? ", " : "", cell_label(&all->cell[i], label, sizeof label));
	fclose(list);
	sheet_row(t);
	sheet_text(t, c->reason);
	if (r->s->files > 1)
		sheet_text(t, (char[]){ report_letter(file), '\0' });
	sheet_text(t, c->state == CELL_INVALID ? "invalid" : "not measured");
	sheet_text(t, text_fixed(number, (double)found, 0));
	sheet_text(t, take(text));
	free(text);
}

static void add_gaps(struct sheet *t, const struct report *r, size_t file, enum cell_state state)
{
	const struct cells *all = r->s->cells[file];

	for (size_t i = 0; i < all->cells; i++) {
		size_t first = 0;

		if (all->cell[i].state != state)
			continue;
		while (all->cell[first].state != state || strcmp(all->cell[first].reason, all->cell[i].reason))
			first++;
		if (first == i)
			add_gap(t, r, file, i);
	}
}

static void put_gaps(FILE *out, const struct report *r)
{
	struct sheet t;

	sheet_begin(&t, "Cells without a number, and why");
	sheet_column(&t, "reason", false);
	if (r->s->files > 1)
		sheet_column(&t, "file", false);
	sheet_column(&t, "what", false);
	sheet_column(&t, "cells", true);
	sheet_column(&t, "which", false);
	for (size_t i = 0; i < r->s->files; i++) {
		add_gaps(&t, r, i, CELL_INVALID);
		add_gaps(&t, r, i, CELL_MISSING);
	}
	open_section(out, "gaps", "Invalid, and not measured");
	put_paragraph(out,
		"A cell is invalid when what the kernel counted in the timed processes does not agree with what the "
		"cell claims, or when a trial failed; then none of its trials is in a table or a figure. Not "
		"measured is what this machine or this build can't do. Neither is a zero.");
	if (t.rows)
		sheet_html(&t, out);
	else
		put_paragraph(out, "There is none: every cell of the run is valid.");
	sheet_free(&t);
	close_section(out);
}

/* -- the method, and the files */
static void put_method(FILE *out, const struct report *r)
{
	open_section(out, "method", "Method");
	put_paragraph(out,
		"Every trial is a process of its own that has been executed anew, with another layout of its address "
		"space and another size of its environment; trials of all cells are interleaved in a random order. The "
		"bench's loop is compiled together with each context, and the clock stands outside of it. Counting "
		"never "
		"happens while timing. Nothing is measured again until it looks good, and nothing is left out because "
		"it "
		"looks bad.");
	for (size_t i = 0; i < r->s->files; i++) {
		char *text = NULL, letter[] = { report_letter(i), ':', ' ', '\0' };
		size_t size;
		FILE *to = take(open_memstream(&text, &size));

		if (r->s->files > 1)
			fputs(letter, to);
		paper_method(to, r->s->cells[i]->record);
		fclose(to);
		put_paragraph(out, take(text));
		free(text);
	}
	close_section(out);
}

static int put_files(FILE *out, const struct report *r, char *why, size_t why_size)
{
	int status = 0;

	open_section(out, "files", r->s->files > 1 ? "The result files" : "The result file");
	put_paragraph(out, "Everything on this page was made from what is attached here: one text file for each run.");
	fputs("<ul>\n", out);
	for (size_t i = 0; i < r->s->files && !status; i++) {
		const char *path = r->record[i]->path;
		size_t size;
		char *raw = file_read(path, &size), *copy = take(strdup(path)), *name = basename(copy);

		if (raw) {
			fputs("<li><a download=\"", out);
			html_put(out, name);
			fputs("\" href=\"", out);
			data_uri(out, "text/plain", raw, size);
			fputs("\">", out);
			if (r->s->files > 1)
				fprintf(out, "%c: ", report_letter(i));
			html_put(out, name);
			fprintf(out, "</a> (%zu KiB)</li>\n", (size + 1023) / 1024);
		} else {
			snprintf(why, why_size, "%s: %s", path, strerror(errno));
			status = -1;
		}
		free(copy);
		free(raw);
	}
	fputs("</ul>\n", out);
	close_section(out);
	return status;
}

/* -- head and frame */
static void put_title(FILE *out, const struct report *r)
{
	const char *host = record_get(r->s->cells[0]->record, "host");

	fputs("Context switches on ", out);
	html_put(out, host ? host : "an unknown host");
	if (r->s->files > 1)
		fprintf(out, " and %zu more", r->s->files - 1);
}

static void put_head(FILE *out, const struct report *r, const char *style)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\" />\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src "
	      "'unsafe-inline'\" />\n"
	      "<meta name=\"color-scheme\" content=\"light dark\" />\n"
	      "<link rel=\"icon\" href=\"data:,\" />\n<title>",
		out);
	put_title(out, r);
	fprintf(out, "</title>\n<style>\n%s</style>\n</head>\n<body%s>\n", style,
		r->s->files > 1 ? " class=\"many\"" : "");
}

static void put_anchor(FILE *out, const char *id, const char *title)
{
	fprintf(out, "<li><a href=\"#%s\">", id);
	html_put(out, title);
	fputs("</a></li>\n", out);
}

static void put_contents(FILE *out, const struct report *r)
{
	fputs("<nav aria-label=\"Contents\">\n<ul>\n", out);
	if (r->s->files > 1)
		put_anchor(out, "differences", "Differences");
	put_anchor(out, "verdicts", "Verdicts");
	put_anchor(out, "machine", r->s->files > 1 ? "The machines" : "The machine");
	put_anchor(out, "ladder", "The ladder");
	for (size_t i = 0; i < sections_count; i++)
		if (section_in(&sections[i], r->s))
			put_anchor(out, sections[i].id, sections[i].title);
	put_anchor(out, "classic", "Then and now");
	put_anchor(out, "gaps", "Invalid, and not measured");
	put_anchor(out, "method", "Method");
	put_anchor(out, "files", r->s->files > 1 ? "The result files" : "The result file");
	fputs("</ul>\n</nav>\n", out);
}

static void put_one_machine(FILE *out, const struct report *r, size_t i)
{
	const struct record *record = r->s->cells[i]->record;
	const char *host = record_get(record, "host"), *date = record_get(record, "date");
	size_t count[3] = { 0 };
	char machine[600];

	for (size_t c = 0; c < r->s->cells[i]->cells; c++)
		count[r->s->cells[i]->cell[c].state]++;
	fputs("<p class=\"machine\">", out);
	if (r->s->files > 1)
		fprintf(out, "<strong>%c</strong> ", report_letter(i));
	html_put(out, host ? host : "unknown host");
	fputs(": ", out);
	html_put(out, machine_words(record, machine, sizeof machine));
	fputs("; measured ", out);
	html_put(out, date ? date : "at an unknown time");
	fprintf(out, ": %zu cells valid, %zu invalid, %zu not measured", count[CELL_VALID], count[CELL_INVALID],
		count[CELL_MISSING]);
	if (!record_is(record, "complete", "yes"))
		fputs(". <strong>This run was stopped before its end.</strong>", out);
	fputs("</p>\n", out);
}

static void put_header(FILE *out, const struct report *r)
{
	fputs("<a class=\"skip\" href=\"#content\">To the content</a>\n<header>\n<h1>", out);
	put_title(out, r);
	fputs("</h1>\n", out);
	for (size_t i = 0; i < r->s->files; i++)
		put_one_machine(out, r, i);
	fputs("</header>\n", out);
	put_contents(out, r);
	fputs("<main id=\"content\">\n", out);
}

int page_print(const struct report *r, FILE *out, char *why, size_t why_size)
{
	char path[4096], *style;
	size_t size;
	int status;

	snprintf(path, sizeof path, "%s/page.css", r->plots);
	style = file_read(path, &size);
	if (!style) {
		snprintf(why, why_size, "%s: %s", path, strerror(errno));
		return -1;
	}
	put_head(out, r, style);
	free(style);
	put_header(out, r);
	if (r->s->files > 1)
		differences_print(r, out);
	put_verdicts(out, r);
	put_machines(out, r);
	put_ladder(out, r);
	for (size_t i = 0; i < sections_count; i++)
		if (section_in(&sections[i], r->s))
			put_section(out, r, &sections[i]);
	put_classics(out, r);
	put_gaps(out, r);
	put_method(out, r);
	status = put_files(out, r, why, why_size);
	fputs("</main>\n<footer><p>Made by ctxbench from the attached result. Anyone may publish any number from it, "
	      "modified or "
	      "not.</p></footer>\n</body>\n</html>\n",
		out);
	return status;
}
