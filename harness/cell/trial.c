// SPDX-License-Identifier: MIT
#include "trial.h"

#include <errno.h>
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../../impls/arch/arch.h"
#include "calls.h"
#include "clock.h"
#include "events.h"
#include "histogram.h"
#include "limits.h"
#include "pace.h"
#include "witness.h"

enum {
	TURNS_MOST = 1 << 30, /* a bound on a sample, should the clock fail us */
	LINEAR_SAMPLES = 9,   /* of double length, spread among the others */
	COUNT_NS = 5000000,   /* least time of a counted loop: counts need no long one, but one in which a timer tick is
				 lost */
	COUNT_TURNS_LEAST = 64,
	COUNT_TURNS_REMOTE = 1 << 13, /* the line that tells another program to do them makes calls of its own */
	COUNT_NS_MOST = 200000000,    /* but no more of them than fit: a kernel thread's creation is long */
	COUNT_TURNS_MOST = 1 << 24,
};

/* What a trial is made of once it is set up. */
struct trial {
	const struct request *r;
	struct answer *a;
	const struct impl *impl;
	const struct job *job;
	struct point point;
	struct histogram *values; /* of all samples; NULL where the job has none */
};

/* -- finding */
static const struct job *find_job(const struct impl *impl, const struct request *r)
{
	for (const struct job *const *j = impl->jobs; *j; j++)
		if (!strcmp((*j)->name, r->job) && !strcmp((*j)->variant ? (*j)->variant : "", r->variant))
			return *j;
	return NULL;
}

/* A probe may go by the name of an impl: it is told apart by its jobs, and by having no checks. */
const struct impl *trial_find_impl(const struct request *r)
{
	for (const struct impl *const *i = __start_impls; i < __stop_impls; i++)
		if (!strcmp((*i)->name, r->impl) && !strcmp((*i)->wait, r->wait))
			if (*r->job ? find_job(*i, r) != NULL : (*i)->checks != NULL)
				return *i;
	return NULL;
}

/* -- setting up */
static int fail(struct trial *t, enum stage stage, int error, const char *detail)
{
	t->a->stage = stage;
	t->a->error = error;
	if (!detail && t->impl && t->impl->why)
		detail = t->impl->why();
	if (detail)
		snprintf(t->a->detail, sizeof t->a->detail, "%s", detail);
	return error;
}

/* Binds this task to one CPU and believes only what is read back: some systems say yes and do nothing. */
static int pin(int cpu)
{
	size_t bytes = CPU_ALLOC_SIZE(cpu + 1 < 8192 ? 8192 : cpu + 1);
	cpu_set_t *set = calloc(1, bytes), *got = calloc(1, bytes);
	int error = set && got ? 0 : -ENOMEM;
	if (!error) {
		CPU_SET_S((size_t)cpu, bytes, set);
		error = sched_setaffinity(0, bytes, set) || sched_getaffinity(0, bytes, got) < 0 ? -errno : 0;
	}
	if (!error && (!CPU_EQUAL_S(bytes, set, got) || sched_getcpu() != cpu))
		error = -EXDEV;
	free(set);
	free(got);
	return error;
}

/* What is scheduled in real time and hangs would keep its CPU from all others, and from whoever is to end it: the
 * kernel does, when one has run for so long without sleeping. */
static int limit_real_time(void)
{
	enum { SECONDS = 20, MICROSECONDS = 1000000 };
	struct rlimit now, most = { (rlim_t)SECONDS * MICROSECONDS, (rlim_t)SECONDS * MICROSECONDS };
	if (!getrlimit(RLIMIT_RTTIME, &now) && now.rlim_max <= most.rlim_max)
		return 0; /* as tight already, and nobody may loosen it */
	return setrlimit(RLIMIT_RTTIME, &most) ? -errno : 0;
}

/* By system call: musl's functions of these names do nothing but fail. Not asked for where it is in force already,
 * since some sandboxes refuse the very question. */
static int set_policy(int policy)
{
	/* the least of the real-time priorities; other policies have none but 0 */
	int least = (int)syscall(SYS_sched_get_priority_min, policy), error = least > 0 ? limit_real_time() : 0;
	struct sched_param param = { .sched_priority = least > 0 ? least : 0 };
	if (error || syscall(SYS_sched_getscheduler, 0) == policy)
		return error;
	if (syscall(SYS_sched_setscheduler, 0, policy, &param))
		return -errno;
	return syscall(SYS_sched_getscheduler, 0) == policy ? 0 : -EXDEV;
}

/* Shared, so that a process's child sees it too; touched, so that no turn faults it in for the first time. */
static void *arena_map(size_t bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), whole = (bytes + page - 1) / page * page;
	void *arena = mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (arena == MAP_FAILED)
		return NULL;
	memset(arena, 1, whole);
	memset(arena, 0, whole);
	return arena;
}

/* The quickest of a few: a chain that somebody else ran in the middle of tells of them. A clock that stands still
 * during one can tell nothing: then a chain is taken for one of 1 ns an addition. */
static uint64_t adds_per_us(const struct clock_facts *clock)
{
	enum { CHAINS = 5 };
	double least = 0;
	for (int i = 0; i < CHAINS; i++) {
		double add = pace_now(clock).add;
		if (add > 0 && (!(least > 0) || add < least))
			least = add;
	}
	return least > 0 ? (uint64_t)(clock->hz / 1e6 / least + 0.5) : 1000;
}

/* In one batch, of what the kernel has no part in. */
enum { USER_BATCHES = 32 };

static unsigned piles_up(const struct trial *t)
{
	return t->impl->caps & CAP_KERNEL || ~t->impl->caps & CAP_QUEUE ? 0 : t->job->batch * USER_BATCHES;
}

static int set_up(struct trial *t)
{
	const struct request *r = t->r;
	t->impl = trial_find_impl(r);
	t->job = t->impl ? find_job(t->impl, r) : NULL;
	if (!t->job || (t->job->needs & ~t->impl->caps))
		return fail(t, STAGE_FIND, -ENOENT, "no such cell in this program");
	const char *why = t->impl->missing();
	if (!why && t->job->missing)
		why = t->job->missing();
	if (why)
		return fail(t, STAGE_FIND, -ENOTSUP, why);
	int error = r->seat[0] >= 0 ? pin(r->seat[0]) : 0;
	if (error)
		return fail(
			t, STAGE_PIN, error, error == -EXDEV ? "the kernel accepted the CPU and did not obey" : NULL);
	error = set_policy(r->policy);
	if (error)
		return fail(t, STAGE_POLICY, error,
			error == -EXDEV ? "the kernel accepted the policy and did not obey" : NULL);
	t->point = (struct point){ .seat = { r->seat[0], r->seat[1] },
		.workers = r->workers,
		.seat_list = r->seat_list,
		.seats = r->seats,
		.page = (uint64_t)sysconf(_SC_PAGESIZE),
		.adds_per_us = adds_per_us(&r->clock),
		.piles_up = piles_up(t),
		.clock = &r->clock,
		.tasks_path = r->tasks_path,
		.memory_path = r->memory_path,
		.memory_group = r->memory_group,
		.bytes_most = r->bytes_most,
		.values_per = r->values_per };
	memcpy(t->point.at, r->at, sizeof t->point.at);
	t->point.arena = arena_map(t->job->arena_bytes(&t->point));
	if (!t->point.arena)
		return fail(t, STAGE_ARENA, -ENOMEM, NULL);
	return 0;
}

static int open_job(struct trial *t)
{
	char short_of[TEXT_SIZE];
	int error = limits_suffice(&t->impl->per_context, t->job->contexts, short_of, sizeof short_of);
	if (error)
		return fail(t, STAGE_OPEN, error, short_of);
	arch_fp_clean(); /* contexts may inherit it */
	error = t->impl->begin ? t->impl->begin(&t->point) : 0;
	if (!error)
		error = t->job->open(&t->point);
	if (!error)
		return 0;
	limits_explain(&t->impl->per_context, t->job->contexts, error, short_of, sizeof short_of);
	return fail(t, STAGE_OPEN, error, *short_of ? short_of : NULL);
}

static void close_job(struct trial *t)
{
	t->job->close(t->point.arena);
	if (t->impl->end)
		t->impl->end();
}

static int loop_failed(struct trial *t, int error)
{
	return fail(t, STAGE_LOOP, error, NULL);
}

/* -- one loop. Where a bench piles up, n turns are done in batches, each settled outside the clock. Kernel tasks pile
 * up by few, for those spawned run once the slice is over; what the kernel has no part in piles up by so many that a
 * batch outlasts two reads of the clock by far. Of contexts in a queue, where none can be twice, there are as many.
 * What lives outside of this program piles up by as many as its face says. */
static uint64_t batch_of(const struct trial *t, uint64_t n)
{
	if (!t->job->batch)
		return n;
	return t->impl->caps & (CAP_KERNEL | CAP_REMOTE) ? t->job->batch : t->job->batch * USER_BATCHES;
}

static double batches_of(const struct trial *t, uint64_t n)
{
	uint64_t batch = batch_of(t, n);
	return (double)((n + batch - 1) / batch);
}

static int timed_loop(struct trial *t, uint64_t n, double *ticks)
{
	const struct job *job = t->job;
	uint64_t batch = batch_of(t, n);
	double sum = 0;
	do {
		uint64_t turns = n < batch ? n : batch;
		/* differing sticky status flags alone make a switch that reloads them tenfold dearer */
		arch_fp_clean();
		uint64_t begin = clock_read(&t->r->clock);
		int error = job->loop(t->point.arena, turns);
		int64_t passed = (int64_t)(clock_read(&t->r->clock) - begin);
		if (job->settle)
			job->settle(t->point.arena);
		if (error)
			return error;
		if (passed < 0)
			return -ETIME; /* the clocks of two CPUs differ */
		sum += (double)passed;
		n -= turns;
	} while (n);
	*ticks = sum;
	return 0;
}

/* The same without a clock, for the passes that count. */
static int counted_loop(struct trial *t, uint64_t n)
{
	const struct job *job = t->job;
	uint64_t batch = batch_of(t, n), turns;
	do {
		turns = n < batch ? n : batch;
		arch_fp_clean();
		int error = job->loop(t->point.arena, turns);
		if (job->settle)
			job->settle(t->point.arena);
		if (error)
			return error;
	} while (n -= turns);
	return 0;
}

/* One turn is all that a trial has: then there is none to find the number of turns with, and none to warm up. */
static int once(const struct job *job)
{
	return job->turns_most == 1 && job->samples_most == 1;
}

/* What the harness has just run stands against this task, and a fair scheduler lets the others catch up first: CFS
 * answers their yields with no switch until they have. One turn, outside of what is measured, takes that upon itself.
 */
static int catch_up(struct trial *t)
{
	return once(t->job) ? 0 : counted_loop(t, 1);
}

/* -- timing */
/* The quickest of a few loops: one that somebody else ran in the middle of would make every sample too short. What is
 * told to another program, and answered by it, has more in it to be disturbed. */
static int quickest_loop(struct trial *t, uint64_t n, double *ticks)
{
	int tries = t->impl->caps & CAP_REMOTE ? 8 : 2;
	int error = timed_loop(t, n, ticks);
	while (--tries && !error) {
		double again = 0;
		error = timed_loop(t, n, &again);
		*ticks = again < *ticks ? again : *ticks;
	}
	return error;
}

/* Turns for a sample of at least the time asked for, and of so many t(0) that to take that off is a small matter; found
 * by doubling. */
static int calibrate(struct trial *t, uint64_t *turns)
{
	enum { TIMES_NONE = 100 };
	const struct clock_facts *clock = &t->r->clock;
	double target = (double)t->r->sample_ns * clock->hz / 1e9, none = 0, ticks = 0;
	int error = quickest_loop(t, 0, &none);
	if (none * TIMES_NONE > target)
		target = none * TIMES_NONE;
	uint64_t n = 1, most = t->job->turns_most ? t->job->turns_most : TURNS_MOST;
	if (!error && once(t->job)) {
		*turns = 1;
		return 0;
	}
	for (; !error; n *= 2) {
		error = quickest_loop(t, n, &ticks);
		ticks -= none;
		if (ticks >= target / 2 || n >= most)
			break;
	}
	if (error)
		return loop_failed(t, error);
	if (ticks <= 0)
		return fail(t, STAGE_CLOCK, -ETIME, "the clock did not move during the longest sample");
	*turns = (uint64_t)((double)n * target / ticks) + 1;
	*turns = *turns > most ? most : *turns;
	return 0;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double median(double *x, size_t n)
{
	qsort(x, n, sizeof *x, by_value);
	return n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

/* Of those that are numbers; NaN where none is. */
static double median_told(double *x, size_t n)
{
	size_t told = 0;
	for (size_t i = 0; i < n; i++)
		if (!isnan(x[i]))
			x[told++] = x[i];
	return told ? median(x, told) : NAN;
}

/* The arrays of one timed pass, in one allocation. */
struct series {
	double *sample, *none, *add, *burst, *twice;
	double *reading[READINGS_MOST];
	size_t twices, on_one_cpu;
};

static unsigned readings_of(const struct job *job)
{
	unsigned n = 0;
	while (n < READINGS_MOST && job->readings && job->readings[n].unit)
		n++;
	return n;
}

/* Into sample i of each reading; with NULL only to start anew. */
static void read_job(struct trial *t, uint64_t turns, struct series *s, uint32_t i)
{
	double value[READINGS_MOST];
	if (!t->job->read)
		return;
	t->job->read(t->point.arena, turns, value);
	for (unsigned k = 0; s && k < readings_of(t->job); k++)
		s->reading[k][i] = value[k];
}

/* t(0) as often as there are batches in a sample: what is taken off is what was put on. Some at once, so that it is
 * warm as they are. Their mean, for a single one is as long as a few steps of the clock; but where another program is
 * told and answers, now and then one has to wait for the CPU, and a mean would be of those. */
static int sample_none(struct trial *t, uint64_t turns, double *ticks)
{
	enum { AT_ONCE = 16 };
	double once[AT_ONCE], sum = 0;
	for (int i = 0; i < AT_ONCE; i++) {
		int error = timed_loop(t, 0, &once[i]);
		if (error)
			return error;
		sum += once[i];
	}
	*ticks = (t->impl->caps & CAP_REMOTE ? median(once, AT_ONCE) : sum / AT_ONCE) * batches_of(t, turns);
	return 0;
}

static int sample_all(struct trial *t, const struct witness *w, uint64_t turns, struct series *s)
{
	uint32_t samples = t->r->samples, every = samples / LINEAR_SAMPLES ? samples / LINEAR_SAMPLES : 1;
	int unpinned = t->r->seat[0] < 0, whole_turn = t->job->turns_most == 1;
	for (uint32_t i = 0; i < samples; i++) {
		struct pace pace = pace_now(&t->r->clock);
		s->add[i] = pace.add;
		s->burst[i] = pace.burst;
		int error = sample_none(t, turns, &s->none[i]);
		if (!error && !whole_turn)
			error = catch_up(t);
		read_job(t, 1, NULL, i);
		if (!error)
			error = timed_loop(t, turns, &s->sample[i]);
		if (t->values)
			histogram_merge(t->values, t->job->histogram(t->point.arena));
		read_job(t, turns, s, i);
		if (!error && !whole_turn && i % every == 0 && s->twices < LINEAR_SAMPLES)
			error = timed_loop(t, 2 * turns, &s->twice[s->twices++]);
		if (error)
			return loop_failed(t, error);
		if (unpinned)
			s->on_one_cpu += (size_t)witness_on_one_cpu(w);
	}
	return 0;
}

/* Of a sample, so much may be the clock's own before it is no measurement any more. */
static const double clock_share_most = 0.05;

static int conclude(struct trial *t, uint64_t turns, struct series *s)
{
	struct answer *a = t->a;
	uint32_t samples = t->r->samples;
	double none = median(s->none, samples), least = s->sample[0];
	double twice_none = none / batches_of(t, turns) * batches_of(t, 2 * turns);
	for (uint32_t i = 1; i < samples; i++)
		least = s->sample[i] < least ? s->sample[i] : least;
	if (t->job->batch && none > clock_share_most * least)
		return fail(t, STAGE_CLOCK, -ERANGE, "not resolvable: a batch is too short for the clock");
	for (uint32_t i = 0; i < samples; i++)
		s->sample[i] = (s->sample[i] - none) / (double)turns;
	for (size_t i = 0; i < s->twices; i++)
		s->twice[i] = (s->twice[i] - twice_none) / (double)turns;
	a->count = samples;
	a->turns_per_sample = turns;
	a->turns =
		turns * (samples + 2 * s->twices) + (t->job->turns_most == 1 ? 0 : samples); /* one each to catch up */
	a->add = median(s->add, samples);
	a->burst = median(s->burst, samples);
	memcpy(s->none, s->sample, samples * sizeof *s->none); /* sorted apart: the samples stay in their order */
	a->centre = median(s->none, samples);
	a->least = s->none[0];
	a->linear = s->twices ? median(s->twice, s->twices) / a->centre : NAN;
	for (unsigned k = 0; k < readings_of(t->job); k++)
		a->reading[k] = median_told(s->reading[k], samples);
	a->one_cpu = t->r->seat[0] < 0 ? (double)s->on_one_cpu / samples : -1;
	if (t->job->say)
		t->job->say(t->point.arena, a->detail, sizeof a->detail);
	return 0;
}

/* Did what was claimed to run, run? A bench whose bodies count themselves says so, and an impl that counts hand-offs.
 */
static int check_bodies(struct trial *t, uint64_t before)
{
	if (!t->job->bodies || t->impl->caps & (CAP_CALL_ONLY | CAP_PROGRAM))
		return 0;
	if (!t->job->spawns && t->r->seat[0] < 0) /* side by side, one may be ahead of the other */
		return 0;
	uint64_t ran = t->job->bodies(t->point.arena) - before;
	unsigned a_turn = t->job->spawns ? t->job->spawns : t->job->handoffs + t->job->yields;
	if (ran == t->a->turns * a_turn)
		return 0;
	char text[TEXT_SIZE];
	snprintf(text, sizeof text, "%llu %s in %llu turns", (unsigned long long)ran,
		t->job->spawns ? "bodies ran" : "hand-offs were made", (unsigned long long)t->a->turns);
	return fail(t, STAGE_LOOP, -EPROTO, text);
}

static struct witness witness_of(const struct trial *t)
{
	return (struct witness){ .seat = t->r->seat,
		.seat_list = t->r->seat_list,
		.seats = t->r->seats,
		.throttle_path = t->r->throttle_path,
		.tasks = t->impl->tasks,
		.idle = t->impl->idle,
		.processes = (t->impl->caps & CAP_REMOTE) ||
			     ((t->impl->caps & CAP_KERNEL) && !(t->impl->caps & CAP_THREAD_GROUP)) };
}

/* After the samples, so that one answer holds both. */
static int tell_values(struct trial *t, double **kept)
{
	const struct histogram *h = t->values;
	struct answer *a = t->a;
	double *all = realloc(*kept, (a->count + 2 * (size_t)HISTOGRAM_BUCKETS) * sizeof *all);
	if (!all)
		return fail(t, STAGE_ARENA, -ENOMEM, NULL);
	*kept = all;
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
		if (!h->bucket[i])
			continue;
		all[a->count + 2 * (size_t)a->bars] = (double)histogram_low(i);
		all[a->count + 2 * (size_t)a->bars++ + 1] = (double)h->bucket[i];
	}
	a->per = h->per ? (double)h->per : 1;
	a->least_value = (double)h->least;
	a->most_value = (double)h->most;
	a->sum = (double)h->sum;
	return 0;
}

static int time_pass(struct trial *t, double **kept)
{
	uint64_t turns = 0;
	if (open_job(t) || calibrate(t, &turns))
		return -1;
	uint32_t samples = t->r->samples;
	unsigned readings = readings_of(t->job);
	double *all = calloc((4 + readings) * (size_t)samples + LINEAR_SAMPLES, sizeof *all);
	if (!all)
		return fail(t, STAGE_ARENA, -ENOMEM, NULL);
	struct series s = { .sample = all,
		.none = all + samples,
		.add = all + 2 * samples,
		.burst = all + 3 * samples,
		.twice = all + (4 + readings) * (size_t)samples };
	for (unsigned k = 0; k < readings; k++)
		s.reading[k] = all + (4 + k) * (size_t)samples;
	t->values = t->job->histogram ? calloc(1, sizeof *t->values) : NULL;
	struct witness w = witness_of(t);
	struct observed begin, end;
	witness_end(&w, &end); /* faults in what a reading touches */
	witness_begin(&w, &begin);
	uint64_t bodies = t->job->bodies ? t->job->bodies(t->point.arena) : 0;
	int error = sample_all(t, &w, turns, &s);
	witness_end(&w, &end);
	*kept = all;
	if (error)
		return error;
	if (conclude(t, turns, &s) || check_bodies(t, bodies))
		return -1;
	if (t->values && tell_values(t, kept))
		return -1;
	free(t->values);
	t->a->observed = witness_between(&begin, &end);
	close_job(t);
	return 0;
}

/* -- counting */
/* Turns that take COUNT_NS and at most twice that, found by doubling. */
static int turns_to_count(struct trial *t, uint64_t *turns)
{
	uint64_t most = t->job->turns_most ? t->job->turns_most : COUNT_TURNS_MOST, n = most < 8 ? most : 8, took;
	if (once(t->job)) {
		*turns = 1;
		return 0;
	}
	for (;;) {
		uint64_t begin = clock_ns();
		int error = counted_loop(t, n);
		if (error)
			return loop_failed(t, error);
		took = clock_ns() - begin;
		if (took > COUNT_NS || n >= most)
			break;
		n *= 2;
	}
	uint64_t fit = took > COUNT_NS ? n * COUNT_NS_MOST / took : COUNT_TURNS_MOST;
	if (t->impl->caps & CAP_REMOTE && n < COUNT_TURNS_REMOTE)
		n = fit < COUNT_TURNS_REMOTE ? fit : COUNT_TURNS_REMOTE;
	if (n < COUNT_TURNS_LEAST)
		n = most < COUNT_TURNS_LEAST ? most : COUNT_TURNS_LEAST;
	*turns = n;
	return 0;
}

/* How long a turn takes while the events count, in ticks: what counting costs. Apart from the loop whose events are
 * kept, since the clock's own reading would be among them. */
static int time_counted(struct trial *t, struct events *e, uint64_t turns)
{
	enum { LOOPS = 5, SHARE = 4 };
	double loop[LOOPS], none = 0, ignored[EVENTS_MAX];
	uint64_t n = turns / SHARE + 1;
	int error = 0;
	t->a->counted = NAN;
	if (t->job->turns_most && t->job->turns_most < n)
		return 0; /* so long a turn is not done again for this */
	events_begin(e);
	for (int i = 0; i < LOOPS && !error; i++)
		error = timed_loop(t, n, &loop[i]);
	if (!error)
		error = sample_none(t, n, &none);
	events_end(e, ignored);
	if (error)
		return loop_failed(t, error);
	t->a->counted = (median(loop, LOOPS) - none) / (double)n;
	return 0;
}

static int count_pass(struct trial *t)
{
	struct events e;
	int maker = t->impl->maker ? t->impl->maker() : 0;
	/* before any context exists: later, only half would be counted */
	int error = maker < 0 ? maker : events_open(&e, t->r, maker);
	if (error)
		return fail(t, STAGE_EVENTS, error, NULL);
	uint64_t turns = 0;
	if (open_job(t) || turns_to_count(t, &turns))
		return -1;
	double none[EVENTS_MAX] = { 0 }, all[EVENTS_MAX] = { 0 };
	events_begin(&e);
	error = counted_loop(t, 0);
	events_end(&e, none);
	events_begin(&e);
	if (!error)
		error = counted_loop(t, turns);
	events_end(&e, all);
	if (error)
		return loop_failed(t, error);
	for (uint32_t i = 0; i < e.count; i++)
		t->a->event[i] = (all[i] - none[i]) / (double)turns;
	t->a->turns = turns;
	if (time_counted(t, &e, turns))
		return -1;
	close_job(t);
	events_close(&e);
	return 0;
}

/* The event is the clock of what tells its parts. It counts from before the contexts are made, for then the job finds
 * out what a read adds. Of the loops that found the number of turns nothing is kept. */
static int parts_pass(struct trial *t)
{
	struct clock_facts counter = { .kind = CLOCK_EVENT };
	struct events e;
	double count[EVENTS_MAX] = { 0 };
	uint64_t turns = 0;
	if (!t->job->has_parts || t->r->events != 1)
		return fail(t, STAGE_FIND, -EINVAL, "no parts, or not one event");
	int error = events_open(&e, t->r, 0);
	if (error)
		return fail(t, STAGE_EVENTS, error, NULL);
	counter.event = e.fd[0];
	t->point.clock = &counter;
	events_begin(&e);
	if (open_job(t) || turns_to_count(t, &turns))
		return -1;
	read_job(t, turns, NULL, 0);
	error = counted_loop(t, turns);
	t->job->read(t->point.arena, turns, t->a->reading);
	events_end(&e, count);
	if (error)
		return loop_failed(t, error);
	if (isnan(count[0]))
		return fail(t, STAGE_EVENTS, -EBUSY, "did not run all the time: others hold the counters");
	t->a->turns = turns;
	close_job(t);
	events_close(&e);
	return 0;
}

static int calls_pass(struct trial *t)
{
	t->a->calls = t->a->tasks = t->a->signals = -1;
	if (t->impl->caps & CAP_PROGRAM)
		return fail(t, STAGE_NONE, 0, "the program that it runs would inherit the filter, and not the handler");
	if (t->impl->caps & CAP_REMOTE) /* another program would inherit the filter, and not the handler */
		return fail(t, STAGE_NONE, 0, "contexts outside of this program make them");
	const char *missing = calls_start(t->job->makes_none); /* before any context exists: it is inherited */
	if (missing)
		return fail(t, STAGE_NONE, 0, missing);
	uint64_t turns = 0;
	if (open_job(t) || turns_to_count(t, &turns))
		return -1;
	struct witness w = witness_of(t);
	struct observed before, after;
	witness_begin(&w, &before);
	int error = catch_up(t);
	struct calls begin = calls_read();
	if (!error)
		error = counted_loop(t, turns);
	struct calls end = calls_read();
	witness_end(&w, &after);
	if (error)
		return loop_failed(t, error);
	double tasks = (double)(end.tasks - begin.tasks) / (double)turns;
	t->a->turns = turns;
	t->a->tasks = t->job->spawns && t->impl->caps & CAP_TASKS_UNSEEN ? -1 : tasks;
	t->a->calls = (double)(end.calls - begin.calls) / (double)turns + tasks; /* a task is made by one more call */
	t->a->signals = calls_signals_possible() == 0 ? 0 : -1;
	t->a->observed = witness_between(&before, &after);
	close_job(t);
	return 0;
}

void trial_run(const struct request *r, struct answer *a, double **samples)
{
	struct trial t = { .r = r, .a = a };
	*samples = NULL;
	if (set_up(&t))
		return;
	switch (r->pass) {
	case PASS_TIME:
		time_pass(&t, samples);
		break;
	case PASS_COUNT:
		count_pass(&t);
		break;
	case PASS_CALLS:
		calls_pass(&t);
		break;
	case PASS_PARTS:
		parts_pass(&t);
		break;
	default:
		fail(&t, STAGE_FIND, -EINVAL, "no such pass");
	}
}
