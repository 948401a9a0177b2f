// SPDX-License-Identifier: MIT
/*
 * The pass that counts an event by the parts of a turn, shown with one that every machine has and whose place is known:
 * a hand-off switches in the call that waits, and nowhere else. And how its line says so, and which events it is for.
 */
#include <errno.h>
#include <libgen.h>
#include <sched.h>

#include "../harness/run/lines.h"
#include "../harness/run/runner.h"
#include "tap.h"

/* As they stand in bench/probes/anatomy.c and creation.h. */
enum { THERE_WAKE, THERE_SLEEP, BACK_WAKE, BACK_SLEEP, WHOLE, EARLY };
enum { CALL, FIRST, RUN, JOIN };

static char program[4096];

static struct perf_event_attr software(uint64_t config)
{
	return (struct perf_event_attr){ .type = PERF_TYPE_SOFTWARE,
		.size = sizeof(struct perf_event_attr),
		.config = config,
		.disabled = 1,
		.inherit = 1,
		.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING };
}

static struct request request_of(const char *impl, const char *wait, const char *job, const char *variant)
{
	struct request clock = { .pass = PASS_CLOCK }, q = { .pass = PASS_PARTS, .policy = SCHED_BATCH };
	struct outcome o = runner_run(program, &clock, 20);
	q.clock = o.answer.clock;
	outcome_free(&o);
	snprintf(q.impl, sizeof q.impl, "%s", impl);
	snprintf(q.wait, sizeof q.wait, "%s", wait);
	snprintf(q.job, sizeof q.job, "%s", job);
	snprintf(q.variant, sizeof q.variant, "%s", variant);
	q.seat[0] = sched_getcpu();
	q.seat[1] = -1;
	return q;
}

/* Others may take the CPU between a wake and the wait that follows, and then the other side runs early: where that is
 * so in many turns, once more. */
static struct outcome count(struct request q, uint64_t config)
{
	struct outcome o = { 0 };
	q.events = 1;
	q.event[0] = software(config);
	q.event_cpu[0] = -1;
	for (int tries = 0; tries < 5 && (!tries || o.answer.reading[EARLY] > 10); tries++) {
		outcome_free(&o);
		o = runner_run(program, &q, 60);
	}
	return o;
}

/* -- the pass */

static void test_switch(void)
{
	struct outcome o = count(request_of("lwp", "futex", "anatomy", "of=switch"), PERF_COUNT_SW_CONTEXT_SWITCHES);
	const double *part = o.answer.reading;
	if (o.failed && o.answer.stage == STAGE_EVENTS) {
		skip(o.reason, "kernel switches by the parts of a hand-off");
		outcome_free(&o);
		return;
	}
	ok(!o.failed, "kernel switches are counted by the parts of a hand-off: %s", o.reason);
	ok(o.answer.turns >= 64, "of %llu turns", (unsigned long long)o.answer.turns);
	is_double(part[THERE_WAKE], 0, 0, "the call that wakes switches to nobody");
	is_double(part[THERE_SLEEP], 1, 0, "the call that waits switches once");
	is_double(part[BACK_WAKE], 0, 0, "so does the other's that wakes");
	is_double(part[BACK_SLEEP], 1, 0, "and the other's that waits");
	is_double(part[WHOLE], 2, 0, "two in all");
	outcome_free(&o);
}

/* A task's last switch is in nobody's count: it has ended. */
static void test_creation(const char *impl)
{
	struct outcome o = count(request_of(impl, "none", "anatomy", "of=create"), PERF_COUNT_SW_CONTEXT_SWITCHES);
	const double *part = o.answer.reading;
	if (o.failed && o.answer.stage == STAGE_EVENTS) {
		skip(o.reason, "%s: kernel switches by the parts of a creation", impl);
		outcome_free(&o);
		return;
	}
	ok(!o.failed, "%s: they are counted by the parts of a creation: %s", impl, o.reason);
	is_double(part[CALL], 0, 0, "%s: the call returns before the other runs", impl);
	is_double(part[FIRST], 1, 0, "%s: who waits for it lets it run", impl);
	is_double(part[RUN], 0, 0, "%s: nobody else does", impl);
	is_double(
		part[CALL] + part[FIRST] + part[RUN] + part[JOIN], part[WHOLE], 0, "%s: the parts are the whole", impl);
	outcome_free(&o);
}

static void test_refused(void)
{
	struct request q = request_of("lwp", "futex", "switch", "");
	struct outcome o = count(q, PERF_COUNT_SW_CONTEXT_SWITCHES);
	ok(o.failed && strstr(o.reason, "no parts"), "a bench without parts has none: %s", o.reason);
	outcome_free(&o);
	o = runner_run(program, &q, 60);
	ok(o.failed && strstr(o.reason, "not one event"), "and of no event there are none: %s", o.reason);
	outcome_free(&o);
}

/* -- the line */
static const struct place one_cpu = { "same-pu", { 1, 1 }, "" }, two_cpus = { "same-llc", { 1, 0 }, "" },
			  unpinned = { "free", { -1, -1 }, "" };
static const struct entry entry = {
	.has_parts = 1, .readings = 3, .reading = { "call-ns", "whole-ns", "early%" }, .reading_is_ticks = { 1, 1, 0 }
};

static struct counter counter_of(const char *name, uint32_t type, uint64_t config)
{
	struct counter k = { .attr = { .type = type, .config = config } };
	snprintf(k.name, sizeof k.name, "%s", name);
	return k;
}

static void test_line(void)
{
	struct cell c = { .entry = &entry, .place = &one_cpu };
	struct counter k = counter_of("instructions:u", PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS);
	struct answer a = { .turns = 100, .reading = { 12, 345, 50 } };
	struct record *r = record_new();
	double x;
	snprintf(c.name, sizeof c.name, "Anatomy/impl=lwp");
	lines_parts(r, &c, &k, &a);
	is_int((long long)r->line[0].values, 2, "a value for each part, none for what is no part");
	ok(record_find(&r->line[0], "call-instructions:u", &x) && x == 12, "call-ns is call-instructions:u");
	ok(record_find(&r->line[0], "whole-instructions:u", &x) && x == 345, "so is the whole");
	lines_parts_uncounted(r, &k, "because");
	is_string(record_get(r, "not-counted.parts-instructions:u"), "because", "what is not counted says why");
	record_free(r);
}

static void test_which(void)
{
	static const struct entry whole = { .readings = 1, .reading = { "call-ns" }, .reading_is_ticks = { 1 } };
	struct cell c = { .entry = &entry, .place = &one_cpu }, apart = { .entry = &entry, .place = &two_cpus },
		    anywhere = { .entry = &entry, .place = &unpinned }, other = { .entry = &whole, .place = &one_cpu };
	struct counter k = counter_of("instructions:k", PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS);
	struct counter hybrid =
		counter_of("instructions:u", PERF_TYPE_HARDWARE, (uint64_t)4 << 32 | PERF_COUNT_HW_INSTRUCTIONS);
	struct counter cycles = counter_of("cycles:k", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES);
	/* the same numbers, of another type */
	struct counter faults = counter_of("page-faults", PERF_TYPE_SOFTWARE, PERF_COUNT_HW_INSTRUCTIONS);
	ok(lines_has_parts(&c, &k), "instructions are counted by parts");
	ok(lines_has_parts(&c, &hybrid), "also where the event names its kind of core");
	ok(!lines_has_parts(&c, &cycles), "cycles are not: a read takes some");
	ok(!lines_has_parts(&c, &faults), "nor is what the kernel's software counts");
	ok(!lines_has_parts(&apart, &k) && !lines_has_parts(&anywhere, &k), "two CPUs do not run in turn");
	ok(!lines_has_parts(&other, &k), "what has readings of another kind has no parts");
}

int main(int argc, char **argv)
{
	(void)argc;
	snprintf(program, sizeof program, "%s/../cell", dirname(argv[0]));
	test_switch();
	test_creation("lwp");
	test_creation("pthread");
	test_creation("process");
	test_refused();
	test_line();
	test_which();
	return done();
}
