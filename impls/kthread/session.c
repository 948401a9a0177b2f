// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "session.h"

#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "member.h"

enum {
	CHECK_ARENA = 1 << 20,
	CHECK_ROUNDS_MOST = 10000,
	ARENA_MOST = 64 << 20,
	SLICE_SHORT_NS = 5000000, /* a slice that takes less may be longer */
	SLICE_LONG_NS = 20000000, /* one that takes more shall be shorter: so long a signal waits */
};

static const u64 turns_most = 1ull << 32;

struct session *session_new(void)
{
	struct session *s = kzalloc(sizeof(*s), GFP_KERNEL);

	if (!s)
		return NULL;
	mutex_init(&s->lock);
	INIT_LIST_HEAD(&s->members);
	init_completion(&s->done);
	return s;
}

struct session *session_of_driver(void)
{
	return kthread_data(current);
}

/* -- the driver. Idle, not interruptible: who waits for orders is neither load nor hung. */
static bool await_order(struct session *s)
{
	unsigned long voluntary = current->nvcsw, involuntary = current->nivcsw;

	for (;;) {
		set_current_state(TASK_IDLE);
		if (kthread_should_stop() || smp_load_acquire(&s->order))
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	s->idle_voluntary += current->nvcsw - voluntary;
	s->idle_involuntary += current->nivcsw - involuntary;
	return s->order != NULL;
}

static int driver_main(void *arg)
{
	struct session *s = arg;

	while (await_order(s)) {
		s->answer = s->order(s);
		s->order = NULL;
		complete(&s->done);
	}
	return 0;
}

static int driver_start(struct session *s, const __s32 *seat)
{
	struct task_struct *driver;

	for (int i = 0; i < 2; i++)
		if (seat[i] >= 0 && (seat[i] >= nr_cpu_ids || !cpu_online(seat[i])))
			return -EINVAL;
	driver = kthread_create(driver_main, s, "ctxbench-driver");
	if (IS_ERR(driver))
		return PTR_ERR(driver);
	if (seat[0] >= 0)
		kthread_bind(driver, seat[0]);
	s->driver = driver;
	s->point = (struct point){ .seat = { seat[0], seat[1] >= 0 ? seat[1] : seat[0] }, .page = PAGE_SIZE };
	s->piled = s->idle_voluntary = s->idle_involuntary = 0;
	s->slice = 1;
	wake_up_process(driver);
	return 0;
}

static void driver_stop(struct session *s)
{
	kthread_stop(s->driver);
	s->driver = NULL;
}

/* Waits until it is done; a signal lets a loop end after its slice, and all else is short. */
static int ask(struct session *s, int (*order)(struct session *))
{
	WRITE_ONCE(s->stop, false);
	reinit_completion(&s->done);
	smp_store_release(&s->order, order);
	wake_up_process(s->driver);
	if (wait_for_completion_interruptible(&s->done)) {
		WRITE_ONCE(s->stop, true);
		wait_for_completion(&s->done);
	}
	return s->answer;
}

/* -- the arena, made by the driver: where it sits its memory should be */
static int arena_make(struct session *s, size_t bytes)
{
	if (bytes > ARENA_MOST)
		return -E2BIG;
	s->point.arena = kvzalloc(PAGE_ALIGN(bytes), GFP_KERNEL);
	return s->point.arena ? 0 : -ENOMEM;
}

/* Contexts are left over where a check gave up half-way; they wait for a turn that nobody will give them. */
static void arena_free(struct session *s)
{
	struct member *m, *next;

	list_for_each_entry_safe(m, next, &s->members, list)
	{
		if (m->spawned) {
			WRITE_ONCE(m->over, true);
			m->wake(m);
			member_join(m);
		}
		member_release(m);
	}
	kvfree(s->point.arena);
	s->point.arena = NULL;
}

/* -- what the driver is asked to do */
static int order_open(struct session *s)
{
	int error = arena_make(s, s->job->arena_bytes(&s->point));

	if (error)
		return error;
	error = s->job->open(&s->point);
	if (error)
		arena_free(s);
	return error;
}

static void adapt_slice(struct session *s, u64 turns, u64 ns)
{
	if (turns == s->slice && ns < SLICE_SHORT_NS)
		s->slice *= 2;
	else if (ns > SLICE_LONG_NS && s->slice > 1)
		s->slice /= 2;
}

static int order_loop(struct session *s)
{
	u64 left = s->turns;

	do {
		u64 turns = min(left, s->slice), begin = ktime_get_ns();
		int error = s->job->loop(s->point.arena, turns);

		if (error)
			return error;
		adapt_slice(s, turns, ktime_get_ns() - begin);
		left -= turns;
		if (left && READ_ONCE(s->stop))
			return -EINTR;
		cond_resched();
	} while (left);
	return 0;
}

static int order_settle(struct session *s)
{
	if (s->job->settle)
		s->job->settle(s->point.arena);
	s->piled = 0;
	return 0;
}

static int order_close(struct session *s)
{
	order_settle(s);
	s->job->close(s->point.arena);
	arena_free(s);
	return 0;
}

static int order_check(struct session *s)
{
	int error = arena_make(s, CHECK_ARENA), why = 0;
	const char *wrong;

	if (error)
		return error;
	wrong = s->check->run(&s->point, s->result->rounds, &why);
	strscpy(s->result->wrong, wrong ? wrong : "", sizeof(s->result->wrong));
	s->result->error = why;
	arena_free(s);
	return 0;
}

/* -- finding by name */
static const struct impl *find_impl(const char *wait)
{
	for (const struct impl *const *i = __start_impls; i < __stop_impls; i++)
		if (!strcmp((*i)->wait, wait))
			return *i;
	return NULL;
}

static const struct job *find_job(const struct impl *impl, const char *name, const char *variant)
{
	for (const struct job *const *j = impl->jobs; *j; j++)
		if (!strcmp((*j)->name, name) && !strcmp((*j)->variant ? (*j)->variant : "", variant))
			return *j;
	return NULL;
}

static const struct check *find_check(const struct impl *impl, const char *name)
{
	for (const struct check *c = impl->checks; c->name; c++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

/* -- the calls */
int session_open(struct session *s, const struct ctxbench_open *o)
{
	const struct impl *impl = find_impl(o->wait);
	const struct job *job = impl ? find_job(impl, o->job, o->variant) : NULL;
	int error;

	if (s->job)
		return -EBUSY;
	if (!job)
		return -ENOENT;
	if (job->needs & ~impl->caps)
		return -EOPNOTSUPP;
	error = driver_start(s, o->seat);
	if (error)
		return error;
	s->job = job;
	error = ask(s, order_open);
	if (error) {
		driver_stop(s);
		s->job = NULL;
	}
	return error;
}

int session_loop(struct session *s, u64 turns)
{
	if (!s->job)
		return -ENOTCONN;
	if (turns > turns_most)
		return -EINVAL;
	/* more than a batch would start a context anew that has not ended */
	if (s->job->batch && turns > s->job->batch - s->piled)
		return -EINVAL;
	s->turns = turns;
	s->piled += s->job->batch ? turns : 0;
	return ask(s, order_loop);
}

int session_settle(struct session *s)
{
	return s->job ? ask(s, order_settle) : -ENOTCONN;
}

int session_close(struct session *s)
{
	if (!s->job)
		return -ENOTCONN;
	ask(s, order_close);
	driver_stop(s);
	s->job = NULL;
	return 0;
}

void session_free(struct session *s)
{
	session_close(s);
	kfree(s);
}

int session_check(struct session *s, struct ctxbench_check *c)
{
	const struct impl *impl = find_impl(c->wait);
	int error;

	s->check = impl ? find_check(impl, c->check) : NULL;
	if (s->job)
		return -EBUSY;
	if (!s->check)
		return -ENOENT;
	if (s->check->looks_at_registers || s->check->needs & ~impl->caps)
		return -EOPNOTSUPP;
	if (!c->rounds || c->rounds > CHECK_ROUNDS_MOST)
		return -EINVAL;
	error = driver_start(s, c->seat);
	if (error)
		return error;
	s->result = c;
	error = ask(s, order_check);
	driver_stop(s);
	return error;
}

static void add_task(struct ctxbench_tasks *t, struct task_struct *task)
{
	if (t->count < CTXBENCH_TASKS)
		t->tid[t->count++] = task_pid_vnr(task);
}

int session_tasks(struct session *s, struct ctxbench_tasks *t)
{
	struct member *m;

	memset(t, 0, sizeof(*t));
	if (!s->job)
		return -ENOTCONN;
	add_task(t, s->driver);
	list_for_each_entry(m, &s->members, list) if (m->spawned) add_task(t, m->task);
	return 0;
}

int session_counts(struct session *s, struct ctxbench_counts *c)
{
	struct member *m;

	if (!s->job)
		return -ENOTCONN;
	*c = (struct ctxbench_counts){ .idle_voluntary = s->idle_voluntary, .idle_involuntary = s->idle_involuntary };
	if (s->job->bodies)
		c->done = s->job->bodies(s->point.arena);
	else
		list_for_each_entry(m, &s->members, list) c->done += m->handoffs;
	return 0;
}
