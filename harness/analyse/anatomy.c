// SPDX-License-Identifier: MIT
#include "anatomy.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

enum { WORDS = 46, TIME = 11, SHARE = 8, USER = 7, KERNEL = 8 }; /* of a stack of parts; they add up to TEXT_WIDTH */
enum { NAME = 30, SPLIT = 10 };                                  /* of the splits; they add up to TEXT_WIDTH */
enum { LABEL = 300, REASON = 1200 };

static bool measured(const struct cell *c)
{
	return c && c->state == CELL_VALID;
}

static double or_zero(double x)
{
	return isnan(x) ? 0 : x;
}

/* -- one anatomy */

/* The cell that a part is refined by: "refuse" at the stage "clone"; NULL where the file has none that is valid. */
static const struct cell *find_point(const struct cells *all, const char *bench, const char *points)
{
	for (size_t i = 0; i < all->cells; i++) {
		const struct cell *c = &all->cell[i];

		if (measured(c) && !strcmp(c->bench, bench) && !strcmp(c->points, points) &&
			!strcmp(c->place, "same-pu"))
			return c;
	}
	return NULL;
}

static double median_of(const struct cell *c)
{
	return c ? c->median : NAN;
}

static const char *const measure[MEASURES] = { "ns", "instructions:u", "instructions:k" };

/* Of one thing that another cell does; NaN where it was not counted. */
static double measured_of(const struct cell *c, enum anatomy_measure m)
{
	char unit[40];

	if (!c || m == BY_TIME)
		return median_of(c);
	snprintf(unit, sizeof unit, "%s/op", measure[m]);
	return cell_median(c, unit) / cell_per_op(c);
}

/* "call" by the kernel's instructions is the unit "call-instructions:k". */
static double part_of(const struct cell *c, const char *part, enum anatomy_measure m)
{
	char unit[60];

	snprintf(unit, sizeof unit, "%s-%s", part, measure[m]);
	return cell_median(c, unit);
}

/* The same of what was counted, in the same parts: where the one that says so was not, nobody knows what of the call is
 * which. */
static void refine_counts(struct anatomy *a, const struct cell *null, const struct cell *checked)
{
	for (int m = BY_USER; m < MEASURES; m++) {
		double entry = measured_of(null, m), *part = a->part[m];

		if (a->part[BY_TIME][PART_ENTRY] == 0)
			continue;
		part[PART_ENTRY] = isnan(part[PART_CALL]) ? NAN : entry;
		part[PART_CALL] -= entry;
		if (a->part[BY_TIME][PART_ARGUMENTS] == 0)
			continue;
		part[PART_ARGUMENTS] = isnan(part[PART_CALL]) ? NAN : measured_of(checked, m) - entry;
		part[PART_CALL] -= part[PART_ARGUMENTS];
	}
}

/* Takes out of the call what is known of every call. Where none was counted, none was made. */
static void refine(const struct cells *all, struct anatomy *a)
{
	const struct cell *null = find_point(all, "syscall", "call=null");
	double entry = median_of(null), *part = a->part[BY_TIME];
	const struct cell *checked = find_point(all, "refuse", "stage=clone");
	double calls = cell_median(a->cell, "syscalls/op"), refused;

	if (!checked)
		checked = find_point(all, "refuse", "stage=combination");
	refused = median_of(checked);
	if (!(calls > 0) || isnan(entry) || entry > part[PART_CALL])
		return;
	part[PART_ENTRY] = entry;
	part[PART_CALL] -= entry;
	if (!a->is_switch && refused >= entry && refused - entry <= part[PART_CALL]) {
		part[PART_ARGUMENTS] = refused - entry;
		part[PART_CALL] -= refused - entry;
	}
	refine_counts(a, null, checked);
}

/* The lines leave a part out that is within noise, and so zero: only the call's is never. */
static void take_creation(struct anatomy *a, enum anatomy_measure m)
{
	a->part[m][PART_CALL] = part_of(a->cell, "call", m);
	a->part[m][PART_FIRST] = or_zero(part_of(a->cell, "first", m));
	a->part[m][PART_RUN] = or_zero(part_of(a->cell, "run", m));
	a->part[m][PART_END] = or_zero(part_of(a->cell, "join", m));
	a->timeline[m] = part_of(a->cell, "whole", m);
}

/* Where nobody read a clock in between, as a read takes longer than all of it: a join runs the other by one switch and
 * comes back by another. */
static void split_join(struct anatomy *a, const struct cell *turn)
{
	bool asked = cell_series(a->cell, "first-ns") || cell_series(a->cell, "run-ns");

	if (asked || !measured(turn) || turn->median > a->part[BY_TIME][PART_END])
		return;
	for (int m = 0; m < MEASURES; m++) {
		a->part[m][PART_FIRST] = measured_of(turn, m);
		a->part[m][PART_END] -= a->part[m][PART_FIRST];
	}
}

/* There and back are two switches. */
static void take_switch(struct anatomy *a, enum anatomy_measure m)
{
	const struct cell *c = a->cell;
	double there = part_of(c, "wake-there", m), back = part_of(c, "wake-back", m);

	a->part[m][PART_CALL] = (there + back) / cell_per_op(c);
	there = part_of(c, "sleep-there", m);
	back = part_of(c, "sleep-back", m);
	a->part[m][PART_FIRST] = (or_zero(there) + or_zero(back)) / cell_per_op(c);
	a->timeline[m] = part_of(c, "whole", m) / cell_per_op(c);
}

/* What has no call was not counted: no part is nothing for that. */
static void take_parts(struct anatomy *a)
{
	for (int m = 0; m < MEASURES; m++) {
		if (a->is_switch)
			take_switch(a, m);
		else
			take_creation(a, m);
		for (int i = 0; i < PARTS && isnan(a->part[m][PART_CALL]); i++)
			a->part[m][i] = NAN;
	}
}

bool anatomy_of(const struct cells *all, const struct cell *c, struct anatomy *a)
{
	const struct impl_row *row = cells_impl(all, c->impl);
	const struct cell *whole;

	*a = (struct anatomy){ .cell = c, .is_switch = !strcmp(c->points, "of=switch") };
	if (!measured(c) || strcmp(c->bench, "anatomy") || strncmp(c->points, "of=", 3) ||
		strcmp(c->place, "same-pu") || strcmp(c->policy, "batch"))
		return false;
	take_parts(a);
	if (isnan(a->part[BY_TIME][PART_CALL]))
		return false;
	for (int i = 0; i < PARTS; i++)
		a->sum += a->part[BY_TIME][i];
	whole = !row ? NULL : a->is_switch ? row->turn : row->create;
	if (!a->is_switch)
		split_join(a, row ? row->turn : NULL);
	a->whole = measured(whole) && !strcmp(whole->wait, c->wait) ? whole : NULL;
	a->total = a->whole ? a->whole->median : a->timeline[BY_TIME];
	refine(all, a);
	return a->total > 0;
}

/* One creation under other circumstances, whatever became of it. */
static bool is_split(const struct cell *c)
{
	return !strcmp(c->bench, "anatomy") && strncmp(c->points, "of=", 3);
}

bool anatomy_shows(const struct cells *all, const struct cell *c)
{
	struct anatomy a;

	return is_split(c) || anatomy_of(all, c, &a);
}

/* -- the stacks */

static const char *words_of(const struct anatomy *a, int part)
{
	static const char *const creation[PARTS] = { "the call: in and out of the kernel",
		"its arguments copied, checked", "the rest of the call", "until its first instruction", "its body",
		"its end, and until the join returns" };
	static const char *const handing[PARTS] = { "the waking call: in and out of the kernel", "",
		"the rest of that call", "the call that waits, the switch, out again", "", "" };

	if (part == PART_CALL && a->part[BY_TIME][PART_ENTRY] == 0)
		return a->is_switch ? "the waking call" : "the call";
	return a->is_switch ? handing[part] : creation[part];
}

/* Signed, as the timeline is: text_time has no words for less than nothing. */
static char *signed_time(char *buffer, size_t size, double ns)
{
	char number[TEXT_NUMBER];

	snprintf(buffer, size, "%s%s", ns < 0 ? "-" : "", fabs(ns) < 1e-6 ? "0 ns" : text_time(number, fabs(ns)));
	return buffer;
}

static void put_part(FILE *out, const char *words, double ns, double total)
{
	char share[TEXT_NUMBER], line[TEXT_NUMBER + 2];

	text_cell(out, words, WORDS);
	text_cell(out, signed_time(line, sizeof line, ns), -TIME);
	text_fixed(share, 100 * ns / total, 1);
	snprintf(line, sizeof line, "%s%%", share);
	text_cell(out, line, -SHARE);
}

static bool counted(const struct anatomy *a)
{
	return !isnan(a->timeline[BY_USER]) || !isnan(a->timeline[BY_KERNEL]);
}

/* What is more than the column holds is told in millions. */
static char *instructions(char *buffer, size_t size, double x)
{
	char number[TEXT_NUMBER];

	if (isnan(x))
		snprintf(buffer, size, "-");
	else if (fabs(x) < 999999.5)
		snprintf(buffer, size, "%s%s", x <= -0.5 ? "-" : "", text_whole(number, fabs(x)));
	else
		snprintf(buffer, size, "%s M", text_fixed(number, x / 1e6, 2));
	return buffer;
}

static void put_counts(FILE *out, const struct anatomy *a, int part)
{
	char number[TEXT_NUMBER + 8];

	if (!counted(a))
		return;
	text_cell(out, instructions(number, sizeof number, a->part[BY_USER][part]), -USER);
	text_cell(out, instructions(number, sizeof number, a->part[BY_KERNEL][part]), -KERNEL);
}

static void put_title(FILE *out, const struct anatomy *a)
{
	char number[TEXT_NUMBER], own[TEXT_NUMBER], title[LABEL];

	text_time(own, a->timeline[BY_TIME]);
	snprintf(title, sizeof title, "%s, %s: %s%s%s", a->cell->impl,
		a->is_switch ? "one switch" : "create, run and join one", text_time(number, a->total),
		a->whole ? "; timeline " : " by its timeline alone", a->whole ? own : "");
	text_wrap(out, 0, 2, title);
}

/* Each call goes through the kernel's door, also those whose time lies in other parts. */
static void put_calls(FILE *out, const struct cells *all, const struct anatomy *a)
{
	double entry = median_of(find_point(all, "syscall", "call=null"));
	double calls = cell_median(a->cell, "syscalls/op") / (a->is_switch ? cell_per_op(a->cell) : 1);
	char count[TEXT_NUMBER], number[TEXT_NUMBER], share[TEXT_NUMBER], line[LABEL];

	if (!(calls > 0) || isnan(entry))
		return;
	snprintf(line, sizeof line, "all %s calls in and out of the kernel, wherever they lie: %s, %s%%",
		text_count(count, calls), text_time(number, calls * entry),
		text_fixed(share, 100 * calls * entry / a->total, 1));
	fputs("  ", out);
	text_wrap(out, 2, 4, line);
}

/* Why there is no number for the kernel: a key of its own where only the parts were not counted. */
static const char *why_not_in_kernel(const struct record *r)
{
	const char *why = record_get(r, "not-counted.parts-instructions:k");

	why = why ? why : record_get(r, "not-counted.instructions:k");
	return why ? why : "not asked for";
}

static void put_instructions(FILE *out, const struct cells *all, const struct anatomy *a)
{
	double user = a->timeline[BY_USER], kernel = a->timeline[BY_KERNEL];
	char of_user[TEXT_NUMBER + 8], of_kernel[TEXT_NUMBER + 8], share[TEXT_NUMBER], line[REASON];

	if (!counted(a))
		return;
	instructions(of_user, sizeof of_user, user);
	instructions(of_kernel, sizeof of_kernel, kernel);
	if (isnan(kernel))
		snprintf(line, sizeof line, "%s instructions in user mode; in the kernel not counted: %s", of_user,
			why_not_in_kernel(all->record));
	else if (isnan(user))
		snprintf(line, sizeof line, "%s instructions in the kernel", of_kernel);
	else
		snprintf(line, sizeof line, "instructions of the timeline: %s in user mode, %s in the kernel: %s%%",
			of_user, of_kernel, text_fixed(share, 100 * kernel / fmax(user + kernel, 1), 1));
	fputs("  ", out);
	text_wrap(out, 2, 4, line);
}

static void put_stack(FILE *out, const struct cells *all, const struct anatomy *a)
{
	char words[LABEL];

	put_title(out, a);
	for (int i = 0; i < PARTS; i++) {
		snprintf(words, sizeof words, "  %s", words_of(a, i));
		if (a->part[BY_TIME][i] == 0)
			continue;
		put_part(out, words, a->part[BY_TIME][i], a->total);
		put_counts(out, a, i);
		fputc('\n', out);
	}
	put_part(out, "  unexplained", a->total - a->sum, a->total);
	fputc('\n', out);
	put_calls(out, all, a);
	put_instructions(out, all, a);
}

/* What is created first, dearest kind last, then what is switched. */
static size_t collect(const struct cells *all, struct anatomy *a)
{
	size_t n = 0;

	for (int switches = 0; switches < 2; switches++)
		for (size_t i = 0; i < all->impls; i++)
			for (size_t k = 0; k < all->cells; k++)
				if (!strcmp(all->cell[k].impl, all->impl[i].name) &&
					anatomy_of(all, &all->cell[k], &a[n]) && a[n].is_switch == switches)
					n++;
	return n;
}

static void put_columns(FILE *out, bool counts)
{
	fputc('\n', out);
	text_cell(out, counts ? "anatomy: one CPU; time, and instructions in" : "anatomy: one CPU, parts by the clock",
		WORDS);
	text_cell(out, "time", -TIME);
	text_cell(out, "of all", -SHARE);
	text_cell(out, counts ? "user" : "", counts ? -USER : 0);
	text_cell(out, counts ? "kernel" : "", counts ? -KERNEL : 0);
	fputc('\n', out);
}

static void put_stacks(FILE *out, const struct cells *all)
{
	struct anatomy *a = take(malloc((all->cells + 1) * sizeof *a));
	size_t n = collect(all, a);

	bool any = false;

	for (size_t i = 0; i < n; i++)
		any |= counted(&a[i]);
	for (size_t i = 0; i < n; i++) {
		if (!i)
			put_columns(out, any);
		put_stack(out, all, &a[i]);
	}
	free(a);
}

/* -- the splits: one creation, under other circumstances */

static int order_splits(const void *left, const void *right)
{
	const struct cell *const *a = left, *const *b = right;
	int order = strcmp((*a)->impl, (*b)->impl);

	return order ? order : strverscmp((*a)->points, (*b)->points);
}

/* "pages=huge/resident=4194304" as " huge 4 MiB", "alive=100" as " 100 alive". */
static void point_words(char *buffer, size_t size, const char *points)
{
	char copy[sizeof((struct cell *)NULL)->points], *rest = copy;
	size_t used = 0;

	snprintf(copy, sizeof copy, "%s", points);
	*buffer = '\0';
	for (char *key; (key = strsep(&rest, "/")) && used < size;) {
		char *value = strchr(key, '='), *end = value;
		unsigned long long number = value ? strtoull(value + 1, &end, 10) : 0;
		bool is_number = value && end > value + 1 && !*end;

		if (value)
			*value++ = '\0';
		if (is_number && number && number % (1 << 20) == 0)
			used += (size_t)snprintf(buffer + used, size - used, " %llu MiB", number >> 20);
		else
			used += (size_t)snprintf(buffer + used, size - used, " %s%s%s", value ? value : key,
				is_number ? " " : "", is_number ? key : "");
	}
}

static void put_split(FILE *out, const struct cell *c)
{
	static const char *const units[] = { "call-ns", "first-ns", "run-ns", "join-ns" };
	char number[TEXT_NUMBER + 2], points[LABEL], name[2 * LABEL], words[REASON];

	point_words(points, sizeof points, c->points);
	snprintf(name, sizeof name, "  %s%s", c->impl, points);
	if (!measured(c)) {
		text_cell(out, name, NAME - 1);
		fputc(' ', out);
		text_wrap(out, NAME, NAME + 2, cell_words(c, words, sizeof words));
		return;
	}
	text_cell(out, name, NAME);
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		double ns = cell_median(c, units[i]);

		text_cell(out, isnan(ns) ? "-" : signed_time(number, sizeof number, ns), -SPLIT);
	}
	text_cell(out, text_time(number, cell_median(c, "whole-ns")), -SPLIT);
	fputc('\n', out);
}

static void put_splits(FILE *out, const struct cells *all)
{
	static const char *const column[] = { "call", "first", "run", "join", "whole" };
	const struct cell **split = take(malloc((all->cells + 1) * sizeof *split));
	size_t n = 0;

	for (size_t i = 0; i < all->cells; i++)
		if (is_split(&all->cell[i]))
			split[n++] = &all->cell[i];
	qsort(split, n, sizeof *split, order_splits);
	for (size_t i = 0; i < n; i++) {
		if (!i) {
			fputc('\n', out);
			text_cell(out, "create, by its circumstances", NAME);
			for (size_t k = 0; k < sizeof column / sizeof *column; k++)
				text_cell(out, column[k], -SPLIT);
			fputc('\n', out);
		}
		put_split(out, split[i]);
	}
	free(split);
}

void anatomy_print(const struct cells *all, FILE *out)
{
	put_stacks(out, all);
	put_splits(out, all);
}

/* -- the picture's rows */

/* Seconds with an exponent, from an integer: printf's decimal point is the locale's. Nothing below nothing is drawn. */
static void put_seconds(FILE *out, double ns)
{
	long long femto = llround(fmax(ns, 0) * 1e6);

	if (isnan(ns)) {
		fputs("\tNaN", out);
		return;
	}
	fprintf(out, "\t%lld.%06llde-9", femto / 1000000, femto % 1000000);
}

size_t anatomy_rows(FILE *out, const struct cells *all)
{
	struct anatomy *a = take(malloc((all->cells + 1) * sizeof *a));
	size_t n = collect(all, a);

	fputs("label\tkind\tin and out of the kernel\targuments\tthe rest of the call\tuntil the other runs\tbody\t"
	      "end and join\tunexplained\ttotal\tlow\thigh\n",
		out);
	for (size_t i = 0; i < n; i++) {
		char name[64], label[100];

		snprintf(name, sizeof name, "%s %s", a[i].cell->impl, a[i].is_switch ? "switch" : "create");
		text_clean(label, sizeof label, name, 28);
		for (char *c = label; *c; c++)
			*c = *c == '"' ? '\'' : *c == '\\' ? '/' : *c; /* gnuplot takes both for more than text */
		fprintf(out, "%s\t%d", label, cells_impl(all, a[i].cell->impl)->ink);
		for (int p = 0; p < PARTS; p++)
			put_seconds(out, a[i].part[BY_TIME][p]);
		put_seconds(out, a[i].total - a[i].sum);
		put_seconds(out, a[i].total);
		put_seconds(out, a[i].whole ? a[i].whole->interval.low : NAN);
		put_seconds(out, a[i].whole ? a[i].whole->interval.high : NAN);
		fputc('\n', out);
	}
	free(a);
	return n;
}
