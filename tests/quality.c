// SPDX-License-Identifier: MIT
/* What a result says of itself: which cells differ from themselves, what counting took, what is left of an LWP's
 * switch, who shares what; and what runs find out before: policies, pairs of CPUs, groups of events. */
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../harness/analyse/analyse.h"
#include "../harness/analyse/stats.h"
#include "../harness/run/counters.h"
#include "../harness/run/length.h"
#include "../harness/run/lines.h"
#include "../harness/run/place.h"
#include "../harness/run/policy.h"
#include "tap.h"

enum { TRIALS = 6 };
#define ONE_CPU "/policy=batch/place=same-pu"
#define THREAD "Switch/impl=kthread/wait=wake" ONE_CPU
#define LWP "Switch/impl=lwp/wait=futex" ONE_CPU
#define CREATE_LWP "Create/impl=lwp/wait=none" ONE_CPU
#define CREATE_NONE "Create/impl=clone-none/wait=none" ONE_CPU

static struct record *machine(void)
{
	struct record *r = record_new();

	record_set(r, "complete", "yes");
	record_set(r, "impl.lwp", "lwp; raw clone");
	record_set(r, "impl.clone-none", "process; clone");
	record_set(r, "impl.process", "process; fork");
	record_set(r, "impl.kthread", "kernel-thread; of the module");
	return r;
}

/* Six trials around `centre`, one percent apart at most; of set `set` unless that is 0. */
static void add_trials(struct record *r, const char *name, double centre, const char *unit, int set)
{
	static const double off[TRIALS] = { 1.01, 0.99, 1, 1.002, 1.005, 0.995 };

	for (size_t i = 0; i < TRIALS; i++) {
		struct record_line *line = record_line(r, RECORD_BENCHMARK, name, 1000, NULL);

		record_value(line, centre * off[i], unit);
		record_value(line, centre * 0.98, "min-ns");
		record_value(line, 1, "ops");
		if (set)
			record_value(line, set, "aa");
	}
}

static void add_tasks(struct record *r, const char *name, double tasks)
{
	record_value(record_line(r, RECORD_BENCHMARK, name, 1000, NULL), tasks, "tasks/op");
}

/* What the printer makes of it, to be freed. */
static char *printed(const struct record *r, void (*print)(const struct record *, FILE *))
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	print(r, out);
	fclose(out);
	return text;
}

static void verdicts(const struct record *r, FILE *out)
{
	verdicts_print(r, 0, out);
}

static void table(const struct record *r, FILE *out)
{
	table_print(r, out);
}

static void has(char *text, const char *words, const char *name)
{
	if (!ok(strstr(text, words), "%s", name))
		diag("expected: %s\n%s", words, text);
	free(text);
}

/* -- statistics. The intervals against R's quantile of a bootstrap are in stats.c; here the shapes. */

static void statistics(void)
{
	static const double x[] = { 10, 10, 10, 10, 10, 10 }, y[] = { 7, 7, 7, 7, 7, 7 };
	struct interval i = stats_difference_interval(x, 6, y, 6, 0.95, 1);

	ok(i.low == -3 && i.high == -3 && i.coverage == 0.95, "a difference of constants is a point, below 0 too");
	i = stats_difference_interval(x, 0, y, 6, 0.95, 1);
	ok(isnan(i.low) && i.coverage == 0, "of an empty set there is none");
	/* qbinom(0.95, n, 0.05) in R */
	is_int((long long)stats_binomial_most(20, 0.05, 0.95), 3, "of 20 tests at most 3 by chance");
	is_int((long long)stats_binomial_most(100, 0.05, 0.95), 9, "of 100 at most 9");
	is_int((long long)stats_binomial_most(1, 0.05, 0.95), 0, "of one none");
	is_int((long long)stats_binomial_most(1000, 0.05, 0.95), 62, "of 1000 at most 62");
}

/* -- A against A */

static void noise(void)
{
	struct record *r = machine();

	add_trials(r, LWP, 1000, "ns/switch", 0);
	char *text = printed(r, noise_print);
	is_string(text, "", "of a run that is no A against A nothing is said");
	free(text);
	record_free(r);

	r = machine();
	add_trials(r, LWP, 1000, "ns/switch", 1);
	add_trials(r, LWP, 1001, "ns/switch", 2);
	add_trials(r, CREATE_LWP, 10000, "ns/op", 1);
	add_trials(r, CREATE_LWP, 12000, "ns/op", 2);
	noise_keep(r);
	is_string(record_get(r, "aa.tests"), "2", "two cells were held against themselves");
	is_string(record_get(r, "aa.differ"), "1", "one differs");
	is_string(record_get(r, "aa.share%"), "50.0", "which is half of them");
	is_string(record_get(r, "aa.by-chance"), "1", "and no more than chance may make");
	has(printed(r, noise_print), "A against A: 1 of 2 cells (50.0%) differ from themselves at 95%", "the line");
	has(printed(r, table), "\ndifferent from itself: create lwp batch\n", "the table names it");
	record_free(r);

	r = machine();
	for (int set = 1; set <= 2; set++)
		for (int i = 0; i < 2; i++) {
			struct record_line *line = record_line(r, RECORD_BENCHMARK, LWP, 1000, NULL);
			record_value(line, 1000 * set + i, "ns/switch");
			record_value(line, set, "aa");
		}
	noise_keep(r);
	is_string(record_get(r, "aa.tests"), "0", "two trials a set can't differ, whatever they are: no test");
	is_string(record_get(r, "aa.share%"), NULL, "and no share of none");
	has(printed(r, noise_print), "no cell has trials enough", "which is said");
	record_free(r);
}

/* -- what counting takes */

static void counting(void)
{
	struct record *r = machine();
	double x = 0;

	struct record_line *line = record_line(r, RECORD_BENCHMARK, LWP, 500, NULL);
	record_value(line, 2, "context-switches/op");
	record_value(line, 1250, "counted-ns");
	line = record_line(r, RECORD_BENCHMARK, CREATE_LWP, 500, NULL);
	record_value(line, 9, "counted-ns");
	add_trials(r, LWP, 1000, "ns/switch", 0);
	lines_counting_cost(r);
	ok(record_find(&r->line[0], "counted/timed", &x), "a counted line says what counting took");
	is_double(x, 1250 / 1001.0, 1e-9, "against the median of the timed trials");
	ok(!record_find(&r->line[1], "counted/timed", &x), "where nothing was timed, nothing");
	has(printed(r, table), "1.25 times as long", "the table says it");
	record_free(r);
}

/* -- an LWP less a kernel thread, and who shares what */

static void halves(void)
{
	struct record *r = machine();

	add_trials(r, LWP, 1500, "ns/switch", 0);
	has(printed(r, verdicts), "An LWP keeps user and kernel registers not measured: no switch of a kernel",
		"without a kernel thread nothing is left over");
	add_trials(r, THREAD, 900, "ns/switch", 0);
	has(printed(r, verdicts), "An LWP keeps user and kernel registers holds              user half 601 ns [",
		"with one, what is left");
	has(printed(r, table), "user half of an LWP: switch lwp less switch kthread: 601 ns [", "in the table too");
	record_free(r);

	r = machine();
	add_trials(r, LWP, 900, "ns/switch", 0);
	add_trials(r, THREAD, 1500, "ns/switch", 0);
	has(printed(r, verdicts), "does not hold here user half -601 ns\n", "a half that is less than nothing");
	record_free(r);
}

static void sharing(void)
{
	struct record *r = machine();

	add_trials(r, CREATE_LWP, 10000, "ns/op", 0);
	add_trials(r, CREATE_NONE, 50000, "ns/op", 0);
	add_trials(r, "Create/impl=process/wait=none" ONE_CPU, 90000, "ns/op", 0);
	add_tasks(r, CREATE_LWP, 1);
	add_tasks(r, CREATE_NONE, 1);
	has(printed(r, verdicts), "LWPs share the process's resources     not measured: what lwp shares: not",
		"what was not looked at");
	record_set(r, "shares.lwp", "2 of 3: memory, files; not io");
	record_set(r, "shares.process", "0 of 2; not memory, files; not told: io");
	record_set(r, "shares.clone-none", "0 of 3; not memory, files, io");
	has(printed(r, verdicts), "LWPs share the process's resources     holds              2 of 3: memory,",
		"an LWP");
	has(printed(r, verdicts), "  processes do not                     holds              0 of 2; not", "a process");
	has(printed(r, verdicts), "Linux's threads: processes that share  holds              one task each;",
		"a thread");
	record_set(r, "shares.process", "1 of 3: memory; not files, io");
	record_set(r, "shares.lwp", "1 of 2: files; not memory");
	has(printed(r, verdicts), "LWPs share the process's resources     does not hold here", "without memory");
	has(printed(r, verdicts), "  processes do not                     does not hold here", "a process that shares");
	record_free(r);
}

static void kernel_threads(void)
{
	struct record *r = machine();

	record_set(r, "task.kthreadd",
		"PF_KTHREAD yes; address space: none; process: not shown; instructions: not counted: x");
	has(printed(r, verdicts), "  and belong to no process             not measured: task.kthreadd",
		"what is not shown");
	record_set(r, "task.kthreadd",
		"PF_KTHREAD yes; address space: none; process: itself; instructions: not counted: x");
	has(printed(r, verdicts), "  and belong to no process             does not hold here", "one of a process");
	record_free(r);
}

/* -- the length of a run */

/* Ten rounds of which a sample takes `off` times what it was planned with, begun by a part that took `late` seconds
 * longer: how long all of it takes, of what was said. */
static double kept(double off, double late, uint32_t samples)
{
	enum { ROUNDS = 10, BESIDE = 24 };
	const double fixed = 3, planned = 0.4;
	double said = ROUNDS * (fixed + planned * (samples + BESIDE)), passed = late;

	for (unsigned round = 0; round < ROUNDS; round++) {
		double took = fixed + off * planned * (samples + BESIDE);
		struct length l = { .said_s = said,
			.passed_s = passed += took,
			.left = ROUNDS - round - 1,
			.round_s = took,
			.fixed_s = fixed,
			.samples = samples,
			.beside = BESIDE,
			.least = 15,
			.most = 300 };

		if (l.left)
			samples = length_samples(&l);
	}
	return passed / said;
}

static void lengths(void)
{
	static const struct {
		double off, late;
		uint32_t samples;
	} run[] = { { 1, 0, 150 }, { 2, 0, 150 }, { 0.6, 0, 150 }, { 1.5, 60, 60 }, { 1.2, 0, 24 }, { 0.7, -20, 24 } };

	for (size_t i = 0; i < sizeof run / sizeof *run; i++) {
		double share = kept(run[i].off, run[i].late, run[i].samples);

		ok(fabs(share - 1) <= 0.2,
			"a sample that takes %g times as long, %u of them: the run %g of what was said", run[i].off,
			run[i].samples, share);
	}
	struct length l = { .said_s = 100,
		.passed_s = 200,
		.left = 1,
		.round_s = 50,
		.fixed_s = 1,
		.samples = 50,
		.beside = 24,
		.least = 15,
		.most = 300 };
	is_int(length_samples(&l), 15, "when the time is over, the fewest that make a trial");
	l.round_s = 0.5;
	is_int(length_samples(&l), 50, "where a round tells nothing, as many as before");
}

/* -- policies */

static int without_right(void)
{
	struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_RTPRIO, &none);
	if (!geteuid() && setresuid(65534, 65534, 65534))
		return 77;
	return !strstr(policy_missing("fifo"), "it takes CAP_SYS_NICE, or RLIMIT_RTPRIO");
}

static void policies(void)
{
	int status;
	pid_t child = fork();

	if (!child)
		_exit(without_right());
	waitpid(child, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		skip("this root can't become somebody else", "who may not have SCHED_FIFO is told what it takes");
	else
		is_int(status, 0, "who may not have SCHED_FIFO is told what it takes");
	is_string(policy_missing("batch"), "", "SCHED_BATCH takes nothing");
	is_string(policy_missing("other"), "", "nor does SCHED_OTHER");
	is_int(policy_number("fifo"), SCHED_FIFO, "fifo");
	is_int(policy_number("batch"), SCHED_BATCH, "batch");
	is_int(policy_number("other"), SCHED_OTHER, "other");
	int before = (int)syscall(SYS_sched_getscheduler, 0);
	const char *why = policy_missing("fifo");
	is_int(syscall(SYS_sched_getscheduler, 0), before, "asking changes nothing (%s)", *why ? why : "permitted");
	ok(!strncmp(why, "SCHED_FIFO is refused: ", 23) || !*why, "a reason, or none");
}

/* -- pairs of CPUs */

static void pairs(void)
{
	char error[300], both[32];
	struct places p;
	bool apart = true;

	is_int(place_choose(NULL, &p, error, sizeof error), 0, "places");
	for (unsigned i = 0; i < p.farthers; i++) {
		apart &= strcmp(p.farther[i].name, p.other.name) && p.farther[i].cpu[0] == p.same.cpu[0] &&
			 p.farther[i].cpu[1] != p.same.cpu[0] && p.farther[i].cpu[1] != p.other.cpu[1];
		for (unsigned j = 0; j < i; j++)
			apart &= strcmp(p.farther[i].name, p.farther[j].name) != 0;
	}
	ok(apart, "beside the nearest, %u more, each related in a way of its own", p.farthers);
	if (p.other.cpu[1] < 0) {
		skip("one CPU allowed", "a pair that was asked for");
		return;
	}
	snprintf(both, sizeof both, "%d,%d", p.same.cpu[0], p.other.cpu[1]);
	place_choose(both, &p, error, sizeof error);
	is_int(p.farthers, 0, "who asks for a pair gets that and no other");
}

/* -- groups of events */

static bool has_event(const struct counters *c, const char *name)
{
	for (size_t i = 0; i < c->count; i++)
		if (!strncasecmp(c->counter[i].name, name, strlen(name)))
			return true;
	return false;
}

static void groups(void)
{
	static const struct {
		const char *name, *event;
	} group[] = { { "frontend", "iTLB-load-misses" }, { "tlb", "dTLB-load-misses" }, { "cache", "LLC-load-misses" },
		{ "backend", "cycles" }, { "kernel", "page-faults" }, { "default", "context-switches" } };
	struct counters c;
	char error[300];
	int pass[64];

	for (size_t i = 0; i < sizeof group / sizeof *group; i++) {
		is_int(counters_choose(group[i].name, &c, error, sizeof error), 0,
			"--counters %s, whatever the PMU has", group[i].name);
		ok(has_event(&c, group[i].event), "has %s", group[i].event);
		counters_free(&c);
	}
	is_int(counters_choose("tlb,cs,kernel", &c, error, sizeof error), 0, "groups and events together");
	ok(has_event(&c, "dTLB-loads") && has_event(&c, "page-faults"), "are all of them");
	size_t same = 0;
	for (size_t i = 0; i < c.count; i++)
		same += !strcmp(c.counter[i].name, "context-switches");
	is_int((long long)same, 1, "and one that is asked for twice is counted once");
	size_t n = counters_passes(&c, pass), most = 0;
	for (size_t k = 0; k < n; k++) {
		size_t in_pass = 0;
		for (size_t i = 0; i < c.count; i++)
			in_pass += pass[i] == (int)k;
		most = in_pass > most ? in_pass : most;
	}
	ok(most <= EVENTS_MAX, "no pass has more than can be asked for at once: %zu", most);
	counters_free(&c);
	is_int(counters_choose("frontent", &c, error, sizeof error), 2, "a group that is mistyped is refused");
}

int main(void)
{
	statistics();
	noise();
	counting();
	halves();
	sharing();
	kernel_threads();
	lengths();
	policies();
	pairs();
	groups();
	return done();
}
