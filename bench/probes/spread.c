// SPDX-License-Identifier: MIT
/*
 * spread: how much is done when independent pairs of contexts switch on one CPU, on two and on all. A probe: its
 * contexts are spread by a list of CPUs, which the templates know nothing of, and its user threads need LWPs that libc
 * makes.
 *
 * On each CPU of the list sits a carrier, the first being the timed task itself, with a peer of its own. One turn: each
 * carrier hands its CPU to its peer and is handed it back. Nobody waits for another CPU but at the end of the loop,
 * and there by looking on, so that no kernel switch comes of it.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include "../../harness/cell/impl.h"
#include "../../impls/arch/arch.h"
#include "../../impls/guard.h"
#include "../../impls/seat.h"
#include "../../impls/stack.h"
#include "../../impls/system.h"

/* One CPU's, on cache lines of its own. */
struct pair {
	struct seat seat;
	struct spread *spread;
	pthread_t carrier, peer;
	/* by futex */
	uint32_t turn[2] __attribute__((aligned(128))); /* the carrier's, the peer's */
	/* in user mode: where each goes on */
	void *resume[2];
	struct stack stack;
} __attribute__((aligned(128)));

struct spread {
	void (*work)(struct pair *, uint64_t n); /* n turns */
	void *(*peer)(void *pair);               /* a thread; NULL: the peers need none */
	unsigned cpus, carriers, peers;          /* carriers: beside the timed task */
	uint32_t ready, stop;
	uint64_t turns;
	uint32_t round __attribute__((aligned(128)));
	uint32_t finished __attribute__((aligned(128)));
	struct pair pair[];
};

/* -- what a pair does */
static void spread_take(uint32_t *turn)
{
	while (!__atomic_exchange_n(turn, 0, __ATOMIC_ACQUIRE))
		SYSTEM(SYSTEM_FUTEX, turn, FUTEX_WAIT_PRIVATE, 0);
}

static void spread_give(uint32_t *turn)
{
	__atomic_store_n(turn, 1, __ATOMIC_RELEASE);
	SYSTEM(SYSTEM_FUTEX, turn, FUTEX_WAKE_PRIVATE, 1);
}

static void work_by_futex(struct pair *p, uint64_t n)
{
	for (; n; n--) {
		spread_give(&p->turn[1]);
		spread_take(&p->turn[0]);
	}
}

static void spread_is_ready(struct spread *s)
{
	__atomic_add_fetch(&s->ready, 1, __ATOMIC_RELEASE);
}

static void *peer_by_futex(void *arg)
{
	struct pair *p = arg;
	seat_sit(&p->seat);
	spread_is_ready(p->spread);
	for (;;) {
		spread_take(&p->turn[1]);
		if (__atomic_load_n(&p->spread->stop, __ATOMIC_RELAXED))
			return NULL;
		spread_give(&p->turn[0]);
	}
}

static void work_in_user_mode(struct pair *p, uint64_t n)
{
	for (; n; n--)
		arch_switch(&p->resume[0], p->resume[1]);
}

static void peer_in_user_mode(void *arg)
{
	struct pair *p = arg;
	for (;;)
		arch_switch(&p->resume[1], p->resume[0]);
}

static __attribute__((noinline)) void spread_call(struct pair *p)
{
	__asm__ volatile("" ::"r"(p) : "memory");
}

static void work_alone(struct pair *p, uint64_t n)
{
	for (; n; n--) {
		spread_call(p);
		spread_call(p);
	}
}

/* -- the carriers */
static void *carrier_main(void *arg)
{
	struct pair *p = arg;
	struct spread *s = p->spread;
	seat_sit(&p->seat);
	spread_is_ready(s);
	for (uint32_t seen = 0;;) {
		while (__atomic_load_n(&s->round, __ATOMIC_ACQUIRE) == seen)
			__asm__ volatile("");
		seen++;
		if (__atomic_load_n(&s->stop, __ATOMIC_RELAXED))
			return NULL;
		s->work(p, s->turns);
		__atomic_add_fetch(&s->finished, 1, __ATOMIC_RELEASE);
	}
}

static int spread_loop(void *arena, uint64_t n)
{
	struct spread *s = arena;
	s->turns = n;
	__atomic_store_n(&s->finished, 0, __ATOMIC_RELAXED);
	__atomic_add_fetch(&s->round, 1, __ATOMIC_RELEASE);
	s->work(&s->pair[0], n);
	while (__atomic_load_n(&s->finished, __ATOMIC_ACQUIRE) != s->carriers)
		__asm__ volatile("");
	return 0;
}

/* -- making them */
static size_t spread_bytes(const struct point *p)
{
	return sizeof(struct spread) + p->at[0] * sizeof(struct pair);
}

static void spread_close(void *arena)
{
	struct spread *s = arena;
	__atomic_store_n(&s->stop, 1, __ATOMIC_RELAXED);
	__atomic_add_fetch(&s->round, 1, __ATOMIC_RELEASE);
	for (unsigned i = 1; i <= s->carriers; i++)
		pthread_join(s->pair[i].carrier, NULL);
	for (unsigned i = 0; i < s->peers; i++) {
		spread_give(&s->pair[i].turn[1]);
		pthread_join(s->pair[i].peer, NULL);
	}
	for (unsigned i = 0; i < s->cpus; i++)
		stack_put(&s->pair[i].stack);
}

static int spread_stack(struct pair *p)
{
	int error = stack_get(&p->stack);
	if (!error)
		p->resume[1] = arch_first_frame(stack_top(&p->stack), peer_in_user_mode, p);
	return error;
}

/* As small as that of the impls' pthreads. */
static int spread_thread(pthread_t *thread, void *(*main)(void *), struct pair *p)
{
	pthread_attr_t small;
	int error = pthread_attr_init(&small);
	if (error)
		return -error;
	size_t least = (size_t)sysconf(_SC_THREAD_STACK_MIN);
	pthread_attr_setstacksize(&small, least > STACK_BYTES ? least : STACK_BYTES);
	error = pthread_create(thread, &small, main, p);
	pthread_attr_destroy(&small);
	return -error;
}

static int spread_pair(struct spread *s, unsigned i)
{
	struct pair *p = &s->pair[i];
	int error = s->work == work_in_user_mode ? spread_stack(p) : 0;
	if (!error && s->peer) {
		error = spread_thread(&p->peer, s->peer, p);
		s->peers += !error;
	}
	if (!error && i) {
		error = spread_thread(&p->carrier, carrier_main, p);
		s->carriers += !error;
	}
	return error;
}

static int spread_begin(const struct point *point, void (*work)(struct pair *, uint64_t), void *(*peer)(void *))
{
	struct spread *s = point->arena;
	int error = point->at[0] > point->seats ? -EINVAL : 0;
	s->work = work;
	s->peer = peer;
	for (; !error && s->cpus < point->at[0]; s->cpus++) {
		s->pair[s->cpus].spread = s;
		error = seat_take(&s->pair[s->cpus].seat, point->seat_list[s->cpus]);
		if (!error)
			error = spread_pair(s, s->cpus);
	}
	if (error)
		spread_close(s);
	/* each begins where its maker sits, and moves: until all have, it gives way to them */
	while (!error && __atomic_load_n(&s->ready, __ATOMIC_ACQUIRE) < s->carriers + s->peers)
		sched_yield();
	return error;
}

static int open_by_futex(const struct point *p)
{
	return spread_begin(p, work_by_futex, peer_by_futex);
}

static int open_in_user_mode(const struct point *p)
{
	return spread_begin(p, work_in_user_mode, NULL);
}

static int open_alone(const struct point *p)
{
	return spread_begin(p, work_alone, NULL);
}

/* -- whose they are. What a turn makes is counted on all CPUs together. Where others want the CPUs too, each loop waits
 * until all have run: so there are few. */
#define SUMMARY "pairs of contexts switch, on one CPU and on all, neighbours or far apart; null: calls"
#define SPREAD(opens, ...)                                                                                             \
	&(const struct job)                                                                                            \
	{                                                                                                              \
		.name = "spread", .summary = SUMMARY, .unit = "op", .needs = CAP_ALL_CPUS, .ops = 2, .each = 1,        \
		.own_each = 1, .samples_most = 20, .scale = { { "cpus", "cpus" } }, .arena_bytes = spread_bytes,       \
		.open = opens, .loop = spread_loop, .close = spread_close, __VA_ARGS__                                 \
	}

static const char *spread_missing(void)
{
	return arch_missing();
}

static const char *user_mode_missing(void)
{
	return guard_missing(ARCH_SHADOW_STACK | ARCH_MARKED_JUMPS);
}

static const struct impl by_futex = {
	.name = "pthread",
	.wait = "futex",
	.kind = "pthread",
	.saves = "all of user mode's registers, by the kernel",
	.stack = "64 KiB or the least that the C library allows, its own, from its cache",
	.summary = "pthread_create: an LWP and the thread library's own work",
	.caps = CAP_KERNEL | CAP_ALL_CPUS,
	.missing = spread_missing,
	.jobs = (const struct job *const[]){ SPREAD(open_by_futex, .own = { .switches = 2, .calls = 4 }), NULL },
};

static const struct impl in_user_mode = {
	.name = "uthread-jmp",
	.wait = "none",
	.kind = "user-thread",
	.saves = "callee-saved registers; not the floating-point control words",
	.stack = "64 KiB above a guard page, ours, reused",
	.summary = "assembly, ends in an indirect jump",
	.caps = CAP_ALL_CPUS,
	.missing = user_mode_missing,
	.jobs = (const struct job *const[]){ SPREAD(open_in_user_mode), NULL },
};

static const struct impl alone = {
	.name = "null",
	.wait = "none",
	.kind = "floor",
	.saves = "nothing",
	.stack = "none: its caller's",
	.summary = "a procedure call",
	.caps = CAP_ALL_CPUS,
	.missing = spread_missing,
	.jobs = (const struct job *const[]){ SPREAD(open_alone), NULL },
};

#define ENTRY(of) __attribute__((used, section("impls"))) static const struct impl *const of##_entry = &of
ENTRY(by_futex);
ENTRY(in_user_mode);
ENTRY(alone);
