// SPDX-License-Identifier: MIT
#include "kernel_only.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "file.h"

#if __has_include(<linux/io_uring.h>)
#include <linux/io_uring.h>
#endif

enum { KTHREADD, MIGRATION, WORKER, LWP, PROCESS };

/* -- the process that is looked at, with an LWP and a worker of the kernel's beside it */
struct made {
	int process, lwp, worker; /* tids; of the worker -errno where there is none */
};

/* It has its maker's thread-local storage: the one call of libc's must not fail, or it would write errno there. */
static int lwp_main(void *until)
{
	for (volatile unsigned i = 0; i < 1000000; i = i + 1)
		;
	for (;;)
		syscall(SYS_futex, until, FUTEX_WAIT, 0, NULL, NULL, 0);
	return 0;
}

#ifdef IORING_SETUP_SQPOLL
static int make_worker(void)
{
	struct io_uring_params params = { .flags = IORING_SETUP_SQPOLL, .sq_thread_idle = 100 };
	return syscall(SYS_io_uring_setup, 1, &params) < 0 ? -errno : 0;
}
#else
static int make_worker(void)
{
	return -ENOSYS;
}
#endif

enum { CPUS_MOST = 8192 };

/* The first two CPUs that are allowed; of one, twice that. */
static void first_two(int cpu[2])
{
	size_t bytes = CPU_ALLOC_SIZE(CPUS_MOST);
	cpu_set_t *mine = CPU_ALLOC(CPUS_MOST);
	int n = 0;
	cpu[0] = cpu[1] = 0;
	if (mine && !sched_getaffinity(0, bytes, mine))
		for (int i = 0; i < CPUS_MOST && n < 2; i++)
			if (CPU_ISSET_S((size_t)i, bytes, mine))
				cpu[n++] = i;
	if (n < 2)
		cpu[1] = cpu[0];
	CPU_FREE(mine);
}

/* Between two CPUs and back, which takes migration/N each time. */
static void move_about(void)
{
	size_t bytes = CPU_ALLOC_SIZE(CPUS_MOST);
	cpu_set_t *one = CPU_ALLOC(CPUS_MOST);
	int cpu[2];
	first_two(cpu);
	for (int i = 0; one && i < 200; i++) {
		CPU_ZERO_S(bytes, one);
		CPU_SET_S((size_t)cpu[i % 2], bytes, one);
		sched_setaffinity(0, bytes, one);
	}
	CPU_FREE(one);
}

/* The tid of this process's task that is none of the two given; 0 where there is none. */
static int other_task(int a, int b)
{
	DIR *d = opendir("/proc/self/task");
	int other = 0;
	for (struct dirent *e; d && (e = readdir(d));) {
		int tid = atoi(e->d_name);
		if (tid > 0 && tid != a && tid != b)
			other = tid;
	}
	if (d)
		closedir(d);
	return other;
}

/* Says who is there, waits for a word, works, says so, and waits to be killed. */
static void be_looked_at(int in, int out)
{
	static char stack[1 << 16] __attribute__((aligned(64)));
	static int never;
	char word = 0;
	struct made m = { .process = getpid() };
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	m.lwp = clone(lwp_main, stack + sizeof stack,
		CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM, &never);
	m.worker = make_worker();
	if (!m.worker)
		m.worker = other_task(m.process, m.lwp);
	if (write(out, &m, sizeof m) != sizeof m || read(in, &word, 1) != 1)
		_exit(EXIT_FAILURE);
	move_about();
	if (write(out, &word, 1) != 1)
		_exit(EXIT_FAILURE);
	for (;;)
		pause();
}

/* -- finding the kernel's own */
static unsigned long flags_of(int tid, int *parent)
{
	char path[64], line[1024];
	unsigned long flags = 0;
	snprintf(path, sizeof path, "/proc/%d/stat", tid);
	const char *rest = file_line("", path, line, sizeof line) ? strrchr(line, ')') : NULL;
	if (!rest || sscanf(rest + 1, " %*c %d %*d %*d %*d %*d %lu", parent, &flags) != 2)
		*parent = -1;
	return flags;
}

static const unsigned long kernel_thread = 0x00200000; /* PF_KTHREAD of the kernel's sched.h */

static int find_kernel_thread(const char *name)
{
	DIR *d = opendir("/proc");
	int found = 0;
	for (struct dirent *e; d && !found && (e = readdir(d));) {
		char path[300], comm[64];
		int pid = atoi(e->d_name), parent;
		snprintf(path, sizeof path, "/proc/%s/comm", e->d_name);
		if (pid > 0 && file_line("", path, comm, sizeof comm) && !strcmp(comm, name) &&
			flags_of(pid, &parent) & kernel_thread)
			found = pid;
	}
	if (d)
		closedir(d);
	return found;
}

/* -- the facts in /proc */
static void tell_space(int tid, char *text)
{
	char path[64], line[512];
	unsigned mappings = 0;
	snprintf(path, sizeof path, "/proc/%d/maps", tid);
	FILE *f = fopen(path, "re");
	if (!f) {
		snprintf(text, KERNEL_ONLY_TEXT, "not shown: %s", errno == EACCES ? "needs root" : strerror(errno));
		return;
	}
	while (fgets(line, sizeof line, f))
		mappings += strchr(line, '\n') != NULL;
	bool failed = ferror(f);
	fclose(f);
	if (failed)
		snprintf(text, KERNEL_ONLY_TEXT, "not shown: maps could not be read");
	else if (mappings)
		snprintf(text, KERNEL_ONLY_TEXT, "%u mappings", mappings);
	else
		snprintf(text, KERNEL_ONLY_TEXT, "none");
}

static void look_at(struct kernel_only_task *t, int tid, int process)
{
	int parent;
	unsigned long flags = flags_of(tid, &parent);
	if (parent < 0) {
		snprintf(t->missing, sizeof t->missing, "it is not in /proc");
		return;
	}
	bool kernels = flags & kernel_thread;
	snprintf(t->flag, sizeof t->flag, "%s", kernels ? "yes" : "no");
	snprintf(t->process, sizeof t->process, "%s", kernels ? "none" : tid == process ? "itself" : "its maker's");
	tell_space(tid, t->space);
}

/* -- instructions, in user mode and in the kernel */
struct counted {
	int fd[2]; /* -errno where it can't be counted */
};

static int count(int tid, bool user, bool inherit)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_HARDWARE,
		.size = sizeof attr,
		.config = PERF_COUNT_HW_INSTRUCTIONS,
		.exclude_kernel = user,
		.exclude_user = !user,
		.exclude_hv = 1,
		.inherit = inherit };
	long fd = syscall(SYS_perf_event_open, &attr, tid, -1, -1, PERF_FLAG_FD_CLOEXEC);
	return fd < 0 ? -errno : (int)fd;
}

static const char *why_not(int error)
{
	switch (error) {
	case -ENOENT:
	case -ENODEV:
	case -EOPNOTSUPP:
		return "no hardware counters";
	case -EACCES:
	case -EPERM:
		return "needs root";
	default:
		return strerror(-error);
	}
}

static void tell_instructions(const struct counted *c, char *text)
{
	uint64_t n[2] = { 0, 0 };
	int failed = c->fd[0] < 0 ? c->fd[0] : c->fd[1] < 0 ? c->fd[1] : 0;
	for (int i = 0; i < 2; i++)
		if (!failed && read(c->fd[i], &n[i], sizeof n[i]) != sizeof n[i])
			failed = -EIO;
	if (failed)
		snprintf(text, KERNEL_ONLY_TEXT, "not counted: %s", why_not(failed));
	else if (!n[0] && !n[1])
		snprintf(text, KERNEL_ONLY_TEXT, "not counted: it did not run meanwhile");
	else
		snprintf(text, KERNEL_ONLY_TEXT, "%llu in user mode, %llu in the kernel", (unsigned long long)n[0],
			(unsigned long long)n[1]);
	for (int i = 0; i < 2; i++)
		if (c->fd[i] >= 0)
			close(c->fd[i]);
}

/* -- all of it */
static const struct kernel_only_task blank[KERNEL_ONLY_TASKS] = {
	[KTHREADD] = { .name = "kthreadd", .words = "the kernel thread that makes all others" },
	[MIGRATION] = { .name = "migration", .words = "a kernel thread of the kernel's own, migration/N" },
	[WORKER] = { .name = "iou-sqp", .words = "io_uring's SQPOLL worker" },
	[LWP] = { .name = "lwp", .words = "an LWP by clone" },
	[PROCESS] = { .name = "process", .words = "a process by fork" },
};

static void look_at_all(struct kernel_only *k, const struct made *m, int go, int done)
{
	char stopper[32];
	int cpu[2];
	first_two(cpu);
	snprintf(stopper, sizeof stopper, "migration/%d", cpu[0]);
	int tid[KERNEL_ONLY_TASKS] = { [KTHREADD] = find_kernel_thread("kthreadd"),
		[MIGRATION] = find_kernel_thread(stopper),
		[WORKER] = m->worker,
		[LWP] = m->lwp,
		[PROCESS] = m->process };
	struct counted counted[KERNEL_ONLY_TASKS];
	bool counting = false;
	char word = 1;
	for (int i = 0; i < KERNEL_ONLY_TASKS; i++) {
		struct kernel_only_task *t = &k->task[i];
		if (tid[i] > 0)
			look_at(t, tid[i], m->process);
		else if (i == WORKER && tid[i] < 0)
			snprintf(t->missing, sizeof t->missing, "none is made here: %s", strerror(-tid[i]));
		else
			snprintf(t->missing, sizeof t->missing, "not to be seen in /proc");
		for (int user = 0; user < 2; user++)
			counted[i].fd[!user] = tid[i] > 0 ? count(tid[i], user, i == KTHREADD) : -ESRCH;
		counting |= counted[i].fd[0] >= 0;
	}
	/* nobody hears it where the process could not be made or has died */
	if (m->process && write(go, &word, 1) == 1 && read(done, &word, 1) == 1 && counting)
		nanosleep(&(struct timespec){ .tv_nsec = 50000000 }, NULL);
	for (int i = 0; i < KERNEL_ONLY_TASKS; i++)
		tell_instructions(&counted[i], k->task[i].instructions);
}

void kernel_only_probe(struct kernel_only *k)
{
	int go[2], done[2];
	struct made m = { 0 };
	memcpy(k->task, blank, sizeof blank);
	if (pipe2(go, O_CLOEXEC))
		return;
	if (pipe2(done, O_CLOEXEC)) {
		close(go[0]);
		close(go[1]);
		return;
	}
	fflush(NULL);
	pid_t child = fork();
	if (!child)
		be_looked_at(go[0], done[1]);
	close(go[0]);
	close(done[1]);
	if (child > 0 && read(done[0], &m, sizeof m) != sizeof m)
		m = (struct made){ 0 };
	look_at_all(k, &m, go[1], done[0]);
	if (child > 0 && !kill(child, SIGKILL))
		waitpid(child, NULL, 0);
	close(go[1]);
	close(done[0]);
}

void kernel_only_describe(const struct kernel_only *k, struct record *r)
{
	for (int i = 0; i < KERNEL_ONLY_TASKS; i++) {
		const struct kernel_only_task *t = &k->task[i];
		char key[64], text[5 * KERNEL_ONLY_TEXT];
		snprintf(key, sizeof key, "task.%s", t->name);
		if (*t->missing)
			snprintf(text, sizeof text, "not shown: %s", t->missing);
		else
			snprintf(text, sizeof text, "PF_KTHREAD %s; address space: %s; process: %s; instructions: %s",
				t->flag, t->space, t->process, t->instructions);
		record_set(r, key, text);
	}
}

void kernel_only_print(const struct kernel_only *k, FILE *out)
{
	fprintf(out, "%-11s %-10s %-13s %-11s %s\n", "", "PF_KTHREAD", "address space", "process", "instructions");
	for (int i = 0; i < KERNEL_ONLY_TASKS; i++) {
		const struct kernel_only_task *t = &k->task[i];
		if (*t->missing)
			fprintf(out, "%-11s not shown: %s\n", t->name, t->missing);
		else
			fprintf(out, "%-11s %-10s %-13s %-11s %s\n", t->name, t->flag, t->space, t->process,
				t->instructions);
	}
	for (int i = 0; i < KERNEL_ONLY_TASKS; i++)
		fprintf(out, "%s%-11s %s\n", i ? "" : "\n", k->task[i].name, k->task[i].words);
}
