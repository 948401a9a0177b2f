// SPDX-License-Identifier: MIT
#include "lines.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "audit.h"
#include "values.h"

/* -- timed */
static void add_known(struct record_line *line, double x, const char *unit)
{
	if (x >= 0)
		record_value(line, x, unit);
}

static void add_centre(struct record_line *line, const struct cell *c, const struct answer *a, double ns)
{
	char unit[64];
	double ops = plan_ops(c);
	snprintf(unit, sizeof unit, "ns/%s", c->unit);
	record_value(line, a->centre * ns / ops, unit);
	record_value(line, a->least * ns / ops, "min-ns");
	record_value(line, a->centre / ops, "ticks");
	record_value(line, ops, "ops");
}

static void add_readings(struct record_line *line, const struct cell *c, const struct answer *a, double ns)
{
	const struct entry *e = c->entry;
	for (uint32_t i = 0; i < e->readings; i++)
		if (!isnan(a->reading[i]))
			record_value(line, a->reading[i] * (e->reading_is_ticks[i] ? ns : 1), e->reading[i]);
}

static void add_contamination(struct record_line *line, const struct answer *a, const struct audit *v, double ns)
{
	add_known(line, v->migrations, "migrations");
	if (a->observed.wall_ns > 0 && v->preempted >= 0)
		record_value(line, v->preempted / a->observed.wall_ns * 1e9, "preempted/s");
	add_known(line, v->cpu, "cpu%");
	add_known(line, v->steal, "steal%");
	add_known(line, a->observed.throttled, "throttled");
	add_known(line, a->observed.interrupts, "interrupts");
	if (!isnan(a->linear))
		record_value(line, a->linear, "linear");
	record_value(line, a->add * ns, "add-ns");
	record_value(line, a->burst * ns, "burst-ns");
	if (a->one_cpu >= 0)
		record_value(line, 100 * a->one_cpu, "one-cpu%");
}

bool lines_timed(struct record *r, const struct cell *c, const struct answer *a, double clock_hz, double calls, int set,
	const struct bars *values)
{
	struct audit v = audit_time(c, a);
	bool valid = !*v.refused;
	struct record_line *line = record_line(
		r, valid ? RECORD_BENCHMARK : RECORD_INVALID, c->name, (double)a->turns, valid ? NULL : v.refused);
	add_centre(line, c, a, 1e9 / clock_hz);
	add_readings(line, c, a, 1e9 / clock_hz);
	if (values->bars)
		values_quantiles(line, values);
	add_known(line, v.switches, "switches/op");
	if (!(c->entry->caps & CAP_REMOTE))
		add_known(line, v.elsewhere, "switches-elsewhere/op");
	add_known(line, v.faults, "faults/op");
	if (calls >= 0 && v.faults >= 0)
		record_value(line, calls + v.faults, "modesw/op");
	add_contamination(line, a, &v, 1e9 / clock_hz);
	if (set)
		record_value(line, set, "aa");
	return valid;
}

void lines_said(struct record *r, const struct cell *c, const struct answer *a)
{
	char key[96];
	snprintf(key, sizeof key, "%s.%s", c->entry->job, c->entry->impl);
	record_set(r, key, a->detail);
}

void lines_samples(
	struct record *r, const struct cell *c, const struct answer *a, const double *sample, double clock_hz)
{
	struct record_line *line = record_line(r, RECORD_SAMPLES, c->name, (double)a->turns_per_sample, NULL);
	char unit[64];
	snprintf(unit, sizeof unit, "ns/%s", c->unit);
	for (uint32_t i = 0; i < a->count; i++)
		record_value(line, sample[i] * 1e9 / clock_hz / plan_ops(c), unit);
}

/* -- counted */
bool lines_calls(struct record *r, const struct cell *c, const struct answer *a)
{
	char refused[256], key[96];
	if (a->calls < 0) {
		bool of_one = c->entry->caps & CAP_REMOTE; /* others' are counted all the same */
		snprintf(key, sizeof key, "not-counted.syscalls%s%s", of_one ? "." : "", of_one ? c->entry->impl : "");
		record_set(r, key, a->detail);
		return true;
	}
	audit_calls(c, a, refused, sizeof refused);
	struct record_line *line = record_line(
		r, *refused ? RECORD_INVALID : RECORD_BENCHMARK, c->name, (double)a->turns, *refused ? refused : NULL);
	record_value(line, a->calls, "syscalls/op");
	add_known(line, a->tasks, "tasks/op");
	add_known(line, a->signals, "signals/op");
	return !*refused;
}

bool lines_partial(const struct cell *c, const struct counter *k)
{
	/* the way into a call lies before the task's end, its last one too; and CPU-wide the calls of others were
	 * counted */
	bool whole = !strcmp(k->name, "raw_syscalls:sys_enter");
	return k->kernel && !whole && c->entry->spawns && c->entry->caps & CAP_KERNEL;
}

static void set_uncounted(struct record *r, const struct counter *k, const char *reason)
{
	char key[96];
	snprintf(key, sizeof key, "not-counted.%s", k->name);
	record_set(r, key, reason);
}

void lines_events(struct record *r, const struct cell *c, const struct request *q, const struct counter *const *counted,
	const struct answer *a, double clock_hz)
{
	struct record_line *line = NULL;
	for (uint32_t i = 0; i < q->events; i++) {
		char unit[96];
		bool partial = lines_partial(c, counted[i]) && q->event_cpu[i] < 0;
		snprintf(unit, sizeof unit, "%s%s/op", counted[i]->name, partial ? "-partial" : "");
		if (isnan(a->event[i])) {
			set_uncounted(r, counted[i], "did not run all the time: others hold the counters");
			continue;
		}
		if (!line)
			line = record_line(r, RECORD_BENCHMARK, c->name, (double)a->turns, NULL);
		record_value(line, a->event[i], unit);
	}
	if (line)
		record_value(line, a->counted * 1e9 / clock_hz / plan_ops(c), "counted-ns");
}

/* -- counted by parts */
bool lines_has_parts(const struct cell *c, const struct counter *k)
{
	bool instructions =
		k->attr.type == PERF_TYPE_HARDWARE && (k->attr.config & UINT32_MAX) == PERF_COUNT_HW_INSTRUCTIONS;
	return c->entry->has_parts && instructions && c->place->cpu[0] >= 0 && c->place->cpu[0] == c->place->cpu[1];
}

/* "call-ns" is told as "call-instructions:u". */
void lines_parts(struct record *r, const struct cell *c, const struct counter *k, const struct answer *a)
{
	const struct entry *e = c->entry;
	struct record_line *line = record_line(r, RECORD_BENCHMARK, c->name, (double)a->turns, NULL);
	for (uint32_t i = 0; i < e->readings; i++) {
		size_t part = strlen(e->reading[i]) - strlen("ns");
		char unit[NAME_SIZE + sizeof k->name];
		if (!e->reading_is_ticks[i])
			continue;
		snprintf(unit, sizeof unit, "%.*s%s", (int)part, e->reading[i], k->name);
		record_value(line, a->reading[i], unit);
	}
}

void lines_parts_uncounted(struct record *r, const struct counter *k, const char *reason)
{
	char key[96];
	snprintf(key, sizeof key, "not-counted.parts-%s", k->name);
	record_set(r, key, reason);
}

/* -- what counting costs */
static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* The median of the cell's timed trials; NaN where there is none. What is timed has least samples, and its centre
 * first. */
static double timed_median(const struct record *r, const char *name)
{
	double *x = malloc((r->lines + 1) * sizeof *x), middle = NAN, ignored;
	size_t n = 0;
	if (!x)
		abort();
	for (size_t i = 0; i < r->lines; i++) {
		const struct record_line *line = &r->line[i];
		if (line->kind == RECORD_BENCHMARK && !strcmp(line->name, name) &&
			record_find(line, "min-ns", &ignored))
			x[n++] = line->value[0].x;
	}
	qsort(x, n, sizeof *x, by_value);
	if (n)
		middle = n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
	free(x);
	return middle;
}

void lines_counting_cost(struct record *r)
{
	for (size_t i = 0; i < r->lines; i++) {
		double counted, timed;
		if (r->line[i].kind != RECORD_BENCHMARK || !record_find(&r->line[i], "counted-ns", &counted))
			continue;
		timed = timed_median(r, r->line[i].name);
		if (timed > 0)
			record_value(&r->line[i], counted / timed, "counted/timed");
	}
}

void lines_uncounted(
	struct record *r, const struct request *q, const struct counter *const *counted, const char *reason)
{
	for (uint32_t i = 0; i < q->events; i++)
		set_uncounted(r, counted[i], reason);
}

/* -- failed */
static void add_task_limits(const struct record *r, char *text, size_t size)
{
	const char *cgroup = record_get(r, "cgroup.pids.max");
	struct rlimit tasks;
	size_t used = strlen(text);
	if (used < size && cgroup)
		used += (size_t)snprintf(text + used, size - used, "; cgroup.pids.max=%s", cgroup);
	if (used < size && !getrlimit(RLIMIT_NPROC, &tasks) && tasks.rlim_cur != RLIM_INFINITY)
		snprintf(text + used, size - used, ", RLIMIT_NPROC=%llu", (unsigned long long)tasks.rlim_cur);
}

static void add_descriptor_limit(char *text, size_t size)
{
	struct rlimit files;
	size_t used = strlen(text);
	if (used < size && !getrlimit(RLIMIT_NOFILE, &files))
		snprintf(text + used, size - used, "; RLIMIT_NOFILE=%llu", (unsigned long long)files.rlim_cur);
}

/* Filters made before clone3 refuse it with EPERM, which libc takes as final. */
static void add_filter(char *text, size_t size)
{
	size_t used = strlen(text);
	if (used < size && prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == SECCOMP_MODE_FILTER)
		snprintf(text + used, size - used, "; this process is under a seccomp filter%s",
			strstr(text, "spawn") ? ", which may not know clone3" : "");
}

void lines_failed(struct record *r, const struct cell *c, const char *reason)
{
	char text[512];
	snprintf(text, sizeof text, "%s", reason);
	if (strstr(reason, strerror(EAGAIN)))
		add_task_limits(r, text, sizeof text);
	if (strstr(reason, strerror(EMFILE)))
		add_descriptor_limit(text, sizeof text);
	if (strstr(reason, strerror(EPERM)))
		add_filter(text, sizeof text);
	record_line(r, RECORD_INVALID, c->name, 0, text);
}
