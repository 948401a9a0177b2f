// SPDX-License-Identifier: MIT
/*
 * Which registers are still there after a switch: of an LWP all, when it gives its CPU up and when it is taken from it;
 * of a user thread those that a callee keeps, and no others.
 */
#include <linux/futex.h>
#include <sched.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "../impls/guard.h"
#include "../impls/stack.h"
#include "../impls/system.h"
#include "tap.h"

#include STATE_SOURCE

#ifdef STATE_NAMES
#define SET_ROW(set, begin, over_call, words)                                                                          \
	{ #set, over_call, state_missing_##set, state_bytes_##set, state_load_##set, state_store_##set },
static const struct set {
	const char *name;
	int over_call; /* a system call leaves it alone */
	const char *(*missing)(void);
	size_t (*bytes)(void);
	state_load *load;
	state_store *store;
} sets[] = { STATE_SETS(SET_ROW){ 0 } };

static const char *const name_of[] = STATE_NAMES;

/* Whoever holds values in its registers, and which. */
struct holder {
	struct registers before, after;
	const struct set *set;
	long switches;  /* that were forced on it while it held them, or that it made */
	uint32_t turn;  /* where it sleeps for a voluntary one; always 0 */
	uint32_t *next; /* where whoever it wakes then sleeps */
	int tid;
	struct stack stack;
	void *resume;
};

static struct holder holder[2];

static void fill(struct holder *h, const struct set *set, unsigned seed)
{
	h->set = set;
	for (size_t i = 0; i < STATE_GENERAL_MOST; i++)
		h->before.general[i] = (i + 1) * UINT64_C(0x9e3779b97f4a7c15) + seed * UINT64_C(0x0123456789abcdef);
	for (size_t i = 0; i < set->bytes(); i++)
		h->before.set[i] = (unsigned char)(i * 7 + seed * 101 + i / 251 + 1);
	if (!strcmp(set->name, "fp"))
		state_fit_fp(h->before.set);
	memset(&h->after, 0, sizeof h->after);
}

/* As bits. */
static uint32_t changed(const struct holder *h)
{
	uint32_t bits = 0;
	for (size_t i = 0; i < STATE_GENERAL; i++)
		if (name_of[i] && h->before.general[i] != h->after.general[i])
			bits |= UINT32_C(1) << i;
	return bits;
}

static void name_them(uint32_t bits, const char *what)
{
	char text[400] = "";
	for (size_t i = 0; i < STATE_GENERAL; i++)
		if (bits >> i & 1)
			snprintf(text + strlen(text), sizeof text - strlen(text), " %s", name_of[i]);
	if (bits)
		diag("%s:%s", what, text);
}

static void none_changed(const struct holder *h, uint32_t by_design, const char *how)
{
	uint32_t lost = changed(h) & ~by_design;
	size_t byte = 0, bytes = h->set->bytes();
	ok(!lost, "%s: an LWP's general registers are all still there", how);
	name_them(lost, "not those");
	while (byte < bytes && h->before.set[byte] == h->after.set[byte])
		byte++;
	ok(byte == bytes, "%s: and all %zu bytes of %s", how, bytes, h->set->name);
	if (byte < bytes)
		diag("not from byte %zu on", byte);
}

/* -- LWPs, both on one CPU */
static void start(struct holder *h, void (*body)(void *))
{
	const unsigned long flags =
		CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_CHILD_CLEARTID;
	h->tid = 1;
	if (stack_get(&h->stack) || arch_clone(flags, stack_top(&h->stack), body, h, &h->tid) < 0)
		abort();
}

static void join(struct holder *h)
{
	int tid;
	while ((tid = __atomic_load_n(&h->tid, __ATOMIC_ACQUIRE)))
		SYSTEM(SYSTEM_FUTEX, &h->tid, FUTEX_WAIT, tid);
	stack_put(&h->stack);
}

/* Of the calling task alone. Not by libc, whose thread-local storage is our maker's. */
static long counted(int voluntary)
{
	struct rusage usage = { 0 };
	SYSTEM(SYS_getrusage, RUSAGE_THREAD, &usage);
	return voluntary ? usage.ru_nvcsw : usage.ru_nivcsw;
}

static void spins(void *arg)
{
	struct holder *h = arg;
	long before = counted(0);
	state_hold_spin(&h->before, &h->after, h->set->load, h->set->store);
	__atomic_store_n(&h->switches, counted(0) - before, __ATOMIC_RELEASE);
}

/* Two that spin share a CPU, and this task sees to it that they have been taken off it: by sleeping beside them. */
static void test_involuntary(const struct set *set)
{
	const struct timespec slice = { .tv_nsec = 20000000 };
	enum { SLICES = 4 };
	state_stop = 0;
	for (unsigned i = 0; i < 2; i++) {
		fill(&holder[i], set, i + 1);
		start(&holder[i], spins);
	}
	for (int i = 0; i < SLICES; i++)
		nanosleep(&slice, NULL);
	__atomic_store_n(&state_stop, 1, __ATOMIC_RELEASE);
	join(&holder[0]);
	join(&holder[1]);
	ok(holder[0].switches + holder[1].switches > 0,
		"%s: two LWPs that never give up their CPU lost it to each other", set->name);
	for (unsigned i = 0; i < 2; i++)
		none_changed(&holder[i], STATE_SPIN_CHANGES, "taken off its CPU");
}

/* Whoever sleeps there; nobody sleeps there for another reason. */
static void wake(uint32_t *sleeper)
{
	while (SYSTEM(SYSTEM_FUTEX, sleeper, FUTEX_WAKE_PRIVATE, 1) != 1)
		SYSTEM(SYS_sched_yield);
}

/* The wait is the system call in the registers. */
static void waits(void *arg)
{
	struct holder *h = arg;
	const long call[] = { (long)&h->turn, FUTEX_WAIT_PRIVATE, 0, 0, 0, 0 };
	h->before.general[STATE_NUMBER] = SYSTEM_FUTEX;
	for (size_t i = 0; i < sizeof call / sizeof *call; i++)
		h->before.general[state_call_argument[i]] = (uint64_t)call[i];
	long before = counted(1);
	state_hold_call(&h->before, &h->after, h->set->load, h->set->store);
	h->switches = counted(1) - before;
	if (h->next)
		wake(h->next);
}

/* Both sleep with their values, and only the first is woken by us: when the second is, the first has run. */
static void test_voluntary(const struct set *set)
{
	for (unsigned i = 0; i < 2; i++) {
		fill(&holder[i], set, i + 3);
		holder[i].turn = 0;
		holder[i].next = i ? NULL : &holder[1].turn;
		start(&holder[i], waits);
	}
	wake(&holder[0].turn);
	join(&holder[0]);
	join(&holder[1]);
	ok(holder[0].switches > 0 && holder[1].switches > 0, "%s: two LWPs gave up their CPU", set->name);
	for (unsigned i = 0; i < 2; i++)
		none_changed(&holder[i], STATE_CALL_CHANGES, "asleep");
}

/* -- user threads: the second loads its own values into all registers and hands back in the middle of it */
static void hold_over_switch(struct holder *self, struct holder *to)
{
	self->before.general[state_argument[0]] = (uint64_t)(uintptr_t)&self->resume;
	self->before.general[state_argument[1]] = (uint64_t)(uintptr_t)to->resume;
	state_hold_switch(&self->before, &self->after, self->set->load, self->set->store);
}

static void second(void *arg)
{
	(void)arg;
	hold_over_switch(&holder[1], &holder[0]);
	abort(); /* nobody switches to it again */
}

static void test_user_thread(const struct set *set)
{
	size_t kept = 0, lost = 0, not_kept = 0;
	for (unsigned i = 0; i < 2; i++)
		fill(&holder[i], set, i + 5);
	if (stack_get(&holder[1].stack))
		abort();
	holder[1].resume = arch_first_frame(stack_top(&holder[1].stack), second, NULL);
	hold_over_switch(&holder[0], &holder[1]);
	stack_put(&holder[1].stack);
	uint32_t all = 0;
	for (size_t i = 0; i < STATE_GENERAL; i++)
		all |= name_of[i] ? UINT32_C(1) << i : 0;
	uint32_t there = all & ~changed(&holder[0]);
	ok(there == (uint32_t)STATE_KEPT,
		"a user thread's general registers: those that a callee keeps, and no others");
	if (there != (uint32_t)STATE_KEPT)
		name_them(there, "still there");
	for (size_t i = 0; i < set->bytes(); i++) {
		bool same = holder[0].before.set[i] == holder[0].after.set[i];
		kept += state_fp_kept(i) && same;
		not_kept += state_fp_kept(i) && !same;
		lost += !state_fp_kept(i) && !same;
	}
	ok(!not_kept && kept, "of fp what a callee keeps, and the control words, which no switch of ours touches here");
	ok(lost, "and not the rest");
	diag("%zu bytes kept, %zu lost", kept, lost);
}

/* To one CPU, of those that are allowed: the one that we are on. */
static void sit(void)
{
	cpu_set_t one;
	int cpu = sched_getcpu();
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	if (cpu < 0 || sched_setaffinity(0, sizeof one, &one))
		skip_all("this process can't be bound to one CPU");
}

int main(void)
{
	if (arch_missing())
		skip_all("%s", arch_missing());
	sit();
	for (const struct set *set = sets; set->name; set++) {
		const char *why = set->missing();
		if (why) {
			skip(why, "an LWP keeps %s", set->name);
			continue;
		}
		test_involuntary(set);
		if (set->over_call)
			test_voluntary(set);
		else
			skip("a system call gives them up, by the kernel's rules", "asleep: %s", set->name);
	}
	const char *why = guard_missing(ARCH_SHADOW_STACK | ARCH_MARKED_JUMPS);
	if (why)
		skip(why, "a user thread keeps what a callee keeps");
	else
		test_user_thread(&sets[0]);
	return done();
}
#else
int main(void)
{
	skip_all("%s", arch_missing());
}
#endif
