// SPDX-License-Identifier: MIT
#include "counters.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef HAVE_LIBPFM
#include <perfmon/pfmlib_perf_event.h>
#endif

#include "../protocol.h"
#include "file.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static const char default_events[] =
	"cycles,instructions,branch-misses,L1-dcache-load-misses,LLC-load-misses,"
	"dTLB-load-misses,context-switches,cpu-migrations,page-faults,raw_syscalls:sys_enter";

/* Sets of events by a name: where the time goes that a switch costs. What this PMU lacks of one is not counted, with
 * the reason; only what is asked for by its own name can be a mistake. */
static const struct group {
	const char *name, *events;
} groups[] = {
	{ "default", default_events },
	{ "frontend", "stalled-cycles-frontend,L1-icache-load-misses,iTLB-load-misses,branches,branch-misses,branch-"
		      "load-misses" },
	{ "tlb", "dTLB-loads,dTLB-load-misses,dTLB-stores,dTLB-store-misses,iTLB-loads,iTLB-load-misses" },
	{ "cache", "L1-dcache-loads,L1-dcache-load-misses,L1-dcache-stores,L1-icache-load-misses,LLC-loads,"
		   "LLC-load-misses,LLC-stores,LLC-store-misses" },
	{ "backend", "cycles,instructions,stalled-cycles-backend" },
	{ "kernel", "context-switches,cpu-migrations,page-faults,raw_syscalls:sys_enter" },
};

enum level { USER = 1, KERNEL = 2 };

/* The kernel's software events, known without any library. */
static const struct software {
	const char *name, *alias;
	unsigned config;
	bool kernel_only; /* happens in the kernel only: with the kernel excluded it reads 0, always */
} software[] = {
	{ "context-switches", "cs", PERF_COUNT_SW_CONTEXT_SWITCHES, true },
	{ "cpu-migrations", "migrations", PERF_COUNT_SW_CPU_MIGRATIONS, true },
	{ "page-faults", "faults", PERF_COUNT_SW_PAGE_FAULTS, false },
	{ "minor-faults", NULL, PERF_COUNT_SW_PAGE_FAULTS_MIN, false },
	{ "major-faults", NULL, PERF_COUNT_SW_PAGE_FAULTS_MAJ, false },
	{ "alignment-faults", NULL, PERF_COUNT_SW_ALIGNMENT_FAULTS, false },
	{ "emulation-faults", NULL, PERF_COUNT_SW_EMULATION_FAULTS, false },
	{ "cpu-clock", NULL, PERF_COUNT_SW_CPU_CLOCK, false },
	{ "task-clock", NULL, PERF_COUNT_SW_TASK_CLOCK, false },
};

/* -- what the system says */

/* The number at the beginning of a file; `otherwise` where there is none. */
static int read_number(const char *path, int otherwise)
{
	char text[32], *end;
	if (!file_line("", path, text, sizeof text))
		return otherwise;
	long number = strtol(text, &end, 10);
	return end == text ? otherwise : (int)number;
}

/* May this process what perf_event_paranoid forbids others? A capability counts in the first user namespace only. */
static bool privileged(void)
{
	enum { SYS_ADMIN = 21, PERFMON = 38 };
	char line[256];
	unsigned long long capabilities = 0, length = 0;

	if (!file_line("", "/proc/self/uid_map", line, sizeof line) || sscanf(line, "%*u %*u %llu", &length) != 1 ||
		length != UINT32_MAX)
		return false;
	FILE *f = fopen("/proc/self/status", "re");
	if (!f)
		return false;
	while (fgets(line, sizeof line, f))
		if (sscanf(line, "CapEff: %llx", &capabilities) == 1)
			break;
	fclose(f);
	return capabilities >> SYS_ADMIN & 1 || capabilities >> PERFMON & 1;
}

/* Is `cpu` in a list such as "0-3,8"? */
static bool list_has(const char *list, int cpu)
{
	while (*list) {
		char *end;
		long first = strtol(list, &end, 10), last = first;
		if (end == list)
			return false;
		if (*end == '-')
			last = strtol(end + 1, &end, 10);
		if (first <= cpu && cpu <= last)
			return true;
		list = *end == ',' ? end + 1 : end;
		if (*end && *end != ',')
			return false;
	}
	return false;
}

/* The PMU of the core this thread is on: a hybrid CPU has several, and an event of one never runs on the other's cores.
 */
struct core_pmu {
	char name[64]; /* empty: none found */
	int type;
	unsigned kinds; /* how many core PMUs there are */
	bool absent;    /* the kernel lists its PMUs, and a core's is not among them */
};

static bool is_core_pmu(const char *name)
{
	static const char *const prefix[] = { "cpum_cf", "armv", "apple_", "riscv" };
	if (!strcmp(name, "cpu") || !strcmp(name, "cpu_core") || !strcmp(name, "cpu_atom") ||
		!strcmp(name, "cpu_lowpower"))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(prefix); i++)
		if (!strncmp(name, prefix[i], strlen(prefix[i])))
			return true;
	return false;
}

static struct core_pmu find_core_pmu(void)
{
	static const char devices[] = "/sys/bus/event_source/devices";
	struct core_pmu pmu = { 0 };
	char path[384], cpus[4096];
	int cpu = sched_getcpu();
	struct dirent *entry;

	DIR *dir = opendir(devices);
	if (!dir)
		return pmu;
	while ((entry = readdir(dir))) {
		if (!is_core_pmu(entry->d_name) || strlen(entry->d_name) >= sizeof pmu.name)
			continue;
		pmu.kinds++;
		snprintf(path, sizeof path, "%s/%s/cpus", devices, entry->d_name);
		if (pmu.name[0] && !(file_line("", path, cpus, sizeof cpus) && list_has(cpus, cpu)))
			continue;
		strcpy(pmu.name, entry->d_name);
		snprintf(path, sizeof path, "%s/%s/type", devices, entry->d_name);
		pmu.type = read_number(path, 0);
	}
	closedir(dir);
	pmu.absent = !pmu.kinds;
	return pmu;
}

/* -- opening */

static bool is_generic(const struct perf_event_attr *attr)
{
	return attr->type == PERF_TYPE_HARDWARE || attr->type == PERF_TYPE_HW_CACHE;
}

/* A file descriptor or -errno. What an older kernel does not know and nobody here needs is dropped, one by one. */
static int open_event(struct perf_event_attr *attr, pid_t pid, int cpu)
{
	for (;;) {
		uint32_t size = attr->size;
		int fd = (int)syscall(SYS_perf_event_open, attr, pid, cpu, -1, PERF_FLAG_FD_CLOEXEC);
		int error = errno;
		if (fd >= 0)
			return fd;
		if (error == E2BIG && attr->size < size) /* the kernel wrote the size that it knows */
			continue;
		if (error == EINVAL && attr->exclude_guest)
			attr->exclude_guest = 0;
		else if ((error == EINVAL || error == ENOENT) && is_generic(attr) && attr->config >> 32)
			attr->config &= UINT32_MAX; /* from before a PMU could be named for a generic event */
		else
			return -error;
	}
}

/* -- why not */

static void say(struct counter *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(struct counter *c, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(c->reason, sizeof c->reason, format, arguments);
	va_end(arguments);
}

/* EACCES and EPERM are the setting's or a filter's, and only the setting's value tells which. */
static void explain_refusal(struct counter *c, const char *error)
{
	int paranoid = read_number("/proc/sys/kernel/perf_event_paranoid", INT_MAX);
	bool tracepoint = c->attr.type == PERF_TYPE_TRACEPOINT;
	int highest = tracepoint ? -1 : c->kernel ? 1 : 2;

	if (privileged())
		say(c, "refused (%s) although this process has the capability: a seccomp filter", error);
	else if (paranoid == INT_MAX)
		say(c, "refused (%s); perf_event_paranoid can't be read", error);
	else if (paranoid <= highest)
		say(c, "refused (%s) although perf_event_paranoid=%d allows it: a seccomp filter", error, paranoid);
	else if (c->kernel && !tracepoint && paranoid <= 2)
		say(c, "perf_event_paranoid=%d forbids counting the kernel", paranoid);
	else
		say(c, "perf_event_paranoid=%d forbids it", paranoid);
}

static const char *error_name(int error)
{
	return error == ENOENT ? "ENOENT" : error == EINVAL ? "EINVAL" : error == ENODEV ? "ENODEV" : "EOPNOTSUPP";
}

/* Some PMUs know no modes: the kernel refuses to exclude one, with the error that also stands for other things. */
static bool counts_without_modes(const struct counter *c)
{
	struct perf_event_attr attr = c->attr;
	attr.exclude_user = attr.exclude_kernel = attr.exclude_hv = 0;
	int fd = open_event(&attr, 0, -1);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static void explain(struct counter *c, int error, const struct core_pmu *pmu)
{
	switch (error) {
	case ENOSYS:
		say(c, "no perf_event_open (ENOSYS): a seccomp filter, or a kernel without perf");
		break;
	case EBUSY:
		say(c, "another user holds the counters (EBUSY)");
		break;
	case EMFILE:
		say(c, "too many open files (EMFILE): ulimit -n");
		break;
	case EACCES:
	case EPERM:
		if (c->hardware && pmu->absent) /* permission is asked before the PMU is: it would not help */
			say(c, "no hardware PMU (a virtual machine?)");
		else
			explain_refusal(c, error == EPERM ? "EPERM" : "EACCES");
		break;
	case ENOENT:
	case EOPNOTSUPP:
	case ENODEV:
	case EINVAL:
		if (c->hardware && !pmu->name[0])
			say(c, "no hardware PMU (a virtual machine?)");
		else if (error == EINVAL && c->hardware && counts_without_modes(c))
			say(c, "this PMU does not tell user and kernel mode apart (EINVAL)");
		else
			say(c, "this %s does not have this event (%s)", c->hardware ? "PMU" : "kernel",
				error_name(error));
		break;
	default:
		say(c, "perf_event_open: %s", strerror(error));
	}
}

bool counters_ran(const uint64_t reading[3], char *reason, size_t size)
{
	uint64_t enabled = reading[1], running = reading[2];

	if (running && running == enabled)
		return true;
	if (running)
		snprintf(reason, size, "multiplexed: it ran %d %% of the time",
			(int)(100.0 * (double)running / (double)enabled));
	else if (!enabled)
		snprintf(reason, size, "never enabled");
	else
		snprintf(reason, size, "never ran: another user holds the counters%s",
			read_number("/proc/sys/kernel/nmi_watchdog", 0) == 1 ? " (nmi_watchdog=1 takes one)" : "");
	return false;
}

/* -- does it count? */

/* Long against the microsecond that enabling takes, short against a run. */
static void keep_busy(void)
{
	for (volatile unsigned i = 0; i < 100000; i++)
		;
}

/* Only an event that ran counts as countable: libpfm4 encodes what no kernel ever counts. */
static int probe(struct counter *c, const struct core_pmu *pmu)
{
	uint64_t reading[3] = { 0 };

	int fd = open_event(&c->attr, 0, -1);
	if (fd < 0) {
		explain(c, -fd, pmu);
		return fd;
	}
	ioctl(fd, PERF_EVENT_IOC_ENABLE, 0);
	keep_busy();
	ioctl(fd, PERF_EVENT_IOC_DISABLE, 0);
	ssize_t n = read(fd, reading, sizeof reading);
	close(fd);

	bool nonzero =
		c->attr.type == PERF_TYPE_HARDWARE && (c->attr.config & UINT32_MAX) <= PERF_COUNT_HW_INSTRUCTIONS;
	if (n != sizeof reading)
		say(c, "opened, but not readable");
	else if (counters_ran(reading, c->reason, sizeof c->reason) && nonzero && !reading[0])
		say(c, "ran, but counted 0: this PMU does not work (a virtual machine's?)");
	return 0;
}

/* -- from names to events */

/* NULL where the name is there already. */
static struct counter *add(struct counters *c, const char *name)
{
	for (size_t i = 0; i < c->count; i++)
		if (!strcmp(c->counter[i].name, name))
			return NULL;
	struct counter *grown = realloc(c->counter, (c->count + 1) * sizeof *grown);
	if (!grown) {
		fprintf(stderr, "ctxbench: out of memory\n");
		abort();
	}
	c->counter = grown;
	struct counter *new = &c->counter[c->count++];
	memset(new, 0, sizeof *new);
	snprintf(new->name, sizeof new->name, "%s", name);
	return new;
}

static void finish(struct counter *c)
{
	c->attr.size = sizeof c->attr;
	c->attr.disabled = 1;
	c->attr.inherit = 1;
	c->attr.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
	c->hardware = c->attr.type != PERF_TYPE_SOFTWARE && c->attr.type != PERF_TYPE_TRACEPOINT &&
		      c->attr.type != PERF_TYPE_BREAKPOINT;
	c->kernel = !c->attr.exclude_kernel;
}

/* Takes :u and :k off the end of a name; returns what they were. */
static unsigned split_levels(char *name)
{
	unsigned levels = 0;
	for (size_t n = strlen(name); n > 2 && name[n - 2] == ':'; n -= 2) {
		if (name[n - 1] != 'u' && name[n - 1] != 'k')
			break;
		levels |= name[n - 1] == 'u' ? USER : KERNEL;
		name[n - 2] = '\0';
	}
	return levels;
}

static const struct software *find_software(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(software); i++)
		if (!strcasecmp(software[i].name, name) || (software[i].alias && !strcasecmp(software[i].alias, name)))
			return &software[i];
	return NULL;
}

static void add_software(struct counters *c, const struct software *s, unsigned levels)
{
	char name[64];
	const char *suffix = levels == USER ? ":u" : levels == KERNEL ? ":k" : "";

	snprintf(name, sizeof name, "%s%s", s->name, suffix);
	struct counter *new = add(c, name);
	if (!new)
		return;
	new->attr.type = PERF_TYPE_SOFTWARE;
	new->attr.config = s->config;
	new->attr.exclude_kernel = levels == USER;
	new->attr.exclude_user = levels == KERNEL;
	finish(new);
	if (s->kernel_only && levels == USER)
		say(new, "happens in the kernel only: without the kernel it always reads 0");
}

/* -- tracepoints */

/* Names that may become part of a path, in the form of the kernel's tracepoints. */
static bool is_tracepoint_name(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
	size_t system = strspn(name, letters);
	if (!system || name[system] != ':')
		return false;
	const char *event = name + system + 1;
	bool levels = !event[strspn(event, "ukh")]; /* "cycels:u" is a mistake, not a tracepoint */
	return !levels && !event[strspn(event, letters)];
}

/* Where tracefs is, or NULL with the reason. It is never mounted from here. */
static const char *tracefs(const char **reason)
{
	static const char *const path[] = { "/sys/kernel/tracing/events", "/sys/kernel/debug/tracing/events" };
	*reason = "tracefs is not mounted";
	for (size_t i = 0; i < ARRAY_SIZE(path); i++) {
		DIR *dir = opendir(path[i]);
		if (dir) {
			closedir(dir);
			return path[i];
		}
		if (errno == EACCES)
			*reason = "tracefs is closed to this user";
	}
	return NULL;
}

/* false where a user asked for a tracepoint that does not exist. Where nobody can tell it is added with that reason. */
static bool add_tracepoint(struct counters *c, const char *name, bool by_user)
{
	char path[192], system[64];
	const char *reason, *events = tracefs(&reason);
	int id = -1;

	if (events) {
		snprintf(system, sizeof system, "%s", name);
		*strchr(system, ':') = '/';
		snprintf(path, sizeof path, "%s/%s/id", events, system);
		bool absent = access(path, F_OK) < 0 && errno == ENOENT;
		if (absent && by_user)
			return false;
		id = read_number(path, -1);
		reason = absent ? "this kernel does not have this tracepoint"
				: "its number in tracefs can't be read by this user";
	}
	struct counter *new = add(c, name);
	if (!new)
		return true;
	new->attr.type = PERF_TYPE_TRACEPOINT;
	new->attr.config = id < 0 ? 0 : (uint64_t)id;
	finish(new);
	if (id < 0)
		say(new, "%s", reason);
	return true;
}

/* -- the PMU's events, by libpfm4 */

#ifdef HAVE_LIBPFM
static int encode(const char *event, enum level level, struct perf_event_attr *attr)
{
	pfm_perf_encode_arg_t argument = { .attr = attr, .size = sizeof argument };
	int started = pfm_initialize(); /* more than once does no harm */
	if (started != PFM_SUCCESS)
		return started;
	memset(attr, 0, sizeof *attr);
	attr->size = sizeof *attr;
	return pfm_get_os_event_encoding(event, level == USER ? PFM_PLM3 : PFM_PLM0, PFM_OS_PERF_EVENT, &argument);
}

static const char *why_not_encoded(const char *event, enum level level)
{
	static char reason[100];
	struct perf_event_attr attr;
	int status = encode(event, level, &attr);
	if (status == PFM_ERR_NOTSUPP)
		return "libpfm4 knows no event here: it wants to read /proc";
	snprintf(reason, sizeof reason, "libpfm4: %s", pfm_strerror(status));
	return reason;
}

/* NULL where libpfm4 knows the event, or knows none at all here. *unknown: not even the first
 * part of the name is known. */
static const char *mistake_in(const char *event, bool *unknown)
{
	struct perf_event_attr attr;
	int status = encode(event, USER, &attr);
	*unknown = status == PFM_ERR_NOTFOUND || status == PFM_ERR_NOTSUPP;
	return status == PFM_SUCCESS || status == PFM_ERR_NOTSUPP || status == PFM_ERR_NOINIT ? NULL
											      : pfm_strerror(status);
}
#else
static int encode(const char *event, enum level level, struct perf_event_attr *attr)
{
	(void)event;
	(void)level;
	(void)attr;
	return -1;
}

static const char *why_not_encoded(const char *event, enum level level)
{
	(void)event;
	(void)level;
	return "built without libpfm4";
}

static const char *mistake_in(const char *event, bool *unknown)
{
	*unknown = is_tracepoint_name(event);
	return *unknown ? "event not found" : NULL;
}
#endif

static void add_hardware(struct counters *c, const char *event, enum level level, const struct core_pmu *pmu)
{
	char name[64];

	snprintf(name, sizeof name, "%.60s:%c", event, level == USER ? 'u' : 'k');
	struct counter *new = add(c, name);
	if (!new)
		return;
	if (encode(event, level, &new->attr)) {
		say(new, "%s", why_not_encoded(event, level));
		new->attr = (struct perf_event_attr){
			.type = PERF_TYPE_RAW, .exclude_kernel = level == USER, .exclude_user = level == KERNEL
		};
	}
	if (pmu->kinds > 1 && is_generic(&new->attr) && !(new->attr.config >> 32))
		new->attr.config |= (uint64_t)pmu->type << 32;
	finish(new);
}

/* One name of the list. 0, or 2 with one line in error where a user asked for what nobody knows. */
static int add_event(
	struct counters *c, const char *name, bool by_user, const struct core_pmu *pmu, char *error, size_t size)
{
	char event[sizeof c->counter->name];
	bool unknown;

	if (!*name || strlen(name) > sizeof event - 3) {
		snprintf(error, size, "--counters: %s",
			*name ? "a name is too long for an event" : "an empty name between commas");
		return 2;
	}
	strcpy(event, name);
	unsigned levels = split_levels(event);
	const struct software *s = find_software(event);
	if (s) {
		add_software(c, s, levels);
		return 0;
	}
	const char *mistake = mistake_in(event, &unknown);
	if (unknown && is_tracepoint_name(name) && add_tracepoint(c, name, by_user))
		return 0;
	if (mistake && by_user) {
		snprintf(error, size, "--counters: no event '%s' (%s)", name, mistake);
		return 2;
	}
	for (unsigned level = USER; level <= KERNEL; level++)
		if (!levels || levels & level)
			add_hardware(c, event, level, pmu);
	return 0;
}

static const struct group *find_group(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(groups); i++)
		if (!strcmp(groups[i].name, name))
			return &groups[i];
	return NULL;
}

/* All of a group, which nobody mistyped. */
static void add_group(struct counters *c, const struct group *group, const struct core_pmu *pmu)
{
	char ignored[200], *text = strdup(group->events), *rest = text;

	while (text && rest)
		add_event(c, strsep(&rest, ","), false, pmu, ignored, sizeof ignored);
	free(text);
}

/* -- the list as a whole */

/* A software event that may be counted in user mode only becomes two, so that its name says what is in the number. */
static void split(struct counters *c, size_t i)
{
	struct counter *user = &c->counter[i];
	char kernel_name[sizeof user->name], reason[sizeof user->reason];

	snprintf(kernel_name, sizeof kernel_name, "%.60s:k", user->name);
	memcpy(reason, user->reason, sizeof reason);
	strcat(user->name, ":u");
	user->reason[0] = '\0';
	user->attr.exclude_kernel = 1;
	finish(user);

	struct counter *kernel = add(c, kernel_name);
	if (!kernel)
		return;
	kernel->attr = c->counter[i].attr;
	kernel->attr.exclude_kernel = 0;
	kernel->attr.exclude_user = 1;
	finish(kernel);
	say(kernel, "%s", reason);
}

static void probe_all(struct counters *c, const struct core_pmu *pmu)
{
	for (size_t i = 0; i < c->count; i++) { /* split() makes the list longer */
		if (c->counter[i].reason[0])
			continue;
		int status = probe(&c->counter[i], pmu);
		const struct software *s = find_software(c->counter[i].name);
		if ((status == -EACCES || status == -EPERM) && s && !s->kernel_only) {
			split(c, i);
			probe(&c->counter[i], pmu);
		}
	}
}

/* Cycles in user mode: what every PMU has, and what needs the least permission. */
static void describe_pmu(struct counters *c, const struct core_pmu *pmu)
{
	struct counter cycles = { .attr = { .type = PERF_TYPE_HARDWARE,
					  .config = PERF_COUNT_HW_CPU_CYCLES,
					  .exclude_kernel = 1,
					  .exclude_hv = 1 } };
	finish(&cycles);
	if (pmu->kinds > 1)
		cycles.attr.config |= (uint64_t)pmu->type << 32;
	probe(&cycles, pmu);
	if (cycles.reason[0])
		snprintf(c->pmu, sizeof c->pmu, "none: %.190s", cycles.reason);
	else
		snprintf(c->pmu, sizeof c->pmu, "%s%s", pmu->name[0] ? pmu->name : "unnamed",
			pmu->kinds > 1 ? " (hybrid: this kind of core only)" : "");
}

static bool may_count_cpu_wide(void)
{
	struct counter clock = { .attr = { .type = PERF_TYPE_SOFTWARE, .config = PERF_COUNT_SW_CPU_CLOCK } };
	finish(&clock);
	clock.attr.inherit = 0;
	int fd = open_event(&clock.attr, -1, sched_getcpu());
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

int counters_choose(const char *wanted, struct counters *c, char *error, size_t error_size)
{
	struct core_pmu pmu = find_core_pmu();
	char *text = NULL, *rest;
	int status = 0;

	*c = (struct counters){ 0 };
	if (!wanted || strcmp(wanted, "none"))
		text = rest = strdup(wanted ? wanted : "default");
	while (!status && text && rest) {
		const char *name = strsep(&rest, ",");
		const struct group *group = find_group(name);
		if (group)
			add_group(c, group, &pmu);
		else
			status = add_event(c, name, true, &pmu, error, error_size);
	}
	free(text);
	if (status) {
		counters_free(c);
		return status;
	}
	probe_all(c, &pmu);
	describe_pmu(c, &pmu);
	c->cpu_wide = may_count_cpu_wide();
	return 0;
}

void counters_free(struct counters *c)
{
	free(c->counter);
	c->counter = NULL;
	c->count = 0;
}

/* The library's own number is that of its interface (4.0 in every release), so its file is asked for the release. */
static void describe_libpfm(struct record *r)
{
#ifdef HAVE_LIBPFM
	static const char file[] = "/libpfm.so.";
	char line[512], text[64];
	int version = pfm_get_version();

	snprintf(text, sizeof text, "%d.%d", PFM_MAJ_VERSION(version), PFM_MIN_VERSION(version));
	FILE *f = fopen("/proc/self/maps", "re");
	while (f && fgets(line, sizeof line, f)) {
		const char *found = strstr(line, file);
		if (found) {
			snprintf(text, sizeof text, "%.*s", (int)strspn(found + strlen(file), "0123456789."),
				found + strlen(file));
			break;
		}
	}
	if (f)
		fclose(f);
	record_set(r, "libpfm4", text);
#else
	record_set(r, "libpfm4", "none: built without libpfm4");
#endif
}

void counters_describe(const struct counters *c, struct record *r)
{
	char key[96], *list = calloc(c->count + 1, sizeof c->counter->name + 1);

	record_set(r, "pmu", c->pmu);
	for (size_t i = 0; list && i < c->count; i++)
		if (!c->counter[i].reason[0]) {
			strcat(list, *list ? "," : "");
			strcat(list, c->counter[i].name);
		}
	record_set(r, "counters", list && *list ? list : "none");
	free(list);
	describe_libpfm(r);
	for (size_t i = 0; i < c->count; i++)
		if (c->counter[i].reason[0]) {
			snprintf(key, sizeof key, "not-counted.%s", c->counter[i].name);
			record_set(r, key, c->counter[i].reason);
		}
}

/* -- passes */

/* Opens the events of one pass at once and sees whether each ran all the time. */
static bool run_together(const struct counters *c, const int *pass, int number)
{
	int *fd = malloc((c->count + 1) * sizeof *fd);
	bool together = fd != NULL;
	char reason[200];

	for (size_t i = 0; fd && i < c->count; i++) {
		struct perf_event_attr attr = c->counter[i].attr;
		fd[i] = pass[i] == number ? open_event(&attr, 0, -1) : -1;
		together = together && (pass[i] != number || fd[i] >= 0);
	}
	for (size_t i = 0; together && i < c->count; i++)
		if (fd[i] >= 0)
			ioctl(fd[i], PERF_EVENT_IOC_ENABLE, 0);
	keep_busy();
	for (size_t i = 0; fd && i < c->count; i++) {
		uint64_t reading[3];
		if (fd[i] < 0)
			continue;
		if (read(fd[i], reading, sizeof reading) != sizeof reading ||
			!counters_ran(reading, reason, sizeof reason))
			together = false;
		close(fd[i]);
	}
	free(fd);
	return together;
}

/* Software events and tracepoints get a pass of their own, the last: each costs instructions inside the kernel, which
 * hardware events counted beside it would count too. */
size_t counters_passes(const struct counters *c, int *pass)
{
	int number = 0;
	size_t in_pass = 0;
	bool empty = true;

	for (size_t i = 0; i < c->count; i++)
		pass[i] = -1;
	for (size_t i = 0; i < c->count; i++) {
		if (c->counter[i].reason[0] || !c->counter[i].hardware)
			continue;
		pass[i] = number;
		if (!empty && (in_pass == EVENTS_MAX || !run_together(c, pass, number))) {
			pass[i] = ++number;
			in_pass = 0;
		}
		in_pass++;
		empty = false;
	}
	number += !empty;
	in_pass = 0;
	for (size_t i = 0; i < c->count; i++) {
		if (c->counter[i].reason[0] || c->counter[i].hardware)
			continue;
		if (in_pass == EVENTS_MAX) {
			number++;
			in_pass = 0;
		}
		pass[i] = number;
		in_pass++;
	}
	return (size_t)number + (in_pass > 0);
}
