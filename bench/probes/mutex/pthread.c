// SPDX-License-Identifier: MIT
/*
 * mutex of the thread library's. A second thread is alive, asleep: alone a C library may spare the atomic operations,
 * which no program with threads gets.
 */
#include "../../../harness/cell/verbs.h"
#define WAIT_SOURCE "waits/none.c"
#include "../../../impls/pthread.c"

#include "mutex.h"

struct mutexes {
	pthread_mutex_t mutex, gate; /* the second thread sleeps until the gate is open */
	pthread_t second;
};

static void *mutex_second(void *arg)
{
	struct mutexes *m = arg;
	pthread_mutex_lock(&m->gate);
	pthread_mutex_unlock(&m->gate);
	return NULL;
}

static size_t mutex_bytes(const struct point *p)
{
	(void)p;
	return sizeof(struct mutexes);
}

static int mutex_open(const struct point *p)
{
	struct mutexes *m = p->arena;
	pthread_mutex_init(&m->mutex, NULL);
	pthread_mutex_init(&m->gate, NULL);
	pthread_mutex_lock(&m->gate);
	int error = -pthread_create(&m->second, NULL, mutex_second, m);
	if (error)
		pthread_mutex_unlock(&m->gate);
	return error;
}

static int mutex_loop(void *arena, uint64_t n)
{
	struct mutexes *m = arena;
	int error = 0;
	for (; n; n--) {
		error |= pthread_mutex_lock(&m->mutex);
		GUARDED();
		error |= pthread_mutex_unlock(&m->mutex);
	}
	return error ? -EPROTO : 0;
}

static void mutex_close(void *arena)
{
	struct mutexes *m = arena;
	pthread_mutex_unlock(&m->gate);
	pthread_join(m->second, NULL);
	pthread_mutex_destroy(&m->gate);
	pthread_mutex_destroy(&m->mutex);
}

static const struct job mutex =
	MUTEX("lock and unlock a mutex that nobody else wants", mutex_bytes, mutex_open, mutex_loop, mutex_close);
static const struct job *const jobs[] = { &mutex, NULL };

static const struct impl probe = { .name = "pthread", .wait = "none", .jobs = jobs, IMPL_TRAITS };
__attribute__((used, section("impls"))) static const struct impl *const entry = &probe;
