// SPDX-License-Identifier: MIT
/*
 * The LWPs under mn.h: how they look for work, sleep, are woken and are brought. Included by it.
 *
 * No wake-up is lost: who pushes looks, after a fence, at how many are awake; who goes to sleep counts itself out first
 * and looks, after a fence, at all deques. One wake at a time is under way (mn.waking): who is woken takes the mark
 * away before it looks round, and wakes the next when it has found something.
 */

/* -- looking */
static inline struct mn_thread *mn_steal(struct mn_worker *w)
{
	unsigned n = __atomic_load_n(&mn.workers, __ATOMIC_ACQUIRE);
	w->random = w->random * 1664525 + 1013904223; /* an old generator: it only has to begin somewhere else */
	for (unsigned i = 0, at = (w->random >> 8) % n; i < n; i++, at = at + 1 < n ? at + 1 : 0) {
		struct mn_worker *victim = mn.worker[at];
		struct mn_thread *t = victim == w || deque_empty(&victim->ready) ? NULL : deque_take(&victim->ready, 0);
		if (t && mn_may_run(w, t))
			return t;
		if (t)
			mn_send_home(t);
	}
	return NULL;
}

/* For who has just counted itself out: a push before that is seen here, one after it sees who is awake. */
static inline int mn_any_ready(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	unsigned n = __atomic_load_n(&mn.workers, __ATOMIC_ACQUIRE);
	for (unsigned i = 0; i < n; i++)
		if (!deque_empty(&mn.worker[i]->ready))
			return 1;
	return 0;
}

static inline int mn_surplus(void)
{
	return __atomic_load_n(&mn.awake, __ATOMIC_RELAXED) > mn.k;
}

static struct mn_thread *mn_look(struct mn_worker *w)
{
	enum { ROUNDS = 64 };
	struct mn_thread *t = mn_arrival(w);
	if (!t)
		t = deque_pop(&w->ready, mn.alone);
	for (int i = 0; !t && i < ROUNDS && !mn.alone && !mn_surplus(); i++)
		t = mn_steal(w);
	return t;
}

/* -- sleeping. A thread to run, or NULL: all is over. */
static struct mn_thread *mn_sleep(struct mn_worker *w)
{
	struct mn_thread *t = NULL;
	if (mn.alone)
		__builtin_trap(); /* all wait for each other */
	/* first idle and then no more awake, and the other way round below: at no moment is it neither, and missed */
	__atomic_fetch_add(&mn.idle, 1, __ATOMIC_SEQ_CST);
	__atomic_fetch_sub(&mn.awake, 1, __ATOMIC_SEQ_CST);
	for (;;) {
		/* in this order: a wake after the mark was taken away changes the event that we have seen */
		int seen = __atomic_load_n(&mn.event, __ATOMIC_SEQ_CST);
		__atomic_store_n(&mn.waking, 0, __ATOMIC_SEQ_CST);
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
		t = mn_arrival(w);
		if (!t && __atomic_load_n(&mn.awake, __ATOMIC_RELAXED) < mn.k)
			t = mn_steal(w);
		if (t || __atomic_load_n(&mn.stop, __ATOMIC_ACQUIRE))
			break;
		SYSTEM(SYSTEM_FUTEX, &mn.event, FUTEX_WAIT_PRIVATE, seen);
	}
	__atomic_fetch_add(&mn.awake, 1, __ATOMIC_SEQ_CST);
	__atomic_fetch_sub(&mn.idle, 1, __ATOMIC_SEQ_CST);
	/* who took us for asleep after we had looked has left the mark, and woken nobody */
	__atomic_store_n(&mn.waking, 0, __ATOMIC_SEQ_CST);
	if (t)
		mn_wake(); /* there may be more of it */
	return t;
}

/* One beyond the first K that is not to be kept has nothing to do: it ends. */
static int mn_retire(struct mn_worker *w)
{
	if (!mn.ends_surplus || w->number < (unsigned)mn.k)
		return 0;
	mn_lock();
	w->next = mn.lwpless;
	mn.lwpless = w;
	mn_unlock();
	__atomic_fetch_sub(&mn.awake, 1, __ATOMIC_SEQ_CST);
	if (mn_any_ready()) /* pushed by somebody who saw us awake */
		mn_wake();
	return 1;
}

static void mn_schedule(struct mn_worker *w)
{
	for (;;) {
		struct mn_thread *t = mn_look(w);
		if (!t && mn_retire(w))
			return;
		if (!t)
			t = mn_sleep(w);
		if (!t)
			return;
		mn_switch(&w->scheduler, t, MN_NOTHING);
	}
}

/* -- making */
static int mn_worker_new(struct mn_worker **worker)
{
	struct mn_worker *w = mmap(NULL, sizeof *w, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (w == MAP_FAILED)
		return -errno;
	if (mn.workers == MN_WORKERS_MOST || deque_begin(&w->ready)) {
		munmap(w, sizeof *w);
		return mn.workers == MN_WORKERS_MOST ? -EAGAIN : -ENOMEM;
	}
	w->number = mn.workers;
	w->random = mn.workers;
	w->scheduler.worker = w;
	mn.worker[mn.workers] = w;
	__atomic_store_n(&mn.workers, mn.workers + 1, __ATOMIC_RELEASE);
	*worker = w;
	return 0;
}

static int mn_worker_get(struct mn_worker **worker)
{
	int error = 0;
	mn_lock();
	*worker = mn.lwpless;
	if (*worker)
		mn.lwpless = (*worker)->next;
	else
		error = mn_worker_new(worker);
	mn_unlock();
	return error;
}

static void *mn_lwp_main(void *arg)
{
	struct mn_worker *w = mn_here = arg;
	__atomic_store_n(&mn.waking, 0, __ATOMIC_SEQ_CST);
	mn_schedule(w);
	__atomic_fetch_sub(&mn.lwps, 1, __ATOMIC_SEQ_CST);
	SYSTEM(SYSTEM_FUTEX, &mn.lwps, FUTEX_WAKE_PRIVATE, 1);
	return NULL;
}

/* One more LWP, which looks for work. It is counted from here on, so that nobody brings a second one for the same. */
static int mn_lwp_new(void)
{
	struct mn_worker *w;
	pthread_attr_t attributes;
	pthread_t lwp;
	mn.alone = 0;
	int error = mn_worker_get(&w);
	if (error)
		return error;
	__atomic_fetch_add(&mn.awake, 1, __ATOMIC_SEQ_CST);
	__atomic_fetch_add(&mn.lwps, 1, __ATOMIC_SEQ_CST);
	error = -pthread_attr_init(&attributes);
	if (!error) {
		pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
		error = -pthread_create(&lwp, &attributes, mn_lwp_main, w);
		pthread_attr_destroy(&attributes);
	}
	if (error) {
		__atomic_fetch_sub(&mn.awake, 1, __ATOMIC_SEQ_CST);
		__atomic_fetch_sub(&mn.lwps, 1, __ATOMIC_SEQ_CST);
		mn_lock();
		w->next = mn.lwpless;
		mn.lwpless = w;
		mn_unlock();
	}
	return error;
}

static __attribute__((noinline)) void mn_wake_one(void)
{
	if (__atomic_load_n(&mn.waking, __ATOMIC_SEQ_CST) || __atomic_exchange_n(&mn.waking, 1, __ATOMIC_SEQ_CST))
		return;
	if (__atomic_load_n(&mn.idle, __ATOMIC_SEQ_CST)) {
		__atomic_fetch_add(&mn.event, 1, __ATOMIC_SEQ_CST);
		SYSTEM(SYSTEM_FUTEX, &mn.event, FUTEX_WAKE_PRIVATE, 1);
	} else if (__atomic_load_n(&mn.awake, __ATOMIC_SEQ_CST) >= mn.k || mn_lwp_new()) {
		/* where none is to be had, those that block will come back and run what is ready */
		__atomic_store_n(&mn.waking, 0, __ATOMIC_SEQ_CST);
	}
}

/* -- around a call that blocks in the kernel, so that another LWP runs what is ready here. After it, one more than K
 *    may run for a while: until one that has no thread of its own left finds that it is one too many. */
static inline void mn_block_begin(void)
{
	mn.alone = 0;
	__atomic_fetch_sub(&mn.awake, 1, __ATOMIC_SEQ_CST);
	if (mn_any_ready())
		mn_wake();
}

static inline void mn_block_end(void)
{
	__atomic_fetch_add(&mn.awake, 1, __ATOMIC_SEQ_CST);
}

/* -- the whole */
static void mn_first_schedule(void *worker)
{
	struct mn_worker *w = worker;
	mn_arrive(&w->scheduler);
	mn_schedule(w);
	__builtin_trap(); /* the first thread ends it all, and it does not run */
}

static void mn_end(void)
{
	int left;
	__atomic_store_n(&mn.stop, 1, __ATOMIC_SEQ_CST);
	__atomic_fetch_add(&mn.event, 1, __ATOMIC_SEQ_CST);
	SYSTEM(SYSTEM_FUTEX, &mn.event, FUTEX_WAKE_PRIVATE, INT32_MAX);
	while ((left = __atomic_load_n(&mn.lwps, __ATOMIC_SEQ_CST)))
		SYSTEM(SYSTEM_FUTEX, &mn.lwps, FUTEX_WAIT_PRIVATE, left);
	for (; mn.workers; mn.workers--) {
		struct mn_worker *w = mn.worker[mn.workers - 1];
		deque_end(&w->ready);
		munmap(w, sizeof *w);
	}
	stacks_end(&mn.stacks);
	mn.unused = NULL;
	mn.lwpless = NULL;
	mn_here = NULL;
}

/* The caller becomes the first thread, which stays on its LWP. K: how many LWPs run threads. 0 or -errno. */
static int mn_begin(unsigned k)
{
	char *top;
	struct mn_worker *w;
	mn.k = k ? (int)k : 1;
	mn.alone = mn.awake = 1;
	mn.idle = mn.lwps = mn.waking = mn.stop = 0;
	int error = mn_worker_new(&w);
	if (error)
		return error;
	error = stacks_new(&mn.stacks, &top);
	if (error) {
		mn_end();
		return error;
	}
	w->scheduler.resume = arch_first_frame(top, mn_first_schedule, w);
	mn.first = (struct mn_thread){ .worker = w, .home = w };
	w->self = &mn.first;
	mn_here = w;
	while (!error && mn.lwps < mn.k - 1)
		error = mn_lwp_new();
	if (error)
		mn_end();
	return error;
}
