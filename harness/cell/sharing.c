// SPDX-License-Identifier: MIT
#include "sharing.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "../../impls/arch/arch.h"
#include "../../impls/keeper.h"

enum {
	ARENA_BYTES = 1 << 20,
	DESCRIPTOR = 90, /* nobody's */
	SIGNAL = SIGUSR1,
	THIS_TASK = 1,
	BEST_EFFORT = 2 << 13,
	BEFORE = BEST_EFFORT | 4,
	AFTER = BEST_EFFORT | 5,
};

static volatile int memory; /* in a page of this program, not in the arena, which all see */

/* Seen by both whatever they share. */
struct sight {
	int set;              /* semaphores, or -1 */
	int group, io_before; /* io_before: -errno where this kernel has no such thing */
	int its_group;
};

/* -- the context changes it. No libc: it may be one that the thread library does not know. */
static void change(void *arg)
{
	struct sight *s = arg;
	/* as the kernel has it: the handler stands first, SIG_IGN is 1, and all else is nothing */
	unsigned long ignore[8] = { 1 };
	struct sembuf up = { .sem_op = 1, .sem_flg = SEM_UNDO };
	memory = 1;
	s->its_group = (int)arch_syscall(SYS_getpid, 0, 0, 0, 0, 0, 0);
	arch_syscall(SYS_dup3, STDERR_FILENO, DESCRIPTOR, 0, 0, 0, 0);
	arch_syscall(SYS_chdir, (long)"/", 0, 0, 0, 0, 0);
	arch_syscall(SYS_umask, 077, 0, 0, 0, 0, 0);
	arch_syscall(SYS_rt_sigaction, SIGNAL, (long)ignore, 0, sizeof(uint64_t), 0, 0);
#ifdef SYS_semop
	if (s->set >= 0)
		arch_syscall(SYS_semop, s->set, (long)&up, 1, 0, 0, 0);
#endif
	if (s->io_before == 0)
		arch_syscall(SYS_ioprio_set, THIS_TASK, 0, AFTER, 0, 0, 0);
}

/* -- its maker makes sure that all is otherwise before, and looks afterwards */
static int elsewhere_than_root(void)
{
	return chdir("/proc") && chdir("/dev") ? -1 : 0;
}

static int at_root(void)
{
	struct stat here, root;
	return !stat(".", &here) && !stat("/", &root) && here.st_dev == root.st_dev && here.st_ino == root.st_ino;
}

static void remove_set(int set)
{
	semctl(set, 0, IPC_RMID);
}

static void make_otherwise(struct sight *s)
{
	memory = 0;
	close(DESCRIPTOR);
	umask(022);
	signal(SIGNAL, SIG_DFL);
	s->group = getpid();
	s->set = keeper_ready(remove_set) ? -1 : semget(IPC_PRIVATE, 1, 0600);
	if (s->set >= 0 && keeper_take(s->set)) {
		remove_set(s->set);
		s->set = -1;
	}
	s->io_before = (int)arch_syscall(SYS_ioprio_set, THIS_TASK, 0, BEFORE, 0, 0, 0);
}

/* What a task had to undo is undone when it ends, and of a thread that may be a moment after it has been joined. */
static int undo_is_shared(int set)
{
	int value = -1;
	if (set < 0)
		return -1;
	for (int tries = 0; tries < 20 && (value = semctl(set, 0, GETVAL)) == 1; tries++)
		nanosleep(&(struct timespec){ .tv_nsec = 5000000 }, NULL);
	return value;
}

static int handler_is_shared(void)
{
	struct sigaction now;
	return sigaction(SIGNAL, NULL, &now) ? -1 : now.sa_handler == SIG_IGN;
}

static void look(const struct sight *s, int moved, int8_t shares[SHARED_KINDS])
{
	shares[SHARED_MEMORY] = memory == 1;
	shares[SHARED_FILES] = fcntl(DESCRIPTOR, F_GETFD) >= 0;
	shares[SHARED_DIRECTORY] = (int8_t)(moved ? -1 : at_root());
	shares[SHARED_UMASK] = umask(022) == 077;
	shares[SHARED_HANDLERS] = (int8_t)handler_is_shared();
	shares[SHARED_PROCESS] = s->its_group == s->group;
	shares[SHARED_UNDO] = (int8_t)undo_is_shared(s->set);
	shares[SHARED_IO] =
		(int8_t)(s->io_before ? -1 : arch_syscall(SYS_ioprio_get, THIS_TASK, 0, 0, 0, 0, 0) == AFTER);
}

int sharing_look(const struct impl *impl, int8_t shares[SHARED_KINDS])
{
	if (!impl || !impl->once || impl->missing())
		return -ENOENT;
	struct point p = { .seat = { -1, -1 }, .workers = impl->caps & CAP_WORKERS ? 1 : 0 };
	char *both = mmap(NULL, 2 * ARENA_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (both == MAP_FAILED)
		return -ENOMEM;
	p.arena = both;
	struct sight *s = (struct sight *)(both + ARENA_BYTES);
	int moved = elsewhere_than_root();
	make_otherwise(s);
	int error = impl->begin ? impl->begin(&p) : 0;
	if (!error)
		error = impl->once(&p, change, s);
	if (!error)
		look(s, moved, shares);
	if (s->set >= 0)
		remove_set(s->set);
	return error;
}
