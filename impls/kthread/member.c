// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "member.h"

#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/sched/task.h>

#include "session.h"

int member_ready(struct member *m, int seat)
{
	if (seat >= 0 && (seat >= nr_cpu_ids || !cpu_online(seat)))
		return -EINVAL;
	init_completion(&m->ended);
	list_add_tail(&m->list, &session_of_driver()->members);
	return 0;
}

static void forget_task(struct member *m)
{
	if (m->task)
		put_task_struct(m->task);
	m->task = NULL;
}

void member_release(struct member *m)
{
	forget_task(m);
	list_del_init(&m->list);
}

int member_spawn(struct member *m, int seat, int (*main)(void *arg), void *arg)
{
	struct task_struct *task = kthread_create(main, arg, "ctxbench-ctx");

	if (IS_ERR(task))
		return PTR_ERR(task);
	if (seat >= 0)
		kthread_bind(task, seat);
	forget_task(m);
	get_task_struct(task);
	m->task = task;
	m->spawned = true;
	reinit_completion(&m->ended);
	return 0;
}

void member_join(struct member *m)
{
	/* not kthread_stop: a thread that is told to stop before it has run for the first time never runs its body */
	wait_for_completion(&m->ended);
	m->spawned = false;
}
