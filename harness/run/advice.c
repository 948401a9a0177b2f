// SPDX-License-Identifier: MIT
#include "advice.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define SYS_CPU "/sys/devices/system/cpu"

/* What is said: a sentence, and the command that changes it or "". */
struct advice {
	const char *sudo; /* before what needs root */
	char text[400], command[200];
};

static void say(char *to, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void say(char *to, size_t size, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(to, size, format, arguments);
	va_end(arguments);
}
#define TEXT(...) say(a->text, sizeof a->text, __VA_ARGS__)
#define COMMAND(...) say(a->command, sizeof a->command, __VA_ARGS__)

/* -- keys */
/* NULL where nothing is known of it. */
static const char *known(const struct record *r, const char *key)
{
	const char *value = record_get(r, key);
	return value && *value && strcmp(value, "unknown") ? value : NULL;
}

static const char *known_but_none(const struct record *r, const char *key)
{
	const char *value = known(r, key);
	return value && strcmp(value, "none") ? value : NULL;
}

static bool has_word(const struct record *r, const char *key, const char *word)
{
	const char *value = known(r, key);
	return value && file_has_word(value, word);
}

/* The CPUs in a list such as "0-3,8". */
static long cpus_in(const char *list)
{
	long n = 0;
	while (list && *list) {
		char *end;
		long first = strtol(list, &end, 10), last = first;
		if (end == list)
			return 0;
		if (*end == '-')
			last = strtol(end + 1, &end, 10);
		n += last - first + 1;
		list = *end == ',' ? end + 1 : end;
		if (*end && *end != ',')
			return 0;
	}
	return n;
}

/* CPUs' worth of time in "QUOTA PERIOD"; 0 where there is no limit. */
static double quota_of(const struct record *r)
{
	double quota, period;
	const char *value = known(r, "cgroup.cpu.max");
	return value && sscanf(value, "%lf %lf", &quota, &period) == 2 && period > 0 ? quota / period : 0;
}

static bool no_pmu(const struct record *r)
{
	const char *pmu = record_get(r, "pmu");
	return pmu && !strncmp(pmu, "none", 4);
}

/* Why an event is not counted that the kernel could count; tracepoints are left out, for without them calls are counted
 * all the same. NULL where no reason has this in it. */
static const char *refused(const struct record *r, const char *because)
{
	static const char begin[] = "not-counted.";
	for (size_t i = 0; i < r->keys; i++)
		if (!strncmp(r->key[i].key, begin, sizeof begin - 1) && !strstr(r->key[i].key, "sys_enter") &&
			strstr(r->key[i].value, because))
			return r->key[i].value;
	return NULL;
}

/* -- the rules, each true where it has something to say; in the order of what it is worth */
static bool emulated(const struct record *r, struct advice *a)
{
	TEXT("the CPU is interpreted: times say nothing of a real one, only counts do");
	return has_word(r, "emulated", "yes");
}

static bool not_optimised(const struct record *r, struct advice *a)
{
	const char *flags = known(r, "flags");
	TEXT("this build is not optimised, or has a sanitizer: its numbers are not for comparison");
	COMMAND("make clean all");
	return flags && strstr(flags, "(not for comparison)");
}

static bool limited_time(const struct record *r, struct advice *a)
{
	double quota = quota_of(r);
	TEXT("CPU quota %s (microseconds a period, %.3g CPUs): a trial that meets it is throttled; %s",
		quota > 0 ? record_get(r, "cgroup.cpu.max") : "", quota,
		known_but_none(r, "container") ? "start the container without one"
					       : "run outside of this control group");
	return quota > 0;
}

static bool niced(const struct record *r, struct advice *a)
{
	const char *value = known(r, "nice");
	TEXT("nice is %s: others go first", value ? value : "");
	COMMAND("%srenice -n 0 -p $$", a->sudo);
	return value && atoi(value) > 0;
}

static bool slow_clock(const struct record *r, struct advice *a)
{
	const char *source = known(r, "clocksource");
	if (!source || (strcmp(source, "hpet") && strcmp(source, "acpi_pm")))
		return false;
	TEXT("clock source %s: reading the time is a system call and slow", source);
	return true;
}

static bool forbidden_counters(const struct record *r, struct advice *a)
{
	const char *why = refused(r, "perf_event_paranoid=");
	TEXT("%s", why ? why : "");
	if (!known_but_none(r, "container"))
		COMMAND("%ssysctl kernel.perf_event_paranoid=1", a->sudo);
	else
		COMMAND("docker run --cap-add PERFMON ...   (or on its host: sysctl kernel.perf_event_paranoid=1)");
	return why;
}

static bool filtered_counters(const struct record *r, struct advice *a)
{
	const char *why = refused(r, "a seccomp filter");
	TEXT("counters: %s", why ? why : "");
	if (known_but_none(r, "container"))
		COMMAND("docker run --cap-add PERFMON --security-opt seccomp=unconfined ...");
	return why;
}

static bool without_libpfm(const struct record *r, struct advice *a)
{
	TEXT("built without libpfm4: no cycles, instructions or misses are counted");
	COMMAND("bench/setup build && make");
	return refused(r, "built without libpfm4");
}

static bool on_battery(const struct record *r, struct advice *a)
{
	TEXT("on battery: the clock is kept low; plug it in");
	return has_word(r, "power", "battery");
}

static bool follows_load(const struct record *r, struct advice *a)
{
	static const char *const governors[] = { "powersave", "ondemand", "conservative", "schedutil" };
	const char *governor = known(r, "frequency.governor");
	for (size_t i = 0; governor && i < ARRAY_SIZE(governors); i++)
		if (file_has_word(governor, governors[i])) {
			TEXT("frequency governor %s: the clock follows the load; performance is steadier", governor);
			COMMAND("echo performance | %stee " SYS_CPU "/cpufreq/policy*/scaling_governor", a->sudo);
			return true;
		}
	return false;
}

static bool boosted(const struct record *r, struct advice *a)
{
	const char *driver = known(r, "frequency.driver");
	TEXT("boost is on: the clock depends on temperature and on what other cores do");
	if (driver && !strncmp(driver, "intel_", 6))
		COMMAND("echo 1 | %stee " SYS_CPU "/intel_pstate/no_turbo", a->sudo);
	else
		COMMAND("echo 0 | %stee " SYS_CPU "/cpufreq/boost", a->sudo);
	return has_word(r, "frequency.boost", "on");
}

static bool watched(const struct record *r, struct advice *a)
{
	TEXT("nmi_watchdog=1 takes one of the hardware counters");
	COMMAND("%ssysctl kernel.nmi_watchdog=0", a->sudo);
	return has_word(r, "nmi-watchdog", "1") && !no_pmu(r);
}

static bool few_cpus(const struct record *r, struct advice *a)
{
	const char *all = known(r, "cpus"), *affinity = known(r, "affinity");
	long cpus = all ? atol(all) : 0, allowed = cpus_in(affinity);
	if (allowed < 1 || (allowed > 1 && allowed >= cpus))
		return false;
	if (allowed < cpus)
		TEXT("%ld of %ld CPUs may be used (%s)%s", allowed, cpus, affinity,
			allowed == 1 ? ": nothing between CPUs is measured" : "");
	else
		TEXT("one CPU: nothing between CPUs is measured");
	if (allowed < cpus)
		COMMAND("taskset -c 0-%ld ...", cpus - 1);
	return true;
}

static bool virtual_machine(const struct record *r, struct advice *a)
{
	const char *hypervisor = known_but_none(r, "hypervisor");
	TEXT("a virtual machine (%s): the host takes time that only steal%% shows, and not always%s",
		hypervisor ? hypervisor : "", no_pmu(r) ? "; cycles are counted where its host passes a PMU on" : "");
	return hypervisor;
}

static bool busy_siblings(const struct record *r, struct advice *a)
{
	const char *smt = known_but_none(r, "smt");
	TEXT("SMT is on (%s): work on the sibling of a measured CPU slows it; leave it idle", smt ? smt : "");
	return smt && atoi(smt) > 1;
}

static bool deep_idle(const struct record *r, struct advice *a)
{
	const char *states = known_but_none(r, "idle.states");
	int enabled = 0;
	for (const char *p = states; p && *p; p += strcspn(p, ",") + 2 * (strchr(p, ',') != NULL))
		enabled += !memmem(p, strcspn(p, ","), " off", 4) && strncmp(p, "POLL", 4);
	TEXT("idle states %s: a wake on another CPU includes the way out of the deepest one", states ? states : "");
	return enabled > 1;
}

static bool one_layout(const struct record *r, struct advice *a)
{
	TEXT("address-space layout randomisation is off: trials share one layout, and the spread looks too small");
	COMMAND("%ssysctl kernel.randomize_va_space=2", a->sudo);
	return has_word(r, "aslr", "0");
}

static bool no_io_uring(const struct record *r, struct advice *a)
{
	const char *value = known(r, "io-uring-disabled");
	TEXT("io_uring is off: iou-sqp, a thread that never leaves the kernel, is not measured");
	COMMAND("%ssysctl kernel.io_uring_disabled=0", a->sudo);
	return value && atoi(value) > 0;
}

static bool (*const rules[])(const struct record *r, struct advice *a) = { emulated, not_optimised, limited_time, niced,
	slow_clock, forbidden_counters, filtered_counters, without_libpfm, on_battery, follows_load, boosted, watched,
	few_cpus, virtual_machine, busy_siblings, deep_idle, one_layout, no_io_uring };

/* The rule's advice; false where it has none. */
static bool applies(size_t rule, const struct record *r, bool root, struct advice *a)
{
	*a = (struct advice){ .sudo = root ? "" : "sudo " };
	return rules[rule](r, a);
}

/* Words, going on under the first where a line is full. */
static void put_wrapped(const char *words, FILE *out)
{
	enum { WIDTH = 80, INDENT = 5 };
	for (int column = INDENT; *words;) {
		int n = (int)strcspn(words, " ");
		if (column > INDENT && column + 1 + n > WIDTH) {
			fprintf(out, "\n%*s", INDENT, "");
			column = INDENT;
		}
		column += fprintf(out, "%s%.*s", column > INDENT ? " " : "", n, words);
		words += n + (int)strspn(words + n, " ");
	}
	fputc('\n', out);
}

void advice_print(const struct record *r, bool root, FILE *out)
{
	struct advice a;
	int n = 0;
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		if (applies(i, r, root, &a)) {
			fprintf(out, "%3d. ", ++n);
			put_wrapped(a.text, out);
			if (*a.command)
				fprintf(out, "       %s\n", a.command);
		}
}

/* -- the three lines */
static void open_counted(const struct record *r, FILE *out)
{
	const char *pmu = record_get(r, "pmu"), *user = record_get(r, "not-counted.cycles:u"),
		   *kernel = record_get(r, "not-counted.cycles:k"), *level = known(r, "perf-event-paranoid");
	fputs("counted: switches, faults, calls; ", out);
	if (!pmu || (!user && !kernel && !has_word(r, "counters", "cycles:u")))
		fputs("cycles were not asked for", out);
	else if (user || no_pmu(r))
		fprintf(out, "no cycles: %s", user ? user : pmu + strcspn(pmu, ":") + 2);
	else if (kernel)
		fprintf(out, "cycles of user mode only: %s", kernel);
	else
		fprintf(out, "cycles in both modes (%s)", pmu);
	if (level && !(user && strstr(user, "paranoid")) && !(kernel && strstr(kernel, "paranoid")))
		fprintf(out, "; paranoid=%s", level);
	fputc('\n', out);
}

static void open_cpus(const struct record *r, FILE *out)
{
	const char *cpus = known(r, "cpus"), *smt = known(r, "smt");
	long allowed = cpus_in(known(r, "affinity"));
	if (cpus && allowed && allowed < atol(cpus))
		fprintf(out, "%ld of ", allowed);
	if (cpus)
		fprintf(out, "%s CPU%s", cpus, atol(cpus) == 1 ? "" : "s");
	if (cpus && smt)
		fprintf(out, " (SMT: %s)", smt);
}

static void open_steady(const struct record *r, FILE *out)
{
	const char *container = known_but_none(r, "container"), *hypervisor = known(r, "hypervisor");
	const char *governor = known(r, "frequency.governor"), *memory = known(r, "cgroup.memory.max");
	fputs("steady:  ", out);
	if (container)
		fprintf(out, "container (%s), ", container);
	if (hypervisor)
		fprintf(out, strcmp(hypervisor, "none") ? "virtual machine (%s), " : "no virtual machine, ",
			hypervisor);
	open_cpus(r, out);
	fprintf(out, ", governor %s", governor ? governor : "not told");
	if (has_word(r, "power", "battery"))
		fputs(", on battery", out);
	if (quota_of(r) > 0)
		fprintf(out, ", limited to %.3g CPUs", quota_of(r));
	else if (known(r, "cgroup.cpu.max"))
		fputs(", no CPU limit", out);
	if (memory && strcmp(memory, "max"))
		fprintf(out, ", to %.3g GiB", strtod(memory, NULL) / (1 << 30));
	fputc('\n', out);
}

static void open_more(const struct record *r, bool root, FILE *out)
{
	struct advice a;
	bool any = false;
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		if (!applies(i, r, root, &a))
			continue;
		any = true;
		if (*a.command) {
			fprintf(out, "more:    %s\n", a.command);
			return;
		}
	}
	fprintf(out, "more:    no command here would give more%s\n",
		any ? " (ctxbench env --advice: what else would)" : "");
}

void advice_open(const struct record *r, bool root, FILE *out)
{
	open_counted(r, out);
	open_steady(r, out);
	open_more(r, root, out);
}
