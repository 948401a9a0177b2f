// SPDX-License-Identifier: MIT
/*
 * sysv-sem: a System V semaphore of one's own is one's turn: of a pair's two each posts the other's, so that nobody can
 * take its own token back. A set outlives its process, and can't be removed while it is in use: a keeper does it when
 * all that had a part in it are gone.
 */
#include <sys/ipc.h>
#include <sys/sem.h>
#include <unistd.h>

#include "keeper.h"

struct wait {
	int set;
};

static void sysv_remove(int set)
{
	semctl(set, 0, IPC_RMID);
}

static inline int wait_ready(struct wait *w)
{
	int error = keeper_ready(sysv_remove);
	if (error)
		return error;
	w->set = semget(IPC_PRIVATE, 1, 0600);
	if (w->set < 0)
		return -errno;
	error = keeper_take(w->set);
	if (error)
		sysv_remove(w->set);
	return error;
}

static inline void wait_release(struct wait *w)
{
	sysv_remove(w->set);
}

/* Some CPUs' kernels have the call with a limit of time only. */
#if defined SYS_semop
#define SYSV_SEMOP(set, op) SYSTEM(SYS_semop, set, op, 1)
#elif defined SYS_semtimedop
#define SYSV_SEMOP(set, op) SYSTEM(SYS_semtimedop, set, op, 1, NULL)
#else
#define SYSV_SEMOP(set, op) SYSTEM(SYS_semtimedop_time64, set, op, 1, NULL)
#endif

static inline int sysv_post(int set, short change)
{
	struct sembuf op = { .sem_num = 0, .sem_op = change };
	return (int)SYSV_SEMOP(set, &op);
}

static inline void wait_wake(struct wait *w)
{
	if (sysv_post(w->set, 1))
		__builtin_trap();
}

static inline void wait_turn(struct wait *w)
{
	int error;
	while ((error = sysv_post(w->set, -1)))
		if (error != -EINTR)
			__builtin_trap();
}

/* A kernel may be built without. */
static inline const char *wait_missing(void)
{
	return semget(IPC_PRIVATE, 0, 0) < 0 && errno == ENOSYS ? "this kernel has no System V semaphores" : NULL;
}
#define WAIT_MISSING wait_missing()

#define WAIT_NEEDS                                                                                                     \
	{                                                                                                              \
		.descriptors = 1, .semaphores = 1                                                                      \
	}
#define WAIT_CAPS (CAP_HANDOFF | CAP_TWO_CPUS)
#define WAIT_COST                                                                                                      \
	{                                                                                                              \
		.switches = 1, .calls = 2                                                                              \
	}
