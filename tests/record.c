// SPDX-License-Identifier: MIT
/* The result file: what is written, what is read back, and everything that is not to be trusted. */
#include "../harness/record.h"
#include "../harness/number.h"
#include "tap.h"

#include <dirent.h>
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <signal.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define CELL "Switch/impl=lwp/wait=futex/policy=batch/place=same-pu"
#define HEAD "ctxbench: 1\n"

static char directory[300], file[320];

static void put(const char *text, size_t length)
{
	FILE *f = fopen(file, "w");

	if (!f || fwrite(text, 1, length, f) != length || fclose(f)) {
		diag("%s: %s", file, strerror(errno));
		exit(1);
	}
}

static char *get(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = calloc(1, 1 << 20);

	if (f && text) {
		text[fread(text, 1, (1 << 20) - 1, f)] = '\0';
		fclose(f);
	}
	return text;
}

static int entries(void)
{
	DIR *d = opendir(directory);
	int count = -2; /* . and .. */

	while (d && readdir(d))
		count++;
	closedir(d);
	return count;
}

static struct record *read_text(const char *text, char *error, size_t size)
{
	put(text, strlen(text));
	*error = '\0';
	return record_read(file, error, size);
}

/* `what` follows FILE: in the error. */
static void is_refused_bytes(const char *text, size_t length, const char *what, const char *name)
{
	char error[500] = "", expected[500];
	struct record *r;

	put(text, length);
	r = record_read(file, error, sizeof error);
	snprintf(expected, sizeof expected, "%s:%s", file, what);
	is_string(r ? "(read)" : error, expected, "refused: %s", name);
	record_free(r);
}

static void is_refused(const char *text, const char *what, const char *name)
{
	is_refused_bytes(text, strlen(text), what, name);
}

static void is_read(const char *text, size_t keys, size_t lines, const char *name)
{
	char error[500];
	struct record *r = read_text(text, error, sizeof error);

	if (!ok(r && r->keys == keys && r->lines == lines, "read: %s", name))
		diag("%s, %zu keys, %zu lines", error, r ? r->keys : 0, r ? r->lines : 0);
	record_free(r);
}

/* -- writing */

static struct record *sample(void)
{
	struct record *r = record_new();
	struct record_line *line;

	record_set(r, "complete", "no");
	record_set(r, "cmdline", " root=/dev/sda\tquiet\n");
	record_set(r, "complete", "yes");
	record_set(r, "not-counted.cycles:u", "no PMU: in a virtual machine");
	record_set(r, "isolated", "");
	record_unit(r, "ns/switch", "better=lower");
	line = record_line(r, RECORD_BENCHMARK, CELL, 65536, NULL);
	record_value(line, 1123.0912, "ns/switch");
	record_value(line, 2, "switches/op");
	record_value(line, 0, "faults/op");
	record_value(line, -0.0, "migrations");
	record_value(line, 0, "min-ns");
	record_value(line, -0.25, "add-ns");
	record_value(line, NAN, "steal%");
	record_value(line, INFINITY, "cpu%");
	record_value(line, 1, "linear");
	record_value(line, 2.004, "linear");
	line = record_line(r, RECORD_SAMPLES, CELL, 65536, NULL);
	record_value(line, 1123.5, "ns/switch");
	record_value(line, 1122.5, "ns/switch");
	line = record_line(r, RECORD_INVALID, CELL, 10, "killed by \"SIGSEGV\" \\ in\nchild");
	record_value(line, 1.25e-7, "ns/switch");
	record_line(r, RECORD_MISSING, "Wake/impl=lwp", 0, "one CPU allowed");
	record_line(r, RECORD_BENCHMARK, "Mode/impl=a b", 3, NULL);
	return r;
}

static const char written[] = HEAD
	"complete: yes\n"
	"cmdline: root=/dev/sda quiet\n"
	"not-counted.cycles:u: no PMU: in a virtual machine\n"
	"isolated:\n"
	"Unit ns/switch better=lower\n"
	"Benchmark" CELL " 65536 1123.09 ns/switch 2 switches/op 0 faults/op 0 migrations -0.25 add-ns 2.004 linear\n"
	"Samples/" CELL " 65536 1123.5 ns/switch 1122.5 ns/switch\n"
	"Invalid/" CELL " 10 1.25e-07 ns/switch reason=\"killed by \\\"SIGSEGV\\\" \\\\ in child\"\n"
	"Missing/Wake/impl=lwp reason=\"one CPU allowed\"\n"
	"Invalid/Mode/impl=a_b 3 reason=\"no value\"\n";

static void is_written(const char *name)
{
	struct record *r = sample();
	char *text;

	is_int(record_write(r, file), 0, "%s: written", name);
	text = get(file);
	is_string(text, written, "%s: byte for byte", name);
	free(text);
	record_free(r);
}

static void is_read_back(const char *name)
{
	char error[500] = "", *text;
	struct record *r = record_read(file, error, sizeof error);
	double x = 0;

	if (!ok(r && r->keys == 5 && r->units == 1 && r->lines == 5, "%s: read back", name)) {
		diag("%s", error);
		return;
	}
	is_string(r->path, file, "%s: it knows its path", name);
	is_string(
		record_get(r, "not-counted.cycles:u"), "no PMU: in a virtual machine", "%s: a key with a colon", name);
	is_string(record_get(r, "isolated"), "", "%s: an empty value", name);
	is_string(record_get(r, "absent"), NULL, "%s: an absent key", name);
	is_string(r->unit->value, "better=lower", "%s: a unit's property", name);
	is_string(r->line[0].name, CELL, "%s: name", name);
	is_double(r->line[0].n, 65536, 0, "%s: iterations", name);
	is_int((long long)r->line[0].row, 7, "%s: line number", name);
	ok(record_find(&r->line[0], "ns/switch", &x), "%s: a value is there", name);
	is_double(x, 1123.09, 0, "%s: the value", name);
	ok(!record_find(&r->line[0], "min-ns", &x), "%s: a time of 0 is not", name);
	is_int((long long)r->line[1].values, 2, "%s: both samples", name);
	is_string(r->line[2].reason, "killed by \"SIGSEGV\" \\ in child", "%s: a reason with quotes", name);
	is_int(r->line[3].kind, RECORD_MISSING, "%s: kind", name);
	is_int(record_write(r, file), 0, "%s: written again", name);
	text = get(file);
	is_string(text, written, "%s: and the same", name);
	free(text);
	record_free(r);
}

/* A locale with a decimal comma: one that is installed, or one compiled here for glibc. */
static bool set_comma_locale(void)
{
	static const char *const names[] = { "de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "de_DE" };
	char command[400];

	for (int made = 0; made < 2; made++) {
		for (size_t i = 0; i < sizeof names / sizeof *names; i++)
			if (setlocale(LC_ALL, names[i]) && *localeconv()->decimal_point == ',')
				return true;
		snprintf(command, sizeof command, "localedef -i de_DE -f UTF-8 '%s/de_DE.UTF-8' >/dev/null 2>&1",
			directory);
		if (!made && !system(command))
			setenv("LOCPATH", directory, 1);
	}
	return false;
}

static void comma_locale(void)
{
	char text[20];

	if (!set_comma_locale()) {
		skip("no locale with a decimal comma, and localedef can't make one", "numbers never follow the locale");
		return;
	}
	is_written("decimal comma");
	is_read_back("decimal comma");
	snprintf(text, sizeof text, "%.1f", 0.5);
	is_string(text, "0,5", "the caller's locale is as it was");
	setlocale(LC_ALL, "C");
	unsetenv("LOCPATH");
}

/* No line of the file is over 60,000 bytes; what was on it is all there. */
static void long_lines(void)
{
	struct record *r = record_new();
	struct record_line *line;
	char error[500] = "", *reason = calloc(1, 100001), *text;
	size_t longest = 0, values = 0;
	bool whole = true;

	line = record_line(r, RECORD_SAMPLES, CELL, 100, NULL);
	for (int i = 0; i < 20000; i++)
		record_value(line, 1000 + i, "ns/switch");
	memset(reason, '"', 100000);
	line = record_line(r, RECORD_INVALID, CELL, 100, reason);
	for (int i = 0; i < 10000; i++) {
		snprintf(error, sizeof error, "event-%d/op", i);
		record_value(line, i, error);
	}
	record_set(r, "cmdline", reason);
	is_int(record_write(r, file), 0, "long lines: written");
	text = get(file);
	for (char *at = text; *at; at += strcspn(at, "\n") + 1)
		longest = strcspn(at, "\n") + 1 > longest ? strcspn(at, "\n") + 1 : longest;
	ok(longest <= 60000 && longest > 50000, "long lines: none over 60,000 bytes");
	record_free(r);
	r = record_read(file, error, sizeof error);
	for (size_t i = 0; r && i < r->lines; i++) {
		whole = whole && !strcmp(r->line[i].name, CELL) && r->line[i].n == 100;
		values += r->line[i].values;
	}
	ok(r && r->lines > 4 && whole, "long lines: several of the same name and n");
	is_int((long long)values, 30000, "long lines: every value is there");
	record_free(r);
	memset(reason, 'x', 100000);
	r = record_new();
	record_line(r, RECORD_MISSING, reason, 0, "no such impl");
	is_int(record_write(r, file), -E2BIG, "a name that fits no line is an error");
	record_free(r);
	free(reason);
	free(text);
}

static int status_of(pid_t pid)
{
	int status = 0;

	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* In a child that may write 100 bytes a file: the status is the errno. */
static int write_cut_off(const struct record *r)
{
	pid_t pid = fork();

	if (!pid) {
		struct rlimit limit = { 100, 100 };

		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &limit);
		_exit(-record_write(r, file));
	}
	return status_of(pid);
}

/* In a child that may not write to /dev itself: a writer that renamed over devices would replace it for everybody. */
static int write_to_full_device(const struct record *r)
{
	pid_t pid = fork();

	if (!pid) {
		if (!geteuid() && (setgid(65534) || setuid(65534)))
			_exit(EPERM);
		_exit(access("/dev", W_OK) ? -record_write(r, "/dev/full") : EPERM);
	}
	return status_of(pid);
}

/* A reader in a child keeps the pipe open; what it saw is its status. */
static void pipe_write(const struct record *r)
{
	char path[340];
	struct stat st;
	pid_t pid;

	snprintf(path, sizeof path, "%s/pipe", directory);
	if (mkfifo(path, 0600)) {
		skip(strerror(errno), "written to a named pipe");
		return;
	}
	pid = fork();
	if (!pid) {
		char *text = get(path);

		_exit(text && !strcmp(text, written) ? 0 : 1);
	}
	is_int(record_write(r, path), 0, "written to a named pipe");
	ok(!lstat(path, &st) && S_ISFIFO(st.st_mode), "a pipe stays a pipe");
	if (!S_ISFIFO(st.st_mode))
		kill(pid, SIGKILL);
	is_int(status_of(pid), 0, "and its reader has the file");
	unlink(path);
}

static void failing_writes(void)
{
	struct record *r = sample();
	char path[700], *text;
	struct stat st;
	int before;

	put("before\n", 7);
	before = entries();
	is_int(write_cut_off(r), EFBIG, "no room: the error");
	text = get(file);
	is_string(text, "before\n", "no room: the file that was there is untouched");
	free(text);
	is_int(entries(), before, "no room: nothing is left beside it");
	if (stat("/dev/full", &st) || !S_ISCHR(st.st_mode))
		skip("there is no /dev/full", "a full device: the error");
	else
		is_int(write_to_full_device(r), ENOSPC, "a full device: the error");
	is_int(record_write(r, directory), -EISDIR, "a directory");
	snprintf(path, sizeof path, "%s/absent/result.txt", directory);
	is_int(record_write(r, path), -ENOENT, "a directory that is not there");
	snprintf(path, sizeof path, "%s/result.txt", file);
	is_int(record_write(r, path), -ENOTDIR, "a file instead of a directory");
	snprintf(path, sizeof path, "%s/%0300d", directory, 1);
	is_int(record_write(r, path), -ENAMETOOLONG, "a name that is too long");
	is_int(entries(), before, "and nothing is left of all that");
	record_free(r);
}

static void ordinary_writes(void)
{
	struct record *r = sample();
	char link[340], *text;
	struct stat st;
	mode_t mask = umask(022);

	put("before\n", 7);
	snprintf(link, sizeof link, "%s.link", file);
	ok(!symlink(file, link) && !record_write(r, link), "written through a symbolic link");
	ok(!lstat(link, &st) && S_ISLNK(st.st_mode), "the link stays one");
	text = get(file);
	is_string(text, written, "its target is the new file");
	pipe_write(r);
	ok(!stat(file, &st) && (st.st_mode & 0777) == 0644, "rights follow the umask");
	unlink(link);
	umask(mask);
	free(text);
	record_free(r);
}

/* -- asking */

static void names(void)
{
	char buffer[40], tiny[4];

	is_string(record_part(CELL, "bench", buffer, sizeof buffer), "switch", "bench of a name");
	is_string(record_part("YieldAlone/impl=a", "bench", buffer, sizeof buffer), "yield-alone", "in kebab form");
	is_string(record_part(CELL, "impl", buffer, sizeof buffer), "lwp", "impl");
	is_string(record_part(CELL, "place", buffer, sizeof buffer), "same-pu", "place, the last");
	is_string(record_part(CELL, "call", buffer, sizeof buffer), NULL, "a part that is not there");
	is_string(record_part("Mode/ximpl=a/impl2=b/impl=c", "impl", buffer, sizeof buffer), "c",
		"only a whole key counts");
	is_string(record_part("Mode/impl=/wait=b", "impl", buffer, sizeof buffer), "", "an empty part");
	is_string(record_part("", "bench", buffer, sizeof buffer), NULL, "bench of an empty name");
	is_string(record_part(CELL, "bench", tiny, sizeof tiny), NULL, "a bench too long for the buffer");
	is_string(record_part(CELL, "wait", tiny, sizeof tiny), NULL, "a part too long for the buffer");
	record_bench_name("yield-alone", buffer, sizeof buffer);
	is_string(buffer, "YieldAlone", "name of a bench with a hyphen");
	record_bench_name("switch", buffer, sizeof buffer);
	is_string(buffer, "Switch", "and without");
	record_bench_name("yield-alone", tiny, sizeof tiny);
	is_string(tiny, "Yie", "cut at the end of the buffer");
	record_bench_name("switch", tiny, 0);
	is_string(tiny, "Yie", "no buffer at all");
}

/* -- reading */

static void accepted(void)
{
	is_read(HEAD, 1, 0, "a head alone");
	is_read("ctxbench: 1\r\nhost: a\r\nBenchmark" CELL " 5 1 ns/op\r\n", 2, 1, "CRLF");
	is_read("\xef\xbb\xbf" HEAD "Benchmark" CELL " 5 1 ns/op\n", 1, 1, "a byte order mark");
	is_read("host: a\n" HEAD "colour.of-case: red\n", 3, 0, "unknown keys are kept, in any order");
	is_read(HEAD "\nPASS\nok  \tpkg\t1.2s\nHeatmap/X n=1\nUnit tests passed\nBenchmarks are fun 5\n# x: y\n"
		     "Benchmark" CELL " 5 1 ns/op\n",
		1, 1, "lines of other programs are passed over");
	is_read(HEAD "Benchmark" CELL " 5 1 ns/op\nwarning: hot\n", 1, 1, "so is a key after the head");
	is_read(HEAD "Benchmark" CELL "\t5\t 1.5e+03  ns/op \t+.5 x\n", 1, 1, "tabs, exponents, a sign");
	is_read(HEAD "Benchmark" CELL " 5 -1.5 ns/op\n", 1, 1, "a negative time is within noise, not a mistake");
	is_read(HEAD "BenchmarkOther-8 5 1 B/op\n", 1, 1, "a benchmark of another program");
	is_read(HEAD "Invalid/" CELL " 0 reason=\"\"\n", 1, 1, "no value and no word, but a reason");
}

static void refused(void)
{
	static const char none[] =
		"1: not a ctxbench result file, expected a line 'ctxbench: 1' before the first result";
	static const char cut[] = HEAD "Benchmark" CELL " 5 1 ns/o";

	is_refused("", none, "an empty file");
	is_refused("hello\n", none, "prose");
	is_refused("hello", none, "prose without an end");
	is_refused("BenchmarkX 5 1 ns/op\n" HEAD, none, "a Go benchmark");
	is_refused_bytes("\177ELF\0\0\n", 7, none, "a program");
	is_refused("ctxbench: 2\n", "1: format version 2 is newer than this program, expected 1", "a newer format");
	is_refused("a: b\nctxbench: x\n", "2: format version 'x', expected 1", "no version");
	is_refused(
		HEAD "host: a\n" HEAD, "3: key 'ctxbench' for the second time, expected each key once", "a key twice");
	is_refused(HEAD "Benchmark" CELL " 5 1 ns/op\n" HEAD,
		"3: key 'ctxbench' for the second time, expected each key once", "two files in one");
	is_refused(HEAD "Unit a b=c\nUnit a b=d\n", "3: unit 'a' for the second time, expected each unit once",
		"a unit twice");
	is_read(HEAD "Unit a\001 b=c\nUnit a b=c\n", 1, 0, "a Unit line with a control character is prose");
	is_refused(cut, "2: the file is cut, expected a newline after its last line", "a file cut in a line");
	is_refused_bytes(HEAD "a\0b\n", sizeof HEAD + 3, "2: a NUL byte, expected text", "a NUL byte");
	is_refused(HEAD "BenchmarkX\033[2J 5 1 ns/op\n", "2: the control character 0x1b, expected text", "an escape");
}

static void refused_values(void)
{
	static const struct {
		const char *line, *what;
	} cases[] = {
		{ "BenchmarkX", "the line ends after the name, expected a number of iterations" },
		{ "BenchmarkX 5", "no value, expected VALUE UNIT after the number of iterations" },
		{ "Samples/X 5", "no value, expected VALUE UNIT after the number of iterations" },
		{ "BenchmarkX -5 1 ns/op", "'-5' iterations, expected a whole number from 0 to 1e15" },
		{ "BenchmarkX 5.5 1 ns/op", "'5.5' iterations, expected a whole number from 0 to 1e15" },
		{ "BenchmarkX 99999999999999999999 1 ns/op",
			"'99999999999999999999' iterations, expected a whole number from 0 to 1e15" },
		{ "BenchmarkX nan 1 ns/op", "'nan' iterations, expected a whole number from 0 to 1e15" },
		{ "BenchmarkX 5 1", "value 1 has no unit, expected one after it" },
		{ "BenchmarkX 5 1 2 ns/op", "value 1 has no unit, expected one after it" },
		{ "Invalid/X 5 1 reason=\"a\"", "value 1 has no unit, expected one after it" },
		{ "BenchmarkX 5 1,5 ns/op", "'1,5' is not a number, expected a finite one with a decimal point" },
		{ "BenchmarkX 5 nan ns/op", "'nan' is not a number, expected a finite one with a decimal point" },
		{ "BenchmarkX 5 inf ns/op", "'inf' is not a number, expected a finite one with a decimal point" },
		{ "BenchmarkX 5 0x10 ns/op", "'0x10' is not a number, expected a finite one with a decimal point" },
		{ "BenchmarkX 5 1e999 ns/op", "'1e999' is not a number, expected a finite one with a decimal point" },
		{ "BenchmarkX 5 1e ns/op", "'1e' is not a number, expected a finite one with a decimal point" },
		{ "BenchmarkX 5 . ns/op", "'.' is not a number, expected a finite one with a decimal point" },
		{ "BenchmarkX 5 0 ns/op", "a time of 0 ns/op, expected it left out" },
		{ "BenchmarkX 5 0.00 min-ns", "a time of 0 min-ns, expected it left out" },
		{ "BenchmarkX 5 -0 ticks", "a time of 0 ticks, expected it left out" },
		{ "BenchmarkX 5 1 ns/op 2 ns/op", "unit 'ns/op' twice on one line, expected it once" },
		{ "BenchmarkX 5 1 ns/op reason=\"a\"", "a reason, expected one on Invalid/ and Missing/ lines only" },
		{ "Missing/X", "no reason, expected reason=\"...\" at the end" },
		{ "Missing/", "'Missing/' without a name, expected one" },
		{ "Missing/X 5 reason=\"a\"", "'5 reason=\"a\"', expected reason=\"...\"" },
		{ "Missing/X reason=\"a", "the reason has no end, expected a closing quote" },
		{ "Missing/X reason=\"a\\\"", "the reason has no end, expected a closing quote" },
		{ "Missing/X reason=\"a\" b", "'b' after the reason, expected the end of the line" },
		{ "Invalid/X 5 1 ns/op", "no reason, expected reason=\"...\" at the end" },
	};
	char text[300], what[300];

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		snprintf(text, sizeof text, HEAD "Benchmark" CELL " 5 1 ns/op\n%s\n", cases[i].line);
		snprintf(what, sizeof what, "3: %s", cases[i].what);
		is_refused(text, what, cases[i].line);
	}
}

static void unreadable(void)
{
	char error[500] = "", expected[500], path[400], tiny[20];

	snprintf(path, sizeof path, "%s/absent", directory);
	snprintf(expected, sizeof expected, "%s: cannot be read: %s, expected a result file", path, strerror(ENOENT));
	ok(!record_read(path, error, sizeof error), "a file that is not there is refused");
	is_string(error, expected, "and why");
	snprintf(expected, sizeof expected, "%s:1: cannot be read: %s, expected a result file", directory,
		strerror(EISDIR));
	ok(!record_read(directory, error, sizeof error), "a directory is refused");
	is_string(error, expected, "and why");
	ok(!record_read("/dev/zero", error, sizeof error), "a file without an end is refused");
	ok(!record_read(path, tiny, sizeof tiny) && strlen(tiny) == sizeof tiny - 1,
		"a short error buffer is not overrun");
}

/* 10 MB in one line. */
static void huge_line(void)
{
	size_t length = 10 << 20;
	char *text = malloc(length), error[500] = "";
	struct record *r;

	memset(text, ' ', length);
	memcpy(text, HEAD "key: a", sizeof HEAD + 5);
	memset(text + length - 10, '1', 9);
	text[length - 1] = '\n';
	put(text, length);
	r = record_read(file, error, sizeof error);
	ok(r && r->keys == 1, "a foreign line of 10 MB is passed over");
	record_free(r);
	memcpy(text, HEAD "BenchmarkX", sizeof HEAD + 9);
	is_refused_bytes(
		text, length, "2: a line of more than 65535 bytes, expected at most 60000", "a result of 10 MB");
	free(text);
}

static void many_keys(void)
{
	FILE *f = fopen(file, "w");
	char error[500] = "", expected[500];

	fputs(HEAD, f);
	for (int i = 0; i < 5000; i++)
		fprintf(f, "key%d: a\n", i);
	fclose(f);
	snprintf(expected, sizeof expected, "%s:4097: more than 4096 keys, expected fewer", file);
	ok(!record_read(file, error, sizeof error), "five thousand keys are refused");
	is_string(error, expected, "and why");
}

/* -- how it is read: in pieces that know nothing of lines */

/* A line of another program, `length` bytes without its end, with `odd` at its 70,000th byte. */
static void put_long_line(size_t length, char odd)
{
	char *text = malloc(length + 200);
	size_t used = (size_t)sprintf(text, HEAD);

	memset(text + used, 'x', length);
	if (length > 70000)
		text[used + 70000] = odd;
	used += length;
	used += (size_t)sprintf(text + used, "\nBenchmark" CELL " 5 1 ns/op\n");
	put(text, used);
	free(text);
}

static bool long_line_is_passed(size_t length)
{
	char error[500] = "";
	struct record *r;
	bool good;

	put_long_line(length, 'x');
	r = record_read(file, error, sizeof error);
	good = r && r->lines == 1 && r->line->row == 3;
	if (!good)
		diag("%zu bytes: %s", length, error);
	record_free(r);
	return good;
}

static void edges(void)
{
	static const size_t lengths[] = { 65534, 65535, 65536, 65537, 98290, 98291, 98292, 98303, 98304, 98305, 163839,
		163840, 200000, 262143, 262144, 262145, 1000000 };
	char error[500] = "", expected[500];
	bool good = true;

	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
		good &= long_line_is_passed(lengths[i]);
	ok(good, "a foreign line of any length is one line, and the next is read");
	put_long_line(200000, '\0');
	snprintf(expected, sizeof expected, "%s:2: a NUL byte, expected text", file);
	ok(!record_read(file, error, sizeof error), "a NUL far out on a long line is found");
	is_string(error, expected, "and where");
}

/* Results of every length around each other, so that some lie across what is read at once. */
static void many_lines(void)
{
	enum { LINES = 6000 };
	struct record *r = record_new(), *again;
	char name[300], error[500] = "";
	bool same = true;

	for (int i = 0; i < LINES; i++) {
		struct record_line *line;

		snprintf(name, sizeof name, "Switch/impl=x%0*d", 1 + i % 199, i % 500);
		line = record_line(r, RECORD_BENCHMARK, name, i + 1, NULL);
		record_value(line, i + 0.25, "ns/switch");
		record_value(line, i, i % 2 ? "even/op" : "odd/op");
	}
	is_int(record_write(r, file), 0, "six thousand lines: written");
	again = record_read(file, error, sizeof error);
	ok(again && again->lines == LINES && again->names == r->names, "six thousand lines: read, and as many names");
	for (size_t i = 0; again && i < LINES; i++) {
		const struct record_line *a = &r->line[i], *b = &again->line[i];

		same &= !strcmp(a->name, b->name) && a->n == b->n && b->values == 2 && a->value[0].x == b->value[0].x &&
			!strcmp(a->value[1].unit, b->value[1].unit) && a->name_index == b->name_index &&
			b->row == i + 2;
	}
	ok(same, "six thousand lines: each as it was");
	record_free(r);
	record_free(again);
}

/* Names and units are the same words wherever they stand, and a record that was read can be added to. */
static void words(void)
{
	char error[500];
	struct record *r =
		read_text(HEAD "BenchmarkA 1 1 ns/op 2 x 3 y\nBenchmarkB 1 1 ns/op 2 x\nBenchmarkA 1 1 ns/op 2 x\n"
			       "BenchmarkA 1 1 ns/op 2 x\n",
			error, sizeof error);
	double x = 0;

	if (!ok(r && r->lines == 4, "a line twice is two trials"))
		return;
	ok(r->line[0].name == r->line[2].name && r->line[0].name_index == 0 && r->line[1].name_index == 1 &&
			r->names == 2,
		"the same name is the same word");
	ok(r->line[0].value[1].unit == r->line[1].value[1].unit, "so is a unit");
	for (int i = 0; i < 20; i++) {
		snprintf(error, sizeof error, "more-%d", i);
		record_value(&r->line[0], i, error);
	}
	ok(r->line[0].values == 23 && record_find(&r->line[0], "more-19", &x) && x == 19 &&
			record_find(&r->line[0], "y", &x) && x == 3,
		"twenty values more on a line that was read");
	record_line(r, RECORD_MISSING, "B", 0, "none");
	ok(r->line[4].name_index == 1 && r->names == 2, "a line more of a name that was read");
	record_free(r);
}

/* -- numbers, held against strtod, which is right but slow and follows the locale */

static bool number_is_right(const char *text)
{
	const char *end = NULL;
	double x = 0, y = strtod(text, NULL);
	bool good = number_read(text, &end, &x) && !*end && !memcmp(&x, &y, sizeof x);

	if (!good)
		diag("%s: %.17g instead of %.17g", text, x, y);
	return good;
}

static void numbers(void)
{
	static const char *const hard[] = { "0", "-0", "0.0", "1", "+1", "9007199254740992", "9007199254740993",
		"9007199254740991e22", "9007199254740991e-22", "1e22", "1e23", "1e-22", "1e-23",
		"123456789012345678901234567890", "0.1", ".5", "5.", "1.e1", "00000000000000000000000001.5",
		"0.000000000000000000000000015", "1.7976931348623157e308", "2.2250738585072014e-308",
		"4.9406564584124654e-324", "2.4703282292062327e-324", "8.98846567431158e307", "1e-400",
		"1.000000000000000000000001", "18446744073709551615", "18446744073709551616",
		"1e0000000000000000000000000000001" };
	static const char *const none[] = { "", "-", ".", "e5", "nan", "inf", "-inf", " 1", "1e999", "-1e999", ",5" };
	uint64_t seed = 1;
	char text[60];
	const char *end;
	bool good = true;
	double x;

	for (size_t i = 0; i < sizeof hard / sizeof *hard; i++)
		good &= number_is_right(hard[i]);
	ok(good, "numbers that are hard to round");
	good = true;
	for (int i = 0; i < 100000 && good; i++) {
		seed = seed * 6364136223846793005 + 1442695040888963407;
		snprintf(text, sizeof text, "%.*g", (int)(seed >> 60) + 3,
			ldexp((double)(seed >> 11), (int)(seed % 200) - 120));
		good = number_is_right(text);
	}
	ok(good, "a hundred thousand of any size and length");
	good = true;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		good &= !number_read(none[i], &end, &x);
	ok(good, "what is no finite number");
	ok(number_read("1,5", &end, &x) && *end == ',' && number_read("0x10", &end, &x) && *end == 'x' &&
			number_read("1e+", &end, &x) && *end == 'e',
		"a number ends before a comma, an x and half an exponent");
}

/* The answer to any bytes: a record, or one line that names the file and says what was expected. */
static bool sound(const char *text, size_t length)
{
	char error[500] = "";
	struct record *r;

	put(text, length);
	r = record_read(file, error, sizeof error);
	if (r) {
		record_free(r);
		return !*error;
	}
	return !strncmp(error, file, strlen(file)) && !strchr(error, '\n') && strstr(error, "expected");
}

static void damaged(void)
{
	static const unsigned char other[] = { 0, '\n', ' ', '"', '\\', ',', ':', '=', '9', '-', 0x1b, 0xff };
	char text[sizeof written];
	size_t length = sizeof written - 1;
	bool good = true;

	for (size_t cut = 0; cut < length; cut++)
		good &= sound(written, cut);
	ok(good, "cut after every byte: read, or refused with one line");
	good = true;
	for (size_t i = 0; i < length; i++) {
		memcpy(text, written, length);
		text[i] = (char)other[i % sizeof other];
		good &= sound(text, length);
		text[i] = (char)other[(i * 7 + 3) % sizeof other];
		good &= sound(text, length);
	}
	ok(good, "every byte changed: read, or refused with one line");
}

static void clear_directory(void)
{
	char command[400];

	snprintf(command, sizeof command, "rm -rf '%s'", directory);
	if (system(command))
		diag("%s is left", directory);
}

int main(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(directory, sizeof directory, "%.200s/ctxbench-record.XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(directory)) {
		diag("%s: %s", directory, strerror(errno));
		return 1;
	}
	snprintf(file, sizeof file, "%s/result.txt", directory);
	is_written("C locale");
	is_read_back("C locale");
	comma_locale();
	long_lines();
	failing_writes();
	ordinary_writes();
	names();
	accepted();
	refused();
	refused_values();
	unreadable();
	huge_line();
	many_keys();
	edges();
	many_lines();
	words();
	numbers();
	damaged();
	clear_directory();
	return done();
}
