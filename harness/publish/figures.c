// SPDX-License-Identifier: MIT
#include "figures.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../analyse/anatomy.h"
#include "../analyse/text.h"
#include "gnuplot.h"
#include "rows.h"

enum { CAPTION = 200, SOURCE = 400 };

/* -- whose rows the summary's own files write */
static size_t anatomies(FILE *out, const struct sources *s)
{
	return anatomy_rows(out, *s->cells);
}

const struct figure figures[] = {
	{ .name = "ladder",
		.title = "What a switch, a creation and a mode switch take",
		.needs = "a switch or a creation",
		.files = 1,
		.with_run = true,
		.rows = ladder_rows,
		.caption = caption_cells,
		.alt = alt_ladder },
	{ .name = "sharing",
		.title = "From process to thread: what each thing that is shared spares",
		.needs = "the ladder of what is shared",
		.files = 1,
		.with_run = true,
		.rows = sharing_rows,
		.caption = caption_cells },
	{ .name = "anatomy",
		.title = "Where the time of a creation and of a switch goes",
		.needs = "an anatomy",
		.files = 1,
		.with_run = true,
		.rows = anatomies,
		.caption = caption_anatomy,
		.alt = alt_anatomy },
	{ .name = "ring",
		.title = "What a switch takes when each context touches memory of its own",
		.needs = "the ring",
		.files = 1,
		.with_run = true,
		.rows = ring_rows,
		.caption = caption_ring },
	{ .name = "latency",
		.title = "How many switches take longer than that",
		.needs = "switches timed one by one",
		.files = 1,
		.with_run = true,
		.rows = latency_rows,
		.caption = caption_values,
		.alt = alt_latency },
	{ .name = "wakes",
		.title = "How many wakes on another CPU take longer than that",
		.needs = "wakes timed one by one",
		.files = 1,
		.with_run = true,
		.rows = wakes_rows,
		.caption = caption_values,
		.alt = alt_wakes },
	{ .name = "modeswitch",
		.title = "What it takes to enter the kernel, to hand it bytes and pointers, and to leave it",
		.needs = "system calls, rung by rung",
		.files = 1,
		.rows = modeswitch_rows,
		.caption = caption_modeswitch },
	{ .name = "places",
		.title = "How to wait, and where the partner is",
		.needs = "a context that waits in several ways",
		.files = 1,
		.rows = places_rows,
		.caption = caption_places,
		.alt = alt_places },
	{ .name = "direct-indirect",
		.title = "What a switch takes by itself, and what memory takes that is touched in between",
		.needs = "a ring of two",
		.files = 1,
		.rows = direct_indirect_rows,
		.caption = caption_ring },
	{ .name = "mn",
		.title = "What goes on while one context is blocked",
		.needs = "contexts of which one blocks",
		.files = 1,
		.rows = mn_rows,
		.caption = caption_mn,
		.alt = alt_mn },
	{ .name = "memory",
		.title = "What one context takes of memory",
		.needs = "contexts and their memory",
		.files = 1,
		.rows = memory_rows,
		.caption = caption_memory },
	{ .name = "counters",
		.title = "Instructions and misses",
		.needs = "what the hardware counted",
		.files = 1,
		.rows = counters_rows,
		.caption = caption_counters },
	{ .name = "compare",
		.title = "Which is faster at what",
		.needs = "several machines or policies",
		.files = 1,
		.together = true,
		.rows = compare_rows,
		.caption = caption_compare,
		.alt = alt_compare },
	{ .name = "fleet",
		.title = "Which of many equal machines stands apart",
		.needs = "several machines",
		.files = 1,
		.together = true,
		.rows = fleet_figure_rows,
		.caption = caption_fleet },
};
const size_t figures_count = sizeof figures / sizeof *figures;

const struct figure *figure_find(const char *name)
{
	for (size_t i = 0; i < figures_count; i++)
		if (!strcmp(figures[i].name, name))
			return &figures[i];
	return NULL;
}

/* -- what there is to be seen */
bool figure_has(const struct figure *f, const struct sources *s)
{
	FILE *nowhere;
	bool has;

	if (s->files < f->files)
		return false;
	nowhere = fopen("/dev/null", "w");
	if (!nowhere)
		return false;
	has = f->rows(nowhere, s) > 0;
	fclose(nowhere);
	return has;
}

char *figure_alt(const struct figure *f, const struct sources *s, char *text, size_t size)
{
	char words[800], machine[SOURCE];

	if (f->alt)
		f->alt(words, sizeof words, s);
	else
		f->caption(words, sizeof words, s);
	snprintf(text, size, "%s: %s. %s.", f->title, words,
		caption_machine(machine, sizeof machine, (*s->cells)->record));
	return text;
}

/* -- drawing one */

/* 0, or an errno; without a row there is nothing to draw, which is ENODATA. */
static int write_rows(const char *path, const struct figure *f, const struct sources *s)
{
	FILE *out;
	bool any, whole;

	if (s->files < f->files)
		return ENODATA;
	out = fopen(path, "wx");
	if (!out)
		return errno;
	any = f->rows(out, s) > 0;
	whole = !ferror(out) && !fflush(out) && !fsync(fileno(out));
	if (fclose(out) || !whole)
		return errno ? errno : EIO;
	return any ? 0 : ENODATA;
}

static int explain(const struct figure *f, const char *data, int status, char *error, size_t size)
{
	if (status == ENODATA && f->together)
		snprintf(error, size, "no picture: nothing here that can be held against each other (see ctxbench %s)",
			f->name);
	else if (status == ENODATA)
		snprintf(error, size, "no picture: this file has no cell of %s", f->needs);
	else
		snprintf(error, size, "no picture: %s: %s", data, strerror(status));
	return status == ENODATA ? -1 : 1;
}

static int draw_forms(const struct plot *p, const char *const *forms, char *error, size_t size)
{
	for (; *forms; forms++) {
		int status = gnuplot_draw(p, *forms, error, size);

		if (status)
			return status;
	}
	return 0;
}

int figure_draw(const struct figure *f, const struct sources *s, const struct drawing *d, const char *const *forms,
	char *error, size_t error_size)
{
	char out[FIGURE_PATH], data[FIGURE_PATH + 32], kept[FIGURE_PATH + 8], caption[CAPTION], source[SOURCE];
	struct plot p = { d->plots, f->name, data, out, caption, source, d->width ? d->width : "web", d->font };
	int status;

	/* gnuplot takes a name for a name only when it begins like this */
	snprintf(out, sizeof out, "%s%s%s", *d->stem == '/' ? "" : "./", d->stem, f->name);
	snprintf(data, sizeof data, "%s.tsv.%ld", out, (long)getpid());
	snprintf(kept, sizeof kept, "%s.tsv", out);
	status = write_rows(data, f, s);
	if (status) {
		unlink(data);
		return explain(f, data, status, error, error_size);
	}
	f->caption(caption, sizeof caption, s);
	caption_machine(source, sizeof source, (*s->cells)->record);
	status = draw_forms(&p, forms, error, error_size);
	if (status || !d->columns)
		unlink(data);
	else if (rename(data, kept))
		return explain(f, kept, errno, error, error_size);
	return status;
}
