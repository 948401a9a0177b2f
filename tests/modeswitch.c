// SPDX-License-Identifier: MIT
/* What a mode switch is made of: the model finds the coefficients that made the data, says where it is wrong, and a
 * refused creation's stages become what its parameters cost. */
#include "../harness/analyse/modeswitch.h"
#include "../harness/analyse/analyse.h"
#include "tap.h"

enum { TRIALS = 6 };
#define LADDER "Syscall/impl=null/wait=none/policy=batch/place=same-pu/call="
#define REFUSE "Refuse/impl=null/wait=none/policy=batch/place=same-pu/stage="

/* -- records */

static void add_trials(struct record *r, const char *name, double centre)
{
	static const double off[TRIALS] = { 1.01, 0.99, 1, 1, 1.005, 0.995 };

	for (size_t i = 0; i < TRIALS; i++) {
		struct record_line *line = record_line(r, RECORD_BENCHMARK, name, 65536, NULL);

		record_value(line, centre * off[i], "ns/op");
		record_value(line, centre * 0.98, "min-ns");
		record_value(line, 1, "ops");
		record_value(line, 0, "faults/op");
	}
	record_value(record_line(r, RECORD_BENCHMARK, name, 64, NULL), 1, "syscalls/op");
}

static void add_rung(struct record *r, const char *call, const char *axis, unsigned at, double ns)
{
	char name[200];

	snprintf(name, sizeof name, LADDER "%s/%s=%u", call, axis, at);
	add_trials(r, name, ns);
}

/* What the data are made of, in nanoseconds. */
static const double entry = 100, in = 0.05, out = 0.03, pointer = 2.5, check_in = 300, check_out = 200,
		    check_device = 80;

/* With nothing to copy a call turns back: 1 ns there, which must have no part in the fit. */
static struct record *ladder(void)
{
	static const unsigned bytes[] = { 1, 64, 512, 4096, 16384, 65536 }, iovecs[] = { 1, 4, 16, 64, 256, 1024 };
	struct record *r = record_new();

	record_set(r, "complete", "yes");
	record_set(r, "host", "vm");
	add_trials(r, LADDER "null", entry);
	add_rung(r, "copy-in", "bytes", 0, 1);
	add_rung(r, "copy-out", "bytes", 0, 1);
	for (size_t i = 0; i < sizeof bytes / sizeof *bytes; i++) {
		add_rung(r, "copy-in", "bytes", bytes[i], entry + check_in + in * bytes[i]);
		add_rung(r, "copy-out", "bytes", bytes[i], entry + check_out + out * bytes[i]);
		add_rung(r, "pointers", "iovecs", iovecs[i], entry + check_device + pointer * iovecs[i]);
	}
	return r;
}

/* -- what is printed */

static char *table_of(const struct record *r)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	table_print(r, file);
	fclose(file);
	return text;
}

static char *verdicts_of(const struct record *r)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	verdicts_print(r, 0, file);
	fclose(file);
	return text;
}

static void has(const char *text, const char *words, const char *name)
{
	if (!ok(strstr(text, words), "%s", name))
		diag("expected: %s\n%s", words, text);
}

static void has_not(const char *text, const char *words, const char *name)
{
	if (!ok(!strstr(text, words), "%s", name))
		diag("did not expect: %s\n%s", words, text);
}

static void fits(const char *text)
{
	size_t most = 0;

	for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
		size_t columns = 0;

		for (const char *c = line; *c && *c != '\n'; c++)
			columns += ((unsigned char)*c & 0xc0) != 0x80; /* characters, not bytes */
		most = columns > most ? columns : most;
	}
	ok(most <= 80, "no line is over 80 columns: %zu", most);
}

/* -- the model */

static void is_coefficient(const struct model *m, enum coefficient which, double made_of, const char *name)
{
	is_double(m->c[which], made_of, made_of * 1e-6, "%s is what the data were made of", name);
	ok(m->interval[which].low < made_of && made_of < m->interval[which].high && m->interval[which].coverage == 0.95,
		"and lies in its interval");
}

static void test_recovers(void)
{
	struct record *r = ladder();
	struct cells *all = cells_group(r);
	struct model m;

	ok(modeswitch_fit(all, &m), "a whole ladder is fitted");
	is_int((long long)m.rungs, 19, "by all rungs that copy, and the null call");
	is_coefficient(&m, FIT_ENTRY, entry, "entry");
	is_coefficient(&m, FIT_BYTE_IN, in, "a byte in");
	is_coefficient(&m, FIT_BYTE_OUT, out, "a byte out");
	is_coefficient(&m, FIT_POINTER, pointer, "a pointer");
	is_coefficient(&m, FIT_CHECK_IN, check_in, "the check of a write");
	is_coefficient(&m, FIT_CHECK_OUT, check_out, "the check of a read");
	is_coefficient(&m, FIT_CHECK_POINTERS, check_device, "the check of a device");
	ok(m.worst < 1e-6, "no rung is off");
	cells_free(all);
	record_free(r);
}

static void test_prints(void)
{
	struct record *r = ladder();
	char *text = table_of(r);

	fits(text);
	has(text, "  entry: in and out of the kernel         100 ns  [9", "the entry with its interval");
	has(text, "  a, for each KiB copied in              51.2 ns  [", "bytes by the KiB");
	has(text, "  b, for each pointer copied and checked 2.50 ns  [", "and pointers");
	has(text, "<1% off at the worst of 19 rungs", "how far off the worst is");
	has_not(text, "the fit is bad", "a good fit is not called bad");
	has(text, "  copy-in bytes=64         403 ns   1%   395 ns    +303 ns  [+",
		"a rung, and what it is more than a null call");
	ok(strstr(text, "copy-in bytes=4096 ") < strstr(text, "copy-in bytes=16384 "), "by number, not by letters");
	has_not(text, "\nsyscall ", "in one section, not in two");
	free(text);
	record_free(r);
}

static void test_says_where_it_is_bad(void)
{
	struct record *r = ladder();

	add_rung(r, "copy-in", "bytes", 1024, 2 * (entry + check_in + in * 1024));
	char *text = table_of(r);
	has(text, "the fit is bad there: ", "a rung that no line goes through");
	has(text, "copy-in bytes=1024 takes\n    902 ns", "is named");
	fits(text);
	free(text);
	record_free(r);
}

/* Of a part of the ladder only that is told which can be. */
static void test_parts(void)
{
	struct record *r = record_new();
	struct model m;

	add_trials(r, LADDER "null", entry);
	add_rung(r, "copy-in", "bytes", 64, 500);
	struct cells *all = cells_group(r);
	ok(!modeswitch_fit(all, &m), "one rung makes no slope");
	cells_free(all);
	add_rung(r, "copy-in", "bytes", 4096, 900);
	add_rung(r, "pointers", "iovecs", 16, 700);
	all = cells_group(r);
	ok(modeswitch_fit(all, &m), "two do");
	is_double(m.c[FIT_BYTE_IN], 400.0 / (4096 - 64), 1e-9, "the slope between them");
	is_double(m.c[FIT_POINTER], NAN, 0, "and of the others there is none");
	cells_free(all);
	record_free(r);
	r = record_new();
	add_rung(r, "copy-in", "bytes", 64, 500);
	add_rung(r, "copy-in", "bytes", 4096, 900);
	all = cells_group(r);
	ok(!modeswitch_fit(all, &m), "without a null call there is no entry");
	cells_free(all);
	record_free(r);
}

/* -- a creation that is refused */

static void test_parameters(void)
{
	struct record *r = record_new();

	add_trials(r, REFUSE "null", 90);
	add_trials(r, REFUSE "size", 100);
	add_trials(r, REFUSE "copied", 150);
	add_trials(r, REFUSE "combination", 230);
	char *table = table_of(r), *verdicts = verdicts_of(r);
	fits(table);
	has(table, "  copied; a bad field      150 ns   1%   147 ns   +50.0 ns  [+4", "a stage, and what it is more");
	has(table, "  flags that exclude       230 ns   1%   225 ns   +80.0 ns  [+7",
		"than the nearest that was measured");
	has_not(table, "\nrefuse ", "in one section, not in two");
	has(verdicts, "  of it, copying the parameters                           50.0 ns [4",
		"the sentence on copying");
	has(verdicts, "  of it, checking the parameters                          80.0 ns [7", "and on checking");
	free(table);
	free(verdicts);
	record_free(r);
}

static void test_parameters_without(void)
{
	struct record *r = record_new();
	char *verdicts = verdicts_of(r);

	has(verdicts, "  of it, copying the parameters        not measured: no cell of refuse in this",
		"a file without it says so");
	free(verdicts);
	record_line(r, RECORD_MISSING, REFUSE "size", 0, "clone3: ENOSYS");
	record_line(r, RECORD_MISSING, REFUSE "copied", 0, "clone3: ENOSYS");
	verdicts = verdicts_of(r);
	has(verdicts, "  of it, copying the parameters        not measured: refuse null: clone3: ENOSYS",
		"and one where it can't be, why");
	free(verdicts);
	record_free(r);
}

static void test_parameters_in_noise(void)
{
	struct record *r = record_new();

	add_trials(r, REFUSE "size", 100);
	add_trials(r, REFUSE "copied", 100.1);
	char *verdicts = verdicts_of(r);
	has(verdicts, "  of it, copying the parameters        not measured: within noise",
		"less than the spread is no number");
	free(verdicts);
	record_free(r);
}

int main(void)
{
	test_recovers();
	test_prints();
	test_says_where_it_is_bad();
	test_parts();
	test_parameters();
	test_parameters_without();
	test_parameters_in_noise();
	return done();
}
