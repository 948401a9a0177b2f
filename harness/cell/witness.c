// SPDX-License-Identifier: MIT
#include "witness.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"

static char text[1 << 20]; /* of the file read last; static, so that reading faults no new pages in */

static int slurp(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	size_t used = 0;
	for (ssize_t got; used < sizeof text - 1 && (got = read(fd, text + used, sizeof text - 1 - used)) > 0;)
		used += (size_t)got;
	close(fd);
	text[used] = 0;
	return used > 0 && used < sizeof text - 1; /* what is cut is not told */
}

/* The number after `key` at the beginning of a line of the text; -1 where there is none. */
static double number_after(const char *key)
{
	for (const char *at = text; (at = strstr(at, key)); at++) {
		if (at != text && at[-1] != '\n')
			continue;
		at += strlen(key);
		while (*at && *at != '\n' && !isdigit((unsigned char)*at))
			at++;
		return isdigit((unsigned char)*at) ? strtod(at, NULL) : -1;
	}
	return -1;
}

struct stat_line {
	int group, cpu;
	double faults;
};

/* proc/PID/stat: its second field may hold anything, so count from the last bracket. */
static int read_stat(const char *path, struct stat_line *s)
{
	if (!slurp(path))
		return 0;
	char *at = strrchr(text, ')');
	if (!at)
		return 0;
	double field[53] = { 0 };
	char *rest = at + 2;
	for (int i = 3; i < 53 && rest; i++) {
		char *word = strsep(&rest, " ");
		field[i] = i == 3 ? 0 : strtod(word, NULL);
	}
	*s = (struct stat_line){ .group = (int)field[5], .cpu = (int)field[39], .faults = field[10] + field[12] };
	return 1;
}

/* -- the tasks of one process */
enum whose { OURS, OF_OUR_GROUP, ELSEWHERE };

struct walk {
	const struct witness *w;
	struct observed *o;
	int first_cpu, spread; /* of the tasks seen so far: the CPU of the first, and whether another sits elsewhere */
};

static void add(double *sum, double x)
{
	*sum = *sum < 0 || x < 0 ? -1 : *sum + x;
}

static int sits_well(const struct witness *w, int cpu, int32_t seat)
{
	int well = !w->seats && cpu == seat;
	for (uint32_t i = 0; i < w->seats; i++)
		well |= w->seat_list[i] == cpu;
	return well;
}

static void see_task(struct walk *k, int pid, int tid, enum whose whose, int32_t seat)
{
	char path[64];
	struct stat_line s;
	snprintf(path, sizeof path, "/proc/%d/task/%d/stat", pid, tid);
	if (!read_stat(path, &s))
		return; /* it ended meanwhile */
	struct observed *o = k->o;
	if (!o->tasks++)
		k->first_cpu = s.cpu;
	k->spread |= s.cpu != k->first_cpu;
	if (seat >= 0 && !sits_well(k->w, s.cpu, seat) && !o->misplaced++) {
		o->cpu_seen = s.cpu;
		o->cpu_wanted = seat;
	}
	snprintf(path, sizeof path, "/proc/%d/task/%d/sched", pid, tid);
	add(&o->migrations, slurp(path) ? number_after("se.nr_migrations") : -1);
	if (whose == OURS)
		return; /* the rest is in our own rusage, with what our ended threads left */
	o->faults += s.faults;
	snprintf(path, sizeof path, "/proc/%d/task/%d/status", pid, tid);
	if (slurp(path)) {
		double voluntary = number_after("voluntary_ctxt_switches:");
		double involuntary = number_after("nonvoluntary_ctxt_switches:");
		add(&o->voluntary, voluntary);
		add(&o->involuntary, involuntary);
		if (whose == ELSEWHERE) {
			add(&o->elsewhere, voluntary);
			add(&o->elsewhere, involuntary);
		}
	}
	snprintf(path, sizeof path, "/proc/%d/task/%d/schedstat", pid, tid);
	add(&o->cpu_ns, slurp(path) ? strtod(text, NULL) : -1);
}

/* The one that runs the loop sits on the first seat, all others on the second, where there is one. */
static int32_t seat_of(const struct walk *k, int loops)
{
	return loops || k->w->seat[1] < 0 ? k->w->seat[0] : k->w->seat[1];
}

static void see_process(struct walk *k, int pid, enum whose whose)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/task", pid);
	DIR *d = opendir(path);
	for (struct dirent *e; d && (e = readdir(d));)
		if (isdigit((unsigned char)e->d_name[0]))
			see_task(k, pid, atoi(e->d_name), whose, seat_of(k, atoi(e->d_name) == getpid()));
	if (d)
		closedir(d);
}

/* The other processes of our group, found by a walk over all of /proc when a reading begins, and then known. */
static struct {
	int pid[64], pids;
} group;

static void find_group(void)
{
	int ours = getpgrp();
	DIR *d = opendir("/proc");
	group.pids = 0;
	for (struct dirent *e; d && (e = readdir(d)) && group.pids < (int)(sizeof group.pid / sizeof *group.pid);) {
		int pid = atoi(e->d_name);
		char path[64];
		struct stat_line s;
		snprintf(path, sizeof path, "/proc/%d/stat", pid);
		if (pid > 0 && pid != getpid() && read_stat(path, &s) && s.group == ours)
			group.pid[group.pids++] = pid;
	}
	if (d)
		closedir(d);
}

/* Is the /proc that is mounted here one in which our pids are ours? */
static int proc_is_ours(void)
{
	char self[32] = "";
	return readlink("/proc/self", self, sizeof self - 1) > 0 && atoi(self) == getpid();
}

static void see_elsewhere(struct walk *k)
{
	enum { MOST = 256 };
	int tid[MOST];
	unsigned n = k->w->tasks ? k->w->tasks(tid, MOST) : 0;
	for (unsigned i = 0; i < n; i++)
		/* those of the kernel's own sit where it has put them */
		see_task(k, tid[i], tid[i], ELSEWHERE, k->w->idle ? seat_of(k, i == 0) : -1);
}

static void take_off_idle(const struct witness *w, struct observed *o)
{
	double voluntary, involuntary;
	w->idle(&voluntary, &involuntary);
	o->voluntary -= o->voluntary < 0 ? 0 : voluntary;
	o->involuntary -= o->involuntary < 0 ? 0 : involuntary;
	o->elsewhere -= o->elsewhere < 0 ? 0 : voluntary + involuntary;
}

static void see_all(struct walk *k)
{
	if (proc_is_ours()) {
		if (!k->w->idle)
			see_process(k, getpid(), OURS);
		for (int i = 0; i < group.pids; i++)
			see_process(k, group.pid[i], OF_OUR_GROUP);
		see_elsewhere(k);
	}
	if (!k->o->tasks)
		k->o->migrations = -1;
	if (!k->w->tasks || !proc_is_ours())
		k->o->elsewhere = -1;
}

/* -- the machine around them */
static double steal_ns(int cpu)
{
	char key[16];
	snprintf(key, sizeof key, "cpu%d ", cpu);
	const char *at = slurp("/proc/stat") ? strstr(text, key) : NULL;
	unsigned long long steal;
	if (!at || sscanf(at + strlen(key), "%*u %*u %*u %*u %*u %*u %*u %llu", &steal) != 1)
		return -1;
	return (double)steal * 1e9 / (double)sysconf(_SC_CLK_TCK);
}

/* The sum of one CPU's column in /proc/interrupts. */
static double interrupts(int cpu)
{
	if (!slurp("/proc/interrupts"))
		return -1;
	char name[16], *lines = text, *header = strsep(&lines, "\n");
	snprintf(name, sizeof name, "CPU%d", cpu);
	int column = 0, found = 0;
	for (char *word; !found && (word = strsep(&header, " "));)
		if (*word)
			found = !strcmp(word, name) ? 1 : (column++, 0);
	if (!found)
		return -1;
	double sum = 0;
	for (char *line; (line = strsep(&lines, "\n"));) {
		const char *at = strchr(line, ':');
		double x = 0;
		for (int i = 0; at && i <= column; i++) {
			char *end;
			x = strtod(at + 1, &end);
			at = end == at + 1 ? NULL : end - 1; /* a line of fewer columns has none for this CPU */
		}
		sum += at ? x : 0;
	}
	return sum;
}

static double cpu_time_of_reaped(const struct rusage *r)
{
	return (double)(r->ru_utime.tv_sec + r->ru_stime.tv_sec) * 1e9 +
	       (double)(r->ru_utime.tv_usec + r->ru_stime.tv_usec) * 1e3;
}

static void add_rusage(const struct witness *w, struct observed *o)
{
	struct rusage self, reaped;
	struct timespec cpu;
	getrusage(RUSAGE_SELF, &self);
	getrusage(RUSAGE_CHILDREN, &reaped);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
	if (!w->idle) {
		add(&o->voluntary, (double)(self.ru_nvcsw + reaped.ru_nvcsw));
		add(&o->involuntary, (double)(self.ru_nivcsw + reaped.ru_nivcsw));
	}
	o->faults += (double)(self.ru_minflt + self.ru_majflt + reaped.ru_minflt + reaped.ru_majflt);
	add(&o->cpu_ns, (double)cpu.tv_sec * 1e9 + (double)cpu.tv_nsec + cpu_time_of_reaped(&reaped));
}

static void add_machine(const struct witness *w, struct observed *o)
{
	o->steal_ns = w->seat[0] >= 0 ? steal_ns(w->seat[0]) : -1; /* unpinned: nobody knows whose it would be */
	if (w->seat[1] >= 0)
		add(&o->steal_ns, steal_ns(w->seat[1]));
	o->interrupts = w->seat[0] >= 0 ? interrupts(w->seat[0]) : -1;
	o->throttled = *w->throttle_path && slurp(w->throttle_path) ? number_after("nr_throttled") : -1;
}

void witness_begin(const struct witness *w, struct observed *o)
{
	*o = (struct observed){ 0 };
	struct walk k = { .w = w, .o = o };
	group.pids = 0;
	if (w->processes)
		find_group();
	see_all(&k);
	if (w->idle)
		take_off_idle(w, o);
	add_machine(w, o);
	add_rusage(w, o);
	o->wall_ns = (double)clock_ns();
}

void witness_end(const struct witness *w, struct observed *o)
{
	*o = (struct observed){ .wall_ns = (double)clock_ns() };
	add_rusage(w, o);
	add_machine(w, o);
	struct walk k = { .w = w, .o = o };
	see_all(&k);
	if (w->idle)
		take_off_idle(w, o);
}

static double between(double begin, double end)
{
	return begin < 0 || end < 0 ? -1 : end - begin;
}

struct observed witness_between(const struct observed *begin, const struct observed *end)
{
	struct observed o = *end;
	o.voluntary = between(begin->voluntary, end->voluntary);
	o.involuntary = between(begin->involuntary, end->involuntary);
	o.faults = between(begin->faults, end->faults);
	o.migrations = between(begin->migrations, end->migrations);
	o.elsewhere = between(begin->elsewhere, end->elsewhere);
	o.cpu_ns = between(begin->cpu_ns, end->cpu_ns);
	o.wall_ns = between(begin->wall_ns, end->wall_ns);
	o.steal_ns = between(begin->steal_ns, end->steal_ns);
	o.throttled = between(begin->throttled, end->throttled);
	o.interrupts = between(begin->interrupts, end->interrupts);
	return o;
}

int witness_on_one_cpu(const struct witness *w)
{
	struct observed o = { 0 };
	struct walk k = { .w = w, .o = &o };
	see_all(&k);
	return !k.spread;
}
