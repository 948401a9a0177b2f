// SPDX-License-Identifier: MIT
/*
 * condvar: a word under a mutex says whose turn it is, and a condition variable tells that it has changed. Signalled
 * after the mutex is free: the one that wakes would otherwise run into it and sleep once more.
 */
#include <pthread.h>

struct wait {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	int turn;
};

static inline int wait_ready(struct wait *w)
{
	int shared = IMPL_SHARES_VM ? PTHREAD_PROCESS_PRIVATE : PTHREAD_PROCESS_SHARED;
	pthread_mutexattr_t of_mutex;
	pthread_condattr_t of_condition;
	pthread_mutexattr_init(&of_mutex);
	pthread_condattr_init(&of_condition);
	int error = pthread_mutexattr_setpshared(&of_mutex, shared);
	if (!error)
		error = pthread_condattr_setpshared(&of_condition, shared);
	if (!error)
		error = pthread_mutex_init(&w->mutex, &of_mutex);
	if (!error)
		error = pthread_cond_init(&w->changed, &of_condition);
	w->turn = 0;
	pthread_mutexattr_destroy(&of_mutex);
	pthread_condattr_destroy(&of_condition);
	return -error;
}

static inline void wait_release(struct wait *w)
{
	pthread_cond_destroy(&w->changed);
	pthread_mutex_destroy(&w->mutex);
}

static inline void wait_wake(struct wait *w)
{
	pthread_mutex_lock(&w->mutex);
	w->turn = 1;
	pthread_mutex_unlock(&w->mutex);
	pthread_cond_signal(&w->changed);
}

static inline void wait_turn(struct wait *w)
{
	pthread_mutex_lock(&w->mutex);
	while (!w->turn)
		pthread_cond_wait(&w->changed, &w->mutex);
	w->turn = 0;
	pthread_mutex_unlock(&w->mutex);
}

#define WAIT_NEEDS_LIBRARY "a condition variable is the thread library's, and knows its threads only"
#define WAIT_CAPS (CAP_HANDOFF | CAP_TWO_CPUS | CAP_LIBC_HANDOFF)
#define WAIT_COST                                                                                                      \
	{                                                                                                              \
		.switches = 1                                                                                          \
	}
