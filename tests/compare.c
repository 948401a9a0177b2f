// SPDX-License-Identifier: MIT
/* Which files make which side, what may not be compared, and what is said of each cell. */
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "../harness/compare/compare.h"
#include "../harness/compare/layout.h"
#include "../harness/compare/sameness.h"
#include "../harness/compare/verdict.h"
#include "tap.h"

#define ONE_CPU "/policy=batch/place=same-pu"
#define LWP "Switch/impl=lwp/wait=futex" ONE_CPU
#define PTHREAD "Switch/impl=pthread/wait=futex" ONE_CPU
#define NULL_SWITCH "Switch/impl=null/wait=none" ONE_CPU
#define NULL_CALL "Syscall/impl=null/wait=none" ONE_CPU "/call=null"

static char error[600];

/* -- records */

static struct record *machine(const char *kernel)
{
	struct record *r = record_new();

	record_set(r, "complete", "yes");
	record_set(r, "method", "1");
	record_set(r, "host", "n1");
	record_set(r, "kernel", kernel);
	record_set(r, "revision", "0123456789ab");
	record_set(r, "emulated", "no");
	record_set(r, "impl.null", "floor; a procedure call");
	record_set(r, "impl.lwp", "lwp; raw clone");
	return r;
}

/* `n` trials, all different, about `centre`. */
static void add_in(struct record *r, const char *name, double centre, size_t n, const char *unit)
{
	for (size_t i = 0; i < n; i++) {
		struct record_line *line = record_line(r, RECORD_BENCHMARK, name, 65536, NULL);

		record_value(line, centre * (1 + 0.001 * (double)(i * 7 % n) + 0.0001 * (double)i), unit);
		record_value(line, centre, "min-ns");
		record_value(line, 2, "ops");
		record_value(line, 0.5, "add-ns");
	}
}

static void add(struct record *r, const char *name, double centre, size_t n)
{
	add_in(r, name, centre, n, !strncmp(name, "Switch", 6) ? "ns/switch" : "ns/op");
}

static struct record *simple(const char *kernel, double lwp, double pthread)
{
	struct record *r = machine(kernel);

	add(r, LWP, lwp, 6);
	add(r, PTHREAD, pthread, 6);
	return r;
}

static void free_all(struct record **file, size_t n)
{
	for (size_t i = 0; i < n; i++)
		record_free(file[i]);
}

/* -- sides */

static bool make(struct sides *s, struct record **file, size_t n, const char *by, const char *base)
{
	*error = '\0';
	return !sides_make(s, file, n, by, base, error, sizeof error);
}

static void two_are_two(void)
{
	struct record *file[] = { simple("6.1", 1000, 1100), simple("6.1", 1000, 1100) };
	struct sides s;

	ok(make(&s, file, 2, NULL, NULL), "two files");
	is_int((long long)s.sides, 2, "of one machine are two sides");
	is_string(s.side[1].letter, "B", "A and B");
	is_int((long long)side_find(&s.side[0], LWP)->n, 6, "with all trials of a cell");
	ok(!side_find(&s.side[0], "Switch/impl=lwp"), "which is found by its whole name only");
	sides_free(&s);
	free_all(file, 2);
}

static void same_ones_merge(void)
{
	struct record *file[] = { simple("6.1", 1000, 1100), simple("6.2", 1300, 1500), simple("6.1", 1010, 1110),
		simple("6.1", 1040, 1140) };
	struct sides s;

	record_set(file[2], "date", "another");
	record_set(file[2], "seed", "77");
	record_refuse(file[3], PTHREAD, "it hung");
	ok(make(&s, file, 4, NULL, NULL), "four files");
	is_int((long long)s.sides, 2, "of two kernels are two sides");
	is_int((long long)s.side[0].files, 3, "what each run has of its own sets none apart");
	const struct side_cell *c = side_find(&s.side[0], LWP);
	is_int((long long)c->n, 18, "each file's trials count");
	is_int((long long)c->files, 3, "of three files");
	ok(c->interval.low < 1000 && c->interval.high > 1045, "and what they differ by is in the interval: %g to %g",
		c->interval.low, c->interval.high);
	c = side_find(&s.side[0], PTHREAD);
	ok(c->files == 2 && c->left_out == 1 && c->n == 12,
		"a file in which the cell is invalid is left out of it, counted");
	sides_free(&s);
	free_all(file, 4);
}

static void sides_by_keys(void)
{
	struct record *file[] = { simple("6.1", 1000, 1100), simple("6.2", 1300, 1500), simple("6.1", 1010, 1110) };
	struct sides s;

	record_set(file[0], "path", "x");
	record_set(file[2], "smt", "on");
	ok(make(&s, file, 3, NULL, NULL) && s.sides == 3, "another setting is another side");
	sides_free(&s);
	ok(make(&s, file, 3, "kernel", "6.2") && s.sides == 2 && s.base == 1,
		"unless kernels make them; a value names the base");
	is_string(s.side[0].label, "6.1", "a side is called by its value");
	size_t n;
	struct sameness_key *key = sameness_keys(&s, &n);
	bool varies = false;
	for (size_t i = 0; i < n; i++)
		varies |= !strcmp(key[i].key, "smt") && key[i].inside == 1;
	ok(varies, "and what varies inside it is known");
	free(key);
	sides_free(&s);
	ok(make(&s, file, 3, "kernel,smt", NULL) && s.sides == 3, "two keys");
	is_string(s.side[0].label, "6.1, (absent)", "of which one is absent");
	sides_free(&s);
	ok(make(&s, file, 3, "file", "C") && s.sides == 3 && s.base == 2, "each file one, the base by its letter");
	sides_free(&s);
	ok(!make(&s, file, 3, NULL, "Z") && strstr(error, "--base Z: no side is called so; expected A to C"),
		"no such base: %s", error);
	free_all(file, 3);
}

static void too_many(void)
{
	struct record *file[9];
	struct sides s;
	char kernel[16];

	for (size_t i = 0; i < 9; i++) {
		snprintf(kernel, sizeof kernel, "6.%zu", i);
		file[i] = simple(kernel, 1000, 1000);
	}
	ok(make(&s, file, 8, NULL, NULL) && s.sides == SIDES_MOST, "eight sides");
	sides_free(&s);
	ok(!make(&s, file, 9, NULL, NULL) && strstr(error, "9 sides: at most 8"), "nine are said: %s", error);
	is_int((long long)sides_count(file, 9, NULL), 9, "and can be counted before");
	free_all(file, 9);
}

static void sides_of_a_part(void)
{
	struct record *file[] = { simple("6.1", 1000, 1500) };
	struct sides s;

	add(file[0], "Wake/impl=lwp/wait=futex/policy=batch/place=same-llc", 5000, 6);
	ok(make(&s, file, 1, NULL, NULL) && !sides_split(&s, "impl", "pthread", error, sizeof error),
		"a part of the names");
	ok(s.sides == 2 && s.base == 1 && !strcmp(s.side[0].label, "lwp"), "has its values for sides");
	struct matrix *c = matrix_make(&s, false);
	is_int((long long)c->rows, 2, "a name without it is a row");
	is_string(c->row[0].name, "Switch/impl=*/wait=futex" ONE_CPU, "whose name says so");
	is_double(c->row[0].verdict[0].ratio, 1000.0 / 1500, 1e-3, "held against the base");
	is_int(c->row[1].verdict[0].outcome, OUTCOME_ONE_SIDED, "what only one has is one-sided");
	matrix_free(c);
	sides_free(&s);
	ok(make(&s, file, 1, NULL, NULL) && sides_split(&s, "colour", NULL, error, sizeof error) &&
			strstr(error, "no cell has such a part"),
		"no such part: %s", error);
	ok(sides_split(&s, "policy", NULL, error, sizeof error) && strstr(error, "every cell has the same value"),
		"nor one of a single value: %s", error);
	ok(s.sides == 1 && side_find(&s.side[0], LWP), "then nothing has changed");
	sides_free(&s);
	free_all(file, 1);
}

static void one_run_once(void)
{
	struct record *file[] = { simple("6.1", 1000, 1100), simple("6.2", 1000, 1100), simple("6.1", 1000, 1100) };
	struct sides s;

	for (size_t i = 0; i < 3; i += 2) {
		record_set(file[i], "date", "2026-11-25T13:51:34Z");
		record_set(file[i], "seed", "5");
	}
	ok(!make(&s, file, 3, NULL, NULL) && strstr(error, "are the same run"), "a run counts once in a side: %s",
		error);
	ok(make(&s, file, 3, "file", NULL), "but may be held against itself");
	sides_free(&s);
	free_all(file, 3);
}

/* What a boot has in common is no trial's: 3 files against 3 whose boots differ by more than the sides do. */
static void boots_differ(void)
{
	static const double centre[] = { 1000, 1100, 1050, 1020, 1130, 1080 };
	struct record *file[6];
	struct sides s;

	for (size_t i = 0; i < 6; i++)
		file[i] = simple(i < 3 ? "6.1" : "6.2", centre[i], 1000);
	make(&s, file, 6, "kernel", NULL);
	struct matrix *c = matrix_make(&s, false);
	const struct verdict *v = &c->row[0].verdict[1];
	ok(v->outcome == OUTCOME_ALIKE && v->interval.low < 1 && v->interval.high > 1, "is not told apart: %g to %g",
		v->interval.low, v->interval.high);
	is_double(v->p, stats_between_p(centre, 3, centre + 3, 3), 1e-6, "p is that of the files");
	ok(v->least > 0.05, "and a difference would have had to be larger: %g", v->least);
	matrix_free(c);
	sides_free(&s);
	free_all(file, 6);
}

/* -- sameness */

static void first_reason(const char *why, void *to)
{
	if (!*(char *)to)
		snprintf(to, 600, "%s", why);
}

static void refused(struct record *a, struct record *b, const char *why)
{
	struct record *file[] = { a, b };
	struct sides s;
	char said[600] = "";

	ok(make(&s, file, 2, "file", NULL), "two sides of which");
	sameness_refusals(&s, first_reason, said);
	is_string(said, why, why ? "%s" : "nothing is refused", why);
	sides_free(&s);
	free_all(file, 2);
}

static struct record *with(const char *key, const char *value)
{
	struct record *r = simple("6.1", 1000, 1100);

	record_set(r, key, value);
	return r;
}

static struct record *per_pair(void)
{
	struct record *r = machine("6.1");

	add_in(r, LWP, 2000, 6, "ns/pair");
	return r;
}

static void refusals(void)
{
	refused(with("seed", "1"), with("seed", "2"), "");
	refused(with("method", "1"), with("method", "2"), "method 1 in A and 2 in B: they did not measure the same");
	refused(with("emulated", "yes"), with("emulated", "no"), "A's CPU is emulated and B's is real");
	refused(with("complete", "yes"), with("complete", "no"), "A is complete and B is incomplete");
	refused(with("complete", "no"), with("complete", "no"), "");
	refused(with("revision", "abc-dirty"), with("revision", "unknown"), "");
	refused(simple("6.1", 1000, 1100), per_pair(), LWP " is in ns/switch in A and in ns/pair in B");
}

static void notes(void)
{
	struct record *file[] = { with("revision", "abc-dirty"), with("revision", "unknown") };
	struct sides s;
	char said[600] = "";

	make(&s, file, 2, NULL, NULL);
	sameness_notes(&s, first_reason, said);
	ok(strstr(said, "A was built from sources that were changed"), "a dirty revision is only noted: %s", said);
	sides_free(&s);
	free_all(file, 2);
}

static void weights(void)
{
	ok(sameness_weight("mitigations.retbleed") < sameness_weight("kernel"),
		"a mitigation weighs more than its kernel");
	ok(sameness_weight("frequency.driver") < sameness_weight("flags"), "a frequency driver more than flags");
	is_int((long long)sameness_weight("nonsense"), SAMENESS_NONE, "an unknown key nothing");
	ok(sameness_sentence("pti") && !sameness_sentence("nonsense"), "and has no sentence");
	ok(sameness_own("not-counted.cycles:u") && sameness_own("clock.hz") && !sameness_own("clock"),
		"what a run has of its own");
}

/* Neighbouring values in two keys at once: what they add up to must not be the same. */
static void fingerprints(void)
{
	uint64_t seen[100];
	size_t twice = 0;
	char value[8];

	for (size_t i = 0; i < 100; i++) {
		struct record *r = machine("6.1");

		snprintf(value, sizeof value, "n%zu", i);
		record_set(r, "host", value);
		*value = 'f';
		record_set(r, "firmware", value);
		seen[i] = sameness_fingerprint(r);
		for (size_t k = 0; k < i; k++)
			twice += seen[k] == seen[i];
		record_free(r);
	}
	is_int((long long)twice, 0, "a hundred machines have a hundred fingerprints");
}

/* -- verdicts */

static void forced_units_are_words(void)
{
	struct record *file[] = { simple("6.1", 1000, 1100), per_pair() };
	struct sides s;

	make(&s, file, 2, NULL, NULL);
	struct matrix *c = matrix_make(&s, false);
	for (size_t k = 0; k < c->rows; k++)
		if (!strcmp(c->row[k].name, LWP))
			ok(c->row[k].verdict[1].outcome == OUTCOME_FOREIGN && isnan(c->row[k].verdict[1].ratio),
				"of other units there is no ratio, even forced");
	is_int((long long)c->tally[1].foreign, 1, "and they are counted");
	is_int((long long)c->common, 0, "and are in no mean");
	matrix_free(c);
	sides_free(&s);
	free_all(file, 2);
}

static void by_name(void)
{
	struct record *file[] = { simple("6.1", 1000, 2000), machine("6.2") };
	struct sides s;

	add(file[1], PTHREAD, 2200, 6); /* the other way round, and something before */
	add(file[1], "Create/impl=lwp/wait=none" ONE_CPU, 9000, 6);
	add(file[1], LWP, 1500, 6);
	record_line(file[0], RECORD_MISSING, "Create/impl=lwp/wait=none" ONE_CPU, 0, "no clone");
	make(&s, file, 2, NULL, NULL);
	struct matrix *c = matrix_make(&s, false);
	char words[300];
	is_int((long long)c->rows, 3, "every name once");
	is_double(c->row[0].verdict[1].ratio, 1.5, 1e-9, "an LWP against an LWP");
	is_double(c->row[1].verdict[1].ratio, 1.1, 1e-9, "a pthread against a pthread");
	is_int(c->row[2].verdict[1].outcome, OUTCOME_ONE_SIDED, "and what one lacks is one-sided");
	is_string(side_words(c->row[2].cell[0], words, sizeof words), "not measured: no clone", "in words");
	is_double(c->geomean[1], sqrt(1.5 * 1.1), 1e-9, "the mean is over the cells of both");
	is_int((long long)c->common, 2, "which are two");
	is_int((long long)(c->tally[1].slower + c->tally[1].alike + c->tally[1].one_sided), 3, "nothing is dropped");
	matrix_free(c);
	sides_free(&s);
	free_all(file, 2);
}

static void none_against_itself(void)
{
	struct record *file[] = { simple("6.1", 1000, 2000), simple("6.1", 1000, 2000) };
	struct sides s;

	make(&s, file, 2, NULL, NULL);
	struct matrix *c = matrix_make(&s, false);
	is_int((long long)c->tally[1].alike, 2, "a file against itself: no cell differs");
	ok(c->row[0].verdict[1].p == 1 && c->row[0].verdict[1].ratio == 1, "p is 1, the ratio is 1");
	ok(c->row[0].verdict[1].least > 0 && c->row[0].verdict[1].least < 0.02, "and what would have shown is told: %g",
		c->row[0].verdict[1].least);
	matrix_free(c);
	sides_free(&s);
	free_all(file, 2);
}

/* 6 against 6: p is 2/924 at least, and 0.05 / (2/924) = 23.1 */
static void holm(size_t cells, size_t pass)
{
	struct record *file[] = { machine("6.1"), machine("6.2") };
	struct sides s;
	char name[100];

	for (size_t i = 0; i < cells; i++) {
		snprintf(name, sizeof name, "Switch/impl=lwp%zu/wait=futex" ONE_CPU, i);
		add(file[0], name, 1000, 6);
		add(file[1], name, 2000, 6);
	}
	make(&s, file, 2, NULL, NULL);
	struct matrix *c = matrix_make(&s, true);
	is_int((long long)c->holm[1].can_pass, 23, "6 trials against 6: 23 cells can pass");
	is_int((long long)c->holm[1].pass, (long long)pass, "of %zu pass", cells);
	is_int((long long)c->tally[1].slower, (long long)pass, "and only they differ");
	is_int((long long)c->holm[1].would_do, cells > 23 ? 7 : 6, "how many trials would do");
	ok(c->row[0].verdict[1].corrected == !pass, "what the correction took is marked");
	/* p.adjust(rep(2/choose(12, 6), cells), "holm")[1] */
	is_double(c->row[0].verdict[1].p, (double)cells * 2 / 924, 1e-12, "p is the corrected one");
	matrix_free(c);
	sides_free(&s);
	free_all(file, 2);
}

/* -- normalised */

static struct record *scaled(double factor)
{
	struct record *r = simple("6.1", 1000 * factor, 1100 * factor);

	add(r, NULL_SWITCH, 2 * factor, 6);
	add(r, NULL_CALL, 100 * factor, 6);
	return r;
}

static void multiples(const char *per, double of, const char *unit)
{
	struct record *file[] = { scaled(1), scaled(2) };
	struct sides s;
	bool cycle = !strcmp(per, "cycle");

	make(&s, file, 2, NULL, NULL);
	ok(!sides_normalise(&s, per, error, sizeof error), "--per %s", per);
	is_string(s.unit, unit, "its unit");
	struct matrix *c = matrix_make(&s, false);
	is_double(c->row[0].cell[0]->median, c->row[0].cell[0]->cell->median / of, 5 / of, "a switch in it");
	is_double(c->row[0].verdict[1].ratio, cycle ? 2 : 1, 1e-9, "of a machine that is half as fast");
	matrix_free(c);
	sides_free(&s);
	free_all(file, 2);
}

static void no_unit(void)
{
	struct record *file[] = { scaled(1), simple("6.2", 1, 1) };
	struct sides s;

	make(&s, file, 2, NULL, NULL);
	ok(sides_normalise(&s, "call", error, sizeof error) && strstr(error, "--per call: B"), "no floor: %s", error);
	ok(side_find(&s.side[0], LWP)->median > 900, "and nothing has been divided");
	ok(sides_normalise(&s, "hour", error, sizeof error) && strstr(error, "call, cycle or syscall"), "%s", error);
	sides_free(&s);
	free_all(file, 2);
}

/* -- filters, rows and columns */

static void some_cells(void)
{
	struct record *file[] = { scaled(1), scaled(2) };
	struct sides s;

	make(&s, file, 2, NULL, NULL);
	ok(!sides_only(&s, "kind=lwp", error, sizeof error) && s.side[0].size == 1, "cells of a kind");
	ok(sides_only(&s, "impl=nobody", error, sizeof error) && strstr(error, "no cell of these files matches"), "%s",
		error);
	sides_free(&s);
	make(&s, file, 2, NULL, NULL);
	ok(sides_only(&s, "colour=red", error, sizeof error) && strstr(error, "unknown key 'colour'"), "%s", error);
	ok(!sides_only(&s, "call=null", error, sizeof error) && s.side[1].size == 1, "a bench's own part");
	sides_free(&s);
	free_all(file, 2);
}

static void rows_and_columns(void)
{
	struct record *file[] = { scaled(1), scaled(2) };
	struct sides s;
	char section[300];

	make(&s, file, 2, NULL, NULL);
	struct matrix *c = matrix_make(&s, false);
	ok(layout_rows(c, "colour", NULL, error, sizeof error) && strstr(error, "no cell has the part 'colour'"), "%s",
		error);
	ok(!layout_rows(c, "impl", NULL, error, sizeof error), "rows by impl");
	is_string(c->row[0].label, "lwp", "are called by it");
	is_string(row_section(&c->row[0], section, sizeof section),
		"switch wait=futex policy=batch place=same-pu, ns/switch", "and all other parts head the section");
	is_int((long long)c->rows, 4, "none is lost");
	struct grid *g = grid_make(c, "impl", error, sizeof error);
	size_t placed = 0;
	for (size_t k = 0; g && k < g->rows; k++)
		for (size_t v = 0; v < g->values; v++)
			placed += g->row[k].at[v] != NULL;
	is_int((long long)placed, 4, "nor in columns");
	is_int((long long)g->rows, 3, "lwp and pthread are in one row");
	grid_free(g);
	ok(!grid_make(c, "colour", error, sizeof error), "%s", error);
	matrix_free(c);
	sides_free(&s);
	free_all(file, 2);
}

int main(void)
{
	two_are_two();
	same_ones_merge();
	sides_by_keys();
	one_run_once();
	boots_differ();
	too_many();
	sides_of_a_part();
	refusals();
	notes();
	weights();
	fingerprints();
	forced_units_are_words();
	by_name();
	none_against_itself();
	holm(23, 23);
	holm(24, 0);
	multiples("call", 2, "calls");
	multiples("cycle", 0.5, "cycles");
	multiples("syscall", 100, "null calls");
	no_unit();
	some_cells();
	rows_and_columns();
	return done();
}
