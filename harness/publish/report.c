// SPDX-License-Identifier: MIT
/* A report: its folder, the pictures in it, and the files that are made of them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../say.h"
#include "markup.h"
#include "paper.h"
#include "publish.h"
#include "report.h"
#include "sections.h"

enum { PATH = 4096 };

static int make_folder(const char *out, const char *under)
{
	char path[PATH];
	struct stat there;

	snprintf(path, sizeof path, "%s%s", out, under);
	if (!mkdir(path, 0777) || (errno == EEXIST && !stat(path, &there) && S_ISDIR(there.st_mode)))
		return OK;
	return complain(*under ? FAILED : USAGE, "-o %s: %s, a folder was expected", path, strerror(errno));
}

/* -- pictures */
static char *path_of(const char *stem, const char *figure, const char *form)
{
	size_t size = strlen(stem) + strlen(figure) + strlen(form) + 2;
	char *path = take(malloc(size));

	snprintf(path, size, "%s%s.%s", stem, figure, form);
	return path;
}

/* "DIR/figures/A." to "DIR/figures/narrow/A.". */
static void in_folder(char *buffer, size_t size, const char *stem, const char *folder)
{
	const char *slash = strrchr(stem, '/');

	snprintf(buffer, size, "%.*s%s/%s", (int)(slash + 1 - stem), stem, folder, slash + 1);
}

/* One that there is nothing for is passed over; one that can't be drawn is in the list, with the reason. */
static int add_picture(struct report *r, const struct figure *f, const struct sources *s, size_t file, const char *stem)
{
	static const char *const forms[] = { "svg", "png", NULL };
	struct picture p = { .figure = f, .s = s, .file = file };
	struct drawing d = { .plots = r->plots, .stem = stem, .columns = true };
	char error[400], beside[PATH + 64];
	int status;

	if (!figure_has(f, s))
		return 0;
	status = figure_draw(f, s, &d, forms, error, sizeof error);
	if (status) {
		p.why = take(strdup(error));
	} else {
		p.svg = path_of(stem, f->name, "svg");
		p.columns = path_of(stem, f->name, "tsv");
		in_folder(beside, sizeof beside, stem, "narrow");
		d = (struct drawing){ .plots = r->plots, .stem = beside, .width = "col" };
		status = figure_draw(f, s, &d, (const char *const[]){ "svg", NULL }, error, sizeof error);
		if (status)
			complain(FAILED, "%s: %s", f->name, error);
		else
			p.narrow = path_of(beside, f->name, "svg");
	}
	r->picture = take(realloc(r->picture, (r->pictures + 1) * sizeof *r->picture));
	r->picture[r->pictures++] = p;
	return status > 0;
}

/* Of each file, or of all where a figure compares. Returns how many came out broken. */
static int draw(struct report *r, const struct sources *each)
{
	char stem[PATH + 32];
	int broken = 0;

	for (size_t i = 0; i < figures_count; i++) {
		snprintf(stem, sizeof stem, "%s/figures/", r->out);
		if (figures[i].together || r->s->files == 1) {
			broken += add_picture(r, &figures[i], r->s, figures[i].together ? r->s->files : 0, stem);
			continue;
		}
		for (size_t f = 0; f < r->s->files; f++) {
			snprintf(stem, sizeof stem, "%s/figures/%c.", r->out, report_letter(f));
			broken += add_picture(r, &figures[i], &each[f], f, stem);
		}
	}
	return broken;
}

/* For paper: PDF, and LaTeX that sets the text in the document's own font. */
static int draw_for_paper(const struct report *r, const char *width, double font)
{
	static const char *const forms[] = { "pdf", "tex", NULL };
	char stem[PATH + 64], error[400];
	const struct drawing d = { .plots = r->plots, .stem = stem, .width = width, .font = font };
	int broken = 0;

	for (size_t i = 0; i < r->pictures; i++) {
		const struct picture *p = &r->picture[i];

		if (!p->svg)
			continue;
		if (p->file < r->s->files && r->s->files > 1)
			snprintf(stem, sizeof stem, "%s/figures/%s/%c.", r->out, width, report_letter(p->file));
		else
			snprintf(stem, sizeof stem, "%s/figures/%s/", r->out, width);
		if (figure_draw(p->figure, p->s, &d, forms, error, sizeof error) > 0)
			broken += complain(FAILED, "%s: %s", p->figure->name, error);
	}
	return broken;
}

/* -- files: each in memory, then written whole */
static int write_text(const struct report *r, const char *name, const char *text, size_t size)
{
	char path[PATH + 64];
	int error;

	snprintf(path, sizeof path, "%s/%s", r->out, name);
	error = file_write(path, text, size);
	if (error)
		return complain(FAILED, "%s: %s", path, strerror(-error));
	printf("%s\n", path);
	return OK;
}

static int write_paper(const struct report *r)
{
	static const struct {
		const char *name;
		void (*print)(FILE *out, const struct sources *s);
	} file[] = { { "numbers.tex", paper_numbers }, { "methods.txt", paper_methods }, { "cite.bib", paper_cite },
		{ "tables/cells.csv", paper_cells } };
	int status = OK;

	for (size_t i = 0; i < sizeof file / sizeof *file && !status; i++) {
		char *text = NULL;
		size_t size;
		FILE *to = take(open_memstream(&text, &size));

		file[i].print(to, r->s);
		fclose(to);
		status = write_text(r, file[i].name, take(text), size);
		free(text);
	}
	return status;
}

static int write_sheet(const struct report *r, const struct sheet *t, const char *name)
{
	static const struct {
		const char *form;
		void (*print)(const struct sheet *t, FILE *out);
	} as[] = { { "md", sheet_markdown }, { "tex", sheet_latex }, { "csv", sheet_csv } };
	int status = OK;

	for (size_t i = 0; i < sizeof as / sizeof *as && !status; i++) {
		char path[200], *text = NULL;
		size_t size;
		FILE *to = take(open_memstream(&text, &size));

		as[i].print(t, to);
		fclose(to);
		snprintf(path, sizeof path, "tables/%s.%s", name, as[i].form);
		status = write_text(r, path, take(text), size);
		free(text);
	}
	return status;
}

struct writing {
	const struct report *report;
	const struct section *section;
	int status;
};

/* A bench's name may be anybody's: only what can be a file's. */
static void write_bench(const char *bench, void *to)
{
	struct writing *w = to;
	struct sheet t;

	if (w->status || strspn(bench, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(bench))
		return;
	section_sheet(w->section, bench, w->report->s, &t);
	if (t.rows)
		w->status = write_sheet(w->report, &t, bench);
	sheet_free(&t);
}

static int write_tables(const struct report *r)
{
	struct writing w = { .report = r };

	for (size_t i = 0; i < r->s->files && !w.status; i++) {
		char name[32] = "contexts";
		struct sheet t;

		if (r->s->files > 1)
			snprintf(name, sizeof name, "%c.contexts", report_letter(i));
		contexts_sheet(r->s->cells[i], &t);
		w.status = write_sheet(r, &t, name);
		sheet_free(&t);
	}
	for (size_t i = 0; i < sections_count && !w.status; i++) {
		w.section = &sections[i];
		section_benches(w.section, r->s, write_bench, &w);
	}
	return w.status;
}

static int write_page(const struct report *r)
{
	char *text = NULL, why[PATH + 200];
	size_t size;
	FILE *to = take(open_memstream(&text, &size));
	int failed = page_print(r, to, why, sizeof why);

	fclose(to);
	take(text);
	failed = failed ? complain(FAILED, "%s", why) : write_text(r, "index.html", text, size);
	free(text);
	return failed;
}

static int write_all(struct report *r, const struct report_request *q)
{
	struct sources *each = take(calloc(r->s->files, sizeof *each));
	char width[32];
	int broken, status = make_folder(r->out, "");

	snprintf(width, sizeof width, "/figures/%s", q->width ? q->width : "");
	status = status ? status : make_folder(r->out, "/tables");
	status = status ? status : make_folder(r->out, "/figures");
	status = status ? status : make_folder(r->out, "/figures/narrow");
	if (!status && q->width)
		status = make_folder(r->out, width);
	for (size_t i = 0; i < r->s->files; i++)
		each[i] = (struct sources){ r->s->cells + i, 1 };
	broken = status ? 0 : draw(r, each);
	if (!status && q->width)
		broken += draw_for_paper(r, q->width, q->font);
	status = status ? status : write_paper(r);
	status = status ? status : write_tables(r);
	status = status ? status : write_page(r);
	for (size_t i = 0; i < r->pictures; i++) {
		if (r->picture[i].why)
			complain(FAILED, "%s: %s", r->picture[i].figure->name, r->picture[i].why);
		free(r->picture[i].svg);
		free(r->picture[i].columns);
		free(r->picture[i].narrow);
		free(r->picture[i].why);
	}
	free(r->picture);
	free(each);
	return status ? status : broken ? FAILED : OK;
}

static void put_snippet(const struct report_request *q, const struct cells *all)
{
	char picture[PATH + 32];

	snprintf(picture, sizeof picture, "%s/figures/ladder.svg", q->out ? q->out : "");
	snippet_print(all, q->out ? picture : NULL, stdout);
}

int report_make(const struct report_request *q, struct record *const *record, size_t files)
{
	struct cells **cells = take(calloc(files, sizeof *cells));
	struct sources s = { (const struct cells *const *)cells, files };
	struct report r = { .s = &s, .record = record, .plots = q->plots, .out = q->out };
	int status = OK;

	for (size_t i = 0; i < files; i++)
		cells[i] = cells_group(record[i]);
	if (q->snippet)
		put_snippet(q, cells[0]);
	else
		status = write_all(&r, q);
	for (size_t i = 0; i < files; i++)
		cells_free(cells[i]);
	free(cells);
	return status;
}
