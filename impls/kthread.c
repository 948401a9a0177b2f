// SPDX-License-Identifier: MIT
// waits: wake completion waitqueue
// jobs: own
/*
 * kthread: kernel threads, which never run in user mode and belong to no process. They live in the module
 * (impls/kthread/), and so do the benches: this file is their face. It compiles the same templates for what they say of
 * themselves, and puts one call to the module in place of each of their functions.
 */
#include "harness/cell/verbs.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/syscall.h>

#include "kthread/missing.h"
#include "kthread/protocol.h"
#include "unreached.h"

#include "benches.h"
#include "harness/cell/conform.c"

/* -- the session: one a process, made by begin */
static int device = -1;
static const char *wait_name;

static const char *kthread_missing(void)
{
	char module[MISSING_PATH] = "";
	int fd;
	ssize_t got = readlink("/proc/self/exe", module, sizeof module - 32);
	char *name = got > 0 ? strrchr(module, '/') : NULL;
	if (name)
		strcpy(name, "/kthread/ctxbench.ko");
	const char *missing = missing_under("", module, &fd);
	if (!missing)
		close(fd);
	return missing;
}

static int ask(unsigned long call, void *arg)
{
	return ioctl(device, call, arg) ? -errno : 0;
}

static int begin(const char *wait)
{
	wait_name = wait;
	device = open("/dev/" CTXBENCH_DEVICE, O_RDWR | O_CLOEXEC);
	return device < 0 ? -errno : 0;
}

static void end(void)
{
	close(device);
	device = -1;
}

static unsigned tasks(int *tid, unsigned most)
{
	struct ctxbench_tasks t;
	unsigned n = 0;
	if (ask(CTXBENCH_TASKS_NOW, &t))
		return 0;
	for (; n < t.count && n < most; n++)
		tid[n] = t.tid[n];
	return n;
}

static struct ctxbench_counts counts(void)
{
	struct ctxbench_counts c = { 0 };
	ask(CTXBENCH_COUNTS, &c);
	return c;
}

/* What the driver does between the loops is not the bench's. */
static void idle(double *voluntary, double *involuntary)
{
	struct ctxbench_counts c = counts();
	*voluntary = (double)c.idle_voluntary;
	*involuntary = (double)c.idle_involuntary;
}

/* Every kernel thread is made by this one, and what counts in it is inherited by those that it makes. */
static int maker(void)
{
	return strcmp(missing_text("", "/proc/2/comm", 0), "kthreadd") ? -ESRCH : 2;
}

/* The revision that the loaded module was built from: it may be older than this program. */
static const char *version(void)
{
	static char text[96];
	snprintf(text, sizeof text, "module %s", missing_text("", "/sys/module/ctxbench/version", 0));
	return text;
}

/* A new kernel thread is SCHED_OTHER whoever asks for it: give those of the session the policy that this process was
 * given, and believe what is read back. By system call: musl's functions of these names do nothing but fail. */
static int share_policy(void)
{
	struct sched_param param;
	int tid[CTXBENCH_TASKS], policy = (int)syscall(SYS_sched_getscheduler, 0);
	unsigned n = tasks(tid, CTXBENCH_TASKS);
	if (!n || syscall(SYS_sched_getparam, 0, &param))
		return -ESRCH;
	for (unsigned i = 0; i < n; i++) {
		if (syscall(SYS_sched_setscheduler, tid[i], policy, &param))
			return -errno;
		if (syscall(SYS_sched_getscheduler, tid[i]) != policy)
			return -EXDEV;
	}
	return 0;
}

/* -- the benches' functions */
static size_t kthread_bytes(const struct point *p)
{
	(void)p;
	return 1; /* the arena is the module's */
}

static int remote_open(const struct point *p, const struct job *template)
{
	struct ctxbench_open o = {
		.protocol = CTXBENCH_PROTOCOL, .bytes = sizeof o, .seat = { p->seat[0], p->seat[1] }
	};
	snprintf(o.wait, sizeof o.wait, "%s", wait_name);
	snprintf(o.job, sizeof o.job, "%s", template->name);
	snprintf(o.variant, sizeof o.variant, "%s", template->variant ? template->variant : "");
	int error = ask(CTXBENCH_OPEN, &o);
	if (!error) {
		error = share_policy();
		if (error)
			ask(CTXBENCH_CLOSE, NULL);
	}
	return error;
}

static int kthread_loop(void *arena, uint64_t n)
{
	(void)arena;
	return ask(CTXBENCH_LOOP, &(__u64){ n });
}

static void kthread_settle(void *arena)
{
	(void)arena;
	ask(CTXBENCH_SETTLE, NULL);
}

static void kthread_close(void *arena)
{
	(void)arena;
	ask(CTXBENCH_CLOSE, NULL);
}

static uint64_t kthread_bodies(const void *arena)
{
	(void)arena;
	return counts().done;
}

static int remote_can(const struct job *template)
{
	(void)template;
	return 1;
}

static void remote_functions(struct job *j)
{
	j->arena_bytes = kthread_bytes;
	j->loop = kthread_loop;
	j->settle = j->settle ? kthread_settle : NULL;
	j->close = kthread_close;
	/* what a template does not count, the module does, except bodies */
	j->bodies = j->bodies || !j->spawns ? kthread_bodies : NULL;
}

#include "remote.h"

enum { CHECKS = sizeof checks / sizeof *checks };

/* -- the checks: those of conform.c, run over there */
static const char *kthread_check(unsigned number, const struct point *p, uint64_t rounds, int *error)
{
	static struct ctxbench_check c;
	c = (struct ctxbench_check){ .protocol = CTXBENCH_PROTOCOL,
		.bytes = sizeof c,
		.seat = { p->seat[0], p->seat[1] },
		.rounds = (__u32)rounds };
	snprintf(c.wait, sizeof c.wait, "%s", wait_name);
	snprintf(c.check, sizeof c.check, "%s", checks[number].name ? checks[number].name : "");
	*error = ask(CTXBENCH_CHECK, &c);
	if (*error)
		return "the module did not run the check";
	*error = c.error;
	return *c.wrong ? c.wrong : NULL;
}

/* A check is not told its number either. */
#define NUMBERS N(0) N(1) N(2) N(3) N(4) N(5) N(6) N(7) N(8) N(9) N(10) N(11) N(12) N(13) N(14) N(15)
#define N(number)                                                                                                      \
	static const char *check_##number(const struct point *p, uint64_t rounds, int *error)                          \
	{                                                                                                              \
		return kthread_check(number, p, rounds, error);                                                        \
	}
NUMBERS
#undef N

#define N(number) check_##number,
static const char *(*const check_run[])(const struct point *, uint64_t, int *) = { NUMBERS };
_Static_assert(CHECKS - 1 <= sizeof check_run / sizeof *check_run, "a number for each check");

static struct check check[CHECKS];

/* Before main, as remote.h does with the jobs. */
__attribute__((constructor)) static void describe_checks(void)
{
	for (unsigned i = 0; i < CHECKS; i++) {
		check[i] = checks[i];
		if (check[i].name)
			check[i].run = check_run[i];
	}
}

/* -- one impl for each wait that the module has */
#define WAITS                                                                                                          \
	WAIT(none, 0, 0)                                                                                               \
	WAIT(wake, CAP_HANDOFF | CAP_TWO_CPUS, 1)                                                                      \
	WAIT(completion, CAP_HANDOFF | CAP_TWO_CPUS, 1)                                                                \
	WAIT(waitqueue, CAP_HANDOFF | CAP_TWO_CPUS, 1)

#define WAIT(waits, more_caps, switches_a_handoff)                                                                     \
	static int begin_##waits(const struct point *p)                                                                \
	{                                                                                                              \
		(void)p;                                                                                               \
		return begin(#waits);                                                                                  \
	}                                                                                                              \
	static const struct impl face_##waits = {                                                                      \
		.name = IMPL_NAME,                                                                                     \
		.wait = #waits,                                                                                        \
		.kind = "kernel-thread",                                                                               \
		.saves = "callee-saved registers and the kernel stack; no address space is switched",                  \
		.stack = "the kernel's, of the size that it was built with, made with the thread",                     \
		.summary = "a kernel thread of our module: PF_KTHREAD, never in user mode",                            \
		.caps = CAP_SPAWN | CAP_YIELD | CAP_KERNEL | CAP_REMOTE | (more_caps),                                 \
		.per_spawn = { .switches = NOT_CLAIMED },                                                              \
		.per_handoff = { .switches = (switches_a_handoff) },                                                   \
		.missing = kthread_missing,                                                                            \
		.version = version,                                                                                    \
		.begin = begin_##waits,                                                                                \
		.end = end,                                                                                            \
		.tasks = tasks,                                                                                        \
		.idle = idle,                                                                                          \
		.maker = maker,                                                                                        \
		.jobs = remote_jobs,                                                                                   \
		.checks = check,                                                                                       \
	};                                                                                                             \
	__attribute__((used, section("impls"))) static const struct impl *const entry_##waits = &face_##waits;
WAITS
