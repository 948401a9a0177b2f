// SPDX-License-Identifier: MIT
/* What is made of the benches with axes of their own: a ring less its control, the least work that is worth a switch,
 * and how much more is done on more CPUs. From made data: each number can be worked out by hand. */
#include "../harness/analyse/axes.h"
#include "../harness/analyse/analyse.h"
#include "../harness/analyse/grain.h"
#include "../harness/analyse/ring.h"
#include "../harness/analyse/spread.h"
#include "../harness/analyse/text.h"
#include "drawing.h"
#include "tap.h"

enum { TRIALS = 6 };
#define LWP "/impl=lwp/wait=futex/policy=batch/place=same-pu"
#define USER "/impl=uthread/wait=none/policy=batch/place=same-pu"

static struct record *machine(void)
{
	struct record *r = record_new();

	record_set(r, "complete", "yes");
	record_set(r, "host", "vm");
	record_set(r, "impl.lwp", "lwp; raw clone");
	record_set(r, "impl.uthread", "user-thread; ours");
	return r;
}

/* Six trials whose median is `ns`, each off by up to `spread`. */
static void add(struct record *r, const char *unit, double ns, double spread, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
static void add(struct record *r, const char *unit, double ns, double spread, const char *format, ...)
{
	static const double off[TRIALS] = { 1, -1, 0, 0, 0.5, -0.5 };
	char name[200];
	va_list args;

	va_start(args, format);
	vsnprintf(name, sizeof name, format, args);
	va_end(args);
	for (size_t i = 0; i < TRIALS; i++) {
		struct record_line *line = record_line(r, RECORD_BENCHMARK, name, 1000, NULL);

		record_value(line, ns + off[i] * spread, unit);
		record_value(line, ns - spread, "min-ns");
		record_value(line, 2, "linear");
	}
}

static const struct cell *cell_named(const struct cells *all, const char *name)
{
	const struct cell *c = cells_find(all, name);

	if (!c)
		diag("no cell %s", name);
	return c;
}

static void ring(void)
{
	struct record *r = machine();

	add(r, "ns/hop", 2, 0.01, "Ring" LWP "/bytes=0/contexts=1");
	add(r, "ns/hop", 1002, 1, "Ring" LWP "/bytes=0/contexts=2");
	add(r, "ns/hop", 100, 1, "Ring" LWP "/bytes=4096/contexts=1");
	add(r, "ns/hop", 1400, 1, "Ring" LWP "/bytes=4096/contexts=2");
	add(r, "ns/hop", 1100, 200, "Ring" LWP "/bytes=4096/contexts=4");
	add(r, "ns/hop", 1002, 1, "Ring" LWP "/bytes=0/contexts=4");
	add(r, "ns/hop", 5000, 1, "Ring" LWP "/bytes=65536/contexts=2");
	record_line(r, RECORD_INVALID, "Ring" LWP "/bytes=65536/contexts=1", 1, "too many switches");

	struct cells *all = cells_group(r);
	const struct cell *c = cell_named(all, "Ring" LWP "/bytes=4096/contexts=2");
	struct difference cost = ring_cost(all, c), refill = ring_refill(all, c);
	is_double(cost.centre, 1300, 1e-9, "1400 ns less 100 ns of touching alone");
	ok(cost.interval.low <= 1300 && cost.interval.high >= 1300 && cost.interval.low > 1290, "with its interval");
	is_double(refill.centre, 300, 1e-9, "of which 1000 ns are the switch, and 300 ns refill");
	ok(difference_shown(&refill), "which is above zero");
	refill = ring_refill(all, cell_named(all, "Ring" LWP "/bytes=4096/contexts=4"));
	ok(!difference_shown(&refill), "where the interval has zero in it, nothing is shown");
	cost = ring_cost(all, cell_named(all, "Ring" LWP "/bytes=65536/contexts=2"));
	ok(isnan(cost.centre) && !difference_shown(&cost), "without a valid control there is no difference");
	cells_free(all);
	record_free(r);
}

/* Two contexts of which each hand-off takes `handoff`. */
static void add_grains(struct record *r, const char *whose, double handoff, double least, double most)
{
	for (double work = least; work <= most; work *= 10) {
		add(r, "ns/op", work, work / 1000, "Grain%s/work=%.0f/contexts=1", whose, work);
		add(r, "ns/op", work + handoff, work / 1000, "Grain%s/work=%.0f/contexts=2", whose, work);
	}
}

static void grain(void)
{
	struct record *r = machine();
	char words[TEXT_NUMBER + 1];

	add_grains(r, LWP, 1000, 10, 1e6);
	add_grains(r, USER, 2, 10, 1e6);
	struct cells *all = cells_group(r);
	struct metg half = grain_metg(all, grain_of(all, "lwp"), 0.5),
		    nearly = grain_metg(all, grain_of(all, "lwp"), 0.95);
	is_double(half.centre, 1000, 1e-6, "half of the time is work where the work takes what a hand-off does");
	is_double(nearly.centre, 19000, 1e-6, "and 95 %% where it takes 19 times as much");
	ok(nearly.interval.low <= nearly.centre && nearly.centre <= nearly.interval.high, "inside of its interval");
	half = grain_metg(all, grain_of(all, "uthread"), 0.5);
	ok(half.beyond < 0, "less than the least work that was measured");
	is_string(grain_words(words, &half), "<10.0 ns", "is said to be less");
	ok(!grain_of(all, "process"), "of whom nothing is measured nothing is told");
	cells_free(all);
	record_free(r);

	r = machine();
	add_grains(r, LWP, 1000, 10, 100);
	all = cells_group(r);
	half = grain_metg(all, grain_of(all, "lwp"), 0.5);
	ok(half.beyond > 0, "more than the most work that was measured");
	is_string(grain_words(words, &half), ">100 ns", "is said to be more");
	cells_free(all);
	record_free(r);
}

static void spread(void)
{
	struct record *r = machine();
	static const char compact[] = "Spread/impl=lwp/wait=futex/policy=batch/place=compact";

	add(r, "ns/op", 1000, 1, "%s/cpus=1", compact);
	add(r, "ns/op", 625, 1, "%s/cpus=2", compact);
	add(r, "ns/op", 300, 1, "Spread/impl=lwp/wait=futex/policy=batch/place=scattered/cpus=2");
	struct cells *all = cells_group(r);
	is_double(spread_gain(all, cell_named(all, "Spread/impl=lwp/wait=futex/policy=batch/place=compact/cpus=2")),
		1.6, 1e-9, "on two CPUs 1.6 times as much is done as on one");
	ok(isnan(spread_gain(all, cell_named(all, "Spread/impl=lwp/wait=futex/policy=batch/place=scattered/cpus=2"))),
		"without one CPU there is nothing to compare with");
	cells_free(all);
	record_free(r);
}

/* -- and as it is printed */

static char *printed(const struct record *r, int (*print)(const struct record *, FILE *))
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	print(r, out);
	fclose(out);
	return text;
}

static int print_verdicts(const struct record *r, FILE *out)
{
	return verdicts_print(r, 0, out);
}

static bool fits(const char *text)
{
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
		char one[1000];

		snprintf(one, sizeof one, "%.*s", (int)strcspn(line, "\n"), line);
		if (text_columns(one) > TEXT_WIDTH) {
			diag("%s", one);
			return false;
		}
	}
	return true;
}

static void has(const char *text, const char *line)
{
	if (!ok(strstr(text, line) != NULL, "there is: %s", line))
		diag("%s", text);
}

static void table(void)
{
	struct record *r = machine();

	add_grains(r, LWP, 1000, 10, 1e6);
	add_grains(r, USER, 2, 10, 1e6);
	add(r, "ns/hop", 2, 0.01, "Ring" LWP "/bytes=0/contexts=1");
	add(r, "ns/hop", 1002, 1, "Ring" LWP "/bytes=0/contexts=2");
	add(r, "ns/hop", 100, 1, "Ring" LWP "/bytes=32768/contexts=1");
	add(r, "ns/hop", 1400, 1, "Ring" LWP "/bytes=32768/contexts=2");
	record_line(r, RECORD_INVALID, "Ring" LWP "/bytes=32768/contexts=4", 1, "too many switches");
	add(r, "ns/op", 1000, 1, "Spread/impl=lwp/wait=futex/policy=batch/place=compact/cpus=1");
	add(r, "ns/op", 625, 1, "Spread/impl=lwp/wait=futex/policy=batch/place=compact/cpus=2");
	char *text = printed(r, table_print);
	ok(fits(text), "no line of the table is over 80 columns");
	has(text, "lwp, waiting by futex, one CPU: each reads all of its own\n");
	has(text, "\n                2     1.40 µs  <1%      1.30 µs  <1%       300 ns");
	has(text, "invalid: too many switches");
	has(text, "\n  32 KiB        1      100 ns");
	has(text, "50.0%  90.9%  99.0%");
	has(text, "    1.00 µs    19.0 µs\n");
	has(text, "         1.60 M      1.60\n");
	free(text);
	text = printed(r, print_verdicts);
	ok(fits(text), "no line of the verdicts either");
	has(text, "holds              below 19.0 µs");
	free(text);
	record_free(r);
}

static void nothing(void)
{
	struct record *r = machine();
	char error[400] = "", *text;

	add_grains(r, USER, 2000, 10, 1e6);
	add_grains(r, LWP, 1000, 10, 1e6);
	text = printed(r, print_verdicts);
	has(text, "does not hold here below 19.0 µs");
	free(text);
	record_free(r);
	r = machine();
	add(r, "ns/op", 1, 0.1, "Mode" LWP);
	text = printed(r, print_verdicts);
	has(text, "not measured: no valid grain of");
	free(text);
	text = printed(r, table_print);
	ok(!strstr(text, "ring") && !strstr(text, "grain") && !strstr(text, "spread"), "no heading without a row");
	free(text);
	is_int(draw_beside("ring", r, "plots", "none", error, sizeof error), -1, "no picture without a ring");
	is_string(error, "no picture: this file has no cell of the ring", "and says so");
	record_free(r);
}

int main(void)
{
	ring();
	grain();
	spread();
	table();
	nothing();
	return done();
}
