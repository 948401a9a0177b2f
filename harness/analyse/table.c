// SPDX-License-Identifier: MIT
/* The summary of one run: what the machine gives, the contexts by textbook kind, then everything else there is. */
#include "analyse.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "anatomy.h"
#include "block.h"
#include "cells.h"
#include "grain.h"
#include "judge.h"
#include "latency.h"
#include "memory.h"
#include "modeswitch.h"
#include "ring.h"
#include "spread.h"
#include "state.h"
#include "text.h"

/* Columns of the first table; they add up to TEXT_WIDTH. */
enum { PART = 16, PART_TIME = 8, PART_COUNT = 7 };                      /* of the second */
enum { ENTRY = 20, POLICY = 7, LEAST = 12, MULTIPLE = 9, ONE_CPU = 8 }; /* of the sections */
enum { NAME = 18, TIME = 9, LATER_TIME = 10, SPREAD = 5, CALLS = 8, COUNT = 5 };
enum { NAMES_MOST = 12, MISSING_MOST = 4, LABEL = 288, REASON = 1200, LINE = 3000 };
static const double NOISY = 0.2, NOT_LINEAR = 0.05, CPU_LEAST = 95, STEAL_MOST = 1, PREEMPTED_MOST = 500, SLOW = 1.1;

static void put_time(FILE *out, const struct cell *c, int width)
{
	char number[TEXT_NUMBER], spread[TEXT_NUMBER];

	if (!c) {
		text_cell(out, "", -width - SPREAD);
		return;
	}
	if (c->state != CELL_VALID || !(c->median > 1e-6)) {
		text_cell(out,
			c->state == CELL_INVALID   ? "invalid"
			: c->state == CELL_MISSING ? "not measured"
						   : "within noise",
			-width - SPREAD);
		return;
	}
	text_cell(out, text_time(number, c->median), -width);
	text_cell(out, text_percent(spread, c->spread), -SPREAD);
}

static void put_count(FILE *out, double x, int width)
{
	char number[TEXT_NUMBER];

	text_cell(out, isnan(x) ? "-" : text_count(number, x), -width);
}

static void put_multiple(FILE *out, const struct cells *all, const struct cell *c, int width)
{
	char number[TEXT_NUMBER];
	bool known = c && c->state == CELL_VALID && c->median > 1e-6 && all->call && all->call->median > 1e-6;

	text_cell(out, known ? text_multiple(number, c->median / all->call->median) : "", -width);
}

static void put_title(FILE *out, const char *title, const char *wait, const char *place)
{
	char line[200];

	snprintf(line, sizeof line, "%s%s%s%s%s", title, *wait && strcmp(wait, "none") ? ", waiting by " : "",
		strcmp(wait, "none") ? wait : "", *place ? ", " : "", place);
	text_wrap(out, 0, 0, line);
}

struct column {
	const char *name;
	int width;
};

static void put_columns(FILE *out, const char *title, int width, const struct column *column)
{
	text_cell(out, title, width);
	for (; column->name; column++)
		text_cell(out, column->name, -column->width);
	fputc('\n', out);
}

/* -- the head */

static void put_list(FILE *out, const char *label, const struct text_list *list, const char *after)
{
	char text[LINE], more[32] = "";

	if (list->more)
		snprintf(more, sizeof more, " and %zu more", list->more);
	snprintf(text, sizeof text, "%s%s%s", list->text, more, after);
	text_cell(out, label, 14);
	text_wrap(out, 14, 14, text);
}

static bool has_unit(const struct cells *all, const char *unit)
{
	for (size_t i = 0; i < all->cells; i++)
		if (cell_series(&all->cell[i], unit))
			return true;
	return false;
}

/* "cycles:k" of a unit "cycles:k/op" or a name; where its other mode is there as well, both are "cycles". */
static void event_of(
	const char *unit, bool (*there)(const void *, const char *), const void *where, char *buffer, size_t size)
{
	char other[64];
	size_t end = strcspn(unit, "/");

	snprintf(buffer, size, "%.*s", (int)end, unit);
	if (end < 2 || buffer[end - 2] != ':' || !strchr("uk", buffer[end - 1]))
		return;
	snprintf(other, sizeof other, "%.*s%c%s", (int)end - 1, unit, buffer[end - 1] == 'u' ? 'k' : 'u', unit + end);
	if (there(where, other))
		buffer[end - 2] = '\0';
}

static bool listed(const struct text_list *list, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = list->text; (at = strstr(at, word)); at += length)
		if ((at == list->text || at[-1] == ' ') && (!at[length] || at[length] == ','))
			return true;
	return false;
}

static void list_once(struct text_list *list, const char *word)
{
	if (!listed(list, word))
		text_list(list, word, NAMES_MOST);
}

static bool unit_there(const void *all, const char *unit)
{
	return has_unit(all, unit);
}

static void list_events(const struct cells *all, struct text_list *gives)
{
	char event[64];

	for (size_t i = 0; i < all->cells; i++)
		for (size_t u = 0; u < all->cell[i].units; u++) {
			const char *unit = all->cell[i].series[u].unit;

			/* those of an anatomy's parts are the same event's */
			if (!strchr(unit, ':') || !strstr(unit, "/op"))
				continue;
			event_of(unit, unit_there, all, event, sizeof event);
			list_once(gives, event);
		}
}

static void put_gives(FILE *out, const struct cells *all)
{
	static const struct {
		const char *unit, *words;
	} given[] = {
		{ "switches/op", "kernel switches" },
		{ "syscalls/op", "system calls" },
		{ "faults/op", "page faults" },
		{ "signals/op", "signals" },
		{ "tasks/op", "kernel tasks" },
		{ "migrations", "migrations" },
	};
	struct text_list gives = { 0 };

	for (size_t i = 0; i < all->cells && !gives.members; i++)
		if (all->cell[i].n)
			text_list(&gives, "times", NAMES_MOST);
	for (size_t i = 0; i < sizeof given / sizeof *given; i++)
		if (has_unit(all, given[i].unit))
			text_list(&gives, given[i].words, NAMES_MOST);
	list_events(all, &gives);
	if (!gives.members)
		text_list(&gives, "no number at all", NAMES_MOST);
	put_list(out, "  gives", &gives, "");
}

static const char counted_not[] = "not-counted.";

static bool is_not_counted(const struct record_key *k, const char *reason)
{
	return !strncmp(k->key, counted_not, sizeof counted_not - 1) && (!reason || !strcmp(k->value, reason));
}

struct uncounted {
	const struct record *record;
	const char *reason;
};

static bool event_there(const void *where, const char *event)
{
	const struct uncounted *u = where;
	char key[96];

	snprintf(key, sizeof key, "%s%s", counted_not, event);
	const char *reason = record_get(u->record, key);
	return reason && !strcmp(reason, u->reason);
}

/* One line for each reason, with all that it is the reason of. */
static bool put_not_counted(FILE *out, const struct record *r)
{
	bool any = false;

	for (size_t i = 0; i < r->keys; i++) {
		struct text_list events = { 0 };
		char event[64], after[REASON];
		size_t first = 0;

		if (!is_not_counted(&r->key[i], NULL))
			continue;
		while (!is_not_counted(&r->key[first], r->key[i].value))
			first++;
		for (size_t j = i; j < r->keys && first == i; j++)
			if (is_not_counted(&r->key[j], r->key[i].value)) {
				event_of(r->key[j].key + sizeof counted_not - 1, event_there,
					&(struct uncounted){ r, r->key[i].value }, event, sizeof event);
				list_once(&events, event);
			}
		snprintf(after, sizeof after, ": %s", r->key[i].value);
		if (first == i)
			put_list(out, "  gives not", &events, after);
		any = true;
	}
	return any;
}

/* Is there nothing of this impl but cells that are not measured? Then its name stands for all of them. */
static bool all_missing(const struct cells *all, const char *impl)
{
	for (size_t i = 0; i < all->cells; i++)
		if (!strcmp(all->cell[i].impl, impl) && all->cell[i].state != CELL_MISSING)
			return false;
	return true;
}

static bool is_missing(const struct cell *c, const char *reason)
{
	return c->state == CELL_MISSING && !strcmp(c->reason, reason);
}

static void put_missing(FILE *out, const struct cells *all)
{
	for (size_t i = 0; i < all->cells; i++) {
		struct text_list cells = { 0 };
		char label[LABEL], after[REASON];
		size_t first = 0;

		if (all->cell[i].state != CELL_MISSING)
			continue;
		while (!is_missing(&all->cell[first], all->cell[i].reason))
			first++;
		if (first < i)
			continue;
		for (size_t j = i; j < all->cells; j++) {
			const struct cell *c = &all->cell[j];
			const char *word = all_missing(all, c->impl) ? c->impl : cell_label(c, label, sizeof label);

			if (is_missing(c, all->cell[i].reason) && !listed(&cells, word))
				text_list(&cells, word, MISSING_MOST);
		}
		snprintf(after, sizeof after, ": %s", all->cell[i].reason);
		put_list(out, "  gives not", &cells, after);
	}
}

static void put_key(
	struct text_list *list, const struct record *r, const char *key, const char *before, const char *after)
{
	const char *value = record_get(r, key);
	char text[256];

	if (!value || !*value || !strcmp(value, "unknown"))
		return;
	snprintf(text, sizeof text, "%s%s%s", before, value, after);
	text_list(list, text, NAMES_MOST);
}

static void put_head(FILE *out, const struct cells *all)
{
	const struct record *r = all->record;
	const char *host = record_get(r, "host"), *pmu = record_get(r, "pmu"), *run = record_get(r, "run");
	struct text_list how = { 0 };
	char machine[600], line[LINE];

	snprintf(line, sizeof line, "%s: %s", host ? host : "unknown host", machine_words(r, machine, sizeof machine));
	text_wrap(out, 0, 2, line);
	if (!record_is(r, "complete", "yes"))
		text_wrap(out, 0, 2, "complete: no: this run was stopped before its end");
	put_gives(out, all);
	if (!put_not_counted(out, r) && pmu && !strncmp(pmu, "none", 4)) {
		struct text_list counters = { .text = "hardware counters", .members = 1 };

		put_list(out, "  gives not", &counters, pmu + 4);
	}
	put_missing(out, all);
	put_key(&how, r, "trials", "", " trials a cell");
	put_key(&how, r, "cpus-used", "CPUs ", "");
	put_key(&how, r, "clock", "clock ", "");
	put_key(&how, r, "seed", "seed ", "");
	put_key(&how, r, "seconds", "", " s");
	snprintf(line, sizeof line, "%s run%s%s", run ? run : "a", how.members ? ": " : "", how.text);
	text_wrap(out, 0, 2, line);
}

/* -- the first table: one CPU, by kind */

static bool has_base(const struct impl_row *row)
{
	return row->turn || row->create || row->mode;
}

static bool measured(const struct cell *c)
{
	return c && c->state == CELL_VALID;
}

static void put_impl(FILE *out, const struct cells *all, const struct impl_row *row)
{
	const struct cell *any = row->turn ? row->turn : row->create ? row->create : row->mode;
	double ops = row->turn ? cell_per_op(row->turn) : NAN;
	char name[64], words[REASON];

	snprintf(name, sizeof name, "  %s", row->name);
	text_cell(out, name, NAME);
	if (!measured(row->turn) && !measured(row->create) && !measured(row->mode)) {
		fputs("  ", out);
		text_wrap(out, NAME + 2, NAME + 4, cell_words(any, words, sizeof words));
		return;
	}
	put_time(out, row->turn, TIME);
	put_multiple(out, all, row->turn, CALLS);
	put_time(out, row->create, LATER_TIME);
	put_time(out, row->mode, LATER_TIME);
	if (measured(row->turn)) {
		put_count(out, cell_median(row->turn, "switches/op") / ops, COUNT);
		put_count(out, cell_median(row->turn, "syscalls/op") / ops, COUNT);
	}
	fputc('\n', out);
}

static int order_costs(const void *left, const void *right)
{
	const struct cell *const *a = left, *const *b = right;

	return ((*a)->median > (*b)->median) - ((*a)->median < (*b)->median);
}

static void list_rung(struct text_list *rungs, const struct cell *c)
{
	char number[TEXT_NUMBER], spread[TEXT_NUMBER], rung[160];

	snprintf(rung, sizeof rung, "%s %s ±%s", cell_point(c), text_time(number, c->median),
		text_percent(spread, c->spread));
	text_list(rungs, rung, NAMES_MOST);
}

static bool has_floor(const struct cells *all)
{
	for (size_t i = 0; i < all->impls; i++)
		if (!strcmp(all->impl[i].kind, "floor") && has_base(&all->impl[i]))
			return true;
	return false;
}

/* What a system call costs, rung by rung, beside the floor; of many rungs modeswitch.c makes a section. */
static void put_calls(FILE *out, const struct cells *all)
{
	const struct cell **rung = take(malloc((all->cells + 1) * sizeof *rung));
	struct text_list rungs = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < all->cells; i++)
		if (!strcmp(all->cell[i].bench, "syscall") && measured(&all->cell[i]))
			rung[n++] = &all->cell[i];
	n = n > MODESWITCH_FLOOR ? 0 : n;
	qsort(rung, n, sizeof *rung, order_costs);
	for (size_t i = 0; i < n; i++)
		list_rung(&rungs, rung[i]);
	if (n && !has_floor(all))
		put_title(out, "floor", "none", "");
	if (n)
		put_list(out, "  syscall", &rungs, "");
	free(rung);
}

static void put_contexts(FILE *out, const struct cells *all)
{
	static const struct column contexts[] = { { "time", TIME }, { "±", SPREAD }, { "x call", CALLS },
		{ "time", LATER_TIME }, { "±", SPREAD }, { "time", LATER_TIME }, { "±", SPREAD }, { "k", COUNT },
		{ "sys", COUNT }, { 0 } };
	const char *title = "";
	bool any = false;

	for (size_t i = 0; i < all->impls; i++)
		any |= has_base(&all->impl[i]);
	if (!any)
		return;
	fputc('\n', out);
	text_cell(out, "", NAME);
	text_cell(out, "switch, one way", -TIME - SPREAD - CALLS);
	text_cell(out, "create, join", -LATER_TIME - SPREAD);
	text_cell(out, "mode switch", -LATER_TIME - SPREAD);
	fputs("    per sw\n", out);
	put_columns(out, "one CPU", NAME, contexts);
	for (size_t i = 0; i < all->impls; i++) {
		const struct impl_row *row = &all->impl[i];

		if (!has_base(row))
			continue;
		if (strcmp(row->title, title))
			put_title(out, row->title, row->turn ? row->turn->wait : "none", "");
		title = row->title;
		put_impl(out, all, row);
	}
}

/* -- the second: what the parts of a creation take, and a yield that switches nothing */

static double per_create(const struct impl_row *row, const char *unit)
{
	return measured(row->create) ? cell_median(row->create, unit) : NAN;
}

static void put_parts(FILE *out, const struct cells *all)
{
	static const struct column parts[] = { { "time", PART_TIME }, { "±", SPREAD }, { "time", LATER_TIME },
		{ "±", SPREAD }, { "tasks", PART_COUNT }, { "k", PART_COUNT }, { "sys", PART_COUNT },
		{ "faults", PART_COUNT }, { "signals", PART_COUNT + 1 }, { 0 } };
	bool any = false;

	for (size_t i = 0; i < all->impls; i++)
		any |= all->impl[i].spawn || all->impl[i].yield_alone;
	if (!any)
		return;
	fputc('\n', out);
	text_cell(out, "", PART);
	text_cell(out, "spawn alone", -PART_TIME - SPREAD);
	text_cell(out, "yield alone", -LATER_TIME - SPREAD);
	fputs("  for one creation with its join:\n", out);
	put_columns(out, "one CPU", PART, parts);
	for (size_t i = 0; i < all->impls; i++) {
		const struct impl_row *row = &all->impl[i];
		char name[64];

		if (!row->spawn && !row->yield_alone)
			continue;
		snprintf(name, sizeof name, "  %s", row->name);
		text_cell(out, name, PART);
		put_time(out, row->spawn, PART_TIME);
		put_time(out, row->yield_alone, LATER_TIME);
		put_count(out, per_create(row, "tasks/op"), PART_COUNT);
		put_count(out, per_create(row, "switches/op"), PART_COUNT);
		put_count(out, per_create(row, "syscalls/op"), PART_COUNT);
		put_count(out, per_create(row, "faults/op"), PART_COUNT);
		put_count(out, per_create(row, "signals/op"), PART_COUNT + 1);
		fputc('\n', out);
	}
}

/* -- all other cells, in sections; what is not one CPU's directed switch never shares one with it */

enum section { SECTION_BASE, SECTION_SWITCH, SECTION_YIELD, SECTION_WAKE, SECTION_MOVE, SECTION_FREE, SECTION_REST };

static bool is_yield(const struct cell *c)
{
	return c->unit ? !strcmp(c->unit, "ns/yield") : !strcmp(c->wait, "yield") && !strcmp(c->bench, "switch");
}

/* A task that moves itself makes the kernel wake it elsewhere, by a kernel thread: no plain wake, and beside it its
 * control. */
static bool is_move(const struct cell *c)
{
	return !strcmp(c->bench, "wake") && (!strcmp(c->points, "call=move") || !strcmp(c->points, "call=no-move"));
}

static enum section section_of(const struct cells *all, const struct cell *c)
{
	const struct impl_row *row = cells_impl(all, c->impl);

	if (row && (c == row->turn || c == row->create || c == row->mode || c == row->spawn || c == row->yield_alone))
		return SECTION_BASE;
	if ((modeswitch_draws(c) && measured(c)) || memory_is_of(c))
		return SECTION_BASE;
	if (block_owns(c) || state_owns(c))
		return SECTION_BASE;
	if (latency_has(c) || anatomy_shows(all, c))
		return SECTION_BASE;
	if (ring_has(c) || grain_has(c) || spread_has(c))
		return SECTION_BASE;
	if (!strcmp(c->place, "free") && !strcmp(c->bench, "switch"))
		return SECTION_FREE;
	if (is_yield(c))
		return SECTION_YIELD;
	if (is_move(c))
		return SECTION_MOVE;
	if (!strcmp(c->bench, "wake"))
		return SECTION_WAKE;
	return strcmp(c->bench, "switch") ? SECTION_REST : SECTION_SWITCH;
}

static const char *section_title(enum section section, const struct cell *c)
{
	static const char *const title[] = {
		[SECTION_SWITCH] = "switch, one way",
		[SECTION_YIELD] = "yield, scheduler's queue",
		[SECTION_WAKE] = "wake, on another CPU",
		[SECTION_MOVE] = "move, by a kernel thread",
		[SECTION_FREE] = "hand-off, unpinned",
	};

	return section == SECTION_REST ? c->bench : title[section];
}

/* One cell of a section: what it is sorted by. */
struct entry {
	const struct cell *c;
	enum section section;
	size_t impl;
};

static int order_entries(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int order = (int)a->section - (int)b->section;

	if (!order)
		order = strcmp(section_title(a->section, a->c), section_title(b->section, b->c));
	if (!order)
		order = cell_order_place(a->c->place, b->c->place);
	if (!order)
		order = cell_order_wait(a->c->wait, b->c->wait);
	if (!order)
		order = (a->impl > b->impl) - (a->impl < b->impl);
	if (!order)
		order = cell_order_policy(a->c->policy, b->c->policy);
	return order ? order : strcmp(a->c->name, b->c->name);
}

static void put_entry_name(FILE *out, const struct cell *c)
{
	char name[160];
	const char *impl = is_move(c) ? "" : c->impl, *point = cell_point(c);

	if (!strncmp(c->points, "workers=", 8))
		snprintf(name, sizeof name, "  %s, %s worker%s", impl, point, strcmp(point, "1") ? "s" : "");
	else
		snprintf(name, sizeof name, "  %s%s%s", impl, *impl && *point ? " " : "", point);
	text_cell(out, name, ENTRY - 1);
	fputc(' ', out);
	text_cell(out, c->policy, POLICY);
}

/* The share of hand-offs on one CPU among some trials; NaN where it is not on every line. */
static double one_cpu(const struct cell *c, double low, double high)
{
	const struct series *s = cell_series(c, "one-cpu%");
	double sum = 0;
	size_t n = 0;

	for (size_t i = 0; s && s->n == c->n && i < c->n; i++)
		if (c->x[i] >= low && c->x[i] <= high) {
			sum += s->x[i];
			n++;
		}
	return n ? sum / (double)n : NAN;
}

static void put_one_cpu(FILE *out, const struct cell *c, double low, double high)
{
	double share = one_cpu(c, low, high);
	char number[TEXT_NUMBER];

	if (!isnan(share))
		text_cell(out, strcat(text_fixed(number, share, 0), "%"), -ONE_CPU);
}

/* The values of trials that fall in two groups: a median between them would be nobody's. */
static void put_group(FILE *out, const struct cell *c, const double *x, size_t n)
{
	char number[TEXT_NUMBER], share[64];

	snprintf(share, sizeof share, "%zu of %zu", n, c->n);
	text_cell(out, text_time(number, stats_median(x, n)), -TIME);
	text_cell(out, strcat(share, " trials"), -SPREAD - LEAST);
	text_cell(out, "", MULTIPLE + 2 * COUNT);
	put_one_cpu(out, c, x[0], x[n - 1]);
	fputc('\n', out);
}

static void put_groups(FILE *out, const struct cell *c)
{
	put_group(out, c, c->sorted, c->second);
	text_cell(out, "    or", ENTRY + POLICY);
	put_group(out, c, c->sorted + c->second, c->n - c->second);
}

static void put_entry(FILE *out, const struct cells *all, const struct cell *c)
{
	double ops = cell_per_op(c);
	char number[TEXT_NUMBER], words[REASON];

	put_entry_name(out, c);
	if (c->state != CELL_VALID) {
		fputc(' ', out);
		text_wrap(out, ENTRY + POLICY + 1, ENTRY + POLICY + 3, cell_words(c, words, sizeof words));
		return;
	}
	if (c->second) {
		put_groups(out, c);
		return;
	}
	put_time(out, c, TIME);
	text_cell(out, text_time(number, c->least), -LEAST);
	put_multiple(out, all, c, MULTIPLE);
	put_count(out, cell_median(c, "switches/op") / ops, COUNT);
	put_count(out, cell_median(c, "syscalls/op") / ops, COUNT);
	if (!strcmp(c->place, "free"))
		put_one_cpu(out, c, -INFINITY, INFINITY);
	fputc('\n', out);
}

static void put_section_head(FILE *out, const struct entry *e)
{
	static const struct column pinned[] = { { "time", TIME }, { "±", SPREAD }, { "least", LEAST },
		{ "x call", MULTIPLE }, { "k", COUNT }, { "sys", COUNT }, { 0 } };
	static const struct column loose[] = { { "time", TIME }, { "±", SPREAD }, { "least", LEAST },
		{ "x call", MULTIPLE }, { "k", COUNT }, { "sys", COUNT }, { "one CPU", ONE_CPU }, { 0 } };

	fputc('\n', out);
	put_columns(out, section_title(e->section, e->c), ENTRY + POLICY, e->section == SECTION_FREE ? loose : pinned);
}

/* What a move is, stands with the one that makes it: its rows are named by what was asked for. */
static void put_place(FILE *out, const struct entry *e)
{
	char line[200];

	snprintf(line, sizeof line, "%s: a switch into a kernel thread plus a wake elsewhere, %s", e->c->impl,
		place_words(e->c->place));
	if (e->section == SECTION_MOVE)
		text_wrap(out, 0, 2, line);
	else
		put_title(out, place_words(e->c->place), e->c->wait, "");
}

static void put_sections(FILE *out, const struct cells *all)
{
	struct entry *entry = take(malloc((all->cells + 1) * sizeof *entry)), *last = NULL;
	size_t entries = 0;

	for (size_t i = 0; i < all->cells; i++) {
		const struct cell *c = &all->cell[i];
		const struct impl_row *row = cells_impl(all, c->impl);
		enum section section = section_of(all, c);

		if (section != SECTION_BASE)
			entry[entries++] = (struct entry){ c, section, row ? (size_t)(row - all->impl) : all->impls };
	}
	qsort(entry, entries, sizeof *entry, order_entries);
	for (struct entry *e = entry; e < entry + entries; last = e++) {
		bool fresh = !last || e->section != last->section ||
			     strcmp(section_title(e->section, e->c), section_title(last->section, last->c));

		if (fresh)
			put_section_head(out, e);
		if (fresh || strcmp(e->c->wait, last->c->wait) || strcmp(e->c->place, last->c->place))
			put_place(out, e);
		put_entry(out, all, e->c);
	}
	free(entry);
}

/* -- the end: how many, and what to be careful with */

static bool is_noisy(const struct cells *all, const struct cell *c)
{
	(void)all;
	return c->spread > NOISY && !c->second;
}

static bool is_bent(const struct cells *all, const struct cell *c)
{
	(void)all;
	return fabs(cell_median(c, "linear") / 2 - 1) > NOT_LINEAR;
}

static bool is_shared(const struct cells *all, const struct cell *c)
{
	(void)all;
	/* who sleeps between its turns leaves the CPU idle, to nobody */
	return cell_median(c, "cpu%") < CPU_LEAST && isnan(cell_median(c, "gap-ns"));
}

/* The mean, not the median: what is taken now and then is taken all the same. */
static double mean_of(const struct cell *c, const char *unit)
{
	const struct series *s = cell_series(c, unit);
	double sum = 0;

	for (size_t i = 0; s && i < s->n; i++)
		sum += s->x[i];
	return s && s->n ? sum / (double)s->n : 0;
}

static bool is_stolen(const struct cells *all, const struct cell *c)
{
	(void)all;
	return mean_of(c, "steal%") >= STEAL_MOST;
}

static bool is_preempted(const struct cells *all, const struct cell *c)
{
	(void)all;
	return mean_of(c, "preempted/s") > PREEMPTED_MOST;
}

static bool is_throttled(const struct cells *all, const struct cell *c)
{
	(void)all;
	return mean_of(c, "throttled") > 0;
}

/* The core was slower while this cell was measured than it mostly was, or shared with a busy hyperthread. */
static bool is_slow(const struct cells *all, const struct cell *c)
{
	return cell_median(c, "add-ns") > SLOW * all->add_ns || cell_median(c, "burst-ns") > SLOW * all->burst_ns;
}

static void put_tag(
	FILE *out, const struct cells *all, const char *title, bool (*holds)(const struct cells *, const struct cell *))
{
	struct text_list cells = { 0 };
	char label[LABEL], line[LINE], more[32] = "";

	for (size_t i = 0; i < all->cells; i++)
		if (all->cell[i].state == CELL_VALID && !memory_is_of(&all->cell[i]) && holds(all, &all->cell[i]))
			text_list(&cells, cell_label(&all->cell[i], label, sizeof label), NAMES_MOST);
	if (!cells.members)
		return;
	if (cells.more)
		snprintf(more, sizeof more, " and %zu more", cells.more);
	snprintf(line, sizeof line, "%s: %s%s", title, cells.text, more);
	text_wrap(out, 0, 2, line);
}

static void put_invalid(FILE *out, const struct cells *all)
{
	for (size_t i = 0; i < all->cells; i++) {
		char label[LABEL], words[REASON], line[LINE];

		if (all->cell[i].state != CELL_INVALID)
			continue;
		snprintf(line, sizeof line, "%s: %s", cell_label(&all->cell[i], label, sizeof label),
			cell_words(&all->cell[i], words, sizeof words));
		text_wrap(out, 0, 2, line);
	}
}

/* The coverage of the intervals: that of the cell with the fewest trials, since it is the least. */
static void put_interval(FILE *out, const struct cells *all)
{
	const struct cell *fewest = NULL;
	char number[TEXT_NUMBER], line[200];

	for (size_t i = 0; i < all->cells; i++)
		if (all->cell[i].state == CELL_VALID && !memory_is_of(&all->cell[i]) &&
			(!fewest || all->cell[i].n < fewest->n))
			fewest = &all->cell[i];
	if (!fewest)
		return;
	snprintf(line, sizeof line, "±: interval of the median, %s%% with %zu trials%s; k: kernel switches; sys: calls",
		text_fixed(number, 100 * fewest->interval.coverage, 1), fewest->n,
		fewest->interval.coverage < 0.95 ? " (too few for 95%)" : "");
	text_wrap(out, 0, 2, line);
}

static void put_end(FILE *out, const struct cells *all)
{
	size_t count[3] = { 0 };
	char line[200];

	for (size_t i = 0; i < all->cells; i++)
		count[all->cell[i].state]++;
	snprintf(line, sizeof line, "%zu cells valid, %zu invalid, %zu not measured", count[CELL_VALID],
		count[CELL_INVALID], count[CELL_MISSING]);
	fputc('\n', out);
	text_wrap(out, 0, 2, line);
	put_interval(out, all);
	put_invalid(out, all);
	put_tag(out, all, "noisy (interval over ±20%)", is_noisy);
	put_tag(out, all, "not linear (t(2n)/t(n) outside 2 ±5%)", is_bent);
	put_tag(out, all, "others ran here too (cpu% below 95)", is_shared);
	put_tag(out, all, "preempted over 500 times a second", is_preempted);
	put_tag(out, all, "on a slower or shared core (add-ns, burst-ns 10% above the file's)", is_slow);
	put_tag(out, all, "steal of 1% and more", is_stolen);
	put_tag(out, all, "throttled by a CPU quota", is_throttled);
}

/* What is left of an LWP's switch when a kernel thread's is taken from it: where both are in the file. */
static void put_user_half(FILE *out, const struct cells *all)
{
	struct page page = judge_page(all);
	struct judgement half = judge_user_half(&page);
	char line[LINE];

	if (half.verdict == UNMEASURED)
		return;
	snprintf(line, sizeof line, "user half of an LWP: switch %s less switch %s: %s", page.lwp->name,
		page.kernel_thread->name, half.text);
	fputc('\n', out);
	text_wrap(out, 0, 2, line);
}

/* What counting itself took, which is why nothing is counted while it is timed. */
static void put_counting(FILE *out, const struct cells *all)
{
	const struct cell *most = NULL;
	double *factor = take(malloc((all->cells + 1) * sizeof *factor)), highest = 0;
	char label[LABEL], line[LINE], middle[TEXT_NUMBER], top[TEXT_NUMBER];
	size_t n = 0;

	for (size_t i = 0; i < all->cells; i++) {
		double x = cell_median(&all->cell[i], "counted/timed");

		if (all->cell[i].state != CELL_VALID || isnan(x))
			continue;
		most = x > highest ? &all->cell[i] : most;
		highest = fmax(highest, x);
		factor[n++] = x;
	}
	if (most) {
		snprintf(line, sizeof line,
			"counting makes a cell take %s times as long in the middle, at most %s (%s)",
			text_ratio(middle, stats_median(factor, n)), text_ratio(top, highest),
			cell_label(most, label, sizeof label));
		text_wrap(out, 0, 2, line);
	}
	free(factor);
}

int table_print(const struct record *r, FILE *out)
{
	struct cells *all = cells_group(r);
	char *text = NULL;
	size_t size;
	FILE *page = take(open_memstream(&text, &size));

	put_head(page, all);
	put_contexts(page, all);
	put_calls(page, all);
	put_parts(page, all);
	modeswitch_print(page, all);
	anatomy_print(all, page);
	ring_print(page, all);
	grain_print(page, all);
	spread_print(page, all);
	put_sections(page, all);
	state_print(all, page);
	block_print(all, page);
	put_user_half(page, all);
	latency_put(page, all);
	memory_print(page, all);
	put_end(page, all);
	put_counting(page, all);
	noise_print(r, page);
	fclose(page);
	text_trimmed(out, take(text));
	free(text);
	cells_free(all);
	return 0;
}
