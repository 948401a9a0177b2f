// SPDX-License-Identifier: MIT
/* Mode switches: what each call takes over the bytes and pointers that it hands over, beside what the model says; and
 * the others. */
#include "../analyse/modeswitch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../analyse/text.h"
#include "columns.h"
#include "rows.h"

enum { LABEL = 40 };

/* The panels of the figure: calls that copy, calls that take pointers or do several things, and all others. */
enum panel { PANEL_BYTES = 1, PANEL_COUNT, PANEL_OTHERS };

struct rung {
	const struct cell *c;
	char call[64];
	enum panel panel;
	double at; /* bytes, pointers, no-ops; NaN where it has no such axis */
};

static bool is_syscall(const struct cell *c)
{
	return !strcmp(c->bench, "syscall");
}

static struct rung rung_of(const struct cell *c)
{
	static const struct {
		const char *axis;
		enum panel panel;
	} axes[] = { { "bytes", PANEL_BYTES }, { "iovecs", PANEL_COUNT }, { "noops", PANEL_COUNT } };
	struct rung r = { .c = c, .panel = PANEL_OTHERS, .at = NAN };
	char value[32];

	if (!record_part(c->name, "call", r.call, sizeof r.call))
		*r.call = '\0';
	for (size_t i = 0; i < sizeof axes / sizeof *axes; i++)
		if (record_part(c->name, axes[i].axis, value, sizeof value)) {
			r.panel = axes[i].panel;
			r.at = strtod(value, NULL);
		}
	return r;
}

/* By panel, call and place on the axis; the others by what they take, what was not measured last. */
static int order(const void *left, const void *right)
{
	const struct rung *a = left, *b = right;
	double at = a->panel == PANEL_OTHERS ? (columns_drawable(a->c) ? a->c->median : INFINITY) : a->at;
	double bt = b->panel == PANEL_OTHERS ? (columns_drawable(b->c) ? b->c->median : INFINITY) : b->at;
	int first = a->panel != b->panel       ? (int)a->panel - (int)b->panel
		    : a->panel != PANEL_OTHERS ? strcmp(a->call, b->call)
					       : 0;

	return first ? first : at < bt ? -1 : at > bt ? 1 : strcmp(a->c->name, b->c->name);
}

static double fitted(const struct model *m, const struct cell *c)
{
	for (size_t i = 0; i < m->rungs; i++)
		if (m->rung[i] == c)
			return m->fitted[i];
	return NAN;
}

static void put_rung(FILE *out, const struct rung *r, size_t line, size_t row, const struct model *m)
{
	char name[120];
	bool drawn = columns_drawable(r->c);

	modeswitch_name(r->c, name, sizeof name);
	for (char *c = name; (c = strchr(c, '='));)
		*c = ' ';
	fprintf(out, "%d\t%zu", r->panel, r->panel == PANEL_OTHERS ? row : line);
	columns_number(out, r->at);
	columns_bar(out, r->c);
	columns_seconds(out, m ? fitted(m, r->c) : NAN);
	columns_text(out, r->panel == PANEL_OTHERS ? name : r->call, LABEL);
	columns_text(out, drawn ? "" : columns_gap(r->c), LABEL);
	fputc('\n', out);
}

size_t modeswitch_rows(FILE *out, const struct sources *s)
{
	const struct cells *all = *s->cells;
	struct rung *rung = take(malloc((all->cells + 1) * sizeof *rung));
	struct model m;
	bool fit = modeswitch_fit(all, &m);
	size_t n = 0, line = 0, row = 0, measured = 0;

	for (size_t i = 0; i < all->cells; i++)
		if (is_syscall(&all->cell[i]))
			rung[n++] = rung_of(&all->cell[i]);
	qsort(rung, n, sizeof *rung, order);
	fputs("panel\tline\tat\ttime\tlow\thigh\tmodel\tlabel\twhy\n", out);
	for (size_t i = 0; i < n; i++) {
		bool fresh = !i || rung[i].panel != rung[i - 1].panel || strcmp(rung[i].call, rung[i - 1].call);

		line = !i || rung[i].panel != rung[i - 1].panel ? 1 : line + fresh;
		row += rung[i].panel == PANEL_OTHERS;
		put_rung(out, &rung[i], line, row, fit ? &m : NULL);
		measured += columns_drawable(rung[i].c);
	}
	free(rung);
	return measured > 1 ? measured : 0;
}

void caption_modeswitch(char *text, size_t size, const struct sources *s)
{
	struct model m;
	char interval[40], entry[TEXT_NUMBER], in[TEXT_NUMBER], outward[TEXT_NUMBER], pointer[TEXT_NUMBER];

	caption_interval(interval, sizeof interval, *s->cells, is_syscall);
	snprintf(text, size, "one call; median, bar: %s", interval);
	if (modeswitch_fit(*s->cells, &m))
		snprintf(text, size,
			"one call; bar: %s; line: model, %s + %s a KiB in + %s a KiB out + %s a pointer + check",
			interval, text_time(entry, m.c[FIT_ENTRY]), text_time(in, 1024 * m.c[FIT_BYTE_IN]),
			text_time(outward, 1024 * m.c[FIT_BYTE_OUT]), text_time(pointer, m.c[FIT_POINTER]));
}
