// SPDX-License-Identifier: MIT
/* methods.txt, cite.bib and cells.csv: what a file says of how it was made, and all of its numbers. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../analyse/text.h"
#include "markup.h"
#include "paper.h"

static bool told(const char *value)
{
	return value && *value && strcmp(value, "unknown") && strcmp(value, "none");
}

/* `before` value `after`, where the file tells it. */
static bool say(FILE *out, const struct record *r, const char *before, const char *key, const char *after)
{
	const char *value = record_get(r, key);

	if (told(value))
		fprintf(out, "%s%s%s", before, value, after);
	return told(value);
}

/* A time of the file's as a person writes it: "1 ms" of 1000000. */
static bool say_time(FILE *out, const struct record *r, const char *before, const char *key, const char *after)
{
	const char *value = record_get(r, key);
	char number[TEXT_NUMBER], *unit, *end;
	double ns = told(value) ? strtod(value, &end) : 0;

	if (!(ns > 0) || !isfinite(ns) || *end)
		return say(out, r, before, key, *after ? after : " ns");
	unit = strchr(text_time(number, ns), ' ');
	for (end = unit; memchr(number, '.', (size_t)(end - number)) && (end[-1] == '0' || end[-1] == '.'); end--)
		;
	fprintf(out, "%s%.*s%s%s", before, (int)(end - number), number, unit, after);
	return true;
}

/* -- methods */

static void put_machine(FILE *out, const struct record *r)
{
	const char *cpu = record_get(r, "cpu");

	fprintf(out, "The machine was %s", told(cpu) ? cpu : "one that the file does not name");
	say(out, r, " (microcode ", "microcode", ")");
	say(out, r, ", with ", "topology", "");
	say(out, r, ", caches ", "caches", "");
	if (told(record_get(r, "hypervisor")))
		say(out, r, ", a guest of ", "hypervisor", "");
	if (record_is(r, "emulated", "yes"))
		fputs(", and EMULATED, so that its times are no machine's", out);
	fputs(". ", out);
	say(out, r, "It ran Linux ", "kernel", "");
	say(out, r, " (", "os", ")");
	say(out, r, ", preemption ", "preemption", "");
	say(out, r, ", HZ ", "hz", "");
	say(out, r, ", scheduler ", "scheduler", "");
	say(out, r, ", frequency governor ", "frequency.governor", "");
	say(out, r, ", idle governor ", "idle.governor", "");
	fputs(". ", out);
	say(out, r, "Of the kernel's command line: ", "cmdline", ". ");
}

/* What is guarded against, and what is not; that a CPU is not affected needs no words. */
static void put_mitigations(FILE *out, const struct record *r)
{
	static const char prefix[] = "mitigations.", unaffected[] = "Not affected";
	const char *before = "Mitigations: ";
	bool any = false;

	for (size_t i = 0; i < r->keys; i++) {
		const struct record_key *k = &r->key[i];

		any |= !strncmp(k->key, prefix, sizeof prefix - 1);
		if (strncmp(k->key, prefix, sizeof prefix - 1) || !strcmp(k->value, unaffected))
			continue;
		fprintf(out, "%s%s (%s)", before, k->key + sizeof prefix - 1, k->value);
		before = ", ";
	}
	if (any)
		fputs(*before == ',' ? ". "
				     : "By what the kernel tells, the CPU is affected by none of the known "
				       "vulnerabilities. ",
			out);
	say(out, r, "Page-table isolation: ", "pti", ". ");
}

/* Which warnings were on is nothing that was measured; -Wl, and -Wa, reach the linker and the assembler. */
static void put_flags(FILE *out, const char *flags)
{
	const char *before = " (";

	for (size_t n; told(flags) && *flags; flags += n) {
		flags += strspn(flags, " ");
		n = strcspn(flags, " ");
		if (!n || (!strncmp(flags, "-W", 2) && strncmp(flags + 2, "l,", 2) && strncmp(flags + 2, "a,", 2)))
			continue;
		fprintf(out, "%s%.*s", before, (int)n, flags);
		before = " ";
	}
	fputs(before[1] ? "" : ")", out);
}

static void put_build(FILE *out, const struct record *r)
{
	say(out, r, "The contexts were compiled by ", "compiler", "");
	put_flags(out, record_get(r, "flags"));
	say(out, r, " against ", "libc", "");
	fputs(told(record_get(r, "compiler")) ? ". " : "", out);
	say(out, r, "The clock was ", "clock", "");
	say_time(out, r, ", a read of which takes ", "clock.read-ns", "");
	fputs(told(record_get(r, "clock")) ? ". " : "", out);
}

/* As many as most cells have; of equally many the larger. 0 where no cell is valid. */
static size_t trials_mostly(const struct cells *all)
{
	size_t best = 0, cells_of_best = 0;

	for (size_t i = 0; i < all->cells; i++) {
		size_t n = all->cell[i].n, same = 0;

		for (size_t k = 0; k < all->cells; k++)
			same += all->cell[k].state == CELL_VALID && all->cell[k].n == n;
		if (all->cell[i].state == CELL_VALID && (same > cells_of_best || (same == cells_of_best && n > best))) {
			best = n;
			cells_of_best = same;
		}
	}
	return best;
}

/* "memory in 3" where the bench of this cell, its first valid one, has others than most. */
static bool put_other_trials(FILE *out, const struct cells *all, size_t cell, size_t mostly, const char *before)
{
	const char *bench = all->cell[cell].bench;
	size_t least = SIZE_MAX, most = 0;

	for (size_t i = 0; i < all->cells; i++) {
		const struct cell *c = &all->cell[i];

		if (c->state != CELL_VALID || strcmp(c->bench, bench))
			continue;
		if (i < cell)
			return false;
		least = c->n < least ? c->n : least;
		most = c->n > most ? c->n : most;
	}
	if (all->cell[cell].state != CELL_VALID || (least == mostly && most == mostly))
		return false;
	fprintf(out, "%s%s in %zu", before, bench, least);
	if (least < most)
		fprintf(out, " to %zu", most);
	return true;
}

/* By the lines themselves: some benches have fewer than the file was asked for. */
static bool put_processes(FILE *out, const struct cells *all)
{
	size_t mostly = trials_mostly(all);
	const char *before = " (";

	if (!mostly)
		return false;
	fprintf(out, "Each cell was measured in %zu fresh process%s", mostly, mostly > 1 ? "es" : "");
	for (size_t i = 0; i < all->cells; i++)
		if (put_other_trials(out, all, i, mostly, before))
			before = ", ";
	fputs(*before == ',' ? ")" : "", out);
	return true;
}

static void put_trials(FILE *out, const struct cells *all)
{
	const struct record *r = all->record;
	const char *seed = record_get(r, "seed"), *counters = record_get(r, "counters");

	if (put_processes(out, all)) {
		if (told(seed))
			fprintf(out, ", interleaved in a random order (seed %s)", seed);
		say(out, r, ", of ", "samples", " samples each");
		say_time(out, r, ", each of at least ", "sample-ns", "");
		fputs(". ", out);
	}
	say(out, r, "The CPUs used were ", "cpus-used", ". ");
	if (told(counters))
		fprintf(out, "Counted, in passes of their own: %s. ", counters);
	say(out, r, "Hardware counters: ", "pmu", ". ");
}

void paper_method(FILE *out, const struct cells *all)
{
	const struct record *r = all->record;

	fputs("Measured with ctxbench", out);
	say(out, r, " ", "version", "");
	say(out, r, " (revision ", "revision", ")");
	say(out, r, ", method ", "method", "");
	say(out, r, ", on ", "date", "");
	say(out, r, ", host ", "host", "");
	fputs(". ", out);
	put_machine(out, r);
	put_mitigations(out, r);
	put_build(out, r);
	put_trials(out, all);
	if (record_is(r, "method", "1"))
		fputs("A sample is the time of n turns of a loop less that of none, divided by n; a trial is the "
		      "median of its samples, a cell the median of its trials, with the exact order-statistic interval "
		      "of 95 %, or the range of its trials where they are fewer than six. What the kernel counted in "
		      "the same processes was held against what each cell claims; cells that did not agree are "
		      "invalid and in no table or figure.",
			out);
	if (!record_is(r, "complete", "yes"))
		fputs(" The run was stopped before its end.", out);
}

void paper_methods(FILE *out, const struct sources *s)
{
	for (size_t i = 0; i < s->files; i++) {
		if (s->files > 1)
			fprintf(out, "%s%c. ", i ? "\n" : "", (char)('A' + i));
		paper_method(out, s->cells[i]);
		fputc('\n', out);
	}
}

/* -- cite */

/* BibTeX counts braces, those too that TeX would not. */
static void bib_put(FILE *out, const char *text)
{
	char *copy = take(strdup(text));

	for (char *c = copy; *c; c++)
		*c = *c == '{' ? '(' : *c == '}' ? ')' : *c == '\\' ? '/' : *c;
	tex_put(out, copy);
	free(copy);
}

/* Of what is no date, nothing. The month is one of BibTeX's own words, in whose language it is then printed. */
static void bib_date(FILE *out, const char *date)
{
	static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	int year, month;

	if (date && sscanf(date, "%4d-%2d-", &year, &month) == 2 && year > 1990 && month >= 1 && month <= 12)
		fprintf(out, "  year = {%04d},\n  month = %.3s,\n", year, months + 3 * (month - 1));
}

/* Who measured is not in the file: there is no author, and what it is sorted by is the host. The date is in the title,
 * for two files of one machine. */
static void bib_file(FILE *out, const struct record *r, size_t number)
{
	const char *host = record_get(r, "host"), *date = record_get(r, "date"), *revision = record_get(r, "revision");
	char machine[600];

	fprintf(out, "\n@misc{ctxbench-result-%c,\n  key = {", (char)('a' + number));
	bib_put(out, told(host) ? host : "ctxbench");
	fputs("},\n  title = {{Context switches measured on ", out);
	bib_put(out, machine_words(r, machine, sizeof machine));
	fputs(told(date) ? ", " : "", out);
	bib_put(out, told(date) ? date : "");
	fputs("}},\n", out);
	bib_date(out, date);
	fputs("  note = {Result file of ctxbench", out);
	if (told(revision))
		fputs(", revision ", out);
	bib_put(out, told(revision) ? revision : "");
	fputs("; host ", out);
	bib_put(out, told(host) ? host : "unknown");
	fputs("}\n}\n", out);
}

/* The program's title is that of CITATION.cff, and the version the one that measured. */
void paper_cite(FILE *out, const struct sources *s)
{
	const char *version = record_get(s->cells[0]->record, "version");

	fputs("% SPDX-License-Identifier: MIT\n"
	      "@misc{ctxbench,\n"
	      "  author = {{The ctxbench authors}},\n"
	      "  title = {{ctxbench: what a context switch costs, from process to coroutine}},\n"
	      "  note = {Software, version ",
		out);
	bib_put(out, told(version) ? version : "unknown");
	fputs("}\n}\n", out);
	for (size_t i = 0; i < s->files; i++)
		bib_file(out, s->cells[i]->record, i);
}

/* -- every cell */

static void csv_number(FILE *out, double x)
{
	char text[TEXT_NUMBER];

	fputc(',', out);
	if (isfinite(x))
		fputs(text_fixed(text, x, fabs(x) < 1e6 && x != round(x) ? 6 : 0), out);
}

static void csv_words(FILE *out, const char *text)
{
	fputc(',', out);
	csv_put(out, text ? text : "");
}

static void csv_cell(FILE *out, const struct cell *c, size_t file)
{
	static const char *const state[] = { "valid", "invalid", "not measured" };
	bool one = c->state == CELL_VALID && !c->second;
	const char *why = c->state != CELL_VALID ? c->reason : c->second ? "its trials fall into two groups" : "";

	fprintf(out, "%zu", file + 1);
	csv_words(out, c->bench);
	csv_words(out, c->impl);
	csv_words(out, c->wait);
	csv_words(out, c->policy);
	csv_words(out, c->place);
	csv_words(out, c->points);
	csv_words(out, state[c->state]);
	csv_words(out, c->unit);
	csv_number(out, c->state == CELL_VALID ? (double)c->n : NAN);
	csv_number(out, one ? c->median : NAN);
	csv_number(out, one ? c->interval.low : NAN);
	csv_number(out, one ? c->interval.high : NAN);
	csv_number(out, one ? c->interval.coverage : NAN);
	csv_number(out, c->state == CELL_VALID ? c->least : NAN);
	csv_number(out, c->state == CELL_VALID ? cell_median(c, "ops") : NAN);
	csv_number(out, c->state == CELL_VALID ? cell_median(c, "switches/op") : NAN);
	csv_number(out, c->state == CELL_VALID ? cell_median(c, "syscalls/op") : NAN);
	csv_words(out, why);
	fputc('\n', out);
}

void paper_cells(FILE *out, const struct sources *s)
{
	fputs("file,bench,impl,wait,policy,place,points,state,unit,trials,median_ns,low_ns,high_ns,coverage,least_ns,"
	      "ops,switches_per_op,syscalls_per_op,reason\n",
		out);
	for (size_t i = 0; i < s->files; i++)
		for (size_t c = 0; c < s->cells[i]->cells; c++)
			csv_cell(out, &s->cells[i]->cell[c], i);
}
