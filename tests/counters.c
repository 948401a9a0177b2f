// SPDX-License-Identifier: MIT
#include "../harness/run/counters.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

static char error[300];

static const struct counter *find(const struct counters *c, const char *name)
{
	for (size_t i = 0; i < c->count; i++)
		if (!strcmp(c->counter[i].name, name))
			return &c->counter[i];
	return NULL;
}

/* -- is a reading a value? */

static void readings(void)
{
	static const struct {
		uint64_t value, enabled, running;
		bool counts;
		const char *reason;
	} recorded[] = { { 1234, 1000, 1000, true, "" }, { 0, 1000, 1000, true, "" },
		{ 0, 1000, 0, false, "never ran: another user holds the counters" },
		{ 0, 0, 0, false, "never enabled" }, { 77, 1000, 500, false, "multiplexed: it ran 50 % of the time" },
		{ 77, 1000, 999, false, "multiplexed: it ran 99 % of the time" },
		{ 1ull << 62, 1ull << 40, 1ull << 39, false, "multiplexed: it ran 50 % of the time" } };

	for (size_t i = 0; i < sizeof recorded / sizeof recorded[0]; i++) {
		uint64_t reading[3] = { recorded[i].value, recorded[i].enabled, recorded[i].running };
		char reason[200] = "";
		const char *verdict = recorded[i].counts ? "is a value" : "is not a value";
		ok(counters_ran(reading, reason, sizeof reason) == recorded[i].counts, "enabled %llu, running %llu %s",
			(unsigned long long)reading[1], (unsigned long long)reading[2], verdict);
		ok(!strncmp(reason, recorded[i].reason, strlen(recorded[i].reason)), "and why: %s", reason);
	}
}

/* -- names */

static void nothing_wanted(void)
{
	struct counters c;
	struct record *r = record_new();
	int pass[1];

	is_int(counters_choose("none", &c, error, sizeof error), 0, "--counters none");
	is_int((long long)c.count, 0, "counts nothing");
	is_int((long long)counters_passes(&c, pass), 0, "in no pass");
	counters_describe(&c, r);
	is_string(record_get(r, "counters"), "none", "and the record says so");
	ok(record_get(r, "pmu") && *record_get(r, "pmu"), "the PMU is described all the same: %s",
		record_get(r, "pmu"));
	record_free(r);
	counters_free(&c);
}

/* Built with libpfm4, and it works here. */
static bool knows_names(void)
{
	struct counters c;
	counters_choose("cycles:u", &c, error, sizeof error);
	bool knows = c.count == 1 && !strstr(c.counter[0].reason, "libpfm4");
	counters_free(&c);
	return knows;
}

static void mistakes(void)
{
	static const char *const always[] = { "", ",", "cs,", "cs,,page-faults",
		"a-name-that-is-longer-than-any-name-of-an-event-that-has-ever-been-given" };
	static const char *const by_library[] = { "cycels", "cycels:u", "cs,cycels:k", "cycles:x", "cycles/",
		"../../etc" };
	struct counters c;
	bool library = knows_names();

	for (size_t i = 0; i < sizeof always / sizeof always[0]; i++) {
		error[0] = '\0';
		is_int(counters_choose(always[i], &c, error, sizeof error), 2, "--counters '%s' is refused", always[i]);
		ok(!strncmp(error, "--counters: ", 12) && !strchr(error, '\n'), "in one line: %s", error);
	}
	for (size_t i = 0; i < sizeof by_library / sizeof by_library[0]; i++) {
		if (!library) {
			skip("no libpfm4 here", "--counters '%s' is refused", by_library[i]);
			continue;
		}
		error[0] = '\0';
		is_int(counters_choose(by_library[i], &c, error, sizeof error), 2, "--counters '%s' is refused",
			by_library[i]);
		ok(strstr(error, "no event '") && !strchr(error, '\n'), "in one line: %s", error);
	}
}

static void levels(void)
{
	struct counters c;

	is_int(counters_choose(
		       "instructions,instructions:u,branch-misses:k,faults,page-faults", &c, error, sizeof error),
		0, "user and kernel");
	ok(find(&c, "instructions:u") && find(&c, "instructions:k"), "a hardware event without a level becomes two");
	ok(find(&c, "branch-misses:k") && !find(&c, "branch-misses:u"), "one with a level is left alone");
	for (size_t i = 0; i < c.count; i++)
		for (size_t j = 0; j < i; j++)
			ok(strcmp(c.counter[i].name, c.counter[j].name), "%s and %s are two", c.counter[i].name,
				c.counter[j].name);
	const struct counter *user = find(&c, "instructions:u"), *kernel = find(&c, "instructions:k");
	ok(user && user->hardware && !user->kernel && user->attr.exclude_kernel, ":u leaves the kernel out");
	ok(kernel && kernel->hardware && kernel->kernel && kernel->attr.exclude_user, ":k leaves user mode out");
	counters_free(&c);
}

/* -- events of the kernel's own */

static void software_events(void)
{
	struct counters c;

	is_int(counters_choose("context-switches,page-faults,cs:u,task-clock", &c, error, sizeof error), 0,
		"software events");
	const struct counter *switches = find(&c, "context-switches");
	ok(switches && switches->kernel && !switches->attr.exclude_kernel && !switches->hardware,
		"context switches are opened with the kernel, or they would read 0");
	const struct counter *without = find(&c, "context-switches:u");
	ok(without && *without->reason, "without the kernel they are not counted: %s", without ? without->reason : "");
	const struct counter *faults = find(&c, "page-faults");
	if (!faults) {
		const struct counter *rest = find(&c, "page-faults:k");
		faults = find(&c, "page-faults:u");
		ok(rest && *rest->reason, "without permission for the kernel the name says :u, and why: %s",
			rest ? rest->reason : "");
	} else {
		ok(true, "page faults of both levels");
	}
	ok(faults && (*faults->reason || faults->attr.read_format ==
						 (PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING)),
		"the times are read too");
	ok(faults && faults->attr.disabled && faults->attr.inherit,
		"an attribute is ready to be opened, and inherited");
	counters_free(&c);
}

/* What is called countable can be opened again, as it is, and counts. */
static void countable(void)
{
	struct counters c;

	is_int(counters_choose(NULL, &c, error, sizeof error), 0, "the default set");
	for (size_t i = 0; i < c.count; i++) {
		struct counter *e = &c.counter[i];
		if (*e->reason) {
			skip(e->reason, "%s is counted", e->name);
			continue;
		}
		long fd = syscall(SYS_perf_event_open, &e->attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
		ok(fd >= 0, "%s opens with the attribute given", e->name);
		if (fd >= 0)
			close((int)fd);
	}
	counters_free(&c);
}

static void passes(void)
{
	struct counters c;
	int pass[64];
	bool sound = true, used[64] = { false };

	counters_choose(NULL, &c, error, sizeof error);
	size_t n = counters_passes(&c, pass);
	for (size_t i = 0; i < c.count; i++) {
		bool counted = !*c.counter[i].reason;
		sound = sound && counted == (pass[i] >= 0) && pass[i] < (int)n;
		if (counted)
			used[pass[i]] = true;
	}
	ok(sound, "every countable event is in one of the passes, no other is in any");
	for (size_t i = 0; i < n; i++)
		ok(used[i], "pass %zu has an event", i);
	for (size_t i = 0; i < c.count; i++)
		for (size_t j = 0; j < i; j++)
			if (pass[i] >= 0 && pass[i] == pass[j] && c.counter[i].hardware != c.counter[j].hardware)
				ok(false, "%s and %s are apart", c.counter[i].name, c.counter[j].name);
	counters_free(&c);
}

static void recorded(void)
{
	struct counters c;
	struct record *r = record_new();
	char key[96];

	counters_choose(NULL, &c, error, sizeof error);
	counters_describe(&c, r);
	for (size_t i = 0; i < c.count; i++) {
		snprintf(key, sizeof key, "not-counted.%s", c.counter[i].name);
		const char *reason = *c.counter[i].reason ? c.counter[i].reason : NULL;
		is_string(record_get(r, key), reason, "%s", key);
		if (!reason)
			ok(record_get(r, "counters") && strstr(record_get(r, "counters"), c.counter[i].name),
				"%s is among the counters", c.counter[i].name);
	}
	const struct counter *cycles = find(&c, "cycles:u");
	bool none = record_get(r, "pmu") && !strncmp(record_get(r, "pmu"), "none: ", 6);
	ok(!none || (cycles && *cycles->reason), "where there is no PMU, cycles have a reason");
	record_free(r);
	counters_free(&c);
}

/* -- a kernel that refuses: a filter in a child */

static bool refuse(int with)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_perf_event_open, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)with),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { .len = sizeof code / sizeof code[0], .filter = code };
	return !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) && !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

/* 0: every reason has the word, and nothing is countable; 77: no filter here. */
static int all_refused(int with, const char *word)
{
	struct counters c;
	if (!refuse(with))
		return 77;
	if (counters_choose("cs,task-clock:u", &c, error, sizeof error) || c.cpu_wide || strncmp(c.pmu, "none: ", 6))
		return 1;
	for (size_t i = 0; i < c.count; i++)
		if (!strstr(c.counter[i].reason, word)) {
			fprintf(stderr, "%s: %s\n", c.counter[i].name, c.counter[i].reason);
			return 2;
		}
	return c.count >= 2 ? 0 : 3;
}

static void refusals(void)
{
	static const struct {
		int with;
		const char *name, *word;
	} refusal[] = { { ENOSYS, "ENOSYS", "seccomp filter" }, { EINVAL, "EINVAL", "EINVAL" },
		{ E2BIG, "E2BIG", "perf_event_open" }, { EBUSY, "EBUSY", "another user" },
		{ EMFILE, "EMFILE", "too many open files" }, { ENOENT, "ENOENT", "ENOENT" } };

	for (size_t i = 0; i < sizeof refusal / sizeof refusal[0]; i++) {
		int status;
		pid_t pid = fork();
		if (!pid)
			_exit(all_refused(refusal[i].with, refusal[i].word));
		waitpid(pid, &status, 0);
		if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
			skip("no seccomp filter may be installed here", "%s is told", refusal[i].name);
		else
			is_int(status, 0, "%s is told as what it is", refusal[i].name);
	}
}

/* Where perf_event_paranoid allows it, EPERM can only be a filter's, and it must not be blamed on the setting. */
static void filtered(void)
{
	struct counters c;
	int status;

	counters_choose("task-clock:u", &c, error, sizeof error);
	bool allowed = c.count == 1 && !*c.counter[0].reason;
	counters_free(&c);
	if (!allowed || access("/proc/sys/kernel/perf_event_paranoid", R_OK)) {
		skip("user mode can't be counted here, or perf_event_paranoid not be read",
			"EPERM although it is allowed is a filter's");
		return;
	}
	pid_t pid = fork();
	if (!pid)
		_exit(!refuse(EPERM) ? 77
				     : counters_choose("task-clock:u", &c, error, sizeof error) ||
					       !strstr(c.counter[0].reason, "a seccomp filter"));
	waitpid(pid, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		skip("no seccomp filter may be installed here", "EPERM although it is allowed is a filter's");
	else
		is_int(status, 0, "EPERM although it is allowed is a filter's");
}

int main(void)
{
	readings();
	nothing_wanted();
	mistakes();
	levels();
	software_events();
	countable();
	passes();
	recorded();
	refusals();
	filtered();
	return done();
}
