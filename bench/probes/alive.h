// SPDX-License-Identifier: MIT
/*
 * Contexts that are kept alive, for the probes that ask how much memory each takes and how many there can be: each has
 * been made, has run, and waits until all are let go. Nothing here is in a loop that is timed for its own sake, so a
 * kind of context is a table of functions. All static: each probe that includes it has its own.
 */
#ifndef BENCH_PROBES_ALIVE_H
#define BENCH_PROBES_ALIVE_H

#include <pthread.h>
#include <sched.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../harness/cell/verbs.h"
#include "../../impls/library/uthreads.h"
#include "../../impls/uthread-jmp.c"

/* By what one of them is found again. It lies in the arena, and so in no context's own memory. */
union alive_one {
	pid_t pid;
	int tid; /* of an LWP; cleared by the kernel when it has ended */
	pthread_t thread;
	struct ut_thread *user;
	struct ctx jmp;
};

/* In the arena, which processes see too. */
struct alive {
	uint32_t arrived CTX_APART, gate CTX_APART; /* futexes: how many have run; may they end? */
	const struct alive_kind *kind CTX_APART;
	uint64_t made;
	union alive_one one[];
};

struct alive_kind {
	int (*make)(struct alive *, union alive_one *);    /* 0 or -errno */
	void (*unmake)(struct alive *, union alive_one *); /* once the gate is open */
	void (*begin)(void), (*end)(void);                 /* before the first and after the last; may be NULL */
	int by_kernel;                                     /* is scheduled by it, and has to be waited for */
};

/* -- what every context of the kernel's does. No libc: an LWP by raw clone has none. */
static void alive_wait(struct alive *a)
{
	__atomic_add_fetch(&a->arrived, 1, __ATOMIC_ACQ_REL);
	SYSTEM(SYSTEM_FUTEX, &a->arrived, FUTEX_WAKE, 1);
	while (!__atomic_load_n(&a->gate, __ATOMIC_ACQUIRE))
		SYSTEM(SYSTEM_FUTEX, &a->gate, FUTEX_WAIT, 0);
}

/* One that is killed before it has run, as by a kernel short of memory, must not hold us for ever. */
static int alive_arrived(struct alive *a)
{
	enum { SECONDS_MOST = 10 };
	const struct timespec second = { .tv_sec = 1 };
	uint32_t seen;
	for (int waited = 0; (seen = __atomic_load_n(&a->arrived, __ATOMIC_ACQUIRE)) < a->made;)
		if (SYSTEM(SYSTEM_FUTEX, &a->arrived, FUTEX_WAIT, seen, &second) == -ETIMEDOUT &&
			++waited == SECONDS_MOST)
			return -ETIME;
	return 0;
}

/* -- processes */
static int alive_process_make(struct alive *a, union alive_one *one)
{
	pid_t pid = fork();
	if (!pid) {
		alive_wait(a);
		_exit(0);
	}
	one->pid = pid;
	return pid < 0 ? -errno : 0;
}

static void alive_process_unmake(struct alive *a, union alive_one *one)
{
	(void)a;
	while (waitpid(one->pid, NULL, 0) < 0 && errno == EINTR)
		;
}

/* -- LWPs. Their stacks are like a user thread's: nothing of them exists but what was touched. */
static struct stacks alive_stacks;

static void alive_lwp_main(void *arg)
{
	alive_wait(arg);
}

static int alive_lwp_make(struct alive *a, union alive_one *one)
{
	enum { SHARES_ALL = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM };
	char *top;
	int error = stacks_new(&alive_stacks, &top);
	if (error)
		return error;
	one->tid = 1; /* until the kernel clears it */
	long tid = arch_clone(SHARES_ALL | CLONE_CHILD_CLEARTID, top, alive_lwp_main, a, &one->tid);
	return tid < 0 ? (int)tid : 0;
}

static void alive_lwp_unmake(struct alive *a, union alive_one *one)
{
	int tid;
	(void)a;
	while ((tid = __atomic_load_n(&one->tid, __ATOMIC_ACQUIRE)))
		SYSTEM(SYSTEM_FUTEX, &one->tid, FUTEX_WAIT, tid);
}

static void alive_lwp_end(void)
{
	stacks_end(&alive_stacks);
}

/* -- pthreads, with the stack that impl pthread asks for */
static pthread_attr_t alive_attributes;

static void alive_pthread_begin(void)
{
	long least = sysconf(_SC_THREAD_STACK_MIN);
	pthread_attr_init(&alive_attributes);
	pthread_attr_setstacksize(&alive_attributes, least > STACK_BYTES ? (size_t)least : STACK_BYTES);
}

static void alive_pthread_end(void)
{
	pthread_attr_destroy(&alive_attributes);
}

static void *alive_pthread_main(void *arg)
{
	alive_wait(arg);
	return NULL;
}

static int alive_pthread_make(struct alive *a, union alive_one *one)
{
	return -pthread_create(&one->thread, &alive_attributes, alive_pthread_main, a);
}

static void alive_pthread_unmake(struct alive *a, union alive_one *one)
{
	(void)a;
	pthread_join(one->thread, NULL);
}

/* -- user threads of the library */
static struct ut_sem alive_door;

static struct ut_thread *alive_user_main(void *arg)
{
	struct alive *a = arg;
	a->arrived++;
	ut_sem_wait(&alive_door);
	return NULL;
}

static int alive_user_make(struct alive *a, union alive_one *one)
{
	int error = ut_spawn(&one->user, alive_user_main, a);
	if (!error)
		ut_yield(); /* it runs, and waits */
	return error;
}

static void alive_user_unmake(struct alive *a, union alive_one *one)
{
	(void)a;
	ut_sem_post(&alive_door);
	ut_join(one->user);
}

/* -- user threads that are switched by name. What is in one of their contexts is named by its own struct. */
static struct ctx alive_jmp_self;

static struct ctx *alive_jmp_main(void *arg)
{
	ctx_handoff(arg, &alive_jmp_self);
	return NULL;
}

static int alive_jmp_make(struct alive *a, union alive_one *one)
{
	int error = ctx_ready(&one->jmp, -1);
	if (error)
		return error;
	error = ctx_spawn(&one->jmp, alive_jmp_main, &one->jmp);
	if (error) {
		ctx_release(&one->jmp);
		return error;
	}
	ctx_handoff(&alive_jmp_self, &one->jmp);
	a->arrived++;
	return 0;
}

static void alive_jmp_unmake(struct alive *a, union alive_one *one)
{
	(void)a;
	ctx_join(&alive_jmp_self, &one->jmp);
	ctx_release(&one->jmp);
}

/* -- nothing at all: the control */
static int alive_null_make(struct alive *a, union alive_one *one)
{
	(void)one;
	a->arrived++;
	return 0;
}

static void alive_null_unmake(struct alive *a, union alive_one *one)
{
	(void)a;
	(void)one;
}

static const struct alive_kind alive_process = { alive_process_make, alive_process_unmake, NULL, NULL, 1 };
static const struct alive_kind alive_lwp = { alive_lwp_make, alive_lwp_unmake, NULL, alive_lwp_end, 1 };
static const struct alive_kind alive_pthread = { alive_pthread_make, alive_pthread_unmake, alive_pthread_begin,
	alive_pthread_end, 1 };
static const struct alive_kind alive_user = { alive_user_make, alive_user_unmake, ut_begin, ut_end, 0 };
static const struct alive_kind alive_jmp = { alive_jmp_make, alive_jmp_unmake, NULL, NULL, 0 };
static const struct alive_kind alive_null = { alive_null_make, alive_null_unmake, NULL, NULL, 0 };

static const char *alive_missing_nowhere(void)
{
	return NULL;
}

/* -- all of them */
static size_t alive_bytes(uint64_t most)
{
	return sizeof(struct alive) + most * sizeof(union alive_one);
}

static void alive_begin(struct alive *a, const struct alive_kind *kind)
{
	a->kind = kind;
	a->made = a->arrived = a->gate = 0;
	if (kind->begin)
		kind->begin();
}

/* One more, which has run when this returns. 0 or -errno. */
static int alive_more(struct alive *a)
{
	int error = a->kind->make(a, &a->one[a->made]);
	if (error)
		return error;
	a->made++;
	return a->kind->by_kernel ? alive_arrived(a) : 0;
}

/* Lets all of them go and waits until they have ended. */
static void alive_end(struct alive *a)
{
	__atomic_store_n(&a->gate, 1, __ATOMIC_RELEASE);
	if (a->kind->by_kernel)
		SYSTEM(SYSTEM_FUTEX, &a->gate, FUTEX_WAKE, INT32_MAX);
	for (uint64_t i = 0; i < a->made; i++)
		a->kind->unmake(a, &a->one[i]);
	if (a->kind->end)
		a->kind->end();
	a->made = 0;
}

/* What the probes that make as many as there can be have in common: of a job, by the functions of its file, one turn is one
 * sample; and that a job is an impl's only one. */
#define ALIVE_JOB(what)                                                                                                \
	.unit = "op", .ops = 1, .batch = 1, .turns_most = 1, .samples_most = 1, .readings = what##_readings,           \
	.loop = what##_loop, .settle = what##_settle, .close = what##_close, .read = what##_read, .say = what##_say

#define ALIVE_ENTRY(id, called, is, can, why_missing)                                                                  \
	static const struct job *const id##_jobs[] = { &id##_job, NULL };                                              \
	static const struct impl id = {                                                                                \
		.name = called, .wait = "none", .kind = is, .caps = can, .missing = why_missing, .jobs = id##_jobs     \
	};                                                                                                             \
	__attribute__((used, section("impls"))) static const struct impl *const id##_entry = &id

#endif
