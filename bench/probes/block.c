// SPDX-License-Identifier: MIT
/*
 * block: what becomes of the others' work while one context sits in a blocking system call. A probe: it blocks on
 * purpose where the verbs never do, and calls the libraries of user threads by their own names.
 *
 * Contexts count, in turn: each does a piece of work, adds one and lets the next go on. One turn is two windows of
 * about the same length. In the first whoever runs the loop waits as its kind of context does, until the others have
 * counted to the goal: what they do when nobody blocks, the control. In the second it sits in read(2), on a timer
 * that lets it go after that time; nobody else takes part in that. share% is how fast they counted meanwhile, in
 * percent of how fast they did before: all of it where others carry the work on, nothing where it stood still.
 */
#include <sched.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "../../harness/cell/clock.h"
#include "../../harness/cell/impl.h"
#include "../../impls/guard.h"
#include "../../impls/library/mn.h"
#include "../../impls/library/uthreads.h"
#include "../../impls/stack.h"
#include "../../impls/system.h"

enum {
	COUNTERS = 4, /* contexts that count, for each LWP that carries them */
	COUNTERS_MOST = 256,
	PIECE = 1 << 14,          /* additions: a few microseconds */
	WINDOW_NS = 10 * 1000000, /* some slices of a scheduler, and thousands of pieces */
};

struct counter {
	struct block *block;
	union {
		struct {
			struct ut_thread *thread;
			struct ut_sem gate;
		} ut;
		struct mn_thread *mn;
		struct {
			struct stack stack;
			uint32_t turn;
			int tid;
		} lwp;
	};
} __attribute__((aligned(128)));

struct block {
	/* constant while they run */
	const struct clock_facts *clock;
	unsigned counters;
	int timer;
	uint64_t goal;
	/* by anybody */
	uint64_t count __attribute__((aligned(128)));
	unsigned parked;
	int open, told, ends, quit;
	/* whoever runs the loop waits here */
	struct ut_sem gate;
	uint32_t turn;
	/* by whoever runs the loop: of the turns since the last reading */
	double alone, blocked; /* counts a tick, summed */
	uint64_t turns;
	struct counter counter[];
};

/* What the three differ in. Each is a constant, so that the compiler sees through it. */
struct kind {
	void (*wait)(struct block *);   /* whoever runs the loop, for its turn */
	void (*wake)(struct block *);   /* it, by a counter */
	void (*park)(struct counter *); /* a counter, until let go */
	void (*let_go)(struct counter *);
	void (*next)(void);                     /* the others' turn */
	void (*blocks)(void), (*blocked)(void); /* around the call */
};

static void nothing(void)
{
}

#define INLINE static inline __attribute__((always_inline))

/* -- counting */
INLINE void counter_runs(struct counter *me, const struct kind *kind)
{
	struct block *b = me->block;
	for (;;) {
		if (__atomic_add_fetch(&b->parked, 1, __ATOMIC_ACQ_REL) == b->counters)
			kind->wake(b);
		kind->park(me);
		if (__atomic_load_n(&b->quit, __ATOMIC_ACQUIRE))
			return;
		while (__atomic_load_n(&b->open, __ATOMIC_ACQUIRE)) {
			arch_chain(PIECE);
			uint64_t count = __atomic_add_fetch(&b->count, 1, __ATOMIC_ACQ_REL);
			if (b->ends && count >= b->goal && !__atomic_exchange_n(&b->told, 1, __ATOMIC_ACQ_REL))
				kind->wake(b);
			kind->next();
		}
	}
}

/* Starts all, waits in one way or the other, and has all of them parked again. How many a tick they counted. */
INLINE double window(struct block *b, const struct kind *kind, int blocks)
{
	uint64_t expirations;
	b->count = 0;
	b->parked = 0;
	b->told = 0;
	b->ends = !blocks;
	__atomic_store_n(&b->open, 1, __ATOMIC_RELEASE);
	uint64_t begin = clock_read(b->clock);
	for (unsigned i = 0; i < b->counters; i++)
		kind->let_go(&b->counter[i]);
	if (blocks) {
		kind->blocks();
		SYSTEM(SYS_read, b->timer, &expirations, sizeof expirations);
		kind->blocked();
	} else {
		kind->wait(b);
	}
	uint64_t count = __atomic_load_n(&b->count, __ATOMIC_ACQUIRE), end = clock_read(b->clock);
	__atomic_store_n(&b->open, 0, __ATOMIC_RELEASE);
	kind->wait(b);
	return (double)count / (double)(end - begin);
}

INLINE int block_loop(struct block *b, uint64_t n, const struct kind *kind)
{
	static const struct itimerspec once = { .it_value = { .tv_nsec = WINDOW_NS } };
	for (; n; n--) {
		b->alone += window(b, kind, 0);
		if (timerfd_settime(b->timer, 0, &once, NULL))
			return -errno;
		b->blocked += window(b, kind, 1);
		b->turns++;
	}
	return 0;
}

/* -- what all of them begin and end with */
static unsigned counters_of(const struct point *p)
{
	unsigned counters = COUNTERS * (p->workers ? p->workers : 1);
	return counters < COUNTERS_MOST ? counters : COUNTERS_MOST;
}

static size_t block_bytes(const struct point *p)
{
	return sizeof(struct block) + counters_of(p) * sizeof(struct counter);
}

/* So many that they take about as long as the timer. */
static uint64_t pieces_in_window(const struct clock_facts *clock, unsigned workers)
{
	enum { TRIES = 16 };
	uint64_t least = UINT64_MAX;
	for (int i = 0; i < TRIES; i++) {
		uint64_t begin = clock_read(clock);
		arch_chain(PIECE);
		uint64_t took = clock_read(clock) - begin;
		least = took < least ? took : least;
	}
	return 1 + (uint64_t)(clock->hz / 1e9 * WINDOW_NS / (double)(least + 1)) * (workers ? workers : 1);
}

static int block_begin(const struct point *p)
{
	struct block *b = p->arena;
	b->clock = p->clock;
	b->counters = counters_of(p);
	b->goal = pieces_in_window(p->clock, p->workers);
	for (unsigned i = 0; i < b->counters; i++)
		b->counter[i].block = b;
	b->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	return b->timer < 0 ? -errno : 0;
}

static const struct reading block_readings[] = { { "share%", READ_NUMBER }, { "alone-counts/ms", READ_NUMBER },
	{ "blocked-counts/ms", READ_NUMBER }, { 0 } };

static void block_read(void *arena, uint64_t turns, double *value)
{
	struct block *b = arena;
	double a_ms = b->clock->hz / 1e3 / (double)b->turns;
	(void)turns;
	value[0] = 100 * b->blocked / b->alone;
	value[1] = b->alone * a_ms;
	value[2] = b->blocked * a_ms;
	b->alone = b->blocked = 0;
	b->turns = 0;
}

/* -- uthread: N:1 */
static void ut_block_wait(struct block *b)
{
	ut_sem_wait(&b->gate);
}

static void ut_block_wake(struct block *b)
{
	ut_sem_post(&b->gate);
}

static void ut_counter_parks(struct counter *c)
{
	ut_sem_wait(&c->ut.gate);
}

static void ut_counter_let_go(struct counter *c)
{
	ut_sem_post(&c->ut.gate);
}

static void ut_counter_next(void)
{
	ut_yield();
}

static const struct kind ut_kind = { ut_block_wait, ut_block_wake, ut_counter_parks, ut_counter_let_go, ut_counter_next,
	nothing, nothing };

static struct ut_thread *ut_counter(void *arg)
{
	counter_runs(arg, &ut_kind);
	return NULL;
}

static int ut_block_loop(void *arena, uint64_t n)
{
	return block_loop(arena, n, &ut_kind);
}

static void ut_block_close(void *arena)
{
	struct block *b = arena;
	b->quit = 1;
	for (unsigned i = 0; i < b->counters; i++)
		if (b->counter[i].ut.thread) {
			ut_counter_let_go(&b->counter[i]);
			ut_join(b->counter[i].ut.thread);
		}
	ut_end();
	close(b->timer);
}

static int ut_block_open(const struct point *p)
{
	struct block *b = p->arena;
	int error = block_begin(p);
	if (error)
		return error;
	ut_begin();
	for (unsigned i = 0; i < b->counters && !error; i++)
		error = ut_spawn(&b->counter[i].ut.thread, ut_counter, &b->counter[i]);
	if (error)
		ut_block_close(b);
	else
		ut_block_wait(b);
	return error;
}

/* -- mn: M:N */
static void mn_block_wait(struct block *b)
{
	(void)b;
	mn_park(mn_self());
}

static void mn_block_wake(struct block *b)
{
	(void)b;
	mn_unpark(mn_self(), &mn.first);
}

static void mn_counter_parks(struct counter *c)
{
	(void)c;
	mn_park(mn_self());
}

static void mn_counter_let_go(struct counter *c)
{
	mn_unpark(mn_self(), c->mn);
}

static void mn_counter_next(void)
{
	mn_yield(mn_self());
}

static const struct kind mn_kind = { mn_block_wait, mn_block_wake, mn_counter_parks, mn_counter_let_go, mn_counter_next,
	nothing, nothing };
static const struct kind mn_announced = { mn_block_wait, mn_block_wake, mn_counter_parks, mn_counter_let_go,
	mn_counter_next, mn_block_begin, mn_block_end };

static struct mn_thread *mn_counter(void *arg)
{
	counter_runs(arg, &mn_kind);
	return NULL;
}

static int mn_block_loop(void *arena, uint64_t n)
{
	return block_loop(arena, n, &mn_kind);
}

static int mn_announced_loop(void *arena, uint64_t n)
{
	return block_loop(arena, n, &mn_announced);
}

static void mn_block_close(void *arena)
{
	struct block *b = arena;
	__atomic_store_n(&b->quit, 1, __ATOMIC_RELEASE);
	for (unsigned i = 0; i < b->counters; i++)
		if (b->counter[i].mn) {
			mn_counter_let_go(&b->counter[i]);
			mn_join(mn_self(), b->counter[i].mn);
		}
	mn_end();
	close(b->timer);
}

static int mn_block_open(const struct point *p)
{
	struct block *b = p->arena;
	int error = block_begin(p);
	if (error)
		return error;
	error = mn_begin(p->workers);
	if (error) {
		close(b->timer);
		return error;
	}
	for (unsigned i = 0; i < b->counters && !error; i++)
		error = mn_spawn(mn_self(), &b->counter[i].mn, mn_counter, &b->counter[i]);
	if (error)
		mn_block_close(b);
	else
		mn_block_wait(b);
	return error;
}

/* -- lwp: 1:1. A word that says whose turn it is, as in the wait of that name. */
static void turn_give(uint32_t *turn)
{
	__atomic_store_n(turn, 1, __ATOMIC_RELEASE);
	SYSTEM(SYSTEM_FUTEX, turn, FUTEX_WAKE_PRIVATE, 1);
}

static void turn_take(uint32_t *turn)
{
	while (!__atomic_exchange_n(turn, 0, __ATOMIC_ACQUIRE))
		SYSTEM(SYSTEM_FUTEX, turn, FUTEX_WAIT_PRIVATE, 0);
}

static void lwp_block_wait(struct block *b)
{
	turn_take(&b->turn);
}

static void lwp_block_wake(struct block *b)
{
	turn_give(&b->turn);
}

static void lwp_counter_parks(struct counter *c)
{
	turn_take(&c->lwp.turn);
}

static void lwp_counter_let_go(struct counter *c)
{
	turn_give(&c->lwp.turn);
}

static void lwp_counter_next(void)
{
	SYSTEM(SYS_sched_yield);
}

static const struct kind lwp_kind = { lwp_block_wait, lwp_block_wake, lwp_counter_parks, lwp_counter_let_go,
	lwp_counter_next, nothing, nothing };

static void lwp_counter(void *arg)
{
	counter_runs(arg, &lwp_kind);
}

static int lwp_block_loop(void *arena, uint64_t n)
{
	return block_loop(arena, n, &lwp_kind);
}

static int lwp_counter_spawn(struct counter *c)
{
	const unsigned long flags =
		CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_CHILD_CLEARTID;
	int error = stack_get(&c->lwp.stack);
	if (error)
		return error;
	c->lwp.tid = 1;
	long tid = arch_clone(flags, stack_top(&c->lwp.stack), lwp_counter, c, &c->lwp.tid);
	if (tid < 0)
		stack_put(&c->lwp.stack);
	return tid < 0 ? (int)tid : 0;
}

static void lwp_counter_join(struct counter *c)
{
	int tid;
	while ((tid = __atomic_load_n(&c->lwp.tid, __ATOMIC_ACQUIRE)))
		SYSTEM(SYSTEM_FUTEX, &c->lwp.tid, FUTEX_WAIT, tid);
	stack_put(&c->lwp.stack);
}

static void lwp_block_close(void *arena)
{
	struct block *b = arena;
	__atomic_store_n(&b->quit, 1, __ATOMIC_RELEASE);
	for (unsigned i = 0; i < b->counters; i++)
		if (b->counter[i].lwp.stack.base) {
			lwp_counter_let_go(&b->counter[i]);
			lwp_counter_join(&b->counter[i]);
		}
	close(b->timer);
}

static int lwp_block_open(const struct point *p)
{
	struct block *b = p->arena;
	int error = block_begin(p);
	if (error)
		return error;
	for (unsigned i = 0; i < b->counters && !error; i++)
		error = lwp_counter_spawn(&b->counter[i]);
	if (error)
		lwp_block_close(b);
	else
		lwp_block_wait(b);
	return error;
}

/* -- a turn is one sample: it is long, and how long says nothing. Whoever can't do without its LWP gives the CPU up
 * once a turn, in the call; what else is asked of the kernel depends on the clock, on libraries and on the queue. */
#define BLOCK(which, words, opens, loops, closes, gives_up)                                                            \
	&(const struct job)                                                                                            \
	{                                                                                                              \
		.name = "block", .variant = "read=" which, .summary = words, .unit = "op", .ops = 1, .turns_most = 1,  \
		.turn_s = 2.5 * WINDOW_NS / 1e9, .samples_most = 8,                                                    \
		.own = { .switches = gives_up, .calls = NOT_CLAIMED }, .readings = block_readings,                     \
		.arena_bytes = block_bytes, .open = opens, .loop = loops, .close = closes, .read = block_read,         \
	}

static const struct job *const ut_jobs[] = {
	BLOCK("plain", "one reads and blocks: what the others do meanwhile", ut_block_open, ut_block_loop,
		ut_block_close, 1),
	NULL,
};
static const struct job *const mn_jobs[] = {
	BLOCK("plain", "one reads and blocks, its LWP with it", mn_block_open, mn_block_loop, mn_block_close, 1),
	BLOCK("announced", "one says that it will block: another LWP is woken", mn_block_open, mn_announced_loop,
		mn_block_close, NOT_CLAIMED),
	NULL,
};
static const struct job *const lwp_jobs[] = {
	BLOCK("plain", "one reads and blocks: what the others do meanwhile", lwp_block_open, lwp_block_loop,
		lwp_block_close, NOT_CLAIMED),
	NULL,
};

static const char *user_missing(void)
{
	return guard_missing(ARCH_SHADOW_STACK | ARCH_MARKED_JUMPS);
}

static const struct impl ut_probe = {
	.name = "uthread",
	.wait = "none",
	.kind = "user-thread",
	.saves = "callee-saved registers; not the floating-point control words",
	.stack = "64 KiB above a guard page, from its free list",
	.summary = "our scheduler, N:1: run queue, mutex, condition, semaphore",
	.caps = CAP_HANDOFF | CAP_QUEUE,
	.missing = user_missing,
	.jobs = ut_jobs,
};

static const struct impl mn_probe = {
	.name = "mn",
	.wait = "none",
	.kind = "user-thread",
	.saves = "callee-saved registers; not the floating-point control words",
	.stack = "64 KiB above a guard page, from its free lists",
	.summary = "our scheduler, M:N: a deque for each LWP, work stealing",
	.caps = CAP_HANDOFF | CAP_QUEUE | CAP_WORKERS,
	.missing = user_missing,
	.jobs = mn_jobs,
};

static const struct impl lwp_probe = {
	.name = "lwp",
	.wait = "none",
	.kind = "lwp",
	.saves = "all of user mode's registers, by the kernel",
	.stack = "64 KiB above a guard page, ours, reused",
	.summary = "raw clone, everything shared, no libc",
	.caps = CAP_KERNEL | CAP_THREAD_GROUP | CAP_SAVES_FP,
	.missing = arch_missing,
	.jobs = lwp_jobs,
};

/* One by one: an array would be aligned, and the gap before it taken for an impl. */
#define ENTER(probe) __attribute__((used, section("impls"))) static const struct impl *const probe##_entry = &probe;
ENTER(ut_probe)
ENTER(mn_probe)
ENTER(lwp_probe)
