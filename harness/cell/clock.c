// SPDX-License-Identifier: MIT
#include "clock.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>

#include "../../impls/arch/arch.h"

/* A read that costs so much of a system call is one. */
static const double CALL_SHARE = 0.7;

enum {
	READS = 10000,         /* to find the step and the cost of a read */
	READS_MOST = 10000000, /* a clock that has not moved by then stands still */
	RATE_NS = 50000000,    /* how long the counter is held against the kernel's clock, twice */
	PPM_MOST = 1000,       /* how far the two rates may be apart */
};

uint64_t clock_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* By a system call of ours: whoever reads may have no libc. 0 where it can't be read, which no part is then. */
static uint64_t event_read(const struct clock_facts *c)
{
	struct {
		uint64_t value, enabled, running;
	} now;
	long got = arch_syscall(SYS_read, c->event, (long)&now, sizeof now, 0, 0, 0);
	return got == (long)sizeof now ? now.value : 0;
}

uint64_t clock_read(const struct clock_facts *c)
{
	if (c->kind == CLOCK_COUNTER)
		return arch_ticks();
	return c->kind == CLOCK_GETTIME ? clock_ns() : event_read(c);
}

/* Least step and cost of a read. -ETIME where it stands still: a bound on reads, since no other clock can be asked. */
static int measure_step(struct clock_facts *c)
{
	uint64_t first = clock_read(c), last = first, least = UINT64_MAX, reads = 0;
	while (reads < READS || (last == first && reads < READS_MOST)) {
		uint64_t now = clock_read(c);
		reads++;
		if (now > last && now - last < least)
			least = now - last;
		last = now;
	}
	if (last == first)
		return -ETIME;
	c->step = (double)least;
	c->read = (double)(last - first) / (double)reads;
	return 0;
}

struct moment {
	uint64_t ticks, ns, apart;
};

/* One moment on both clocks: the pair of kernel reads that lie closest around a read of the counter. */
static struct moment moment_now(void)
{
	struct moment best = { .apart = UINT64_MAX };
	for (int i = 0; i < 20; i++) {
		uint64_t before = clock_ns(), counter = arch_ticks(), apart = clock_ns() - before;
		if (apart < best.apart)
			best = (struct moment){ .ticks = counter, .ns = before + apart / 2, .apart = apart };
	}
	return best;
}

static double counter_rate(void)
{
	struct moment first = moment_now();
	for (long reads = 0; clock_ns() - first.ns < RATE_NS && reads < READS_MOST; reads++)
		;
	struct moment last = moment_now();
	return last.ns > first.ns ? (double)(last.ticks - first.ticks) * 1e9 / (double)(last.ns - first.ns) : 0;
}

/* The first line of a file that begins so. */
static int line_beginning(const char *path, const char *begin, char *line, int size)
{
	int found = 0;
	FILE *f = fopen(path, "re");
	while (f && !found && fgets(line, size, f))
		found = !strncmp(line, begin, strlen(begin));
	if (f)
		fclose(f);
	return found;
}

static int has_word(char *line, const char *word)
{
	for (char *at; (at = strsep(&line, " \n"));)
		if (!strcmp(at, word))
			return 1;
	return 0;
}

/* x86 says in its flags whether the counter runs at one rate, also in idle; elsewhere the architecture promises it.
 * The CPUID leaf that tells a frequency is not asked: in a virtual machine it is the host's. */
static const char *counter_variant(void)
{
	static char line[8192];
	if (!line_beginning("/proc/cpuinfo", "", line, sizeof line))
		return "the counter is not known to run at one rate (no /proc/cpuinfo)";
	if (!line_beginning("/proc/cpuinfo", "flags", line, sizeof line))
		return NULL;
	if (!strstr(line, " constant_tsc"))
		return "the counter follows the core's frequency (no constant_tsc)";
	if (!strstr(line, " nonstop_tsc"))
		return "the counter stops in idle (no nonstop_tsc)";
	/* a kernel that saw the CPUs' counters apart, or one of them falter, has struck it off this list */
	if (line_beginning(
		    "/sys/devices/system/clocksource/clocksource0/available_clocksource", "", line, sizeof line) &&
		!has_word(line, "tsc"))
		return "the kernel does not trust the counter (no tsc among its clock sources)";
	return NULL;
}

/* What entering the kernel costs. */
static double null_call_ticks(void)
{
	uint64_t begin = arch_ticks();
	for (int i = 0; i < READS; i++)
		arch_syscall(SYS_getppid, 0, 0, 0, 0, 0, 0);
	return (double)(arch_ticks() - begin) / READS;
}

static const char *counter_unfit(struct clock_facts *c)
{
	const char *asked = getenv("CTXBENCH_CLOCK");
	if (asked && !strcmp(asked, "gettime"))
		return "CTXBENCH_CLOCK=gettime";
	if (arch_missing())
		return arch_missing();
	c->kind = CLOCK_COUNTER;
	if (measure_step(c))
		return "the counter stands still";
	const char *why = counter_variant();
	if (why)
		return why;
	double a = counter_rate(), b = counter_rate();
	if (!(a > 0 && b > 0) || fabs(a / b - 1) * 1e6 > PPM_MOST)
		return "the counter does not agree with CLOCK_MONOTONIC_RAW";
	c->hz = (a + b) / 2;
	if (c->read > CALL_SHARE * null_call_ticks())
		return "each read of the counter traps";
	struct moment m = moment_now();
	c->at = m.ticks;
	c->at_ns = m.ns;
	return NULL;
}

static double cpu_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* A clock that the vDSO can't serve costs what a system call costs. In CPU time: the clock in question may be too
 * coarse to tell, and others who run here would be counted as its cost. */
static int gettime_is_call(void)
{
	struct timespec t;
	double begin = cpu_ns();
	for (int i = 0; i < READS; i++)
		clock_ns();
	double read = cpu_ns();
	for (int i = 0; i < READS; i++)
		arch_syscall(SYS_clock_gettime, CLOCK_MONOTONIC_RAW, (long)&t, 0, 0, 0, 0);
	return read - begin > CALL_SHARE * (cpu_ns() - read);
}

int clock_choose(struct clock_facts *c)
{
	memset(c, 0, sizeof *c);
	const char *why = counter_unfit(c);
	if (!why)
		return 0;
	snprintf(c->why, sizeof c->why, "%s", why);
	c->kind = CLOCK_GETTIME;
	c->hz = 1e9;
	int error = measure_step(c);
	if (!error)
		c->is_call = gettime_is_call();
	c->at = c->at_ns = clock_ns();
	return error;
}
