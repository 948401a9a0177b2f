// SPDX-License-Identifier: MIT
/* What is not a time: memory of one context, what goes on while one is blocked, and what the hardware counted. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../analyse/axes.h"
#include "../analyse/block.h"
#include "../analyse/text.h"
#include "columns.h"
#include "rows.h"

enum { LABEL = 44 };

/* -- memory */

static const char *const parts[] = { "user-B/context", "tables-B/context", "kernel-stack-B/context", "slab-B/context" };
enum { PARTS = sizeof parts / sizeof *parts };

static bool is_memory(const struct cell *c)
{
	return !strcmp(c->bench, "memory");
}

/* Bytes, and nothing where there is less than nothing: what others gave back meanwhile. */
static double part_of(const struct cell *c, const char *unit)
{
	double x = cell_median(c, unit);

	return x > 0 ? x : 0;
}

/* Trials add up before they are compared: the parts of one trial lean on each other. */
static struct interval interval_of_sum(const struct cell *c)
{
	const struct series *first = cell_series(c, parts[0]);
	struct interval none = { NAN, NAN, 0 };
	double *sum;

	if (!first)
		return none;
	sum = take(calloc(first->n + 1, sizeof *sum));
	for (size_t p = 0; p < PARTS; p++) {
		const struct series *s = cell_series(c, parts[p]);

		for (size_t i = 0; s && i < first->n && i < s->n; i++)
			sum[i] += s->x[i];
	}
	none = stats_median_interval(sum, first->n, 0.95);
	free(sum);
	return none;
}

static void put_memory(FILE *out, const struct cells *all, const struct cell *c)
{
	char count[TEXT_NUMBER], label[80];
	double sum = 0;
	struct interval in = c->state == CELL_VALID ? interval_of_sum(c) : (struct interval){ NAN, NAN, 0 };

	snprintf(label, sizeof label, "%s, %s", c->impl, text_fixed(count, axis_at(c, "contexts"), 0));
	columns_text(out, label, LABEL);
	fprintf(out, "\t%d", columns_ink(all, c->impl));
	for (size_t p = 0; p < PARTS; p++) {
		double x = c->state == CELL_VALID ? part_of(c, parts[p]) : 0;

		sum += x;
		columns_number(out, x / 1024);
	}
	columns_number(out, c->state == CELL_VALID ? sum / 1024 : NAN);
	columns_number(out, in.low / 1024);
	columns_number(out, in.high / 1024);
	columns_text(out, c->state == CELL_VALID ? "" : columns_gap(c), LABEL);
	fputc('\n', out);
}

/* Of each impl the most contexts that were measured: what one takes hardly depends on how many there are. */
size_t memory_rows(FILE *out, const struct sources *s)
{
	static const char *const axes[] = { "contexts", NULL };
	const struct cells *all = *s->cells;
	const struct cell **cell = axis_cells(all, is_memory, axes);
	size_t rows = 0;

	fputs("row\tlabel\tkind\tuser KiB\ttables KiB\tkernel stack KiB\tkernel objects KiB\tsum KiB\tlow\thigh\twhy\n",
		out);
	for (size_t i = 0; cell[i]; i++) {
		if (!strcmp(cell[i]->impl, "null"))
			continue;
		fprintf(out, "%zu", ++rows);
		put_memory(out, all, cell[i]);
	}
	free(cell);
	return rows;
}

void caption_memory(char *text, size_t size, const struct sources *s)
{
	char interval[40];

	snprintf(text, size, "memory of one context in KiB, by how many there are; ± half the %s of the sum",
		caption_interval(interval, sizeof interval, *s->cells, is_memory));
}

/* -- what goes on while one is blocked */

static bool is_block(const struct cell *c)
{
	return !strcmp(c->bench, "block");
}

static int order_blocks(const void *left, const void *right)
{
	const struct cell *a = *(const struct cell *const *)left, *b = *(const struct cell *const *)right;
	int order = strcmp(a->impl, b->impl);

	return order ? order : strcmp(a->name, b->name);
}

static void put_rate(FILE *out, const struct cell *c, const char *unit)
{
	const struct series *x = c->state == CELL_VALID ? cell_series(c, unit) : NULL;
	struct interval in = { NAN, NAN, 0 };

	if (x)
		in = stats_median_interval(x->x, x->n, 0.95);
	columns_number(out, x ? stats_median(x->x, x->n) : NAN);
	columns_number(out, in.low);
	columns_number(out, in.high);
}

static void put_block(FILE *out, const struct cells *all, const struct cell *c)
{
	char workers[16], read[32] = "", label[120];

	if (!record_part(c->name, "workers", workers, sizeof workers))
		*workers = '\0';
	record_part(c->name, "read", read, sizeof read);
	snprintf(label, sizeof label, "%s%s%s%s%s", c->impl, *workers ? " on " : "", workers,
		!*workers               ? ""
		: !strcmp(workers, "1") ? " LWP"
					: " LWPs",
		strcmp(read, "announced") ? "" : ", announced");
	columns_text(out, label, LABEL);
	fprintf(out, "\t%d", columns_ink(all, c->impl));
	put_rate(out, c, "alone-counts/ms");
	put_rate(out, c, "blocked-counts/ms");
	columns_number(out, c->state == CELL_VALID ? cell_median(c, block_share) : NAN);
	columns_text(out, c->state == CELL_VALID ? "" : columns_gap(c), LABEL);
	fputc('\n', out);
}

size_t mn_rows(FILE *out, const struct sources *s)
{
	const struct cells *all = *s->cells;
	const struct cell **cell = take(malloc((all->cells + 1) * sizeof *cell));
	size_t n = 0, measured = 0;

	for (size_t i = 0; i < all->cells; i++)
		if (is_block(&all->cell[i]))
			cell[n++] = &all->cell[i];
	qsort(cell, n, sizeof *cell, order_blocks);
	fputs("row\tlabel\tkind\tbefore\tlow\thigh\tblocked\tlow\thigh\tshare %\twhy\n", out);
	for (size_t i = 0; i < n; i++) {
		fprintf(out, "%zu", i + 1);
		put_block(out, all, cell[i]);
		measured += cell[i]->state == CELL_VALID;
	}
	free(cell);
	return measured ? n : 0;
}

void caption_mn(char *text, size_t size, const struct sources *s)
{
	char interval[40];

	snprintf(text, size,
		"what the others get done in a ms, before and while one context sits in a blocking call; bar: %s",
		caption_interval(interval, sizeof interval, *s->cells, is_block));
}

/* -- counted per switch */

static const char *const events[] = { "instructions:u/op", "instructions:k/op", "branch-misses:u/op",
	"branch-misses:k/op", "L1-dcache-load-misses:u/op", "L1-dcache-load-misses:k/op", "LLC-load-misses:u/op",
	"LLC-load-misses:k/op", "dTLB-load-misses:u/op", "dTLB-load-misses:k/op" };
enum { EVENTS = sizeof events / sizeof *events };

static bool is_counted(const struct cell *c)
{
	bool what = !strcmp(c->bench, "switch") || !strcmp(c->bench, "create") || !strcmp(c->bench, "mode");

	for (size_t i = 0; what && i < EVENTS; i++)
		if (cell_series(c, events[i]))
			return c->state == CELL_VALID && !strcmp(c->place, "same-pu");
	return false;
}

/* User and kernel side by side, per one of what is timed. */
static void put_event(FILE *out, const struct cell *c, size_t event)
{
	for (size_t side = 0; side < 2; side++) {
		const struct series *x = cell_series(c, events[event + side]);
		struct interval in = { NAN, NAN, 0 };
		double per = cell_per_op(c);

		if (x)
			in = stats_median_interval(x->x, x->n, 0.95);
		columns_number(out, x ? stats_median(x->x, x->n) / per : NAN);
		columns_number(out, in.low / per);
		columns_number(out, in.high / per);
	}
}

static void put_counts(FILE *out, const struct cells *all, const struct cell *c, size_t row, size_t event)
{
	char label[160];
	size_t length;

	cell_label(c, label, sizeof label);
	length = strlen(label);
	if (length > 6 && !strcmp(label + length - 6, " batch"))
		label[length - 6] = '\0';
	fprintf(out, "%zu\t%zu", event / 2 + 1, row);
	columns_text(out, label, LABEL);
	fprintf(out, "\t%d", columns_ink(all, c->impl));
	put_event(out, c, event);
	snprintf(label, sizeof label, "%.*s", (int)strcspn(events[event], ":"), events[event]);
	columns_text(out, label, LABEL);
	fputc('\n', out);
}

static bool counted_at_all(const struct cell *c, size_t event)
{
	return cell_series(c, events[event]) || cell_series(c, events[event + 1]);
}

size_t counters_rows(FILE *out, const struct sources *s)
{
	static const char *const axes[] = { NULL };
	const struct cells *all = *s->cells;
	const struct cell **cell = axis_cells(all, is_counted, axes);
	size_t rows = 0;

	fputs("event\trow\tlabel\tkind\tuser\tlow\thigh\tkernel\tlow\thigh\tname\n", out);
	for (size_t event = 0; event < EVENTS; event += 2) {
		size_t row = 0;

		for (size_t i = 0; cell[i]; i++)
			if (counted_at_all(cell[i], event))
				put_counts(out, all, cell[i], ++row, event);
		rows += row;
	}
	free(cell);
	return rows;
}

void caption_counters(char *text, size_t size, const struct sources *s)
{
	const struct record *r = (*s->cells)->record;
	const char *pmu = record_get(r, "pmu");
	bool emulated = record_is(r, "emulated", "yes");
	char interval[40], how[60] = "counted, exact";

	/* an emulator runs the same instructions each time; hardware also counts what interrupts it */
	if (!emulated)
		snprintf(how, sizeof how, "counted; bar: %s",
			caption_interval(interval, sizeof interval, *s->cells, is_counted));
	snprintf(text, size, "%s%s%s; per switch, creation or mode switch, in passes of their own%s",
		record_is(r, "complete", "yes") ? "" : "incomplete run; ", emulated ? "EMULATED CPU: " : "", how,
		pmu && !strncmp(pmu, "none", 4) ? ": none" : "");
}
