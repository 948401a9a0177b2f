// SPDX-License-Identifier: MIT
#include "run.h"

#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cgroup.h"
#include "counters.h"
#include "environment.h"
#include "grid.h"
#include "kernel_only.h"
#include "length.h"
#include "lines.h"
#include "now.h"
#include "policy.h"
#include "progress.h"
#include "runner.h"
#include "sharing.h"
#include "values.h"

enum {
	METHOD = 1, /* raise it when numbers stop being comparable with older ones */
	TRIALS = 6, /* the fewest whose order statistics give a 95 % interval */
	TRIALS_FULL = 10,
	SAMPLES = 150,
	SAMPLES_LEAST = 15,
	SAMPLES_SAID =
		24, /* the fewest that the length of a full run is said with: so it can still be shortened by a fifth */
	SAMPLES_MOST = 2 * SAMPLES,
	SAMPLE_NS = 1000000,
	CLOCK_STEPS = 100,   /* a sample takes at least so many steps of the clock */
	CONFORM_ROUNDS = 50, /* before a run; the test suite asks for ten thousand */
	CONFORM_SECONDS = 20,
	DRIFT_PPM_MOST = 1000,
	/* what a run may take where it can be had with fewer samples; of --aa twice that */
	QUICK_SECONDS = 52,
	FULL_SECONDS = 600,
	SAMPLES_BESIDE = 24, /* what finding the number of turns and the samples of double length take, in samples */
};

/* To plan with, as seen: what a trial takes beside its samples, a pass that counts, the checks of an instance. */
static const double trial_s = 0.006, counted_pass_s = 0.055, conform_s = 0.035;

struct run {
	struct run_options o;
	struct places places;
	struct registry registry;
	struct counters counters;
	struct plan plan;
	size_t instances; /* impls and waits that it measures */
	struct clock_facts clock;
	unsigned trials;
	uint32_t samples, fewest, most; /* of the round that runs; of all rounds so far */
	double said_s;
	int *pass_of; /* of each counter: the pass it is counted in, or -1 */
	size_t passes;
	struct record *record;
	struct progress progress;
	bool failed;
	char stopped[64]; /* empty, or why the run ended before its end */
	double begin_s;
	char throttle_path[PATH_SIZE], tasks_path[PATH_SIZE], memory_path[PATH_SIZE], memory_group[PATH_SIZE];
};

/* -- preparing */
static size_t measured_cells(const struct run *r)
{
	size_t n = 0;
	for (size_t i = 0; i < r->plan.cells; i++)
		n += !*r->plan.cell[i].missing;
	return n;
}

static bool same_instance(const struct entry *a, const struct entry *b)
{
	return !strcmp(a->impl, b->impl) && !strcmp(a->wait, b->wait);
}

/* An instance is the impl and wait of a cell; the first measured cell of each stands for it. */
static bool first_of_instance(const struct plan *plan, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (!*plan->cell[j].missing && same_instance(plan->cell[j].entry, plan->cell[i].entry))
			return false;
	return !*plan->cell[i].missing;
}

static size_t count_instances(const struct plan *plan)
{
	size_t n = 0;
	for (size_t i = 0; i < plan->cells; i++)
		n += first_of_instance(plan, i);
	return n;
}

/* Least time of a sample. */
static double sample_ns(const struct run *r)
{
	return fmax(SAMPLE_NS, CLOCK_STEPS * r->clock.step / r->clock.hz * 1e9);
}

/* How much longer a sample takes than its time: what lies between batches is not timed, a looser place is looked at
 * after each, and where turns are long a sample ends with a whole one. As seen. */
static double stretch(const struct cell *c)
{
	if (c->entry->batch)
		return c->entry->caps & CAP_KERNEL ? 2.5 : 4.5;
	if (c->place->cpu[0] < 0)
		return 2.2;
	if (c->place->cpu[0] != c->place->cpu[1])
		return 1.4;
	return c->entry->spawns ? 1.2 : 1.02;
}

static double sample_seconds(const struct run *r, const struct cell *c)
{
	return fmax(sample_ns(r) / 1e9 * stretch(c), c->entry->turn_s * plan_each(c)) + c->entry->settle_s;
}

/* Where a settle takes far longer than what is timed, a trial has as many samples as fit into a second of them; and no
 * more than the bench asks for. */
static uint32_t samples_of(const struct cell *c, uint32_t samples)
{
	uint32_t most = c->entry->samples_most;
	double fit = c->entry->settle_s > 0 ? 1 / c->entry->settle_s : samples;
	uint32_t fitting = fit >= samples ? samples : fit > SAMPLES_LEAST ? (uint32_t)fit : SAMPLES_LEAST;
	return most && fitting > most ? most : fitting;
}

/* One turn is all that a trial has. */
static bool once(const struct entry *e)
{
	return e->turns_most == 1 && e->samples_most == 1;
}

/* To find the number of turns, and of double length: where a sample is one turn there is nothing to find, and where a
 * trial is, nothing to warm up. */
static uint32_t samples_beside(const struct cell *c)
{
	return once(c->entry) ? 0 : c->entry->turns_most == 1 ? 2 : SAMPLES_BESIDE;
}

unsigned run_trials(const struct run *r)
{
	return r->trials * (r->o.aa ? 2 : 1);
}

/* Of one cell, and in one of the sets. */
static unsigned trials_of(const struct run *r, const struct cell *c)
{
	unsigned most = c->entry->trials_most;
	return most && most < r->trials ? most : r->trials;
}

static size_t passes_of(const struct run *r, const struct cell *c)
{
	size_t n = 1 + r->passes; /* one counts the calls */
	for (size_t i = 0; i < r->counters.count; i++)
		n += r->pass_of[i] >= 0 && lines_has_parts(c, &r->counters.counter[i]);
	return n;
}

/* Trials and counted passes of all cells. */
static size_t steps_of(const struct run *r)
{
	size_t n = 0;
	for (size_t i = 0; i < r->plan.cells; i++)
		if (!*r->plan.cell[i].missing)
			n += trials_of(r, &r->plan.cell[i]) * (r->o.aa ? 2 : 1) + passes_of(r, &r->plan.cell[i]);
	return n;
}

/* In a counted pass, the one turn of a trial that has no more, or three where others have to be found out. */
static double counted_seconds(const struct cell *c)
{
	double turns = once(c->entry) ? 1 : 3;
	return fmax(counted_pass_s, turns * c->entry->turn_s * plan_each(c));
}

static double seconds_with(const struct run *r, uint32_t samples)
{
	double s = 0.5;
	for (size_t i = 0; i < r->plan.cells; i++) {
		const struct cell *c = &r->plan.cell[i];
		if (*c->missing)
			continue;
		s += trials_of(r, c) * (r->o.aa ? 2 : 1) *
		     (trial_s + (samples_of(c, samples) + samples_beside(c)) * sample_seconds(r, c));
		s += (double)passes_of(r, c) * counted_seconds(c);
	}
	return s + (double)r->instances * conform_s;
}

/* Is it a run whose length is promised? It is said before, and kept to. */
static bool is_whole(const struct run *r)
{
	return r->o.extent != EXTENT_BRIEF && !r->o.only;
}

/* A coarse clock makes samples long: then there are fewer of them. Within a time limit the samples give way too, never
 * the number of trials. */
static int fit_samples(struct run *r, char *error, size_t size)
{
	double as_many = SAMPLES * (double)SAMPLE_NS / sample_ns(r);
	r->samples = as_many > SAMPLES_LEAST ? (uint32_t)as_many : SAMPLES_LEAST;
	if (!r->o.time_limit && !is_whole(r))
		return 0;
	double promised = (r->o.extent == EXTENT_FULL ? FULL_SECONDS : QUICK_SECONDS) * (r->o.aa ? 2 : 1);
	double limit = r->o.time_limit ? r->o.time_limit : promised;
	uint32_t least = r->o.time_limit ? SAMPLES_LEAST : SAMPLES_SAID;
	while (r->samples > least && seconds_with(r, r->samples) > limit)
		r->samples--;
	if (!r->o.time_limit || seconds_with(r, r->samples) <= r->o.time_limit)
		return 0;
	snprintf(error, size, "--time-limit %g: %zu cells of %u trials take at least %.0f s", r->o.time_limit,
		measured_cells(r), run_trials(r), ceil(seconds_with(r, r->samples)));
	return 2;
}

/* On a CPU of several kinds of core an event belongs to the core it is asked on: ask on the one that is measured. */
static int choose_counters(struct run *r, char *error, size_t size)
{
	enum { CPUS_MOST = 8192 };
	size_t bytes = CPU_ALLOC_SIZE(CPUS_MOST);
	cpu_set_t *mine = CPU_ALLOC(CPUS_MOST), *there = CPU_ALLOC(CPUS_MOST);
	if (!mine || !there)
		abort();
	bool known = !sched_getaffinity(0, bytes, mine);
	CPU_ZERO_S(bytes, there);
	CPU_SET_S((size_t)r->places.same.cpu[0], bytes, there);
	sched_setaffinity(0, bytes, there);
	int status = counters_choose(r->o.counters, &r->counters, error, size);
	r->pass_of = calloc(r->counters.count + 1, sizeof *r->pass_of);
	if (!r->pass_of)
		abort();
	r->passes = status ? 0 : counters_passes(&r->counters, r->pass_of);
	if (known)
		sched_setaffinity(0, bytes, mine);
	CPU_FREE(mine);
	CPU_FREE(there);
	return status;
}

static int choose_clock(const struct run *r, struct clock_facts *clock, char *error, size_t size)
{
	struct request q = { .pass = PASS_CLOCK };
	struct outcome o = runner_run(r->registry.item[0].program, &q, 20);
	int status = o.failed ? 69 : 0;
	*clock = o.answer.clock;
	if (o.failed)
		snprintf(error, size, "no usable clock: %s", o.reason);
	outcome_free(&o);
	return status;
}

static int prepare(struct run *r, char *error, size_t size)
{
	const struct run_options *o = &r->o;
	int status = place_choose(o->cpus, &r->places, error, size);
	if (!status)
		status = choose_counters(r, error, size);
	if (status)
		return status;
	if (registry_load(&r->registry, o->program_dir, error, size))
		return 69;
	enum extent extent = o->only && !o->extent_given ? EXTENT_FULL : o->extent;
	status = plan_make(&r->plan, &r->registry, &r->places, extent, o->only, error, size);
	if (status)
		return status;
	r->instances = count_instances(&r->plan);
	cgroup_throttle_file(r->throttle_path, sizeof r->throttle_path);
	cgroup_tasks_directory("", r->tasks_path, sizeof r->tasks_path);
	cgroup_memory_file("", r->memory_path, sizeof r->memory_path);
	cgroup_memory_directory("", r->memory_group, sizeof r->memory_group);
	r->trials = o->trials ? o->trials : o->extent == EXTENT_FULL ? TRIALS_FULL : TRIALS;
	status = choose_clock(r, &r->clock, error, size);
	return status ? status : fit_samples(r, error, size);
}

struct run *run_prepare(const struct run_options *o, int *status, char *error, size_t size)
{
	struct run *r = calloc(1, sizeof *r);
	if (!r)
		abort();
	r->o = *o;
	*status = prepare(r, error, size);
	if (*status) {
		run_free(r);
		return NULL;
	}
	return r;
}

void run_free(struct run *r)
{
	plan_free(&r->plan);
	registry_free(&r->registry);
	counters_free(&r->counters);
	free(r->pass_of);
	free(r);
}

const struct plan *run_plan(const struct run *r)
{
	return &r->plan;
}

double run_expected_seconds(const struct run *r)
{
	return seconds_with(r, r->samples);
}

const char *run_extent_name(const struct run *r)
{
	static const char *const name[] = { "brief", "quick", "full" };
	return r->o.only ? "custom" : name[r->o.extent];
}

/* -- what goes into the record */
static void set_number(struct record *record, const char *key, const char *format, double x)
{
	char text[64] = "unknown";
	if (isfinite(x))
		snprintf(text, sizeof text, format, x);
	record_set(record, key, text);
}

static void describe_clock(struct run *r)
{
	const struct clock_facts *c = &r->clock;
	char text[400];
	snprintf(text, sizeof text, "%s%s%s%s%s", c->kind == CLOCK_COUNTER ? "cpu counter" : "clock_gettime",
		*c->why ? " (" : "", c->why, *c->why ? ")" : "", c->is_call ? ", each read a system call" : "");
	record_set(r->record, "clock", text);
	set_number(r->record, "clock.hz", "%.0f", c->hz);
	set_number(r->record, "clock.step-ns", "%.3g", c->step / c->hz * 1e9);
	set_number(r->record, "clock.read-ns", "%.3g", c->read / c->hz * 1e9);
}

/* A probe that goes by the name of an impl leaves it to that to say what it is. */
static const struct entry *describing(const struct run *r, const struct entry *of)
{
	for (size_t i = 0; i < r->registry.items && !*of->saves; i++) {
		const struct entry *e = &r->registry.item[i].entry;
		if (*e->saves && !strcmp(e->impl, of->impl))
			return e;
	}
	return of;
}

/* Kind and summary of every impl that the run touches: a reader of the file needs no list of impls. */
static void describe_impls(struct run *r)
{
	for (size_t i = 0; i < r->plan.cells; i++) {
		const struct entry *e = describing(r, r->plan.cell[i].entry);
		char key[64], text[600];
		snprintf(key, sizeof key, "impl.%s", e->impl);
		snprintf(text, sizeof text, "%s; %s; saves %s; stack %s; scheduler %s", e->kind, e->summary, e->saves,
			*e->stack ? e->stack : "not said", caps_scheduler(e->caps));
		record_set(r->record, key, text);
		snprintf(key, sizeof key, "impl.%s.version", e->impl);
		if (*e->version)
			record_set(r->record, key, e->version);
	}
}

static void describe_units(struct record *record)
{
	static const char *const timed[] = { "ns/switch", "ns/yield", "ns/handoff", "ns/wake", "ns/move", "ns/call",
		"ns/op", "ns/hop", "ns/slice", "min-ns", "p50-ns", "p90-ns", "p99-ns", "p99.9-ns", "p99.99-ns",
		"max-ns", "ticks", "switches/op", "faults/op", "modesw/op" };
	static const char *const counted[] = { "syscalls/op", "tasks/op", "signals/op" };
	for (size_t i = 0; i < sizeof timed / sizeof *timed; i++)
		record_unit(record, timed[i], "better=lower");
	for (size_t i = 0; i < sizeof counted / sizeof *counted; i++)
		record_unit(record, counted[i], "better=lower assume=exact");
}

static void describe_kernel_only(struct record *record)
{
	struct kernel_only k;
	kernel_only_probe(&k);
	kernel_only_describe(&k, record);
}

/* Is anything of this impl measured? */
static bool is_planned(const void *context, const char *impl)
{
	const struct run *r = context;
	for (size_t i = 0; i < r->plan.cells; i++)
		if (!*r->plan.cell[i].missing && !strcmp(r->plan.cell[i].entry->impl, impl))
			return true;
	return false;
}

void run_describe_machine(const struct run *r, struct record *record)
{
	environment_describe(record, "");
	place_describe(&r->places, record);
	counters_describe(&r->counters, record);
}

static void describe_run(struct run *r)
{
	struct record *record = r->record;
	char date[32];
	time_t now = time(NULL);
	strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
	record_set(record, "ctxbench", "1");
	record_set(record, "complete", "no");
	record_set(record, "version", BUILD_VERSION);
	record_set(record, "revision", BUILD_REVISION);
	set_number(record, "method", "%.0f", METHOD);
	record_set(record, "date", date);
	record_set(record, "run", run_extent_name(r));
	set_number(record, "trials", "%.0f", run_trials(r));
	set_number(record, "samples", "%.0f", r->samples);
	set_number(record, "sample-ns", "%.0f", sample_ns(r));
	set_number(record, "seed", "%.0f", (double)r->o.seed);
	record_set(record, "stack-kib", "64");
	run_describe_machine(r, record);
	describe_kernel_only(record);
	sharing_describe(&r->registry, is_planned, r, record);
	describe_clock(r);
	describe_impls(r);
	describe_units(record);
}

/* -- asking for a trial */
static size_t spread_cpus(const struct run *r, const struct cell *c, int32_t *cpu)
{
	size_t n = c->at[c->entry->each - 1];
	return place_spread(c->place == &r->places.scattered, n < SEATS_MOST ? n : SEATS_MOST, cpu);
}

static struct request request_for(const struct run *r, const struct cell *c, enum pass pass)
{
	struct request q = { .pass = pass,
		.policy = policy_number(c->policy),
		.samples = samples_of(c, r->samples),
		.sample_ns = (uint64_t)sample_ns(r),
		.clock = r->clock };
	snprintf(q.impl, sizeof q.impl, "%s", c->entry->impl);
	snprintf(q.wait, sizeof q.wait, "%s", c->entry->wait);
	snprintf(q.job, sizeof q.job, "%s", c->entry->job);
	snprintf(q.variant, sizeof q.variant, "%s", c->entry->variant);
	q.workers = c->workers;
	memcpy(q.at, c->at, sizeof q.at);
	q.seat[0] = c->place->cpu[0];
	/* on one CPU nobody pins: what a context makes inherits its place */
	q.seat[1] = c->place->cpu[0] == c->place->cpu[1] ? -1 : c->place->cpu[1];
	if (c->entry->needs & CAP_ALL_CPUS) {
		q.seats = (uint32_t)spread_cpus(r, c, q.seat_list);
		q.seat[0] = q.seats ? q.seat_list[0] : -1;
	}
	memcpy(q.throttle_path, r->throttle_path, sizeof q.throttle_path);
	memcpy(q.tasks_path, r->tasks_path, sizeof q.tasks_path);
	memcpy(q.memory_path, r->memory_path, sizeof q.memory_path);
	memcpy(q.memory_group, r->memory_group, sizeof q.memory_group);
	q.bytes_most = grid_memory_most();
	q.values_per = c->values_per;
	return q;
}

static double deadline_of(const struct run *r, const struct cell *c)
{
	return 10 + 8 * (samples_of(c, r->samples) + samples_beside(c)) * sample_seconds(r, c);
}

/* Ends the run where it is; the first reason counts. */
static void stop(struct run *r, const char *format, double x)
{
	if (!*r->stopped)
		snprintf(r->stopped, sizeof r->stopped, format, x);
}

/* Out of time, or asked to stop: nothing more is started. */
static bool stopped(struct run *r)
{
	if (runner_signal())
		stop(r, "interrupted by signal %.0f", runner_signal());
	else if (r->o.time_limit && now_s() - r->begin_s > r->o.time_limit)
		stop(r, "time limit of %g s", r->o.time_limit);
	return *r->stopped;
}

static void invalidate(struct run *r, struct cell *c, const char *reason)
{
	lines_failed(r->record, c, reason);
	c->invalid = r->failed = true;
}

static void report_failure(struct run *r, struct cell *c, const struct outcome *o)
{
	if (!o->interrupted)
		invalidate(r, c, o->reason);
}

/* -- conformance: nothing is timed that has not passed in this build */
static void conform_instance(struct run *r, size_t first)
{
	struct cell *c = &r->plan.cell[first];
	struct request q = request_for(r, c, PASS_CONFORM);
	q.rounds = CONFORM_ROUNDS;
	*q.job = 0;
	q.check = -1;
	struct outcome o = runner_run(c->program, &q, CONFORM_SECONDS);
	char reason[400];
	bool wrong = o.failed || o.answer.error < 0;
	if (wrong)
		snprintf(reason, sizeof reason, "conformance: %s (see `ctxbench conform`)",
			o.failed ? o.reason : o.answer.detail);
	for (size_t i = first; wrong && !o.interrupted && i < r->plan.cells; i++) {
		struct cell *other = &r->plan.cell[i];
		if (same_instance(other->entry, c->entry) && !*other->missing)
			invalidate(r, other, reason);
	}
	outcome_free(&o);
}

static bool has_checks(const struct run *r, const struct entry *e)
{
	for (size_t i = 0; i < r->registry.items; i++) {
		const struct entry *other = &r->registry.item[i].entry;
		if (other->check >= 0 && same_instance(other, e))
			return true;
	}
	return false;
}

static void conform_all(struct run *r)
{
	for (size_t i = 0; i < r->plan.cells && !stopped(r); i++)
		if (first_of_instance(&r->plan, i) && has_checks(r, r->plan.cell[i].entry))
			conform_instance(r, i);
}

/* -- the passes that count */
static void count_calls(struct run *r, struct cell *c, double *calls)
{
	struct request q = request_for(r, c, PASS_CALLS);
	struct outcome o = runner_run(c->program, &q, deadline_of(r, c));
	if (o.failed)
		report_failure(r, c, &o);
	else if (lines_calls(r->record, c, &o.answer))
		*calls = o.answer.signals < 0 ? -1 : o.answer.calls + o.answer.signals;
	else
		c->invalid = r->failed = true;
	outcome_free(&o);
}

/* Without verbs a turn is made by the trial's own task alone; another would be a helper, such as one that keeps a CPU
 * awake. */
static bool others_take_part(const struct entry *e)
{
	return e->handoffs || e->spawns || e->modes || e->yields;
}

static void count_events(struct run *r, struct cell *c, int pass)
{
	struct request q = request_for(r, c, PASS_COUNT);
	const struct counter *counted[EVENTS_MAX];
	for (size_t i = 0; i < r->counters.count && q.events < EVENTS_MAX; i++) {
		const struct counter *k = &r->counters.counter[i];
		if (r->pass_of[i] != pass)
			continue;
		bool wide = lines_partial(c, k) && r->counters.cpu_wide && q.seat[0] >= 0;
		q.event[q.events] = k->attr;
		q.event[q.events].inherit = !wide && others_take_part(c->entry);
		q.event_cpu[q.events] = wide ? q.seat[0] : -1;
		counted[q.events++] = k;
	}
	struct outcome o = runner_run(c->program, &q, deadline_of(r, c));
	if (o.failed && o.answer.stage == STAGE_EVENTS)
		lines_uncounted(r->record, &q, counted, o.reason);
	else if (o.failed)
		report_failure(r, c, &o);
	else
		lines_events(r->record, c, &q, counted, &o.answer, r->clock.hz);
	outcome_free(&o);
}

/* One event at a time, so that reading one is in nobody's count but its own. In the kernel of all that runs on the CPU:
 * to read what tasks inherited takes the longer the more there are, and that could not be told from a part. */
static void count_parts(struct run *r, struct cell *c, const struct counter *k)
{
	struct request q = request_for(r, c, PASS_PARTS);
	if (k->kernel && !r->counters.cpu_wide) {
		lines_parts_uncounted(r->record, k,
			"in the kernel it takes counting all that runs on a CPU, which is not permitted "
			"(perf_event_paranoid)");
		return;
	}
	q.events = 1;
	q.event[0] = k->attr;
	q.event[0].inherit = !k->kernel;
	q.event_cpu[0] = k->kernel ? q.seat[0] : -1;
	struct outcome o = runner_run(c->program, &q, deadline_of(r, c));
	if (o.failed && o.answer.stage == STAGE_EVENTS)
		lines_parts_uncounted(r->record, k, o.reason);
	else if (o.failed)
		report_failure(r, c, &o);
	else
		lines_parts(r->record, c, k, &o.answer);
	outcome_free(&o);
}

static void count_cell(struct run *r, struct cell *c, double *calls)
{
	count_calls(r, c, calls);
	progress_step(&r->progress, c->name);
	for (size_t pass = 0; pass < r->passes && !c->invalid && !stopped(r); pass++) {
		count_events(r, c, (int)pass);
		progress_step(&r->progress, c->name);
	}
	for (size_t i = 0; i < r->counters.count && !c->invalid && !stopped(r); i++) {
		const struct counter *k = &r->counters.counter[i];
		if (r->pass_of[i] < 0 || !lines_has_parts(c, k))
			continue;
		count_parts(r, c, k);
		progress_step(&r->progress, c->name);
	}
}

static void count_all(struct run *r, double *calls)
{
	for (size_t i = 0; i < r->plan.cells && !stopped(r); i++) {
		struct cell *c = &r->plan.cell[i];
		if (!*c->missing && !c->invalid)
			count_cell(r, c, &calls[i]);
	}
}

/* -- timing */
static void time_cell(struct run *r, struct cell *c, double calls, int set)
{
	struct request q = request_for(r, c, PASS_TIME);
	struct outcome o = runner_run(c->program, &q, deadline_of(r, c));
	struct bars values = { 0 };
	if (!o.failed)
		values = values_of(&o.answer, o.sample + o.answer.count, r->clock.hz);
	if (o.failed)
		report_failure(r, c, &o);
	else if (!lines_timed(r->record, c, &o.answer, r->clock.hz, calls, set, &values))
		c->invalid = r->failed = true;
	else if (values.bars) {
		c->values_per = (unsigned)o.answer.per;
		bars_merge(&c->values, &values); /* of one tick: the first decides what a value spans */
	}
	bars_free(&values);
	if (!o.failed && *o.answer.detail)
		lines_said(r->record, c, &o.answer);
	if (!o.failed && r->o.keep_samples)
		lines_samples(r->record, c, &o.answer, o.sample, r->clock.hz);
	outcome_free(&o);
}

static uint64_t random_below(uint64_t *state, uint64_t n)
{
	*state += 0x9e3779b97f4a7c15u; /* splitmix64 (Steele, Lea, Flood 2014) */
	uint64_t z = *state;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (z ^ z >> 31) % n;
}

/* A run that has said how long it takes keeps to it: what rounds take is only known when one is over. */
static void keep_to_length(struct run *r, unsigned left, double round_s)
{
	bool said = is_whole(r) || r->o.time_limit;
	if (!said || !left)
		return;
	r->samples = length_samples(&(struct length){ .said_s = r->said_s,
		.passed_s = now_s() - r->begin_s,
		.left = left,
		.round_s = round_s,
		.fixed_s = trial_s * (double)measured_cells(r) * (r->o.aa ? 2 : 1),
		.samples = r->samples,
		.beside = SAMPLES_BESIDE,
		.least = SAMPLES_LEAST,
		.most = SAMPLES_MOST });
	r->fewest = r->samples < r->fewest ? r->samples : r->fewest;
	r->most = r->samples > r->most ? r->samples : r->most;
}

static void say_samples(struct run *r)
{
	char text[64];
	snprintf(text, sizeof text, r->fewest < r->most ? "%u to %u" : "%u", r->fewest, r->most);
	record_set(r->record, "samples", text);
}

/* Every round runs each cell once, or once for each set, in an order of its own, so that drift hits all alike. */
static void time_all(struct run *r, const double *calls)
{
	size_t cells = r->plan.cells, n = cells * (r->o.aa ? 2 : 1), *order = calloc(n, sizeof *order);
	uint64_t state = r->o.seed;
	if (!order)
		abort();
	for (size_t i = 0; i < n; i++)
		order[i] = i;
	for (unsigned round = 0; round < r->trials && !stopped(r); round++) {
		double begin = now_s(), apart = 0; /* what cells take that are not in every round */
		for (size_t i = n - 1; i > 0; i--) {
			size_t j = random_below(&state, i + 1), swap = order[i];
			order[i] = order[j];
			order[j] = swap;
		}
		for (size_t i = 0; i < n && !stopped(r); i++) {
			size_t which = order[i] % cells;
			struct cell *c = &r->plan.cell[which];
			if (*c->missing || round >= trials_of(r, c))
				continue;
			double begin_cell = now_s();
			progress_step(&r->progress, c->name);
			if (!c->invalid)
				time_cell(r, c, calls[which], r->o.aa ? 1 + (int)(order[i] / cells) : 0);
			if (trials_of(r, c) < r->trials)
				apart += now_s() - begin_cell;
		}
		keep_to_length(r, r->trials - round - 1, now_s() - begin - apart);
	}
	free(order);
	say_samples(r);
}

/* -- the whole */
/* The clock held against the kernel's once more, over all that has passed since it was chosen. */
static void check_clock(struct run *r)
{
	struct clock_facts now;
	char error[400];
	if (choose_clock(r, &now, error, sizeof error)) {
		stop(r, "the clock was lost", 0);
		return;
	}
	double ticks = (double)(now.at - r->clock.at), ns = (double)(now.at_ns - r->clock.at_ns);
	double ppm = (ticks / ns * 1e9 / r->clock.hz - 1) * 1e6;
	set_number(r->record, "clock.drift-ppm", "%.3g", ppm);
	if (now.kind != r->clock.kind || fabs(ppm) > DRIFT_PPM_MOST)
		stop(r, "the clock drifted by %.0f ppm: the times are not to be trusted", ppm);
}

static void say_missing_cells(struct run *r)
{
	for (size_t i = 0; i < r->plan.cells; i++)
		if (*r->plan.cell[i].missing)
			record_line(r->record, RECORD_MISSING, r->plan.cell[i].name, 0, r->plan.cell[i].missing);
}

/* Refused with one of its trials: what had been valid of the cell before is taken back, so that no reader counts it. */
static void take_back(struct run *r)
{
	for (size_t i = 0; i < r->plan.cells; i++)
		if (r->plan.cell[i].invalid)
			record_refuse(r->record, r->plan.cell[i].name, "refused with another trial of its cell");
}

static void record_values(struct run *r)
{
	for (size_t i = 0; i < r->plan.cells; i++) {
		const struct cell *c = &r->plan.cell[i];
		if (!c->invalid && c->values.bars)
			record_bars(record_line(r->record, RECORD_HISTOGRAM, c->name, 0, NULL), &c->values);
	}
}

static void conclude(struct run *r, int *status)
{
	take_back(r);
	lines_counting_cost(r->record);
	record_values(r);
	if (*r->stopped) {
		record_set(r->record, "stopped", r->stopped);
		fprintf(stderr, "ctxbench: stopped before its end: %s\n", r->stopped);
	}
	record_set(r->record, "complete", *r->stopped ? "no" : "yes");
	set_number(r->record, "seconds", "%.1f", now_s() - r->begin_s);
	*status = runner_signal() ? 130 : r->failed || *r->stopped ? 1 : 0;
}

struct record *run_measure(struct run *r, int *status)
{
	double *calls = malloc((r->plan.cells + 1) * sizeof *calls);
	if (!calls)
		abort();
	r->begin_s = now_s();
	r->said_s = run_expected_seconds(r);
	r->fewest = r->most = r->samples;
	runner_take_signals();
	if (!r->o.seed)
		r->o.seed = (uint64_t)time(NULL) % 1000000 + 1;
	runner_seed(r->o.seed);
	r->record = record_new();
	progress_begin(&r->progress, steps_of(r), run_expected_seconds(r), r->o.quiet);
	describe_run(r);
	say_missing_cells(r);
	for (size_t i = 0; i < r->plan.cells; i++)
		calls[i] = -1;
	conform_all(r);
	count_all(r, calls);
	time_all(r, calls);
	if (!stopped(r))
		check_clock(r);
	progress_end(&r->progress);
	conclude(r, status);
	free(calls);
	return r->record;
}

/* -- conformance as TAP */
static bool planned(const struct run *r, const struct entry *e)
{
	for (size_t i = 0; i < r->plan.cells; i++)
		if (same_instance(r->plan.cell[i].entry, e))
			return true;
	return false;
}

static bool conform_one(const struct registered *item, uint64_t rounds, size_t number)
{
	const struct entry *e = &item->entry;
	struct request q = { .pass = PASS_CONFORM, .rounds = rounds, .seat = { -1, -1 } };
	snprintf(q.impl, sizeof q.impl, "%s", e->impl);
	snprintf(q.wait, sizeof q.wait, "%s", e->wait);
	q.check = e->check;
	struct outcome o = runner_run(item->program, &q, 120);
	bool wrong = o.failed || o.answer.error < 0;
	printf("%sok %zu - %s, wait %s: %s", wrong ? "not " : "", number, e->impl, e->wait, e->check_name);
	if (o.answer.skipped)
		printf(" # SKIP %s", o.answer.detail);
	printf("\n");
	if (wrong)
		printf("# %s\n", o.failed ? o.reason : o.answer.detail);
	fflush(stdout);
	outcome_free(&o);
	return !wrong;
}

int run_conform(struct run *r, uint64_t rounds)
{
	size_t number = 0, passed = 0;
	for (size_t i = 0; i < r->registry.items; i++) {
		const struct registered *item = &r->registry.item[i];
		if (item->entry.check >= 0 && planned(r, &item->entry))
			passed += conform_one(item, rounds, ++number);
	}
	printf("1..%zu\n", number);
	return passed == number ? 0 : 1;
}
