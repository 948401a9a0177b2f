// SPDX-License-Identifier: MIT
/*
 * The page: one file that needs nothing, no network and no script. What is tabular is a table, a picture is an image
 * with a text instead and its numbers behind it, and everything from a file is escaped.
 */
#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#include "columns.h"
#include "markup.h"
#include "page.h"
#include "paper.h"

enum { OPEN_ROWS = 30 };

/* -- pieces */
void page_open(FILE *out, const char *id, const char *title)
{
	fprintf(out, "<section id=\"%s\" aria-labelledby=\"%s-title\">\n<h2 id=\"%s-title\">", id, id, id);
	html_put(out, title);
	fputs("</h2>\n", out);
}

void page_close(FILE *out)
{
	fputs("</section>\n", out);
}

void page_paragraph(FILE *out, const char *text)
{
	fputs("<p>", out);
	html_put(out, text);
	fputs("</p>\n", out);
}

/* A long table is there, but not in the way; `open` where nothing else would show on paper. */
static void put_sheet(FILE *out, const struct sheet *t, bool open)
{
	bool folded = t->rows > OPEN_ROWS;

	if (folded) {
		fprintf(out, "<details%s><summary>", open ? " open=\"open\"" : "");
		html_put(out, t->title);
		fprintf(out, " (%zu rows)</summary>\n", t->rows);
	}
	sheet_html(t, out);
	if (folded)
		fputs("</details>\n", out);
}

/* -- what was measured */
static void put_ladder(FILE *out, const struct report *r)
{
	page_open(out, "ladder", "The ladder: from a procedure call to a process");
	page_paragraph(out,
		"Every context that was measured here, by its kind. A switch is one way; create, join is a context "
		"that was made, has run and ended; a mode switch leads into what manages the context and back: "
		"the kernel, or for a user thread its library. ± is half of the 95 % interval between trials (of fewer "
		"than six, of their range), and a "
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
	page_close(out);
}

struct bench_place {
	FILE *out;
	const struct section *section;
	const struct sources *s;
	bool shows; /* a table that is not folded, or a picture, is among what was put */
	bool open;
};

/* Is there a table of this bench that is short enough to stand open? */
static void look_at_bench(const char *bench, void *to)
{
	struct bench_place *p = to;
	struct sheet t;

	section_sheet(p->section, bench, p->s, &t);
	p->shows |= t.rows && t.rows <= OPEN_ROWS;
	sheet_free(&t);
}

static void put_bench(const char *bench, void *to)
{
	struct bench_place *p = to;
	struct sheet t;

	section_sheet(p->section, bench, p->s, &t);
	if (t.rows)
		put_sheet(p->out, &t, p->open);
	sheet_free(&t);
}

static void put_section(FILE *out, const struct report *r, const struct section *section)
{
	struct bench_place p = { .out = out, .section = section, .s = r->s };

	page_open(out, section->id, section->title);
	page_paragraph(out, section->how);
	p.shows = section_pictures(r, section, out);
	section_benches(section, r->s, look_at_bench, &p);
	p.open = !p.shows;
	section_benches(section, r->s, put_bench, &p);
	page_close(out);
}

/* -- the method, and the files */
static void put_method(FILE *out, const struct report *r)
{
	page_open(out, "method", "Method");
	page_paragraph(out,
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
		paper_method(to, r->s->cells[i]);
		fclose(to);
		page_paragraph(out, take(text));
		free(text);
	}
	page_close(out);
}

static int put_files(FILE *out, const struct report *r, char *why, size_t why_size)
{
	int status = 0;

	page_open(out, "files", r->s->files > 1 ? "The result files" : "The result file");
	page_paragraph(out, "Everything on this page was made from what is attached here: one text file for each run.");
	fputs("<ul>\n", out);
	for (size_t i = 0; i < r->s->files && !status; i++) {
		const char *path = r->record[i]->path;
		size_t size;
		char *raw = file_read(path, &size), *copy = take(strdup(path)), *name = basename(copy);

		if (raw && !size) {
			fputs("<li class=\"w\">", out);
			html_put(out, name);
			fputs(": not attached: it could be read only once</li>\n", out);
		} else if (raw) {
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
	page_close(out);
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
	fputs("<p class=\"paper\">On paper, closed tables are left out: they are in the page.</p>\n</header>\n", out);
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
		page_differences(r, out);
	page_verdicts(r, out);
	page_machines(r, out);
	put_ladder(out, r);
	for (size_t i = 0; i < sections_count; i++)
		if (section_in(&sections[i], r->s))
			put_section(out, r, &sections[i]);
	page_classics(r, out);
	page_gaps(r, out);
	put_method(out, r);
	status = put_files(out, r, why, why_size);
	fputs("</main>\n<footer><p>Made by ctxbench from the attached result. Anyone may publish any number from it, "
	      "modified or "
	      "not.</p></footer>\n</body>\n</html>\n",
		out);
	return status;
}
