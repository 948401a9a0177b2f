// SPDX-License-Identifier: MIT
/*
 * state: what a switch costs more where the contexts have written to registers that not every program uses. A probe: it
 * is made of instructions that a template knows nothing of, and of three switches at once, each with its control.
 *
 * One turn is there and back, as in switch. Before each hand-off a context writes to all registers of a set, so that
 * the switch finds them in use and changed. `clean` writes to none and begins with none in use, `sticky` lets one of
 * the two have a status flag that the other has not. The writes themselves are in the time; impl=null, where nothing is
 * switched, is one write alone and tells how long that is.
 */
#include <math.h>
#include <sched.h>

#include "../../harness/cell/impl.h"
#include "../../impls/arch/state.h"
#include "../../impls/guard.h"
#include "../../impls/stack.h"
#include "../../impls/system.h"

#include STATE_SOURCE

#define IMPL_SHARES_VM 1
#include "../../impls/waits/futex.c"

#define APART __attribute__((aligned(128)))
#define INLINE static inline __attribute__((always_inline))

struct side {
	struct wait wait;
	void *resume;
} APART;

struct state {
	struct side self, peer;
	uint64_t handoffs; /* by the peer */
	uint64_t seen;     /* by the CPU at the end of a loop: which registers are in use */
	/* constant while they run */
	struct stack stack APART;
	int tells;
	/* by the kernel, at the peer's end */
	int tid APART;
	int stop APART;
};

typedef void action(void);

static size_t state_bytes(const struct point *p)
{
	(void)p;
	return sizeof(struct state);
}

/* -- what every loop is: only how it hands off differs, and what is written. The harness's own arithmetic is not to be
 *    found in the registers, nor what we leave in them by the harness. */
typedef void handoff(struct state *s, struct side *from, struct side *to);

INLINE int state_loop(struct state *s, uint64_t n, handoff *hand, action *begin, action *write)
{
	state_clean();
	begin();
	for (; n; n--) {
		write();
		hand(s, &s->self, &s->peer);
	}
	s->seen = s->tells ? state_seen() : 0;
	state_clean();
	return 0;
}

INLINE void state_peer(struct state *s, handoff *hand, action *begin, action *write)
{
	state_clean();
	begin();
	while (!__atomic_load_n(&s->stop, __ATOMIC_RELAXED)) {
		s->handoffs++;
		write();
		hand(s, &s->peer, &s->self);
	}
}

/* -- lwp: two by raw clone, on one CPU, waiting by futex */
INLINE void lwp_hand(struct state *s, struct side *from, struct side *to)
{
	(void)s;
	wait_wake(&to->wait);
	wait_turn(&from->wait);
}

static int lwp_open(const struct point *p, void (*peer)(void *))
{
	const unsigned long flags =
		CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_CHILD_CLEARTID;
	struct state *s = p->arena;
	int error = stack_get(&s->stack);
	if (error)
		return error;
	s->tells = state_tells();
	s->tid = 1;
	long tid = arch_clone(flags, stack_top(&s->stack), peer, s, &s->tid);
	if (tid < 0)
		stack_put(&s->stack);
	return tid < 0 ? (int)tid : 0;
}

static void lwp_close(void *arena)
{
	struct state *s = arena;
	int tid;
	__atomic_store_n(&s->stop, 1, __ATOMIC_RELAXED);
	wait_wake(&s->peer.wait);
	while ((tid = __atomic_load_n(&s->tid, __ATOMIC_ACQUIRE)))
		SYSTEM(SYSTEM_FUTEX, &s->tid, FUTEX_WAIT, tid);
	stack_put(&s->stack);
}

/* -- uthread-fpu: the peer's stack, and a switch that keeps control words only */
INLINE void uthread_hand(struct state *s, struct side *from, struct side *to)
{
	(void)s;
	arch_switch_fpu(&from->resume, to->resume);
}

static int uthread_open(const struct point *p, void (*peer)(void *))
{
	struct state *s = p->arena;
	int error = stack_get(&s->stack);
	s->tells = state_tells();
	if (!error)
		s->peer.resume = arch_first_frame_fpu(stack_top(&s->stack), peer, s);
	return error;
}

static void uthread_close(void *arena)
{
	struct state *s = arena;
	__atomic_store_n(&s->stop, 1, __ATOMIC_RELAXED);
	arch_switch_fpu(&s->self.resume, s->peer.resume);
	stack_put(&s->stack);
}

/* -- null: the control */
INLINE void null_hand(struct state *s, struct side *from, struct side *to)
{
	(void)s;
	__asm__ volatile("" ::"r"(from), "r"(to) : "memory");
}

static int null_open(const struct point *p)
{
	struct state *s = p->arena;
	s->tells = state_tells();
	return 0;
}

static void null_close(void *arena)
{
	(void)arena;
}

/* -- what is told beside the time */
static uint64_t state_handoffs(const void *arena)
{
	const struct state *s = arena;
	return 2 * s->handoffs;
}

static const struct reading state_readings[] = { { "in-use-B", READ_NUMBER }, { 0 } };

static void state_read(void *arena, uint64_t turns, double *value)
{
	const struct state *s = arena;
	(void)turns;
	*value = s->tells ? state_seen_bytes(s->seen) : NAN;
}

/* -- one job of each of the three for every set, and for what all CPUs have */
#define SETS(SET)                                                                                                      \
	SET(clean, state_nothing, 1, "no register beyond the general ones in use")                                     \
	SET(sticky, state_nothing, 1, "sticky floating-point flags differ")                                            \
	STATE_SETS(SET)

static const char *state_missing_clean(void)
{
	return NULL;
}

static const char *state_missing_sticky(void)
{
	return NULL;
}

static void state_write_clean(void)
{
}

static void state_write_sticky(void)
{
}

/* Of the two contexts only the one that is timed gets the flag: the other begins clean. */
INLINE action *own_begin(action *begin, action *write)
{
	return write == state_write_sticky ? state_stick : begin;
}

#define FUNCTIONS(set, begin, over_call, words)                                                                        \
	static int null_loop_##set(void *arena, uint64_t n)                                                            \
	{                                                                                                              \
		return state_loop(arena, n, null_hand, own_begin(begin, state_write_##set), state_write_##set);        \
	}                                                                                                              \
	static int lwp_loop_##set(void *arena, uint64_t n)                                                             \
	{                                                                                                              \
		return state_loop(arena, n, lwp_hand, own_begin(begin, state_write_##set), state_write_##set);         \
	}                                                                                                              \
	static int uthread_loop_##set(void *arena, uint64_t n)                                                         \
	{                                                                                                              \
		return state_loop(arena, n, uthread_hand, own_begin(begin, state_write_##set), state_write_##set);     \
	}                                                                                                              \
	static void lwp_peer_##set(void *arg)                                                                          \
	{                                                                                                              \
		struct state *s = arg;                                                                                 \
		wait_turn(&s->peer.wait);                                                                              \
		state_peer(s, lwp_hand, begin, state_write_##set);                                                     \
	}                                                                                                              \
	static void uthread_peer_##set(void *arg)                                                                      \
	{                                                                                                              \
		struct state *s = arg;                                                                                 \
		state_peer(s, uthread_hand, begin, state_write_##set);                                                 \
		arch_switch_fpu(&s->peer.resume, s->self.resume);                                                      \
	}                                                                                                              \
	static int lwp_open_##set(const struct point *p)                                                               \
	{                                                                                                              \
		return lwp_open(p, lwp_peer_##set);                                                                    \
	}                                                                                                              \
	static int uthread_open_##set(const struct point *p)                                                           \
	{                                                                                                              \
		return uthread_open(p, uthread_peer_##set);                                                            \
	}
SETS(FUNCTIONS)

#define JOB(set, words, opens, loops, closes, ...)                                                                     \
	&(const struct job){ .name = "state",                                                                          \
		.variant = "state=" #set,                                                                              \
		.summary = words,                                                                                      \
		.unit = "switch",                                                                                      \
		.needs = CAP_SPAWN | CAP_HANDOFF,                                                                      \
		.ops = 2,                                                                                              \
		.handoffs = 2,                                                                                         \
		.contexts = 2,                                                                                         \
		.readings = state_readings,                                                                            \
		.missing = state_missing_##set,                                                                        \
		.arena_bytes = state_bytes,                                                                            \
		.open = opens,                                                                                         \
		.loop = loops,                                                                                         \
		.close = closes,                                                                                       \
		.read = state_read,                                                                                    \
		__VA_ARGS__ },
#define NULL_JOB(set, begin, over_call, words) JOB(set, words, null_open, null_loop_##set, null_close)
#define LWP_JOB(set, begin, over_call, words)                                                                          \
	JOB(set, words, lwp_open_##set, lwp_loop_##set, lwp_close, .bodies = state_handoffs)
#define UTHREAD_JOB(set, begin, over_call, words)                                                                      \
	JOB(set, words, uthread_open_##set, uthread_loop_##set, uthread_close, .bodies = state_handoffs)

static const struct job *const null_jobs[] = { SETS(NULL_JOB) NULL };
static const struct job *const lwp_jobs[] = { SETS(LWP_JOB) NULL };
static const struct job *const uthread_jobs[] = { SETS(UTHREAD_JOB) NULL };

static const char *uthread_missing(void)
{
	return guard_missing(ARCH_SHADOW_STACK | ARCH_MARKED_JUMPS);
}

/* The rows of three impls, which are told of here as they tell of themselves. */
static const struct impl null_probe = {
	.name = "null",
	.wait = "none",
	.kind = "floor",
	.saves = "nothing",
	.stack = "none: its caller's",
	.summary = "a procedure call",
	.caps = CAP_SPAWN | CAP_HANDOFF | CAP_CALL_ONLY,
	.missing = arch_missing,
	.jobs = null_jobs,
};

static const struct impl lwp_probe = {
	.name = "lwp",
	.wait = "futex",
	.kind = "lwp",
	.saves = "all of user mode's registers, by the kernel",
	.stack = "64 KiB above a guard page, ours, reused",
	.summary = "raw clone, everything shared, no libc",
	.caps = CAP_SPAWN | CAP_HANDOFF | CAP_KERNEL | CAP_THREAD_GROUP | CAP_SAVES_FP | CAP_VARIANT,
	.per_handoff = WAIT_COST,
	.missing = arch_missing,
	.jobs = lwp_jobs,
};

static const struct impl uthread_probe = {
	.name = "uthread-fpu",
	.wait = "none",
	.kind = "user-thread",
	.saves = "callee-saved registers and the floating-point control words",
	.stack = "64 KiB above a guard page, ours, reused",
	.summary = "assembly, ends in an indirect jump",
	.caps = CAP_SPAWN | CAP_HANDOFF | CAP_SAVES_FP,
	.missing = uthread_missing,
	.jobs = uthread_jobs,
};

/* One by one: an array would be aligned, and the gap before it taken for an impl. */
#define ENTER(probe) __attribute__((used, section("impls"))) static const struct impl *const probe##_entry = &probe;
ENTER(null_probe)
ENTER(lwp_probe)
ENTER(uthread_probe)
