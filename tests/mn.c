// SPDX-License-Identifier: MIT
/*
 * User threads over several LWPs: none is lost, none runs twice, no wake-up is lost, and what is thread-local is that
 * of the LWP that carries one now. A hang is a failure: SIGALRM ends it. `mn migration` makes the points of migration
 * only, for mn.bats, which has them compiled by every compiler there is.
 */
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include "../impls/library/mn.h"
#include "tap.h"

enum { SPAWNS = 100000, FLAT = 1000, LWPS_MOST = 4, HANG_S = 120 };

static void begin(unsigned k)
{
	int error = mn_begin(k);
	if (error) {
		diag("mn_begin(%u): %s", k, strerror(-error));
		abort();
	}
}

/* *t is set before it can run. */
static void spawn_to(struct mn_thread **t, mn_body *body, void *arg)
{
	int error = mn_spawn(mn_self(), t, body, arg);
	if (error) {
		diag("mn_spawn: %s", strerror(-error));
		abort();
	}
}

static struct mn_thread *spawn(mn_body *body, void *arg)
{
	struct mn_thread *t;
	spawn_to(&t, body, arg);
	return t;
}

static long lwp(void)
{
	return SYSTEM(SYS_gettid);
}

/* -- the deque: one owner and two thieves */
enum { ITEMS = 200000 };

static struct {
	struct deque deque;
	int over;
	unsigned char taken[ITEMS + 1];
} d;

static void *thief(void *arg)
{
	(void)arg;
	for (;;) {
		int over = __atomic_load_n(&d.over, __ATOMIC_ACQUIRE);
		uintptr_t x = (uintptr_t)deque_take(&d.deque, 0);
		if (x)
			__atomic_fetch_add(&d.taken[x], 1, __ATOMIC_RELAXED);
		else if (over)
			return NULL;
	}
}

/* Runs of every length up to more than a ring holds at first, some popped again. */
static void owner(void)
{
	uintptr_t next = 1;
	for (unsigned run = 1; next <= ITEMS; run = run % 700 + 1) {
		for (unsigned i = 0; i < run && next <= ITEMS; i++)
			deque_push(&d.deque, (void *)next++);
		for (unsigned i = 0; i < run; i += 2) {
			uintptr_t x = (uintptr_t)deque_pop(&d.deque, 0);
			if (x)
				__atomic_fetch_add(&d.taken[x], 1, __ATOMIC_RELAXED);
		}
	}
	__atomic_store_n(&d.over, 1, __ATOMIC_RELEASE);
}

static void deques(void)
{
	pthread_t thieves[2];
	unsigned once = 0;
	if (deque_begin(&d.deque))
		abort();
	for (unsigned i = 0; i < 2; i++)
		if (pthread_create(&thieves[i], NULL, thief, NULL))
			abort();
	owner();
	for (unsigned i = 0; i < 2; i++)
		pthread_join(thieves[i], NULL);
	for (unsigned i = 1; i <= ITEMS; i++)
		once += d.taken[i] == 1;
	is_int(once, ITEMS, "what is pushed is popped or stolen once");
	deque_end(&d.deque);
}

/* -- every body once */
static unsigned char ran[SPAWNS];

struct branch {
	unsigned begin, end;
};

/* Runs the bodies from begin to end: itself the first, the rest by two more. */
static struct mn_thread *branch(void *arg)
{
	struct branch *b = arg, half[2];
	struct mn_thread *t[2];
	__atomic_fetch_add(&ran[b->begin], 1, __ATOMIC_RELAXED);
	unsigned rest = b->begin + 1, middle = rest + (b->end - rest) / 2;
	half[0] = (struct branch){ rest, middle };
	half[1] = (struct branch){ middle, b->end };
	for (unsigned i = 0; i < 2; i++)
		t[i] = half[i].begin < half[i].end ? spawn(branch, &half[i]) : NULL;
	if (b->begin % 5 == 0)
		mn_yield(mn_self());
	for (unsigned i = 0; i < 2; i++)
		if (t[i])
			mn_join(mn_self(), t[i]);
	return NULL;
}

static struct mn_thread *leaf(void *arg)
{
	__atomic_fetch_add((unsigned char *)arg, 1, __ATOMIC_RELAXED);
	return NULL;
}

static unsigned once(void)
{
	unsigned n = 0;
	for (unsigned i = 0; i < SPAWNS; i++)
		n += ran[i] == 1;
	memset(ran, 0, sizeof ran);
	return n;
}

static void bodies(unsigned k)
{
	struct branch all = { 0, SPAWNS };
	begin(k);
	long before = lwp();
	mn_join(mn_self(), spawn(branch, &all));
	is_int(once(), SPAWNS, "100,000 spawned as a tree over %u LWPs: each runs once", k);
	for (unsigned i = 0; i < SPAWNS; i += FLAT) {
		static struct mn_thread *t[FLAT];
		for (unsigned j = 0; j < FLAT; j++)
			t[j] = spawn(leaf, &ran[i + j]);
		for (unsigned j = 0; j < FLAT; j++)
			mn_join(mn_self(), t[j]);
	}
	is_int(once(), SPAWNS, "100,000 spawned by one over %u LWPs: each runs once", k);
	is_int(lwp(), before, "and the first thread is where it was");
	mn_end();
	is_int(mn.lwps, 0, "and no LWP is left");
}

/* -- yields and turns */
static struct mn_thread *yields(void *arg)
{
	unsigned *count = arg;
	for (unsigned i = 0; i < 1000; i++) {
		mn_yield(mn_self());
		__atomic_fetch_add(count, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

enum { PAIRS = 8, TURNS = 5000 };

static struct pair {
	struct mn_thread *thread[2];
	unsigned turns, out_of_turn;
} pair[PAIRS];

static struct mn_thread *takes_turns(void *arg, unsigned side)
{
	struct pair *p = arg;
	for (unsigned i = 0; i < TURNS; i++) {
		if (side || i) /* the first begins by itself */
			mn_park(mn_self());
		p->out_of_turn += p->turns++ % 2 != side;
		mn_unpark(mn_self(), p->thread[!side]);
	}
	return NULL;
}

static struct mn_thread *first_of_pair(void *arg)
{
	return takes_turns(arg, 0);
}

static struct mn_thread *second_of_pair(void *arg)
{
	return takes_turns(arg, 1);
}

/* Hardly more of them than LWPs, so that one that yields is stolen at once. */
static void few_yield(unsigned k)
{
	enum { THREADS = 3, YIELDS = 10 };
	struct mn_thread *t[THREADS];
	unsigned yielded = 0;
	begin(k);
	for (unsigned round = 0; round < YIELDS; round++) {
		for (unsigned i = 0; i < THREADS; i++)
			t[i] = spawn(yields, &yielded);
		for (unsigned i = 0; i < THREADS; i++)
			mn_join(mn_self(), t[i]);
	}
	is_int(yielded, THREADS * YIELDS * 1000, "%u LWPs: no thread is lost that is stolen as soon as it yields", k);
	mn_end();
}

static void turns(unsigned k)
{
	enum { THREADS = 40 };
	struct mn_thread *t[THREADS];
	unsigned yielded = 0, turned = 0, wrong = 0;
	begin(k);
	for (unsigned i = 0; i < THREADS; i++)
		t[i] = spawn(yields, &yielded);
	for (unsigned i = 0; i < THREADS; i++)
		mn_join(mn_self(), t[i]);
	is_int(yielded, THREADS * 1000, "%u LWPs: every yield comes back", k);
	for (unsigned i = 0; i < PAIRS; i++) {
		pair[i] = (struct pair){ 0 };
		spawn_to(&pair[i].thread[1], second_of_pair, &pair[i]);
		spawn_to(&pair[i].thread[0], first_of_pair, &pair[i]);
	}
	for (unsigned i = 0; i < 2 * PAIRS; i++)
		mn_join(mn_self(), pair[i / 2].thread[i % 2]);
	for (unsigned i = 0; i < PAIRS; i++) {
		turned += pair[i].turns;
		wrong += pair[i].out_of_turn;
	}
	ok(turned == 2 * PAIRS * TURNS && !wrong, "%u LWPs: no turn is lost and none is taken out of turn", k);
	mn_end();
}

/* -- LWPs that sleep are woken: nobody but them can run it, for the first thread does not let go of its own */
static struct mn_thread *says(void *arg)
{
	__atomic_store_n((int *)arg, (int)lwp(), __ATOMIC_RELEASE);
	return NULL;
}

static void wakes(unsigned k)
{
	enum { ROUNDS = 2000 };
	unsigned elsewhere = 0;
	begin(k);
	for (unsigned i = 0; i < ROUNDS; i++) {
		int said = 0;
		/* now asleep, now on their way there, now looking round */
		for (unsigned pause = 0; i % 4 && pause < i % 4 * 100; pause++)
			__atomic_load_n(&mn.idle, __ATOMIC_SEQ_CST);
		while (i % 4 == 0 && __atomic_load_n(&mn.idle, __ATOMIC_ACQUIRE) < (int)k - 1)
			sched_yield();
		struct mn_thread *t = spawn(says, &said);
		while (!__atomic_load_n(&said, __ATOMIC_ACQUIRE))
			sched_yield();
		mn_join(mn_self(), t);
		elsewhere += said != lwp();
	}
	is_int(elsewhere, ROUNDS, "%u LWPs: one that sleeps is woken, 2,000 times", k);
	mn_end();
}

/* -- all LWPs block in the kernel */
static struct mn_thread *writes_a_byte(void *arg)
{
	return write(*(int *)arg, "x", 1) == 1 ? NULL : (abort(), NULL);
}

static struct mn_thread *reads_a_byte(void *arg)
{
	char byte;
	mn_block_begin();
	ssize_t got = read(*(int *)arg, &byte, 1);
	mn_block_end();
	return got == 1 ? NULL : (abort(), NULL);
}

static void blocks(unsigned k, int ends_surplus)
{
	enum { ROUNDS = 100 };
	struct mn_thread *reader[LWPS_MOST + 2], *writer[LWPS_MOST + 2];
	int ends[2];
	if (pipe2(ends, O_CLOEXEC))
		abort();
	mn.ends_surplus = ends_surplus;
	begin(k);
	for (unsigned round = 0; round < ROUNDS; round++) {
		for (unsigned i = 0; i < k + 2; i++)
			writer[i] = spawn(writes_a_byte, &ends[1]);
		for (unsigned i = 0; i < k + 2; i++)
			reader[i] = spawn(reads_a_byte, &ends[0]); /* these run first, here */
		for (unsigned i = 0; i < k + 2; i++) {
			mn_join(mn_self(), reader[i]);
			mn_join(mn_self(), writer[i]);
		}
	}
	if (k == 1) /* of several not all need be blocked at once */
		ok(mn.workers > k, "the only LWP is blocked: another is brought");
	/* the last of them may still be on its way */
	while (ends_surplus ? __atomic_load_n(&mn.lwps, __ATOMIC_ACQUIRE) > (int)k - 1
			    : __atomic_load_n(&mn.awake, __ATOMIC_ACQUIRE) > (int)k)
		mn_yield(mn_self());
	is_int(mn.lwps, ends_surplus ? k - 1 : mn.workers - 1, "%u LWPs: those beyond %s", k,
		ends_surplus ? "have ended" : "sleep until they are needed again");
	mn_end();
	mn.ends_surplus = 0;
	close(ends[0]);
	close(ends[1]);
}

/* -- migration: the thread is stolen by the second LWP while the first is kept busy, parks there, and goes on on the
 *    first while the second is kept busy. What the compiler keeps over the switch is as it would be in any program. */
static _Thread_local long local;

static __attribute__((noinline)) long *local_here(void)
{
	__asm__ volatile("" ::: "memory");
	return &local;
}

static struct {
	int parks, second_is_busy, done;
	long before, after, local_before, local_after;
	int *errno_before, *errno_after, *errno_true;
	int value_before, value_after;
} m;

static struct mn_thread *migrates(void *arg)
{
	(void)arg;
	m.before = lwp();
	*local_here() = m.before;
	m.local_before = *local_here();
	m.errno_before = mn_errno();
	close(-1);
	m.value_before = *mn_errno();
	__atomic_store_n(&m.parks, 1, __ATOMIC_RELEASE);
	mn_park(mn_self());
	m.after = lwp();
	m.local_after = *local_here();
	m.errno_after = mn_errno();
	*mn_errno() = 0;
	m.value_after = -1;
	if (open("/no/such/file", O_RDONLY | O_CLOEXEC) < 0)
		m.value_after = *mn_errno();
	return NULL;
}

static struct mn_thread *keeps_busy(void *arg)
{
	(void)arg;
	__atomic_store_n(&m.second_is_busy, 1, __ATOMIC_RELEASE);
	while (!__atomic_load_n(&m.done, __ATOMIC_ACQUIRE))
		sched_yield();
	return NULL;
}

static void until(const int *flag)
{
	while (!__atomic_load_n(flag, __ATOMIC_ACQUIRE))
		sched_yield();
}

static void migrate_once(void)
{
	memset(&m, 0, sizeof m);
	struct mn_thread *migrant = spawn(migrates, NULL);
	until(&m.parks);
	struct mn_thread *busy = spawn(keeps_busy, NULL);
	until(&m.second_is_busy);
	*local_here() = lwp();
	while (__atomic_load_n(&migrant->turn, __ATOMIC_ACQUIRE) != MN_PARKED)
		sched_yield();
	mn_unpark(mn_self(), migrant);
	mn_join(mn_self(), migrant);
	m.errno_true = mn_errno();
	__atomic_store_n(&m.done, 1, __ATOMIC_RELEASE);
	mn_join(mn_self(), busy);
}

static void migration(void)
{
	enum { TIMES = 200 };
	unsigned moved = 0, own_local = 0, own_errno = 0, values = 0;
	begin(2);
	for (unsigned i = 0; i < TIMES; i++) {
		migrate_once();
		moved += m.before != m.after && m.after == lwp();
		own_local += m.local_before == m.before && m.local_after == m.after;
		own_errno += m.errno_before != m.errno_after && m.errno_after == m.errno_true;
		values += m.value_before == EBADF && m.value_after == ENOENT;
	}
	is_int(moved, TIMES, "a thread goes on on another LWP");
	is_int(own_local, TIMES, "and what is thread-local is that LWP's");
	is_int(own_errno, TIMES, "and so is the place of errno");
	is_int(values, TIMES, "and its value is that of the call that failed there");
	mn_end();
}

int main(void)
{
	if (arch_missing())
		skip_all("%s", arch_missing());
	alarm(HANG_S);
	migration();
	deques();
	for (unsigned k = 1; k <= LWPS_MOST; k *= 2) {
		bodies(k);
		turns(k);
		few_yield(k);
		blocks(k, 0);
		blocks(k, 1);
	}
	wakes(2);
	wakes(LWPS_MOST);
	return done();
}
