// SPDX-License-Identifier: MIT
/* Histograms: what the cell fills, what is merged of several trials, their quantiles against sorted data, their lines.
 */
#include "../harness/cell/histogram.h"
#include "../harness/analyse/analyse.h"
#include "../harness/bars.h"
#include "../harness/record.h"
#include "tap.h"

#include <unistd.h>

#define CELL "Latency/impl=lwp/wait=futex/policy=batch/place=same-pu/gap=0"

enum { VALUES = 200000 };

static uint64_t state = 1;

/* xorshift64 (Marsaglia 2003) */
static uint64_t random_bits(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* Over seven decades, as latencies lie: most of them near each other, some far out. */
static uint64_t random_value(void)
{
	double u = (double)(random_bits() >> 11) / 9007199254740992.0;
	return (uint64_t)(900 + 200 * u + 50 / (1 - u + 1e-6));
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

static struct bars bars_of(const struct histogram *h, double tick)
{
	struct bars b = { .unit = "ns",
		.tick = tick,
		.n = (double)h->n,
		.sum = (double)h->sum * tick,
		.min = (double)h->least * tick,
		.max = (double)h->most * tick };
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++)
		if (h->bucket[i])
			bars_append(&b, (double)histogram_low(i) * tick, (double)h->bucket[i]);
	return b;
}

static void test_buckets(void)
{
	static const uint64_t edge[] = { 0, 1, 127, 128, 255, 256, 257, 258, 511, 512, 1023, 1024, 1ull << 40,
		(1ull << 62) + 12345, INT64_MAX };
	bool inside = true, narrow = true, ascend = true;
	for (size_t i = 0; i < sizeof edge / sizeof *edge; i++) {
		unsigned bucket = histogram_bucket(edge[i]);
		uint64_t low = histogram_low(bucket);
		uint64_t next = histogram_low(bucket + 1);
		inside &= low <= edge[i] && edge[i] < next;
		narrow &= next - low == 1 || (double)(next - low) <= (double)low / HISTOGRAM_STEPS;
	}
	for (unsigned i = 0; i + 1 < HISTOGRAM_BUCKETS; i++)
		ascend &= histogram_low(i) < histogram_low(i + 1) && histogram_bucket(histogram_low(i)) == i;
	ok(inside, "a value lies in its bucket");
	ok(narrow, "a bucket is one wide, or the 128th part of its least value at most");
	ok(ascend, "the buckets ascend, and each begins with a value of its own");
	ok(histogram_bucket(UINT64_MAX) == HISTOGRAM_BUCKETS - 1, "there is a bucket for the largest value");
}

/* Into one histogram, and spread over two; the values are left sorted. */
static void fill(uint64_t *value, struct histogram *whole, struct histogram part[2])
{
	for (size_t i = 0; i < VALUES; i++) {
		value[i] = random_value();
		histogram_add(whole, (int64_t)value[i]);
		histogram_add(&part[random_bits() & 1], (int64_t)value[i]);
	}
	qsort(value, VALUES, sizeof *value, by_value);
}

static void test_quantiles(const uint64_t *value, const struct bars *b, double tick)
{
	static const double quantile[] = { 0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9995 };
	for (size_t i = 0; i < sizeof quantile / sizeof *quantile; i++) {
		double exact = (double)value[(size_t)ceil(quantile[i] * VALUES) - 1] * tick;
		is_double(bars_quantile(b, quantile[i]), exact, exact / HISTOGRAM_STEPS / 2 + tick,
			"quantile %g, in steps of %g ns", quantile[i], tick);
	}
	ok(isnan(bars_quantile(b, 0.9999)), "20 values beyond it are too few for p99.99");
	is_double(bars_quantile_any(b, 0), (double)value[0] * tick, 0, "the least is exact");
	is_double(bars_quantile_any(b, 1), (double)value[VALUES - 1] * tick, 0, "the most is exact");
}

static void test_few(void)
{
	static struct histogram h;
	struct bars b = bars_of(&h, 1);
	ok(isnan(bars_quantile_any(&b, 0.5)) && isnan(bars_quantile(&b, 0.5)), "nothing has no median");
	histogram_add(&h, -3);
	is_int((long long)h.backwards, 1, "a value below 0 is told of");
	is_int((long long)h.n, 0, "and is none of the values");
	histogram_add(&h, 63000);
	b = bars_of(&h, 1);
	is_double(bars_quantile_any(&b, 0.5), 63000, 0, "one value is its own median");
	ok(isnan(bars_quantile(&b, 0.5)), "which is not given, of one value");
	for (int i = 0; i < 199; i++)
		histogram_add(&h, 63000);
	bars_free(&b);
	b = bars_of(&h, 1);
	is_double(bars_quantile(&b, 0.5), 63000, 0, "with 100 values beyond it, it is");
	ok(isnan(bars_quantile(&b, 0.9)), "and p90 is not");
	bars_free(&b);
}

static bool near(double a, double b, double tolerance)
{
	return fabs(a - b) <= tolerance * b;
}

static bool same_bars(const struct bars *a, const struct bars *b, double tolerance)
{
	bool same = a->bars == b->bars && a->n == b->n && near(a->sum, b->sum, tolerance) &&
		    near(a->min, b->min, tolerance) && near(a->max, b->max, tolerance);
	for (size_t i = 0; same && i < a->bars; i++)
		same = near(a->bar[i].low, b->bar[i].low, tolerance) && a->bar[i].count == b->bar[i].count;
	return same;
}

static void test_merge(const struct histogram *whole, const struct histogram part[2])
{
	static struct histogram merged;
	struct bars all = bars_of(whole, 0.5), one = bars_of(&part[0], 0.5), other = bars_of(&part[1], 0.5);
	struct bars sum = { 0 }, empty = { .unit = "ns", .tick = 0.5 };
	histogram_merge(&merged, &part[0]);
	histogram_merge(&merged, &part[1]);
	ok(!memcmp(&merged, whole, sizeof merged), "two histograms merged are the one of all values");
	bars_merge(&sum, &one);
	bars_merge(&sum, &other);
	ok(same_bars(&sum, &all, 0), "two trials merged are the one of all values");
	bars_merge(&sum, &empty);
	ok(same_bars(&sum, &all, 0), "and nothing more with an empty one");
	bars_free(&all);
	bars_free(&one);
	bars_free(&other);
	bars_free(&sum);
}

static size_t longest_line(const char *path, size_t *lines)
{
	char *text = NULL;
	size_t size = 0, longest = 0;
	ssize_t length;
	FILE *f = fopen(path, "r");
	*lines = 0;
	while (f && (length = getline(&text, &size, f)) > 0)
		if (!strncmp(text, "Histogram/", 10)) {
			longest = (size_t)length > longest ? (size_t)length : longest;
			++*lines;
		}
	free(text);
	if (f)
		fclose(f);
	return longest;
}

/* One with every bucket in use is more than one line, and comes back whole. */
static void test_lines(const char *path, const struct bars *small)
{
	static struct histogram h;
	char error[400];
	size_t lines;
	for (unsigned i = 0; i < HISTOGRAM_STEPS * 40; i++)
		for (unsigned k = 0; k <= i % 3; k++)
			histogram_add(&h, (int64_t)histogram_low(i));
	struct bars large = bars_of(&h, 1 / 2.1);
	struct record *r = record_new(), *back;
	record_bars(record_line(r, RECORD_HISTOGRAM, CELL, 0, NULL), &large);
	record_bars(record_line(r, RECORD_HISTOGRAM, "Latency/impl=other", 0, NULL), small);
	record_line(r, RECORD_HISTOGRAM, "Latency/impl=empty", 0, NULL);
	is_int(record_write(r, path), 0, "a file with histograms is written");
	size_t longest = longest_line(path, &lines);
	ok(longest > 50000 && longest < 60000, "a line is shorter than 60,000 bytes: %zu", longest);
	ok(lines > 2, "what does not fit goes on in another: %zu lines", lines);
	back = record_read(path, error, sizeof error);
	ok(back != NULL, "it is read back: %s", back ? "" : error);
	is_int(back ? (int)back->lines : -1, 2, "as two histograms");
	if (back && back->lines == 2) {
		is_string(back->line[0].name, CELL, "of its name");
		ok(same_bars(back->line[0].bars, &large, 1e-5), "the large one whole");
		ok(same_bars(back->line[1].bars, small, 1e-5), "the small one too");
		is_double(bars_quantile(back->line[0].bars, 0.9), bars_quantile(&large, 0.9),
			bars_quantile(&large, 0.9) * 2e-5, "with the quantiles that it had");
	}
	record_free(back);
	record_free(r);
	bars_free(&large);
}

/* -- the summary */

static char *summary(const struct record *r)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	table_print(r, out);
	fclose(out);
	return text;
}

/* Ten thousand values from 1000 to 1999 ns, each as often; trials that lie 2 % apart. */
static struct record *even(void)
{
	static struct histogram h;
	static const double off[] = { 0.98, 0.99, 1, 1, 1.01, 1.02 };
	struct record *r = record_new();
	for (int i = 0; i < 10000 && h.n < 10000; i++)
		histogram_add(&h, 1000 + i / 10);
	struct bars b = bars_of(&h, 1);
	record_bars(record_line(r, RECORD_HISTOGRAM, CELL, 0, NULL), &b);
	for (size_t i = 0; i < sizeof off / sizeof *off; i++) {
		struct record_line *line = record_line(r, RECORD_BENCHMARK, CELL, 1000, NULL);
		record_value(line, 1500, "ns/switch");
		record_value(line, 1500 * off[i], "p50-ns");
		record_value(line, 0.995, "sum/throughput");
		record_value(line, 1, "batch");
		record_value(line, 2, "linear");
	}
	bars_free(&b);
	return r;
}

static void test_summary(void)
{
	struct record *r = even();
	char *text = summary(r);
	ok(strstr(text, "  lwp batch gap=0           1.50 µs  1.90 µs  1.99 µs        -        -  2.00 µs\n") != NULL,
		"the quantiles of all trials, where enough values lie beyond");
	ok(strstr(text, "    ±                            2%        -        -        -        -        -\n") != NULL,
		"and how far the trials' own lie apart, where each has one");
	ok(strstr(text, "10000 values; least 1.00 µs; their sum is 0.995 of what") != NULL,
		"and what their sum comes to");
	ok(strstr(text, "\nlatency        ") == NULL, "the cell stands in no other section");
	free(text);
	record_refuse(r, CELL, "too many");
	text = summary(r);
	ok(strstr(text, "  lwp batch gap=0          invalid: too many\n") != NULL && !strstr(text, "1.50 µs"),
		"of an invalid cell only the reason is told");
	if (tap.failed)
		diag("%s", text);
	free(text);
	record_free(r);
}

static void refused(const char *path, const char *line, const char *because)
{
	char error[400] = "";
	FILE *f = fopen(path, "w");
	fprintf(f, "ctxbench: 1\nHistogram/X %s\n", line);
	fclose(f);
	struct record *r = record_read(path, error, sizeof error);
	ok(!r && strstr(error, ":2: ") && strstr(error, because), "refused: %s", line);
	if (r || !strstr(error, because))
		diag("said '%s'", error);
	record_free(r);
}

static void test_refused(const char *path)
{
	refused(path, "unit=ns sub=128 n=2 sum=9 min=4 max=5 4:1 5:x", "not LOW:COUNT");
	refused(path, "unit=ns sub=128 n=2 sum=9 min=4 max=5 5:1 4:1", "not ascend");
	refused(path, "unit=ns sub=64 n=2 sum=9 min=4 max=5 4:1 5:1", "another sub");
	refused(path, "unit=ns sub=128 n=3 sum=9 min=4 max=5 4:1 5:1", "2 values with n=3");
	refused(path, "unit=ns sub=128 n=nan sum=9 min=4 max=5 4:1 5:1", "no number");
	refused(path, "unit=ns sub=128 colour=3", "unknown name");
	refused(path, "sub=128 n=0 sum=0 min=0 max=0", "no unit");
}

int main(void)
{
	static struct histogram whole, part[2];
	static uint64_t value[VALUES];
	char path[] = "/tmp/ctxbench-histogram-XXXXXX";
	int fd = mkstemp(path);
	if (fd < 0)
		skip_all("no temporary file");
	close(fd);
	fill(value, &whole, part);
	struct bars b = bars_of(&whole, 1), finer = bars_of(&whole, 1 / 2.1);
	test_buckets();
	is_int((long long)whole.n, VALUES, "every value is counted");
	test_quantiles(value, &b, 1);
	test_quantiles(value, &finer, 1 / 2.1);
	test_few();
	test_merge(&whole, part);
	test_lines(path, &b);
	test_summary();
	test_refused(path);
	bars_free(&b);
	bars_free(&finer);
	unlink(path);
	return done();
}
