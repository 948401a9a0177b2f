// SPDX-License-Identifier: MIT
/* What table, compare, verdicts and ladder make of small records: the right medians, words for what is not there,
 * refusals. */
#include <sys/stat.h>
#include <unistd.h>

#include "../harness/analyse/analyse.h"
#include "../harness/analyse/cells.h"
#include "../harness/analyse/text.h"
#include "../harness/compare/compare.h"
#include "drawing.h"
#include "tap.h"

enum { TRIALS = 6 };
#define ONE_CPU "/policy=batch/place=same-pu"

/* -- records */

static struct record *machine(void)
{
	struct record *r = record_new();

	record_set(r, "complete", "yes");
	record_set(r, "method", "1");
	record_set(r, "host", "vm");
	record_set(r, "cpu", "Xeon");
	record_set(r, "kernel", "6.18.44");
	record_set(r, "hypervisor", "KVM");
	record_set(r, "emulated", "no");
	record_set(r, "impl.null", "floor; a procedure call");
	record_set(r, "impl.lwp", "lwp; raw clone, full sharing");
	record_set(r, "impl.pthread", "pthread; NPTL");
	record_set(r, "impl.process", "process; fork");
	record_set(r, "impl.uthread-jmp", "user-thread; assembly");
	record_set(r, "impl.goroutine", "goroutine; of another runtime");
	return r;
}

/* Trials whose median is `centre` and whose interval is ±1 %. */
static void add_trials(struct record *r, const char *name, double centre, const char *unit, double switches)
{
	static const double off[TRIALS] = { 1.01, 0.99, 1, 1, 1.005, 0.995 };

	for (size_t i = 0; i < TRIALS; i++) {
		struct record_line *line = record_line(r, RECORD_BENCHMARK, name, 65536, NULL);

		record_value(line, centre * off[i], unit);
		record_value(line, centre * 0.98, "min-ns");
		record_value(line, strcmp(unit, "ns/op") && !strstr(name, "impl=null") ? 2 : 1, "ops");
		record_value(line, switches, "switches/op");
		record_value(line, 0, "faults/op");
		record_value(line, 100, "cpu%");
		record_value(line, 2, "linear");
	}
}

static void add_calls(struct record *r, const char *name, double calls, double tasks)
{
	struct record_line *line = record_line(r, RECORD_BENCHMARK, name, 4096, NULL);

	record_value(line, calls, "syscalls/op");
	record_value(line, tasks, "tasks/op");
	record_value(line, 0, "signals/op");
	record_value(line, calls, "modesw/op");
}

static void add_cell(struct record *r, const char *name, double centre, const char *unit, double switches, double calls,
	double tasks)
{
	add_trials(r, name, centre, unit, switches);
	add_calls(r, name, calls, tasks);
}

/* Everything that a sentence needs; times are multiplied by `factor`. */
static struct record *whole(double factor)
{
	struct record *r = machine();

	add_cell(r, "Switch/impl=null/wait=none" ONE_CPU, 1.2 * factor, "ns/switch", 0, 0, 0);
	add_cell(r, "Switch/impl=uthread-jmp/wait=none" ONE_CPU, 2.4 * factor, "ns/switch", 0, 0, 0);
	add_cell(r, "Switch/impl=lwp/wait=futex" ONE_CPU, 1200 * factor, "ns/switch", 2, 4, 0);
	add_cell(r, "Switch/impl=lwp/wait=yield" ONE_CPU, 501 * factor, "ns/yield", 2, 2, 0);
	add_cell(r, "Wake/impl=lwp/wait=futex/policy=other/place=same-llc", 34200 * factor, "ns/wake", 1.9, 4, 0);
	add_cell(r, "Create/impl=uthread-jmp/wait=none" ONE_CPU, 20 * factor, "ns/op", 0, 0, 0);
	add_cell(r, "Create/impl=lwp/wait=none" ONE_CPU, 10000 * factor, "ns/op", 2, 3, 1);
	add_cell(r, "Create/impl=pthread/wait=none" ONE_CPU, 12000 * factor, "ns/op", 2, 10, 1);
	add_cell(r, "Create/impl=process/wait=none" ONE_CPU, 110000 * factor, "ns/op", 2, 4, 1);
	add_cell(r, "Mode/impl=lwp/wait=none" ONE_CPU, 104 * factor, "ns/op", 0, 1, 0);
	add_cell(r, "Syscall/impl=null/wait=none" ONE_CPU "/call=null", 100 * factor, "ns/op", 0, 1, 0);
	return r;
}

/* -- what they print */

struct printed {
	char *text;
	size_t size;
	int status;
};

static struct printed print_table(const struct record *r)
{
	struct printed p = { 0 };
	FILE *out = open_memstream(&p.text, &p.size);

	p.status = table_print(r, out);
	fclose(out);
	return p;
}

static struct printed print_verdicts(const struct record *r, int brief)
{
	struct printed p = { 0 };
	FILE *out = open_memstream(&p.text, &p.size);

	p.status = verdicts_print(r, brief, out);
	fclose(out);
	return p;
}

/* What is said on stderr follows what is printed. */
static struct printed print_compare(const struct record *a, const struct record *b)
{
	struct printed p = { 0 };
	FILE *out = open_memstream(&p.text, &p.size), *said = tmpfile();
	int before = dup(STDERR_FILENO), c;

	fflush(stderr);
	dup2(fileno(said), STDERR_FILENO);
	p.status = compare_print(a, b, out);
	fflush(stderr);
	dup2(before, STDERR_FILENO);
	close(before);
	rewind(said);
	while ((c = fgetc(said)) != EOF)
		fputc(c, out);
	fclose(said);
	fclose(out);
	return p;
}

static size_t widest(const char *text)
{
	size_t most = 0;

	while (*text) {
		size_t length = strcspn(text, "\n");
		char line[1000];

		snprintf(line, sizeof line, "%.*s", (int)length, text);
		most = text_columns(line) > most ? text_columns(line) : most;
		text += length + (text[length] == '\n');
	}
	return most;
}

static void fits(const struct printed *p, const char *what)
{
	if (!ok(widest(p->text) <= 80, "%s: no line is over 80 columns", what))
		diag("%s", p->text);
}

static void has(const struct printed *p, const char *words, const char *name)
{
	if (!ok(strstr(p->text, words), "%s", name))
		diag("expected: %s\n%s", words, p->text);
}

static void has_not(const struct printed *p, const char *words, const char *name)
{
	if (!ok(!strstr(p->text, words), "%s", name))
		diag("did not expect: %s\n%s", words, p->text);
}

/* -- numbers and words */

static void test_text(void)
{
	char b[TEXT_NUMBER], clean[64];

	is_string(text_time(b, 1.1849), "1.18 ns", "three significant digits");
	is_string(text_time(b, 9.996), "10.0 ns", "rounding up makes no fourth digit");
	is_string(text_time(b, 999.6), "1.00 µs", "nor does it at the next unit");
	is_string(text_time(b, 111000), "111 µs", "microseconds");
	is_string(text_time(b, 2.5e9), "2.50 s", "seconds");
	is_string(text_time(b, -0.2), "within noise", "a negative time is within noise");
	is_string(text_time(b, 0.3361), "0.336 ns", "less than one");
	is_string(text_percent(b, 0.031), "3%", "half an interval");
	is_string(text_percent(b, 0.0004), "<1%", "never zero percent for what is not 0");
	is_string(text_count(b, 1.9999), "2", "a count");
	is_string(text_count(b, 1.58), "1.58", "a count that is not whole");
	is_string(text_multiple(b, 1075.3), "1,075", "a multiple");
	is_string(text_multiple(b, 28512), "28,500", "a large multiple");
	is_string(text_ratio(b, 0.98642), "0.986", "a ratio");
	is_string(text_ratio(b, 1234567), "1,230,000", "a large ratio");
	is_string(text_clean(clean, sizeof clean, "a\x1b[31mb\xff", 40), "a?[31mb?", "nothing that a terminal obeys");
	is_string(text_clean(clean, sizeof clean, "µµµµµ", 3), "µµ…", "cut between characters");
}

/* -- table */

static void test_table(void)
{
	struct record *r = whole(1);
	struct printed p = print_table(r);

	fits(&p, "table");
	has(&p, "  lwp               1.20 µs   1%   1,000   10.0 µs   1%    104 ns   1%    1    2\n",
		"medians, intervals, multiple of a call, switches and calls of an LWP");
	has(&p, "  uthread-jmp       2.40 ns   1%     2.0   20.0 ns   1%                   0    0\n",
		"and of a user thread");
	has(&p, "light-weight processes, waiting by futex\n", "the kind's name");
	has(&p, "wake, on another CPU", "a wake has a section of its own");
	has(&p, "  lwp               other    34.2 µs   1%     33.5 µs   28,500 0.95    2\n", "and a row there");
	has(&p, "yield, scheduler's queue", "a yield has a section of its own");
	has(&p, "  syscall     null 100 ns ±1%\n", "the system-call ladder");
	has(&p, "11 cells valid, 0 invalid, 0 not measured\n", "how many cells");
	has_not(&p, "complete: no", "a complete run says nothing of it");
	free(p.text);
	record_free(r);
}

static void test_table_gaps(void)
{
	struct record *r = whole(1);
	struct record_line *line = record_line(r, RECORD_INVALID, "Switch/impl=lwp/wait=futex" ONE_CPU, 65536,
		"1.8000 switches/op counted, 2 claimed, and many more words than anybody has ever seen in a reason");
	struct printed p;

	record_value(line, 1200, "ns/switch");
	for (const char *const *bench = (const char *const[]){ "Switch", "Create", "Mode", NULL }; *bench; bench++) {
		char name[100];

		snprintf(name, sizeof name, "%s/impl=goroutine/wait=none" ONE_CPU, *bench);
		record_line(r, RECORD_MISSING, name, 0, "no \"go\" here");
	}
	record_set(r, "complete", "no");
	record_set(r, "not-counted.cycles:u", "this VM has no PMU");
	record_set(r, "not-counted.cycles:k", "this VM has no PMU");
	record_set(r, "not-counted.instructions:u", "this VM has no PMU");
	p = print_table(r);
	fits(&p, "table with gaps");
	has(&p, "\ncomplete: no", "a run that was stopped says so");
	has(&p, "  gives not   cycles, instructions:u: this VM has no PMU\n", "one line for what has one reason");
	has(&p, "goroutine\n  goroutine         not measured: no \"go\" here\n",
		"an unknown kind is a group, a gap is words");
	has(&p, "  lwp                    invalid           10.0 µs", "an Invalid line invalidates its cell");
	has(&p, "switch lwp futex batch: invalid: 1.8000", "and it is named with its reason");
	has(&p, "10 cells valid, 1 invalid, 3 not measured", "how many cells of each");
	free(p.text);
	record_free(r);
}

static void test_table_tags(void)
{
	struct record *r = machine();
	struct printed p;

	for (int i = 0; i < 10; i++) {
		struct record_line *line = record_line(
			r, RECORD_BENCHMARK, "Switch/impl=lwp/wait=futex/policy=other/place=free", 100, NULL);

		record_value(line, i < 4 ? 5000 + i : 1000 + i, "ns/switch");
		record_value(line, i < 4 ? 2 : 98, "one-cpu%");
	}
	for (int i = 0; i < 6; i++) {
		struct record_line *line =
			record_line(r, RECORD_BENCHMARK, "Create/impl=lwp/wait=none" ONE_CPU, 100, NULL);

		record_value(line, 1000 + 200 * i, "ns/op");
		record_value(line, 2.3, "linear");
		record_value(line, 80, "cpu%");
		record_value(line, i, "steal%");
		record_value(line, i == 3, "throttled");
	}
	add_trials(r, "Create/impl=uthread-jmp/wait=none" ONE_CPU, -0.1, "ns/op", 0);
	p = print_table(r);
	fits(&p, "table with tags");
	has(&p, "1.01 µs   6 of 10 trials                        98%\n", "two groups are two values: the first");
	has(&p, "5.00 µs   4 of 10 trials                         2%\n", "and the second");
	has(&p, "noisy (interval over ±20%): create lwp batch\n", "noisy");
	has(&p, "not linear (t(2n)/t(n) outside 2 ±5%): create lwp batch\n", "not linear");
	has(&p, "others ran here too (cpu% below 95): create lwp batch\n", "CPU share");
	has(&p, "steal of 1% and more: create lwp batch\n", "steal");
	has(&p, "throttled by a CPU quota: create lwp batch\n", "throttled");
	has(&p, "within noise", "a time below zero is within noise");
	free(p.text);
	record_free(r);
}

static void test_table_empty(void)
{
	struct record *r = machine();
	struct printed p = print_table(r);

	is_int(p.status, 0, "a file without a cell is a table without a row");
	has(&p, "0 cells valid, 0 invalid, 0 not measured", "and says so");
	free(p.text);
	record_free(r);
}

/* -- compare */

static void test_compare(void)
{
	struct record *a = whole(1), *b = whole(1.5);
	struct printed p;

	record_set(b, "mitigations.retbleed", "IBRS");
	record_set(b, "kernel", "6.18.45");
	add_trials(a, "Mode/impl=null/wait=none" ONE_CPU, 1.2, "ns/op", 0);
	add_trials(b, "Mode/impl=null/wait=none" ONE_CPU, 1.2, "ns/op", 0);
	add_trials(a, "Mode/impl=pthread/wait=none" ONE_CPU, 104, "ns/op", 0);
	record_line(b, RECORD_MISSING, "Mode/impl=pthread/wait=none" ONE_CPU, 0, "built without it");
	p = print_compare(a, b);
	is_int(p.status, 0, "two files that can be compared");
	fits(&p, "compare");
	has(&p, "  lwp            futex       1.20 µs   1%  1.80 µs   1%  1.50  [1.", "a ratio with its interval");
	has(&p, "  null                       1.20 ns   1%  1.20 ns   1%     ~  (", "no difference is told as none");
	has(&p, " would show)", "with the least one that would have shown");
	has(&p, "104 ns   1%  not measured: built without it\n", "one-sided cells are words");
	has(&p,
		"differ  mitigations.retbleed   (absent) -> IBRS\n          (A mitigation makes entries into the "
		"kernel dearer",
		"keys that matter come with a sentence");
	ok(strstr(p.text, "mitigations.retbleed") < strstr(p.text, "6.18.44 -> 6.18.45"), "the heavier key first");
	has(&p, "13 cells: 11 differ (B slower in 11, faster in 0), 1 not told apart, 1 one-sided\n", "counts");
	free(p.text);
	record_free(a);
	record_free(b);
}

static void refused(struct record *a, struct record *b, const char *why, const char *name)
{
	struct printed p = print_compare(a, b);
	char line[200];

	snprintf(line, sizeof line, "ctxbench: can't compare: %s\n", why);
	is_int(p.status, 2, "%s: status 2", name);
	is_string(p.text, line, "%s: one line, and nothing else", name);
	free(p.text);
	record_free(a);
	record_free(b);
}

static void test_refusals(void)
{
	struct record *b = whole(1);

	record_set(b, "method", "2");
	refused(whole(1), b, "method 1 in A and 2 in B: they did not measure the same", "methods");
	b = whole(1);
	record_set(b, "emulated", "yes");
	refused(whole(1), b, "B's CPU is emulated and A's is real", "emulated against real");
	b = machine();
	add_trials(b, "Mode/impl=lwp/wait=none" ONE_CPU, 0.104, "us/op", 0);
	refused(whole(1), b, "Mode/impl=lwp/wait=none" ONE_CPU " is in ns/op in A and in us/op in B", "units");
	b = whole(1);
	record_unit(b, "ns/op", "better=higher");
	struct record *a = whole(1);
	record_unit(a, "ns/op", "better=lower");
	refused(a, b, "Unit ns/op is better=lower in A and better=higher in B", "directions of a unit");
	b = machine();
	add_trials(b, "Mode/impl=ucontext/wait=none" ONE_CPU, 1, "ns/op", 0);
	refused(whole(1), b, "no cell is valid in both", "nothing in common");
}

/* -- verdicts */

static const char a_kernel_thread[] = "PF_KTHREAD yes; address space: none; process: none; instructions: ";

/* A task that moves itself: in a section of its own, not among the wakes. */
static void test_moves(void)
{
	struct record *r = machine();
	const char *const name = "Wake/impl=kthread-stopper/wait=none/policy=other/place=same-llc/call=";
	char move[128], stay[128];

	snprintf(move, sizeof move, "%smove", name);
	snprintf(stay, sizeof stay, "%sno-move", name);
	add_cell(r, "Wake/impl=lwp/wait=futex/policy=other/place=same-llc", 34000, "ns/wake", 2, 4, 0);
	add_cell(r, move, 16000, "ns/move", 4, 2, 0);
	add_cell(r, stay, 1000, "ns/call", 0, 2, 0);
	struct printed p = print_table(r);
	fits(&p, "moves");
	has(&p, "move, by a kernel thread ", "a section of its own");
	has(&p, "kthread-stopper: a switch into a kernel thread plus a wake elsewhere", "which says what a move is");
	has(&p, "  move              other    16.0 µs", "the move");
	has(&p, "  no-move           other    1.00 µs", "and its control");
	has(&p, "wake, on another CPU ", "and the wakes have theirs");
	free(p.text);
	record_free(r);
}

/* NUMBERS: what the file says of kthreadd's instructions; then how the sentence ends. */
static void judged_thread(const char *numbers, const char *verdict, const char *name)
{
	struct record *r = machine();
	char facts[200];

	snprintf(facts, sizeof facts, "%s%s", a_kernel_thread, numbers);
	record_set(r, "task.kthreadd", facts);
	struct printed p = print_verdicts(r, 0);
	fits(&p, name);
	has(&p, verdict, name);
	free(p.text);
	record_free(r);
}

static void test_kernel_threads(void)
{
	judged_thread("0 in user mode, 362614670 in the kernel",
		"Kernel threads are never in user mode  holds              0 of 362614670",
		"no instruction in user mode");
	judged_thread("1 in user mode, 9 in the kernel",
		"Kernel threads are never in user mode  does not hold here 1 of 10 instructions", "one in user mode");
	judged_thread("not counted: no hardware counters",
		"Kernel threads are never in user mode  not measured: no address space, but", "not counted");
}

/* Trials of the bench block: the share that goes on has a median of `share` and an interval of ±1 %. */
static void add_block(struct record *r, const char *name, double share)
{
	static const double off[TRIALS] = { 1.01, 0.99, 1, 1, 1.005, 0.995 };

	for (size_t i = 0; i < TRIALS; i++) {
		struct record_line *line = record_line(r, RECORD_BENCHMARK, name, 8, NULL);

		record_value(line, 2e7, "ns/op");
		record_value(line, share * off[i], "share%");
		record_value(line, 100, "alone-counts/ms");
		record_value(line, share * off[i], "blocked-counts/ms");
	}
}

/* Several: the most; announced or not of user threads: no sentence is of them. */
static void add_blocks(struct record *r, double one, double several)
{
	record_set(r, "impl.uthread", "user-thread; N:1");
	record_set(r, "impl.mn", "user-thread; M:N");
	add_block(r, "Block/impl=uthread/wait=none" ONE_CPU "/read=plain", one);
	add_block(r, "Block/impl=mn/wait=none" ONE_CPU "/read=plain/workers=1", 77);
	add_block(r, "Block/impl=mn/wait=none/policy=other/place=free/read=plain/workers=2", 55);
	add_block(r, "Block/impl=mn/wait=none/policy=other/place=free/read=plain/workers=4", several);
	add_block(r, "Block/impl=mn/wait=none/policy=other/place=free/read=announced/workers=8", 99);
	add_block(r, "Block/impl=lwp/wait=none" ONE_CPU "/read=plain", 98);
}

static void judged_block(double one, double several, const char *of_one, const char *of_several)
{
	struct record *r = machine();

	add_blocks(r, one, several);
	struct printed p = print_verdicts(r, 0);
	fits(&p, "blocked");
	has(&p, of_one, "of one LWP");
	has(&p, of_several, "of the most that there are");
	free(p.text);
	record_free(r);
}

static void test_block(void)
{
	judged_block(0, 75, "One LWP: one blocks, all stand still   holds              0% [0, 0]\n",
		"  several LWPs: the others go on       holds              75% [74, 76], 4 LWPs\n");
	judged_block(50, 0, "One LWP: one blocks, all stand still   does not hold here 50% [50, 51]\n",
		"  several LWPs: the others go on       does not hold here 0% [0, 0], 4 LWPs\n");
	struct record *r = machine();
	add_blocks(r, 0, 75);
	record_line(r, RECORD_INVALID, "Block/impl=lwp/wait=none" ONE_CPU "/read=plain", 0, "no more tasks");
	struct printed p = print_table(r);
	fits(&p, "blocked, as a table");
	has(&p, "  uthread, 1 LWP                         0%         [0, 0]      100.0        0.0\n", "one LWP");
	has(&p, "  mn, 4 LWPs                            75%       [74, 76]      100.0       75.0\n", "several");
	has(&p, "  mn, 8 LWPs, announced                 99%      [98, 100]", "and what the library is told of");
	has_not(&p, "  lwp, one each", "what is not valid has no row");
	has(&p, "block lwp batch read=plain: invalid: no more tasks", "but a reason");
	free(p.text);
	record_free(r);
}

static void add_state(struct record *r, const char *impl, const char *set, double ns)
{
	char name[128];

	snprintf(name, sizeof name, "State/impl=%s" ONE_CPU "/state=%s", impl, set);
	add_trials(r, name, ns, "ns/switch", 2);
	record_value(record_line(r, RECORD_BENCHMARK, name, 8, NULL), 256, "in-use-B");
}

static void test_state(void)
{
	static const char *const impl[] = { "lwp/wait=futex", "uthread-fpu/wait=none", "null/wait=none" };
	static const double clean[] = { 1000, 5, 0.25 }, avx[] = { 1200, 5, 100 }, fp[] = { 1003, 5, 2 };
	struct record *r = machine();

	for (size_t i = 0; i < 3; i++) {
		add_state(r, impl[i], "avx", avx[i]);
		add_state(r, impl[i], "clean", clean[i]);
		add_state(r, impl[i], "fp", fp[i]);
		char name[128];
		snprintf(name, sizeof name, "State/impl=%s" ONE_CPU "/state=amx", impl[i]);
		record_line(r, RECORD_MISSING, name, 0, "this CPU has no AMX");
	}
	struct printed p = print_table(r);
	fits(&p, "registers in use");
	has(&p, "  clean       1.00 µs   1%                5.00 ns   1%  0.250 ns      256\n", "the clean one");
	has(&p, "  avx         1.20 µs   1%        100 ns  5.00 ns   1%    100 ns      256\n",
		"more than it, without the writing");
	has(&p, "  fp          1.00 µs   1%  within noise  5.00 ns", "or nothing that would be more than noise");
	ok(strstr(p.text, "  clean ") < strstr(p.text, "  avx "), "the clean one comes first");
	has(&p, ": this CPU has no AMX\n", "a set that is missing has its reason");
	has_not(&p, "  amx ", "and no row");
	free(p.text);
	record_free(r);
}

static void test_verdicts(void)
{
	struct record *r = whole(1);
	add_blocks(r, 0, 75);
	record_set(r, "task.kthreadd",
		"PF_KTHREAD yes; address space: none; process: none; instructions: 0 in user mode, 9 in the kernel");
	struct printed p = print_verdicts(r, 0), brief = print_verdicts(r, 1);

	fits(&p, "verdicts");
	has(&p, "User thread cheaper to create than LWP holds              500x [4",
		"how many times cheaper to create");
	has(&p, "User thread cheaper to switch than LWP holds              500x [4", "and to switch");
	has(&p, "Process dearer to create than an LWP   holds              11.0x [10.", "process against LWP");
	has(&p, "Pthread dearer: its library's own work holds              1.20x [1.1", "pthread against LWP");
	has(&p, "Creating an LWP makes a kernel task    holds              1.000 tasks/op", "an LWP's task");
	has(&p, "  creating a user thread does not      holds              0.000 tasks/op", "a user thread's");
	has(&p, "Creating an LWP takes mode switches    holds              3 calls, 0 faults", "mode switches");
	has(&p, "  their share of the whole creation                       3.0% [", "their share");
	has(&p, "Switching an LWP enters the kernel     holds              1 switch, 2 calls", "an LWP's switch");
	has(&p, "  switching a user thread does not     holds              0 switches, 0 calls", "a user thread's");
	has(&p, "  and belong to no process             holds              1 of 1: no address", "whose threads");
	has(&p, "\n13 hold, 0 do not, ", "the count");
	has(&brief, "textbook: 13 sentences hold, 0 do not, ", "in one line");
	free(p.text);
	free(brief.text);
	record_free(r);
}

static void test_verdicts_otherwise(void)
{
	struct record *r = machine();
	struct printed p;

	/* one interval that has 1 in it, one on the wrong side, one count that is off */
	add_cell(r, "Create/impl=lwp/wait=none" ONE_CPU, 10000, "ns/op", 2, 3, 2);
	add_cell(r, "Create/impl=pthread/wait=none" ONE_CPU, 10001, "ns/op", 2, 3, 1);
	add_cell(r, "Create/impl=uthread-jmp/wait=none" ONE_CPU, 20000, "ns/op", 0, 0, 0);
	record_line(r, RECORD_MISSING, "Create/impl=process/wait=none" ONE_CPU, 0, "fork is not allowed");
	p = print_verdicts(r, 0);
	fits(&p, "verdicts that do not hold");
	has(&p, "Pthread dearer: its library's own work does not hold here 1.00x [0.9", "an interval with 1 in it");
	has(&p, "User thread cheaper to create than LWP does not hold here 0.500x [0.", "on the wrong side");
	has(&p, "Creating an LWP makes a kernel task    does not hold here 2.000 tasks/op", "a count that is off");
	has(&p, "Process dearer to create than an LWP   not measured: create process: fork is", "a reason");
	has(&p, "User thread cheaper to switch than LWP not measured: no switch of a user", "a cell that is not there");
	has(&p, "\n2 hold, 3 do not, ", "the count");
	free(p.text);
	record_free(r);
}

static void test_verdicts_few(void)
{
	struct record *r = machine();
	struct printed p;

	for (int i = 0; i < 3; i++) {
		record_value(record_line(r, RECORD_BENCHMARK, "Create/impl=lwp/wait=none" ONE_CPU, 9, NULL), 10000 + i,
			"ns/op");
		record_value(record_line(r, RECORD_BENCHMARK, "Create/impl=process/wait=none" ONE_CPU, 9, NULL), 99999,
			"ns/op");
	}
	p = print_verdicts(r, 0);
	has(&p, "not measured: create lwp has 3 trials,", "three trials make no interval, so no sentence");
	free(p.text);
	record_free(r);
}

/* -- ladder */

static bool exists(const char *path)
{
	struct stat s;

	return !stat(path, &s) && s.st_size > 1000;
}

static void test_ladder(void)
{
	struct record *r = whole(1);
	char folder[] = "/tmp/ladder' \"x XXXXXX", base[200], svg[220], png[220], error[500] = "";
	int status;

	if (!mkdtemp(folder))
		exit(1);
	record_set(r, "host", "a'b\"`touch x`\t$(id)");
	snprintf(base, sizeof base, "%s/it's", folder);
	snprintf(svg, sizeof svg, "%s.ladder.svg", base);
	snprintf(png, sizeof png, "%s.ladder.png", base);
	status = draw_beside("ladder", r, "plots", base, error, sizeof error);
	if (status && strstr(error, "not installed")) {
		skip("gnuplot is not installed", "the picture");
	} else {
		is_int(status, 0, "quotes and blanks in its path and in the data: %s", error);
		ok(exists(svg) && exists(png), "both pictures are there");
		ok(access("x", F_OK), "no text was run as a command");
		unlink(svg);
		unlink(png);
		setenv("GNUTERM", "nonsense", 1);
		setenv("LC_ALL", "de_DE.UTF-8", 1);
		is_int(draw_beside("ladder", r, "plots", base, error, sizeof error), 0,
			"whatever GNUTERM and the locale say");
		unlink(svg);
		unlink(png);
		is_int(draw_beside("ladder", r, "/nowhere", base, error, sizeof error), -1,
			"without its script there is no picture to be had");
		ok(!exists(svg) && strstr(error, "/nowhere/ladder.gp"), "with one line, and no file: %s", error);
	}
	is_int(rmdir(folder), 0, "nothing else is left");
	record_free(r);
}

/* Its rows are in the order of the rungs, whatever that of the file; without a rung there is none. */
static void test_sharing(void)
{
	struct record *r = machine(), *none = whole(1);
	char folder[] = "/tmp/sharing XXXXXX", base[200], svg[220], png[220], error[500] = "";
	int status;

	if (!mkdtemp(folder))
		exit(1);
	record_set(r, "impl.clone-vm", "lwp; raw clone");
	record_set(r, "impl.clone-upto-sysvsem", "lwp; raw clone");
	add_trials(r, "Create/impl=lwp/wait=none" ONE_CPU, 15000, "ns/op", 2);
	add_trials(r, "Switch/impl=clone-upto-sysvsem/wait=futex" ONE_CPU, 2500, "ns/switch", 2);
	add_trials(r, "Create/impl=clone-vm/wait=none" ONE_CPU, 20000, "ns/op", 2);
	add_trials(r, "Spawn/impl=clone-vm/wait=none" ONE_CPU, 9000, "ns/op", 2);
	add_trials(r, "Create/impl=process/wait=none" ONE_CPU, 100000, "ns/op", 2);
	snprintf(base, sizeof base, "%s/it", folder);
	snprintf(svg, sizeof svg, "%s.sharing.svg", base);
	snprintf(png, sizeof png, "%s.sharing.png", base);
	is_int(draw_beside("sharing", none, "plots", base, error, sizeof error), -1, "a file without a rung");
	is_string(error, "no picture: this file has no cell of the ladder of what is shared", "one line says so");
	status = draw_beside("sharing", r, "plots", base, error, sizeof error);
	if (status && strstr(error, "not installed")) {
		skip("gnuplot is not installed", "the picture of the ladder");
	} else {
		is_int(status, 0, "the ladder is drawn: %s", error);
		ok(exists(svg) && exists(png), "both pictures are there");
		unlink(svg);
		unlink(png);
	}
	is_int(rmdir(folder), 0, "nothing else is left");
	record_free(none);
	record_free(r);
}

static void test_ladder_without(void)
{
	struct record *r = whole(1);
	char *path = strdup(getenv("PATH")), error[500] = "";

	setenv("PATH", "/nowhere", 1);
	is_int(draw_beside("ladder", r, "plots", "/tmp/ctxbench-none", error, sizeof error), -1, "without gnuplot");
	is_string(error, "no picture: gnuplot is not installed", "one line says so");
	setenv("PATH", path, 1);
	free(path);
	record_free(r);
}

int main(void)
{
	test_text();
	test_table();
	test_table_gaps();
	test_table_tags();
	test_table_empty();
	test_compare();
	test_refusals();
	test_moves();
	test_kernel_threads();
	test_verdicts();
	test_block();
	test_state();
	test_verdicts_otherwise();
	test_verdicts_few();
	test_ladder();
	test_sharing();
	test_ladder_without();
	return done();
}
