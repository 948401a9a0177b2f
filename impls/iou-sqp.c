// SPDX-License-Identifier: MIT
// needs: liburing.h
// links: -luring
// kind: lwp
// jobs: own
/*
 * iou-sqp: the worker that the kernel makes for a ring with IORING_SETUP_SQPOLL. It belongs to the process, shares all
 * of its resources and is listed among its threads, but it never leaves the kernel: an LWP without a user mode. It
 * looks for work by itself; only when it has found none for sq_thread_idle, a tick of the timer at least, does it
 * sleep.
 */
#include <dirent.h>
#include <fcntl.h>
#include <liburing.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "harness/cell/impl.h"
#include "system.h"

/* For so long a worker looks on when it has found nothing. */
enum { LEAST_IDLE_MS = 1, MOST_IDLE_MS = 60000 };
enum { ENTRIES = 8 };

/* -- may it be made here? */
static int disabled(void)
{
	char digits[16] = "";
	int fd = open("/proc/sys/kernel/io_uring_disabled", O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, digits, sizeof digits - 1);
	if (fd >= 0)
		close(fd);
	return got > 0 ? atoi(digits) : 0;
}

static const char *refused(int error)
{
	static char text[120];
	int value = error == -EPERM ? disabled() : 0;
	if (value)
		snprintf(text, sizeof text, "io_uring is off: kernel.io_uring_disabled=%d", value);
	else if (error == -ENOSYS)
		snprintf(text, sizeof text,
			"no io_uring: this kernel or a seccomp filter answers io_uring_setup with ENOSYS");
	else
		snprintf(text, sizeof text, "a ring with SQPOLL is refused: %s%s", strerror(-error),
			error == -EPERM ? " (a seccomp filter?)" : "");
	return text;
}

/* The worker is the only other task of this process. 0 where /proc does not show it. */
static int find_worker(void)
{
	DIR *d = opendir("/proc/self/task");
	int tid = 0;
	for (struct dirent *e; d && (e = readdir(d));)
		if (atoi(e->d_name) > 0 && atoi(e->d_name) != getpid())
			tid = atoi(e->d_name);
	if (d)
		closedir(d);
	return tid;
}

/* An ended task stays listed for a moment; on whatever CPU it was, it must not be taken for one of those that are
 * measured. */
static void wait_until_gone(void)
{
	for (int tries = 0; find_worker() && tries < 200; tries++)
		nanosleep(&(struct timespec){ .tv_nsec = 5000000 }, NULL);
}

static const char *look_for_missing(void)
{
	struct io_uring_params params = { .flags = IORING_SETUP_SQPOLL };
	struct io_uring ring;
	if (arch_missing())
		return arch_missing();
	int error = io_uring_queue_init_params(ENTRIES, &ring, &params);
	if (error)
		return refused(error);
	io_uring_queue_exit(&ring);
	wait_until_gone();
	return params.features & IORING_FEAT_NATIVE_WORKERS
		       ? NULL
		       : "this kernel is too old: its SQPOLL worker is no LWP of the process (Linux 5.12 on)";
}

/* Asked once for every entry of a list. */
static const char *worker_missing(void)
{
	static const char *missing;
	static int known;
	if (!known)
		missing = look_for_missing();
	known = 1;
	return missing;
}

/* Without IORING_SETUP_SQ_AFF the worker leaves the CPUs of its maker for any that is online. */
static int ring_open(struct io_uring *ring, int cpu, unsigned idle_ms)
{
	struct io_uring_params params = { .flags = IORING_SETUP_SQPOLL | IORING_SETUP_SQ_AFF,
		.sq_thread_idle = idle_ms,
		.sq_thread_cpu = (unsigned)cpu };
	return cpu < 0 ? -EINVAL : io_uring_queue_init_params(ENTRIES, ring, &params);
}

/* -- spawn: the ring is the only way to have its worker. Its end is no part of what can be timed: the kernel takes a
 * ring down by and by, long after the call. */
struct made {
	int cpu, open;
	uint64_t workers;
	struct io_uring ring;
};

static size_t made_bytes(const struct point *p)
{
	(void)p;
	return sizeof(struct made);
}

static int made_open(const struct point *p)
{
	struct made *m = p->arena;
	m->cpu = p->seat[0];
	return 0;
}

static int make_loop(void *arena, uint64_t n)
{
	struct made *m = arena;
	for (; n; n--) {
		int error = ring_open(&m->ring, m->cpu, LEAST_IDLE_MS);
		if (error)
			return error;
		m->open = 1;
		m->workers++;
	}
	return 0;
}

static void made_settle(void *arena)
{
	struct made *m = arena;
	if (m->open)
		io_uring_queue_exit(&m->ring);
	m->open = 0;
	wait_until_gone();
}

static uint64_t made_workers(const void *arena)
{
	const struct made *m = arena;
	return m->workers;
}

/* -- hand-offs: one no-op is given to the worker, and slept for until it is done */
struct served {
	struct io_uring ring;
	uint64_t done;
};

static size_t served_bytes(const struct point *p)
{
	(void)p;
	return sizeof(struct served);
}

static int serve_one(struct served *s)
{
	struct io_uring_sqe *todo = io_uring_get_sqe(&s->ring);
	if (!todo)
		return -EAGAIN;
	io_uring_prep_nop(todo);
	int error = io_uring_submit_and_wait(&s->ring, 1);
	struct io_uring_cqe *done;
	if (error >= 0)
		error = io_uring_wait_cqe(&s->ring, &done);
	if (error < 0)
		return error;
	error = done->res;
	io_uring_cqe_seen(&s->ring, done);
	s->done++;
	return error;
}

static int serve_loop(void *arena, uint64_t n)
{
	for (; n; n--) {
		int error = serve_one(arena);
		if (error)
			return error;
	}
	return 0;
}

/* Each of them is two hand-offs. */
static uint64_t served_handoffs(const void *arena)
{
	const struct served *s = arena;
	return 2 * s->done;
}

static void served_close(void *arena)
{
	struct served *s = arena;
	io_uring_queue_exit(&s->ring);
}

/*
 * On one CPU it never gets to sleep. It would go on looking for work when it has woken us, until its slice is over; so
 * it is put under SCHED_IDLE, from which a woken task takes the CPU at once: a switch to it when we sleep, and one from
 * it.
 */
static int switch_open(const struct point *p)
{
	struct served *s = p->arena;
	struct sched_param none = { 0 };
	int error = ring_open(&s->ring, p->seat[0], MOST_IDLE_MS);
	if (error)
		return error;
	int worker = find_worker();
	long done = worker ? SYSTEM(SYS_sched_setscheduler, worker, SCHED_IDLE, &none) : -ESRCH;
	if (done < 0)
		io_uring_queue_exit(&s->ring);
	return done < 0 ? (int)done : 0;
}

/* Until it sleeps, on the other CPU. It says so a moment before; the way into idle takes some more. */
static void wake_settle(void *arena)
{
	enum { A_LOOK = 1 << 10, INTO_IDLE = 1 << 18 }; /* additions: a tenth of a millisecond, about */
	struct served *s = arena;
	while (!(__atomic_load_n(s->ring.sq.kflags, __ATOMIC_ACQUIRE) & IORING_SQ_NEED_WAKEUP))
		arch_chain(A_LOOK);
	arch_chain(INTO_IDLE);
}

static int wake_open(const struct point *p)
{
	struct served *s = p->arena;
	int error = ring_open(&s->ring, p->seat[1], LEAST_IDLE_MS);
	if (!error)
		wake_settle(s);
	return error;
}

static const struct job spawn = {
	.name = "spawn",
	.summary = "a ring set up with its worker, taken down outside the clock",
	.unit = "op",
	.ops = 1,
	.spawns = 1,
	.batch = 1,
	.settle_s = 0.03,
	.turns_most = 1,
	.arena_bytes = made_bytes,
	.open = made_open,
	.loop = make_loop,
	.settle = made_settle,
	.close = made_settle,
	.bodies = made_workers,
};

static const struct job switches = {
	.name = "switch",
	.summary = "hand one CPU to the worker with a no-op to do, and be handed it back",
	.unit = "switch",
	.ops = 2,
	.handoffs = 2,
	.arena_bytes = served_bytes,
	.open = switch_open,
	.loop = serve_loop,
	.close = served_close,
	.bodies = served_handoffs,
};

static const struct job wake = {
	.name = "wake",
	.summary = "wake the sleeping worker on another CPU with a no-op to do, and be woken by it",
	.unit = "wake",
	.needs = CAP_TWO_CPUS,
	.ops = 2,
	.handoffs = 2,
	.batch = 1,
	.turns_most = 1, /* it falls asleep in a thousand times what its waking takes */
	.arena_bytes = served_bytes,
	.open = wake_open,
	.loop = serve_loop,
	.settle = wake_settle,
	.close = served_close,
	.bodies = served_handoffs,
};

static const struct job *const jobs[] = { &spawn, &switches, &wake, NULL };

static const struct impl instance = {
	.name = IMPL_NAME,
	.wait = "none",
	.kind = "lwp",
	.stack = "the kernel's, of the size that it was built with",
	.saves = "nothing of user mode, which it never enters",
	.summary = "io_uring's SQPOLL worker: a kernel-only LWP, no kernel thread",
	.caps = CAP_KERNEL | CAP_THREAD_GROUP | CAP_TWO_CPUS | CAP_LIBC_SPAWN | CAP_PREEMPTED | CAP_TASKS_UNSEEN,
	.per_spawn = { .switches = NOT_CLAIMED },
	.per_handoff = { .switches = 1, .calls = 0.5 },
	.missing = worker_missing,
	.jobs = jobs,
};

__attribute__((used, section("impls"))) static const struct impl *const entry = &instance;
