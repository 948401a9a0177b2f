// SPDX-License-Identifier: MIT
/* What the timeline makes of moments, and the table and the picture of parts: they sum to the whole, and what they
 * leave is told as it is. */
#include <sys/stat.h>
#include <unistd.h>

#include "../bench/probes/anatomy/timeline.h"
#include "../harness/analyse/analyse.h"
#include "../harness/analyse/anatomy.h"
#include "../harness/analyse/text.h"
#include "drawing.h"
#include "tap.h"

/* -- a clock that each read moves on by so much and nothing else does */
enum { READ = 7 };
static uint64_t moment;

uint64_t clock_read(const struct clock_facts *c)
{
	(void)c;
	return moment += READ;
}

static const double one_each[TIMELINE_PARTS] = { 1, 1, 1, 1 };
static struct timeline t;
static double value[TIMELINE_PARTS + 2];

static double sum_of_parts(void)
{
	return value[0] + value[1] + value[2] + value[3];
}

static void test_one_turn(void)
{
	timeline_begin(&t, NULL);
	is_double(t.read, READ, 0, "what a read takes is found");
	timeline_add(&t, (uint64_t[]){ 1000, 1107, 1314, 1321, 1728 }, one_each, 1);
	timeline_tell(&t, value);
	is_double(value[0], 100, 0, "a part is what lies between two moments, less one read");
	is_double(value[1], 200, 0, "so is the next");
	is_double(value[2], 0, 0, "what holds nothing but a read is nothing");
	is_double(value[3], 400, 0, "and the last");
	is_double(value[4], 700, 0, "the whole is less all reads");
	is_double(sum_of_parts(), value[4], 0, "the parts are the whole");
	is_double(value[5], 0, 0, "nobody was early");
}

static void test_early(void)
{
	timeline_begin(&t, NULL);
	timeline_add(&t, (uint64_t[]){ 1000, 1500, 1200, 1210, 1600 }, one_each, 1);
	timeline_add(&t, (uint64_t[]){ 2000, 2100, 2200, 2210, 2600 }, one_each, 1);
	timeline_tell(&t, value);
	is_double(value[5], 50, 0, "one of two was ahead of the call that made it");
	timeline_add(&t, (uint64_t[]){ 1000, 1500, 1200, 1210, 1600 }, one_each, 1);
	timeline_tell(&t, value);
	ok(value[1] == -307, "a part that was overtaken is negative, not enormous: %g", value[1]);
	is_double(sum_of_parts(), value[4], 0, "and the parts are the whole all the same");
}

static void test_batch(void)
{
	static const double reads[TIMELINE_PARTS] = { 1, 1, 19, 1 };

	timeline_begin(&t, NULL);
	timeline_add(&t, (uint64_t[]){ 0, 1007, 1107, 3240, 3347 }, reads, 10);
	timeline_tell(&t, value);
	is_double(value[0], 100, 1e-9, "of a batch each part is of one");
	is_double(value[2], 200, 1e-9, "less the reads that lie in it");
	is_double(sum_of_parts(), value[4], 1e-9, "the parts are the whole");
}

static void test_many(void)
{
	timeline_begin(&t, NULL);
	timeline_tell(&t, value);
	ok(isnan(value[0]) && isnan(value[4]) && isnan(value[5]), "without a turn nothing is told");
	for (uint64_t i = 0; i < 3 * TIMELINE_KEPT; i++)
		timeline_add(&t,
			(uint64_t[]){ 0, 100 + READ, 200 + 2 * READ, 300 + 3 * READ, (i % 4 ? 400 : 90000) + 4 * READ },
			one_each, 1);
	is_int((long long)t.turns, 3 * TIMELINE_KEPT, "more turns than are kept");
	timeline_tell(&t, value);
	is_double(value[3], 100, 0, "one in four that was disturbed moves no median");
	is_int((long long)t.turns, 0, "what was told is told once");
}

/* -- the table */
#define ONE_CPU "/policy=batch/place=same-pu"

static void add_time(struct record *r, const char *name, double ns, const char *unit, double ops)
{
	struct record_line *line = record_line(r, RECORD_BENCHMARK, name, 100, NULL);

	record_value(line, ns, unit);
	record_value(line, ns, "min-ns");
	record_value(line, ops, "ops");
	record_value(line, 2, "linear");
}

static void add_creation(struct record *r, const char *name, double call, double first, double join)
{
	struct record_line *line = record_line(r, RECORD_BENCHMARK, name, 100, NULL);

	record_value(line, call + first + join, "ns/op");
	record_value(line, 1, "ops");
	record_value(line, call, "call-ns");
	if (first > 0)
		record_value(line, first, "first-ns");
	record_value(line, join, "join-ns");
	record_value(line, call + first + join, "whole-ns");
}

static void add_calls(struct record *r, const char *name, double calls)
{
	record_value(record_line(r, RECORD_BENCHMARK, name, 100, NULL), calls, "syscalls/op");
}

static struct record *parts(void)
{
	static const char lwp[] = "Anatomy/impl=lwp/wait=none" ONE_CPU "/of=create";
	static const char handing[] = "Anatomy/impl=lwp/wait=futex" ONE_CPU "/of=switch";
	struct record *r = record_new();
	struct record_line *line;

	record_set(r, "complete", "yes");
	record_set(r, "host", "vm");
	record_set(r, "impl.lwp", "lwp; raw clone");
	record_set(r, "impl.uthread", "user-thread; ours");
	record_set(r, "impl.null", "floor; a call");
	add_time(r, "Create/impl=lwp/wait=none" ONE_CPU, 10000, "ns/op", 1);
	add_time(r, "Syscall/impl=null/wait=none" ONE_CPU "/call=null", 100, "ns/op", 1);
	add_time(r, "Refuse/impl=null/wait=none" ONE_CPU "/stage=clone", 180, "ns/op", 1);
	add_creation(r, lwp, 4000, 2000, 3600);
	add_calls(r, lwp, 3);
	add_creation(r, "Anatomy/impl=uthread/wait=none" ONE_CPU "/of=create", 4, 0, 7);
	add_calls(r, "Anatomy/impl=uthread/wait=none" ONE_CPU "/of=create", 0);
	add_time(r, "Create/impl=uthread/wait=none" ONE_CPU, 11, "ns/op", 1);
	add_time(r, "Switch/impl=uthread/wait=none" ONE_CPU, 2, "ns/switch", 2);
	add_creation(r, "Anatomy/impl=lwp/wait=none" ONE_CPU "/alive=100", 4100, 2100, 3700);
	line = record_line(r, RECORD_BENCHMARK, handing, 100, NULL);
	record_value(line, 1300, "ns/switch");
	record_value(line, 2, "ops");
	record_value(line, 600, "wake-there-ns");
	record_value(line, 700, "sleep-there-ns");
	record_value(line, 640, "wake-back-ns");
	record_value(line, 660, "sleep-back-ns");
	record_value(line, 2600, "whole-ns");
	add_calls(r, handing, 4);
	add_time(r, "Switch/impl=lwp/wait=futex" ONE_CPU, 1350, "ns/switch", 2);
	return r;
}

/* The same, counted: an LWP in both modes, and what every call of it takes; of the switch only what may be counted
 * without asking; of the user thread nothing. */
static void add_counted(struct record *r, const char *name, const char *mode, const char *const part[], const double *n)
{
	struct record_line *line = record_line(r, RECORD_BENCHMARK, name, 100, NULL);
	char unit[60];

	for (; *part; part++, n++) {
		snprintf(unit, sizeof unit, "%s-instructions:%s", *part, mode);
		record_value(line, *n, unit);
	}
}

static void add_counts(struct record *r, const char *name, double user, double kernel)
{
	struct record_line *line = record_line(r, RECORD_BENCHMARK, name, 100, NULL);

	record_value(line, user, "instructions:u/op");
	record_value(line, kernel, "instructions:k/op");
}

static struct record *counted_parts(bool calls)
{
	static const char lwp[] = "Anatomy/impl=lwp/wait=none" ONE_CPU "/of=create";
	static const char *const creation[] = { "call", "first", "run", "join", "whole", NULL };
	static const char *const handing[] = { "wake-there", "sleep-there", "wake-back", "sleep-back", "whole", NULL };
	struct record *r = parts();

	add_counted(r, lwp, "u", creation, (double[]){ 40, 25, 3, 12, 80 });
	add_counted(r, lwp, "k", creation, (double[]){ 12345, 1234, 0, 1234567, 1248146 });
	add_counted(
		r, "Anatomy/impl=lwp/wait=futex" ONE_CPU "/of=switch", "u", handing, (double[]){ 20, 31, 22, 29, 102 });
	record_set(r, "not-counted.parts-instructions:k", "nobody may");
	if (!calls)
		return r;
	add_counts(r, "Syscall/impl=null/wait=none" ONE_CPU "/call=null", 9, 200);
	add_counts(r, "Refuse/impl=null/wait=none" ONE_CPU "/stage=clone", 14, 345);
	return r;
}

/* Is there a line of these words, whatever blanks lie between them? */
static bool has_line(const char *text, const char *wanted)
{
	char line[200] = "";
	size_t n = 0;

	for (; *text; text++)
		if (*text == '\n') {
			line[n] = '\0';
			if (strstr(line, wanted))
				return true;
			n = 0;
		} else if (n + 1 < sizeof line && (*text != ' ' || (n && line[n - 1] != ' '))) {
			line[n++] = *text;
		}
	return false;
}

static char *table_of(const struct record *r)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	table_print(r, out);
	fclose(out);
	return text;
}

static void test_table(void)
{
	static const char *const lines[] = { "lwp, create, run and join one: 10.0 µs; timeline 9.60 µs",
		"the call: in and out of the kernel 100 ns 1.0%", "its arguments copied, checked 80.0 ns 0.8%",
		"the rest of the call 3.82 µs 38.2%", "until its first instruction 2.00 µs 20.0%",
		"its end, and until the join returns 3.60 µs 36.0%", "unexplained 400 ns 4.0%",
		"all 3 calls in and out of the kernel, wherever they lie: 300 ns, 3.0%",
		"uthread, create, run and join one: 11.0 ns; timeline 11.0 ns", "the call 4.00 ns 36.4%",
		"until its first instruction 2.00 ns 18.2%", "its end, and until the join returns 5.00 ns 45.5%",
		"unexplained 0 ns 0.0%", "lwp, one switch: 1.35 µs; timeline 1.30 µs",
		"the waking call: in and out of the kernel 100 ns 7.4%", "the rest of that call 520 ns 38.5%",
		"the call that waits, the switch, out again 680 ns 50.4%", "unexplained 50.0 ns 3.7%",
		"lwp 100 alive 4.10 µs 2.10 µs - 3.70 µs 9.90 µs" };
	struct record *r = parts();
	char *text = table_of(r);

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		if (!ok(has_line(text, lines[i]), "%s", lines[i]))
			diag("%s", text);
	free(text);
	record_free(r);
}

static void test_lines(const struct record *r, const char *const *line, size_t lines)
{
	char *text = table_of(r);

	for (size_t i = 0; i < lines; i++)
		if (!ok(has_line(text, line[i]), "%s", line[i]))
			diag("%s", text);
	for (char *rest = text, *at; rest && (at = strsep(&rest, "\n"));)
		if (text_columns(at) > TEXT_WIDTH)
			ok(false, "wider than a terminal: %s", at);
	free(text);
}

static void test_counted(void)
{
	static const char *const lines[] = { "instructions in time of all user kernel",
		"the call: in and out of the kernel 100 ns 1.0% 9 200",
		"its arguments copied, checked 80.0 ns 0.8% 5 145", "the rest of the call 3.82 µs 38.2% 26 12,000",
		"until its first instruction 2.00 µs 20.0% 25 1,234",
		"its end, and until the join returns 3.60 µs 36.0% 12 1.23 M", "unexplained 400 ns 4.0%",
		"instructions of the timeline: 80 in user mode, 1.25 M in the kernel: 100.0%",
		"the waking call: in and out of the kernel 100 ns 7.4% 9 -", "the rest of that call 520 ns 38.5% 12 -",
		"the call that waits, the switch, out again 680 ns 50.4% 30 -",
		"51 instructions in user mode; in the kernel not counted: nobody may" };
	static const char *const unknown[] = { "the call: in and out of the kernel 100 ns 1.0% - -",
		"its arguments copied, checked 80.0 ns 0.8% - -", "the rest of the call 3.82 µs 38.2% - -",
		"until its first instruction 2.00 µs 20.0% 25 1,234" };
	struct record *r = counted_parts(true);

	test_lines(r, lines, sizeof lines / sizeof *lines);
	record_free(r);
	r = counted_parts(false);
	test_lines(r, unknown, sizeof unknown / sizeof *unknown);
	record_free(r);
}

/* What nobody counted has no columns. */
static void test_uncounted(void)
{
	struct record *r = parts();
	char *text = table_of(r);

	ok(has_line(text, "anatomy: one CPU, parts by the clock time of all") && !strstr(text, "instructions"),
		"without counts the table is as it was");
	free(text);
	record_free(r);
}

static void test_without(void)
{
	struct record *r = record_new();
	char *text;

	record_set(r, "impl.lwp", "lwp; raw clone");
	add_creation(r, "Anatomy/impl=lwp/wait=none" ONE_CPU "/of=create", 4000, 2000, 3600);
	record_line(r, RECORD_MISSING, "Anatomy/impl=lwp/wait=none" ONE_CPU "/stack=cold", 0, "no such stack");
	text = table_of(r);
	ok(has_line(text, "lwp, create, run and join one: 9.60 µs by its timeline alone"),
		"without a whole it says so");
	ok(has_line(text, "the call 4.00 µs 41.7%"), "nothing is known of a call, so nothing is taken out of it");
	ok(has_line(text, "lwp cold not measured: no such stack"), "what is missing is a row with its reason");
	free(text);
	record_free(r);
}

/* Every row's parts and what they leave are its whole. */
static void test_rows(void)
{
	struct record *r = parts();
	struct cells *all = cells_group(r);
	char *text = NULL, *rest;
	size_t size, rows;
	FILE *out = open_memstream(&text, &size);

	rows = anatomy_rows(out, all);
	fclose(out);
	is_int((long long)rows, 3, "a row for each stack");
	rest = text;
	strsep(&rest, "\n");
	for (char *line; rest && *(line = strsep(&rest, "\n"));) {
		char *name = strsep(&line, "\t");
		double sum = 0, total;

		strsep(&line, "\t");
		for (int i = 0; i < PARTS + 1; i++)
			sum += strtod(strsep(&line, "\t"), NULL);
		total = strtod(line, NULL);
		ok(fabs(sum - total) < 1e-9 * total + 1e-15, "%s: %g s are %g s", name, sum, total);
	}
	free(text);
	cells_free(all);
	record_free(r);
}

static bool exists(const char *path)
{
	struct stat s;

	return !stat(path, &s) && s.st_size > 1000;
}

static void test_picture(void)
{
	struct record *r = parts(), *none = record_new();
	char folder[] = "/tmp/anatomy XXXXXX", base[200], svg[220], png[220], error[500] = "";
	int status;

	if (!mkdtemp(folder))
		exit(1);
	snprintf(base, sizeof base, "%s/it", folder);
	snprintf(svg, sizeof svg, "%s.anatomy.svg", base);
	snprintf(png, sizeof png, "%s.anatomy.png", base);
	is_int(draw_beside("anatomy", none, "plots", base, error, sizeof error), -1, "a file without an anatomy");
	is_string(error, "no picture: this file has no cell of an anatomy", "one line says so");
	status = draw_beside("anatomy", r, "plots", base, error, sizeof error);
	if (status && strstr(error, "not installed")) {
		skip("gnuplot is not installed", "the picture");
	} else {
		is_int(status, 0, "the stacks are drawn: %s", error);
		ok(exists(svg) && exists(png), "both pictures are there");
		unlink(svg);
		unlink(png);
	}
	is_int(rmdir(folder), 0, "nothing else is left");
	record_free(none);
	record_free(r);
}

int main(void)
{
	test_one_turn();
	test_early();
	test_batch();
	test_many();
	test_table();
	test_counted();
	test_uncounted();
	test_without();
	test_rows();
	test_picture();
	return done();
}
