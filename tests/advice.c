// SPDX-License-Identifier: MIT
/* What machines that were made up would be told: the three lines at the beginning of a run, and the advice, ranked. */
#include "../harness/run/advice.h"

#include "tap.h"

enum { KEYS_MOST = 16 };

struct pair {
	const char *key, *value;
};

static struct record *machine(const struct pair *p)
{
	struct record *r = record_new();
	for (int i = 0; i < KEYS_MOST && p[i].key; i++)
		record_set(r, p[i].key, p[i].value);
	return r;
}

static char text[8000];

static const char *told(void (*tell)(const struct record *, bool, FILE *), const struct pair *p, bool root)
{
	struct record *r = machine(p);
	FILE *out = fmemopen(text, sizeof text, "w");
	memset(text, 0, sizeof text);
	tell(r, root, out);
	fclose(out);
	record_free(r);
	for (char *next;
		(next = strstr(text, "\n     ")) && next[6] != ' ';) /* a sentence that goes on; commands stay */
		memmove(next, next + 5, strlen(next + 5) + 1);
	return text;
}

static unsigned lines_in(const char *s)
{
	unsigned n = 0;
	for (; *s; s++)
		n += *s == '\n';
	return n;
}

/* The line that begins so, in a buffer of its own; "" where there is none. */
static const char *line_of(const char *all, const char *begin)
{
	static char line[600];
	const char *at = strstr(all, begin);
	snprintf(line, sizeof line, "%.*s", at ? (int)strcspn(at, "\n") : 0, at ? at : "");
	return line;
}

/* -- each rule alone */
static void one_by_one(void)
{
	static const struct {
		struct pair pair;
		const char *word; /* NULL where nothing is said */
	} given[] = { { { NULL, NULL }, NULL }, { { "frequency.governor", "unknown" }, NULL },
		{ { "frequency.governor", "performance" }, NULL },
		{ { "frequency.governor", "performance, powersave" }, "powersave" },
		{ { "frequency.boost", "on" }, "boost" }, { { "frequency.boost", "off" }, NULL },
		{ { "smt", "none" }, NULL }, { { "smt", "2 per core" }, "SMT" },
		{ { "idle.states", "POLL, C1, C6" }, "C6" }, { { "idle.states", "POLL, C1, C6 off" }, NULL },
		{ { "idle.states", "unknown" }, NULL }, { { "hypervisor", "none" }, NULL },
		{ { "hypervisor", "KVM" }, "KVM" }, { { "cgroup.cpu.max", "max" }, NULL },
		{ { "cgroup.cpu.max", "50000 100000" }, "0.5 CPUs" }, { { "nice", "0" }, NULL },
		{ { "nice", "5" }, "nice" }, { { "clocksource", "tsc" }, NULL }, { { "clocksource", "hpet" }, "hpet" },
		{ { "flags", "-O2" }, NULL }, { { "flags", "-O0 (not for comparison)" }, "comparison" },
		{ { "power", "mains" }, NULL }, { { "power", "battery" }, "battery" },
		{ { "emulated", "yes" }, "interpreted" }, { { "affinity", "0" }, "one CPU" },
		{ { "affinity", "0-1" }, NULL }, { { "io-uring-disabled", "2" }, "io_uring" },
		{ { "io-uring-disabled", "0" }, NULL }, { { "nmi-watchdog", "1" }, "nmi_watchdog" },
		{ { "aslr", "0" }, "layout" },
		{ { "not-counted.cycles:k", "perf_event_paranoid=2 forbids counting the kernel" }, "paranoid" },
		{ { "not-counted.raw_syscalls:sys_enter", "perf_event_paranoid=2 forbids it" }, NULL },
		{ { "not-counted.cycles:u", "built without libpfm4" }, "libpfm4" } };
	for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
		struct pair p[KEYS_MOST] = { given[i].pair };
		const char *said = told(advice_print, p, true), *key = p[0].key ? p[0].key : "nothing known";
		if (given[i].word)
			ok(!strncmp(said, "  1. ", 5) && !strstr(said, "  2. ") && strstr(said, given[i].word),
				"%s: %s is one piece of advice", key, p[0].value);
		else
			is_string(said, "", "%s: %s needs no advice", key, p[0].value ? p[0].value : "-");
	}
}

/* -- whole machines */
static const struct pair container[KEYS_MOST] = { { "container", "docker" }, { "hypervisor", "none" }, { "cpus", "16" },
	{ "affinity", "0-15" }, { "smt", "2 per core" }, { "cgroup.cpu.max", "150000 100000" },
	{ "cgroup.memory.max", "2147483648" }, { "pmu", "cpu" }, { "perf-event-paranoid", "4" },
	{ "not-counted.cycles:u", "perf_event_paranoid=4 forbids it" },
	{ "not-counted.cycles:k", "perf_event_paranoid=4 forbids it" } };

static const struct pair user[KEYS_MOST] = { { "container", "none" }, { "hypervisor", "none" }, { "cpus", "8" },
	{ "affinity", "0-7" }, { "smt", "none" }, { "frequency.governor", "performance" }, { "cgroup.cpu.max", "max" },
	{ "pmu", "cpu" }, { "counters", "cycles:u,instructions:u" }, { "perf-event-paranoid", "2" },
	{ "not-counted.cycles:k", "perf_event_paranoid=2 forbids counting the kernel" } };

static const struct pair laptop[KEYS_MOST] = { { "hypervisor", "none" }, { "cpus", "8" }, { "affinity", "0-7" },
	{ "smt", "2 per core" }, { "frequency.driver", "intel_pstate" }, { "frequency.governor", "powersave" },
	{ "frequency.boost", "on" }, { "power", "battery" }, { "idle.states", "POLL, C1, C6, C10" },
	{ "pmu", "cpu_core" }, { "counters", "cycles:u,cycles:k" }, { "perf-event-paranoid", "0" } };

static const struct pair vm[KEYS_MOST] = { { "hypervisor", "KVM" }, { "cpus", "2" }, { "affinity", "0-1" },
	{ "smt", "none" }, { "frequency.governor", "unknown" }, { "cgroup.cpu.max", "max" },
	{ "pmu", "none: no hardware PMU (a virtual machine?)" }, { "counters", "context-switches" },
	{ "not-counted.cycles:u", "no hardware PMU (a virtual machine?)" },
	{ "not-counted.cycles:k", "no hardware PMU (a virtual machine?)" }, { "perf-event-paranoid", "2" } };

static const struct pair large[KEYS_MOST] = { { "hypervisor", "none" }, { "cpus", "1000" },
	{ "affinity", "0-249,500-999" }, { "smt", "2 per core" }, { "frequency.governor", "performance" },
	{ "cgroup.cpu.max", "max" }, { "pmu", "cpu" }, { "counters", "cycles:u,cycles:k" }, { "nmi-watchdog", "1" } };

static void three_lines(void)
{
	static const struct {
		const char *name;
		const struct pair *keys;
		const char *counted, *steady, *more; /* what is in each line */
	} given[] = {
		{ "a container", container, "no cycles: perf_event_paranoid=4",
			"container (docker), no virtual machine, 16 CPUs (SMT: 2 per core), governor not told, "
			"limited to 1.5 "
			"CPUs, to 2 GiB",
			"docker run --cap-add PERFMON" },
		{ "a normal user", user, "user mode only: perf_event_paranoid=2", "governor performance, no CPU limit",
			"sudo sysctl kernel.perf_event_paranoid=1" },
		{ "a laptop", laptop, "cycles in both modes (cpu_core); paranoid=0", "governor powersave, on battery",
			"echo performance | sudo tee" },
		{ "a virtual machine", vm, "no cycles: no hardware PMU (a virtual machine?); paranoid=2",
			"virtual machine (KVM), 2 CPUs", "no command here" },
		{ "1,000 CPUs", large, "cycles in both modes", "750 of 1000 CPUs (SMT: 2 per core)",
			"sudo sysctl kernel.nmi_watchdog=0" },
	};
	for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
		const char *all = told(advice_open, given[i].keys, false);
		ok(lines_in(all) == 3, "%s: three lines", given[i].name);
		ok(strstr(line_of(all, "counted: "), given[i].counted), "%s: %s", given[i].name, given[i].counted);
		ok(strstr(line_of(all, "steady:  "), given[i].steady), "%s: %s", given[i].name, given[i].steady);
		ok(strstr(line_of(all, "more:    "), given[i].more), "%s: %s", given[i].name, given[i].more);
	}
	static const struct pair nothing[KEYS_MOST] = { { NULL, NULL } };
	ok(lines_in(told(advice_open, nothing, true)) == 3, "nothing known: three lines all the same");
	ok(!strstr(told(advice_open, user, true), "sudo"), "root needs no sudo");
}

/* What is worth more comes first, whatever the order of the keys. */
static void ranked(void)
{
	const char *said = told(advice_print, laptop, false), *battery = strstr(said, "battery"),
		   *governor = strstr(said, "governor powersave"), *boost = strstr(said, "boost is on"),
		   *smt = strstr(said, "SMT is on"), *idle = strstr(said, "C10");
	ok(battery && battery < governor && governor < boost && boost < smt && smt < idle,
		"a laptop's advice is ranked");
	ok(strstr(said, "  1. ") && strstr(said, "  5. ") && !strstr(said, "  6. "), "and numbered");
	ok(strstr(said, "intel_pstate/no_turbo"), "boost is turned off where this driver has it");
	said = told(advice_print, container, false);
	const char *quota = strstr(said, "CPU quota 150000 100000"), *counters = strstr(said, "perf_event_paranoid=4");
	ok(quota && quota < counters, "a container's limit comes before its counters");
	ok(strstr(quota, "start the container without one"), "and is its maker's to lift");
}

int main(void)
{
	one_by_one();
	three_lines();
	ranked();
	return done();
}
