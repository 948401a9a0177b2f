// SPDX-License-Identifier: MIT
/*
 * signal-wait: the classic Signal-Wait through a user-level scheduler. Of two user threads each signals the condition
 * that the other waits on, and waits on its own: who is signalled goes into the ready queue, who waits out of it, and
 * the scheduler picks who runs. A probe, because conditions are a library's and no verb. One turn is there and back.
 */
#include "../../harness/cell/verbs.h"
#define WAIT_SOURCE "waits/none.c"
#include "../../impls/uthread.c"

struct monitor {
	struct ut_mutex mutex;
	struct ut_cond mine, peers;
	struct ut_thread *peer;
	uint64_t rounds; /* in which the peer was signalled and signalled back */
	int stop;
};

/* The mutex is held by whoever runs, but while it waits. */
static struct ut_thread *monitor_peer(void *arg)
{
	struct monitor *m = arg;
	ut_lock(&m->mutex);
	while (!m->stop) {
		m->rounds++;
		ut_cond_signal(&m->mine);
		ut_cond_wait(&m->peers, &m->mutex);
	}
	ut_unlock(&m->mutex);
	return NULL;
}

static size_t monitor_bytes(const struct point *p)
{
	(void)p;
	return sizeof(struct monitor);
}

static int monitor_loop(void *arena, uint64_t n)
{
	struct monitor *m = arena;
	for (; n; n--) {
		ut_cond_signal(&m->peers);
		ut_cond_wait(&m->mine, &m->mutex);
	}
	return 0;
}

/* After the first wait the peer waits too, and from then on both do what the loop does. */
static int monitor_open(const struct point *p)
{
	struct monitor *m = p->arena;
	int error = ut_spawn(&m->peer, monitor_peer, m);
	if (error)
		return error;
	ut_lock(&m->mutex);
	return monitor_loop(m, 1);
}

static void monitor_close(void *arena)
{
	struct monitor *m = arena;
	m->stop = 1;
	ut_cond_signal(&m->peers);
	ut_unlock(&m->mutex);
	ut_join(m->peer);
}

/* A round is two of what is counted: one each way. */
static uint64_t monitor_bodies(const void *arena)
{
	const struct monitor *m = arena;
	return 2 * m->rounds;
}

static const struct job signal_wait = {
	.name = "signal-wait",
	.summary = "signal who waits on a condition, and wait on one: by a user-level scheduler",
	.unit = "switch",
	.ops = 2,
	.handoffs = 2,
	.contexts = 2,
	.arena_bytes = monitor_bytes,
	.open = monitor_open,
	.loop = monitor_loop,
	.close = monitor_close,
	.bodies = monitor_bodies,
};
static const struct job *const jobs[] = { &signal_wait, NULL };

static const struct impl probe = { .name = "uthread", .wait = "none", .jobs = jobs, IMPL_TRAITS };
__attribute__((used, section("impls"))) static const struct impl *const entry = &probe;
