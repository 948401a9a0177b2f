// SPDX-License-Identifier: MIT
#include "../harness/run/place.h"

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

static char error[300];

static int chosen(const char *wanted, struct places *p)
{
	error[0] = '\0';
	return place_choose(wanted, p, error, sizeof error);
}

/* The CPUs this process may use, in order, as the kernel says. This test gives up beyond 1024. */
static int allowed[CPU_SETSIZE], allowed_count;

static bool read_allowed(void)
{
	cpu_set_t set;
	if (sched_getaffinity(0, sizeof set, &set))
		return false;
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &set))
			allowed[allowed_count++] = cpu;
	return allowed_count > 0;
}

static bool is_allowed(int cpu)
{
	for (int i = 0; i < allowed_count; i++)
		if (allowed[i] == cpu)
			return true;
	return false;
}

static void by_default(void)
{
	static const char *const relation[] = { "smt", "same-l2", "same-llc", "same-numa", "cross-numa",
		"cross-package", "p-to-e" };
	struct places p;
	bool known = false;

	is_int(chosen(NULL, &p), 0, "a place is found");
	is_string(p.same.name, "same-pu", "one CPU");
	ok(is_allowed(p.same.cpu[0]) && p.same.cpu[0] == p.same.cpu[1], "it is an allowed one");
	is_string(p.free.name, "free", "and unpinned");
	ok(p.free.cpu[0] == -1 && p.free.cpu[1] == -1, "unpinned has no CPU");
	if (allowed_count == 1) {
		is_string(p.other.missing, "one CPU allowed", "no other CPU, with the reason");
		return;
	}
	for (size_t i = 0; i < sizeof relation / sizeof relation[0]; i++)
		known = known || !strcmp(p.other.name, relation[i]);
	ok(known, "the other CPU has a relation: %s", p.other.name);
	ok(is_allowed(p.other.cpu[1]) && p.other.cpu[1] != p.same.cpu[0] && p.other.cpu[0] == p.same.cpu[0],
		"it is another allowed one");
	is_string(p.other.missing, "", "nothing is missing");
}

static void wanted_cpus(void)
{
	struct places p;
	char text[32];
	int last = allowed[allowed_count - 1];

	snprintf(text, sizeof text, "%d", allowed[0]);
	is_int(chosen(text, &p), 0, "--cpus A");
	is_int(p.same.cpu[0], allowed[0], "A is measured on");
	if (allowed_count == 1) {
		skip("one CPU allowed", "--cpus A,B");
		return;
	}
	snprintf(text, sizeof text, "%d,%d", last, allowed[0]);
	is_int(chosen(text, &p), 0, "--cpus A,B");
	ok(p.same.cpu[0] == last && p.other.cpu[0] == last && p.other.cpu[1] == allowed[0], "A first, then B");
}

static void mistakes(void)
{
	static const struct {
		const char *text, *expected;
	} wrong[] = { { "x", "--cpus: 'x' is not CPU numbers: expected A or A,B" },
		{ "", "--cpus: '' is not CPU numbers: expected A or A,B" },
		{ "-1", "--cpus: '-1' is not CPU numbers: expected A or A,B" },
		{ " 0", "--cpus: ' 0' is not CPU numbers: expected A or A,B" },
		{ "0x0", "--cpus: '0x0' is not CPU numbers: expected A or A,B" },
		{ "99999", "--cpus: CPU 99999 is not online" },
		{ "99999999999999999999", "--cpus: CPU 1844674407370955161" } };
	struct places p;
	char text[32];

	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		is_int(chosen(wrong[i].text, &p), 2, "--cpus '%s' is refused", wrong[i].text);
		ok(!strncmp(error, wrong[i].expected, strlen(wrong[i].expected)) && !strchr(error, '\n'),
			"in one line: %s", error);
	}
	static const char *const form[] = { "%d,", "%d,%d", "%d,x", "%d;%d", "%d-%d" };
	for (size_t i = 0; i < sizeof form / sizeof form[0]; i++) {
		snprintf(text, sizeof text, form[i], allowed[0], allowed[0]);
		is_int(chosen(text, &p), 2, "--cpus '%s' is refused", text);
	}
}

/* Compact and scattered: so many different ones, all of them allowed. */
static void spreading(void)
{
	static int32_t cpu[2][CPU_SETSIZE];
	struct places p;

	is_int(chosen(NULL, &p), 0, "a place is found");
	for (int scattered = 0; scattered < 2; scattered++) {
		bool different = true, ours = true;
		size_t n = place_spread(scattered, (size_t)allowed_count + 5, cpu[scattered]);

		is_int((long long)n, allowed_count, "%s: no more than are allowed",
			scattered ? "scattered" : "compact");
		for (size_t i = 0; i < n; i++) {
			ours &= is_allowed(cpu[scattered][i]);
			for (size_t j = 0; j < i; j++)
				different &= cpu[scattered][i] != cpu[scattered][j];
		}
		ok(different && ours, "each of them once");
		is_int((long long)place_spread(scattered, 1, cpu[scattered]), 1, "and one where one is asked for");
		ok(is_allowed(cpu[scattered][0]), "which is allowed too");
		is_int((long long)place_spread(scattered, 0, cpu[scattered]), 0, "or none");
	}
}

/* Runs `check` in a child, because what it changes is the process's own. */
static int in_child(int (*check)(void))
{
	int status = -1;
	pid_t pid = fork();
	if (!pid)
		_exit(check());
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 100 + status;
}

static int foreign_topology(void)
{
	struct places p;
	setenv("HWLOC_SYNTHETIC", "pack:4 core:256 pu:2", 1);
	return chosen(NULL, &p) == 2 && strstr(error, "HWLOC_SYNTHETIC") ? 0 : 1;
}

static int one_cpu(void)
{
	struct places p;
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET(allowed[allowed_count - 1], &set);
	if (sched_setaffinity(0, sizeof set, &set) || chosen(NULL, &p))
		return 1;
	if (p.same.cpu[0] != allowed[allowed_count - 1])
		return 2;
	if (strcmp(p.other.missing, "one CPU allowed") || strcmp(p.free.missing, "one CPU allowed"))
		return 3;
	if (allowed_count > 1) {
		char text[16];
		snprintf(text, sizeof text, "%d", allowed[0]);
		if (chosen(text, &p) != 2 || !strstr(error, "is not allowed for this process"))
			return 4;
	}
	return 0;
}

/* What was allowed must still be in the record when the harness has pinned itself meanwhile. */
static int pinned_meanwhile(void)
{
	struct places p;
	cpu_set_t set;
	char before[256];
	struct record *r = record_new();

	if (chosen(NULL, &p))
		return 1;
	place_describe(&p, r);
	snprintf(before, sizeof before, "%s", record_get(r, "affinity"));
	CPU_ZERO(&set);
	CPU_SET(p.same.cpu[0], &set);
	if (sched_setaffinity(0, sizeof set, &set))
		return 2;
	place_describe(&p, r);
	return strcmp(before, record_get(r, "affinity")) ? 3 : 0;
}

static void described(void)
{
	static const char *const keys[] = { "topology", "caches", "smt", "cpus", "cpus-used", "affinity", "isolated",
		"hwloc" };
	struct places p;
	struct record *r = record_new();

	is_int(chosen(NULL, &p), 0, "a place to describe");
	place_describe(&p, r);
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		const char *value = record_get(r, keys[i]);
		ok(value && *value, "%s: %s", keys[i], value ? value : "absent");
	}
	ok(record_get(r, "cpus") && atoi(record_get(r, "cpus")) >= allowed_count,
		"no more CPUs are allowed than there are");
	record_free(r);
}

int main(void)
{
	unsetenv("HWLOC_SYNTHETIC");
	unsetenv("HWLOC_XMLFILE");
	if (!read_allowed())
		skip_all("the allowed CPUs don't fit a cpu_set_t");
	by_default();
	wanted_cpus();
	spreading();
	mistakes();
	is_int(in_child(foreign_topology), 0, "a topology that is not this machine's is refused, by name");
	is_int(in_child(one_cpu), 0, "with one CPU allowed that one is used and the rest says so");
	is_int(in_child(pinned_meanwhile), 0, "affinity is what was allowed before pinning");
	described();
	return done();
}
