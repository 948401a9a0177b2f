// SPDX-License-Identifier: MIT
/* methods.txt, cite.bib and cells.csv: what a file says of how it was made, and all of its numbers. */
#include <math.h>
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

static void put_build(FILE *out, const struct record *r)
{
	say(out, r, "The contexts were compiled by ", "compiler", "");
	say(out, r, " (", "flags", ")");
	say(out, r, " against ", "libc", "");
	fputs(told(record_get(r, "compiler")) ? ". " : "", out);
	say(out, r, "The clock was ", "clock", "");
	say(out, r, ", a read of which takes ", "clock.read-ns", " ns");
	fputs(told(record_get(r, "clock")) ? ". " : "", out);
}

static void put_trials(FILE *out, const struct record *r)
{
	const char *seed = record_get(r, "seed"), *counters = record_get(r, "counters");

	say(out, r, "Each cell was measured in ", "trials", " fresh processes");
	if (told(record_get(r, "trials")) && told(seed))
		fprintf(out, ", interleaved in a random order (seed %s)", seed);
	say(out, r, ", of ", "samples", " samples each");
	say(out, r, ", each of at least ", "sample-ns", " ns");
	fputs(told(record_get(r, "trials")) ? ". " : "", out);
	say(out, r, "The CPUs used were ", "cpus-used", ". ");
	if (told(counters))
		fprintf(out, "Counted, in passes of their own: %s. ", counters);
	say(out, r, "Hardware counters: ", "pmu", ". ");
}

void paper_method(FILE *out, const struct record *r)
{
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
	put_trials(out, r);
	if (record_is(r, "method", "1"))
		fputs("A sample is the time of n turns of a loop less that of none, divided by n; a trial is the "
		      "median of "
		      "its samples, a cell the median of its trials, with the exact order-statistic interval of 95 %. "
		      "What "
		      "the kernel counted in the same processes was held against what each cell claims; cells that did "
		      "not agree are invalid and in no table or figure.",
			out);
	if (!record_is(r, "complete", "yes"))
		fputs(" The run was stopped before its end.", out);
}

void paper_methods(FILE *out, const struct sources *s)
{
	for (size_t i = 0; i < s->files; i++) {
		if (s->files > 1)
			fprintf(out, "%s%c. ", i ? "\n" : "", (char)('A' + i));
		paper_method(out, s->cells[i]->record);
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

static void bib_field(FILE *out, const char *name, const char *before, const char *value)
{
	fprintf(out, "  %s = {%s", name, before);
	bib_put(out, value);
	fputs("},\n", out);
}

/* "2026" and "11" of "2026-11-25T15:18:08Z"; nothing of what is no date. */
static void bib_date(FILE *out, const char *date)
{
	int year, month;

	if (date && sscanf(date, "%4d-%2d-", &year, &month) == 2 && year > 1990 && month >= 1 && month <= 12)
		fprintf(out, "  year = {%04d},\n  month = {%d},\n", year, month);
}

static void bib_file(FILE *out, const struct record *r, size_t number)
{
	const char *host = record_get(r, "host"), *date = record_get(r, "date"), *revision = record_get(r, "revision");
	char machine[600];

	fprintf(out, "\n@misc{ctxbench-result-%c,\n", (char)('a' + number));
	fputs("  author = {{The ctxbench authors}},\n", out);
	bib_field(out, "title", "Context switches measured on ", machine_words(r, machine, sizeof machine));
	bib_date(out, date);
	fputs("  note = {Result file of ctxbench", out);
	if (told(revision))
		fputs(", revision ", out);
	bib_put(out, told(revision) ? revision : "");
	fputs("; host ", out);
	bib_put(out, told(host) ? host : "unknown");
	fputs("; ", out);
	bib_put(out, told(date) ? date : "no date");
	fputs("}\n}\n", out);
}

void paper_cite(FILE *out, const struct sources *s)
{
	const struct record *first = s->cells[0]->record;
	const char *version = record_get(first, "version");

	fputs("% SPDX-License-Identifier: MIT\n"
	      "@misc{ctxbench,\n"
	      "  author = {{The ctxbench authors}},\n"
	      "  title = {{ctxbench}: what a context switch costs, from process to coroutine},\n",
		out);
	bib_date(out, record_get(first, "date"));
	fputs("  note = {Software, version ", out);
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
