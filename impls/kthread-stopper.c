// SPDX-License-Identifier: MIT
// kind: kernel-thread
// jobs: own
/*
 * kthread-stopper: a true kernel thread of the kernel's own, without root and without a module. A task that moves
 * itself to another CPU can't be taken off its CPU while it runs there, so the kernel switches to that CPU's
 * migration/N, which takes it and wakes it elsewhere: one switch into a kernel thread a move, and migration/N's own
 * counts in /proc prove it.
 */
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/cell/impl.h"
#include "seat.h"

/* -- finding migration/N */
static int read_line(const char *path, char *line, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, line, size - 1);
	if (fd >= 0)
		close(fd);
	line[got > 0 ? got : 0] = 0;
	line[strcspn(line, "\n")] = 0;
	return got > 0;
}

/* Anybody may call a program migration/0; PF_KTHREAD, in the kernel's flags of a task, it can't have. */
static int is_kernel_thread(int pid)
{
	const unsigned long pf_kthread = 0x00200000;
	char path[64], line[512];
	unsigned long flags = 0;
	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	const char *rest = read_line(path, line, sizeof line) ? strrchr(line, ')') : NULL;
	return rest && sscanf(rest + 1, " %*c %*d %*d %*d %*d %*d %lu", &flags) == 1 && flags & pf_kthread;
}

/* tid of migration/N for each CPU asked for; 0 where there is none to be seen. Returns how many were found. */
static unsigned find_stoppers(const int *cpu, int *tid, unsigned wanted)
{
	unsigned found = 0;
	DIR *d = opendir("/proc");
	memset(tid, 0, wanted * sizeof *tid);
	for (struct dirent *e; d && found < wanted && (e = readdir(d));) {
		char path[300], comm[32], name[32];
		snprintf(path, sizeof path, "/proc/%s/comm", e->d_name);
		if (atoi(e->d_name) <= 0 || !read_line(path, comm, sizeof comm) || strncmp(comm, "migration/", 10))
			continue;
		for (unsigned i = 0; i < wanted; i++) {
			snprintf(name, sizeof name, "migration/%d", cpu[i]);
			if (!strcmp(comm, name) && !tid[i] && is_kernel_thread(atoi(e->d_name))) {
				tid[i] = atoi(e->d_name);
				found++;
			}
		}
	}
	if (d)
		closedir(d);
	return found;
}

/* The number that the kernel gives its first pid namespace; only there are its threads to be seen. */
static int in_first_pid_namespace(void)
{
	const ino_t first = 0xeffffffc;
	struct stat ns;
	return stat("/proc/self/ns/pid", &ns) || ns.st_ino == first;
}

static unsigned allowed_cpus(int *cpu, unsigned most)
{
	size_t bytes = CPU_ALLOC_SIZE(SEAT_CPUS);
	cpu_set_t *set = CPU_ALLOC(SEAT_CPUS);
	unsigned n = 0;
	if (set && !sched_getaffinity(0, bytes, set))
		for (int i = 0; i < SEAT_CPUS && n < most; i++)
			if (CPU_ISSET_S((size_t)i, bytes, set))
				cpu[n++] = i;
	CPU_FREE(set);
	return n;
}

static const char *look_for_missing(void)
{
	int cpu[2], tid[2];
	if (arch_missing())
		return arch_missing();
	if (allowed_cpus(cpu, 2) < 2)
		return "needs two CPUs to move between, and one is allowed";
	if (find_stoppers(cpu, tid, 2) == 2)
		return NULL;
	return in_first_pid_namespace()
		       ? "migration/N is not to be seen in /proc (is it mounted with hidepid?)"
		       : "a pid namespace of its own, in whose /proc the kernel's migration/N is not to be seen";
}

/* Asked once for every entry of a list. */
static const char *stopper_missing(void)
{
	static const char *missing;
	static int known;
	if (!known)
		missing = look_for_missing();
	known = 1;
	return missing;
}

/* -- the impl as a whole: who is watched, and who keeps both CPUs awake, so that no way out of idle is in the number */
static int stopper[2];
static pid_t spinner[2];

/* A process of a group of its own: its switches are no switches of the cell. It ends with us, however we end. */
static pid_t spin(void)
{
	pid_t parent = getpid(), child = fork();
	if (child)
		return child;
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != parent)
		_exit(EXIT_FAILURE);
	for (;;)
		__asm__ volatile("");
}

/* Under SCHED_IDLE it takes no time from whoever has something to do. */
static int spin_on(int cpu, pid_t *spins)
{
	struct sched_param none = { 0 };
	struct seat seat = { 0 };
	int error = seat_take(&seat, cpu);
	if (error)
		return error;
	*spins = spin();
	if (*spins < 0)
		return -errno;
	long done = SYSTEM(SYS_sched_setaffinity, *spins, seat.bytes, seat.mask);
	/* by system call: musl's function of this name does nothing but fail */
	return done < 0 ? (int)done : (int)SYSTEM(SYS_sched_setscheduler, *spins, SCHED_IDLE, &none);
}

static void stopper_end(void)
{
	for (int i = 0; i < 2; i++) {
		if (spinner[i] > 0 && !kill(spinner[i], SIGKILL))
			waitpid(spinner[i], NULL, 0);
		spinner[i] = 0;
	}
}

static int stopper_begin(const struct point *p)
{
	if (find_stoppers(p->seat, stopper, 2) != 2)
		return -ESRCH;
	int error = spin_on(p->seat[0], &spinner[0]);
	if (!error)
		error = spin_on(p->seat[1], &spinner[1]);
	if (error)
		stopper_end();
	return error;
}

static unsigned stopper_tasks(int *tid, unsigned most)
{
	unsigned n = 0;
	for (; n < 2 && n < most && stopper[n]; n++)
		tid[n] = stopper[n];
	return n;
}

/* -- the jobs */
struct masks {
	struct seat here, there;
};

static size_t masks_bytes(const struct point *p)
{
	(void)p;
	return sizeof(struct masks);
}

static int masks_open(const struct point *p)
{
	struct masks *m = p->arena;
	if (p->seat[0] < 0 || p->seat[1] < 0)
		return -EINVAL;
	int error = seat_take(&m->here, p->seat[0]);
	if (!error)
		error = seat_take(&m->there, p->seat[1]);
	return error;
}

static void masks_close(void *arena)
{
	struct masks *m = arena;
	seat_sit(&m->here);
}

/* There and back, so that a turn ends where it began. */
static int move_loop(void *arena, uint64_t n)
{
	struct masks *m = arena;
	for (; n; n--) {
		seat_sit(&m->there);
		seat_sit(&m->here);
	}
	return 0;
}

/* The same call as often, with the CPU that we are on. (A mask that has both would be nearer still to a move, but for
 * as long as it is in force the load balancer may move us, and does.) */
static int stay_loop(void *arena, uint64_t n)
{
	struct masks *m = arena;
	for (; n; n--) {
		seat_sit(&m->here);
		seat_sit(&m->here);
	}
	return 0;
}

static const struct job move = {
	.name = "wake",
	.variant = "call=move",
	.summary = "move to another CPU and back: a switch into a kernel thread plus a wake elsewhere, each way",
	.unit = "move",
	.needs = CAP_TWO_CPUS,
	.ops = 2,
	.own = { .switches = 4,
		.elsewhere = 2,
		.calls = 2,
		.migrations = 2 }, /* ours into migration/N, and its own on */
	.arena_bytes = masks_bytes,
	.open = masks_open,
	.loop = move_loop,
	.close = masks_close,
};

static const struct job stay = {
	.name = "wake",
	.variant = "call=no-move",
	.summary = "the same call with the CPU that we are on: no switch and no wake",
	.unit = "call",
	.needs = CAP_TWO_CPUS,
	.ops = 2,
	.own = { .calls = 2 },
	.arena_bytes = masks_bytes,
	.open = masks_open,
	.loop = stay_loop,
	.close = masks_close,
};

static const struct job *const jobs[] = { &move, &stay, NULL };

static const struct impl instance = {
	.name = IMPL_NAME,
	.wait = "none",
	.kind = "kernel-thread",
	.stack = "the kernel's, of the size that it was built with",
	.saves = "nothing of user mode, which it never enters",
	.summary = "the kernel's own migration/N: a switch into a kernel thread plus a wake elsewhere",
	.caps = CAP_KERNEL | CAP_TWO_CPUS,
	.missing = stopper_missing,
	.begin = stopper_begin,
	.end = stopper_end,
	.tasks = stopper_tasks,
	.jobs = jobs,
};

__attribute__((used, section("impls"))) static const struct impl *const entry = &instance;
