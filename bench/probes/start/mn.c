// SPDX-License-Identifier: MIT
/*
 * start of one user thread over two LWPs, each pinned to a CPU of its own. Who makes it does not give its own LWP up
 * meanwhile, so the other one takes it: which looks for work, or has found none for a while, sleeps, and is woken.
 */
#include "../../../impls/library/mn.h"

#include "../../../impls/guard.h"
#include "../../../impls/seat.h"
#include "start.h"

struct start {
	struct seat seat;
	unsigned cpu; /* of the other LWP, once it sits there */
	struct started started;
};

static size_t start_bytes(const struct point *p)
{
	(void)p;
	return sizeof(struct start);
}

static struct mn_thread *start_sit(void *arg)
{
	struct start *s = arg;
	seat_sit(&s->seat);
	SYSTEM(SYS_getcpu, &s->cpu, NULL, NULL);
	__atomic_store_n(&s->started.ran, 1, __ATOMIC_RELEASE);
	return NULL;
}

static struct mn_thread *start_body(void *arg)
{
	struct start *s = arg;
	started_here(&s->started);
	return NULL;
}

/* Until it has run, without giving the LWP up to it; then it is joined. */
static int start_one(struct start *s, mn_body *body)
{
	struct mn_thread *self = mn_self(), *other;
	uint64_t ran = __atomic_load_n(&s->started.ran, __ATOMIC_ACQUIRE);
	int error = mn_spawn(self, &other, body, s);
	if (error)
		return error;
	while (__atomic_load_n(&s->started.ran, __ATOMIC_ACQUIRE) == ran)
		__asm__ volatile("");
	mn_join(self, other);
	return 0;
}

static int start_open(const struct point *p)
{
	struct start *s = p->arena;
	int error = seat_take(&s->seat, p->seat[1]);
	if (!error)
		error = mn_begin(2);
	if (error)
		return error;
	error = start_one(s, start_sit);
	if (!error && p->seat[1] >= 0 && s->cpu != (unsigned)p->seat[1])
		error = -EXDEV;
	if (error)
		mn_end();
	else
		started_begin(&s->started, p->clock);
	return error;
}

static int start_loop(void *arena, uint64_t n)
{
	struct start *s = arena;
	for (; n; n--) {
		uint64_t before = clock_read(s->started.clock);
		int error = start_one(s, start_body);
		if (error)
			return error;
		started_add(&s->started, before);
	}
	return 0;
}

static void start_close(void *arena)
{
	(void)arena;
	mn_end();
}

static uint64_t start_bodies(const void *arena)
{
	const struct start *s = arena;
	return s->started.ran;
}

static void start_read(void *arena, uint64_t turns, double *value)
{
	struct start *s = arena;
	(void)turns;
	value[0] = started_tell(&s->started);
}

static const struct histogram *start_histogram(void *arena)
{
	struct start *s = arena;
	return &s->started.values;
}

static const char *start_missing(void)
{
	return guard_missing(ARCH_SHADOW_STACK | ARCH_MARKED_JUMPS);
}

static const struct job start = {
	.name = "start",
	.summary = START_WORDS,
	.unit = "op",
	.needs = CAP_CREATE | CAP_TWO_CPUS,
	.ops = 1,
	.spawns = 1,
	.own = { .switches = NOT_CLAIMED, .calls = NOT_CLAIMED },
	.contexts = 2,
	.turns_most = 500, /* where others keep the CPU from the LWP, a turn is thousands of times as long */
	.arena_bytes = start_bytes,
	.open = start_open,
	.loop = start_loop,
	.close = start_close,
	.bodies = start_bodies,
	.readings = start_readings,
	.read = start_read,
	.histogram = start_histogram,
};
static const struct job *const jobs[] = { &start, NULL };

/* How many times an LWP goes to sleep on its way is the library's and libc's business. */
static const struct impl probe = {
	.name = "mn",
	.wait = "none",
	.kind = "user-thread",
	.saves = "callee-saved registers; not the floating-point control words",
	.stack = "64 KiB above a guard page, from its free lists",
	.summary = "our scheduler, M:N: a deque for each LWP, work stealing",
	.caps = CAP_SPAWN | CAP_KERNEL | CAP_TWO_CPUS | CAP_LIBC_SPAWN,
	.per_spawn = { .switches = NOT_CLAIMED },
	.missing = start_missing,
	.jobs = jobs,
};
__attribute__((used, section("impls"))) static const struct impl *const entry = &probe;
