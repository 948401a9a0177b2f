// SPDX-License-Identifier: MIT
/*
 * syscall: longer ways through the kernel, and other ways into it. A probe, as syscall.c is: a byte through a pipe and
 * back, which calls deep (where returns are guarded, each of them pays); a signal to oneself with its handler and the
 * return from it; a page fault.
 */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "rungs.h"

/* -- a pipe */
struct piped {
	int end[2];
	char byte;
};

static size_t piped_bytes(const struct point *p)
{
	(void)p;
	return sizeof(struct piped);
}

static int piped_open(const struct point *p)
{
	struct piped *d = p->arena;
	return pipe2(d->end, O_CLOEXEC) ? -errno : 0;
}

static int piped_loop(void *arena, uint64_t n)
{
	struct piped *d = arena;
	long other = 0;
	for (; n; n--) {
		other |= SYSTEM(SYS_write, d->end[1], &d->byte, 1) ^ 1;
		other |= SYSTEM(SYS_read, d->end[0], &d->byte, 1) ^ 1;
	}
	return other ? -EPROTO : 0;
}

static void piped_close(void *arena)
{
	struct piped *d = arena;
	close(d->end[0]);
	close(d->end[1]);
}

/* -- a signal: the call that sends it does not return before the handler has */
struct signalled {
	struct asked asked;
	struct sigaction before;
};

static volatile uint64_t handled;

static void count_signal(int number)
{
	(void)number;
	handled++;
}

static size_t signalled_bytes(const struct point *p)
{
	(void)p;
	return sizeof(struct signalled);
}

static int signalled_open(const struct point *p)
{
	struct signalled *s = p->arena;
	struct sigaction action = { .sa_handler = count_signal };
	if (sigaction(SIGUSR1, &action, &s->before))
		return -errno;
	int error = ask_open(
		p, (struct asked){ .number = SYS_tgkill, .argument = { getpid(), SYSTEM(SYS_gettid), SIGUSR1 } });
	if (error)
		sigaction(SIGUSR1, &s->before, NULL);
	return error;
}

static int signalled_loop(void *arena, uint64_t n)
{
	uint64_t before = handled;
	int error = ask_loop(arena, n);
	return error ? error : handled - before == n ? 0 : -EPROTO;
}

static void signalled_close(void *arena)
{
	struct signalled *s = arena;
	sigaction(SIGUSR1, &s->before, NULL);
}

/* -- page faults: every turn touches the next page for the first time, and between batches all are given back. Huge
 * pages would be one fault for all, so there are none. */
enum { FAULT_BATCH = 16, FAULT_PAGES = 1024 };

struct faulted {
	volatile char *next, *first;
	size_t page, bytes;
	int descriptor;
};

static size_t faulted_bytes(const struct point *p)
{
	(void)p;
	return sizeof(struct faulted);
}

/* All are written once: the memory is there, page tables and the file's pages with it. */
static int map_pages(struct faulted *f, int flags, int descriptor)
{
	f->page = (size_t)sysconf(_SC_PAGESIZE);
	f->bytes = FAULT_PAGES * f->page;
	f->descriptor = descriptor;
	char *pages = mmap(NULL, f->bytes, PROT_READ | PROT_WRITE, flags, descriptor, 0);
	if (pages == MAP_FAILED)
		return -errno;
	madvise(pages, f->bytes, MADV_NOHUGEPAGE); /* a kernel without them says no, which is as good */
	memset(pages, 1, f->bytes);
	f->first = f->next = pages;
	return madvise(pages, f->bytes, MADV_DONTNEED) ? -errno : 0;
}

static void faulted_close(void *arena)
{
	struct faulted *f = arena;
	if (f->first)
		munmap((void *)f->first, f->bytes);
	if (f->descriptor >= 0)
		close(f->descriptor);
}

static int map_or_close(struct faulted *f, int flags, int descriptor)
{
	int error = map_pages(f, flags, descriptor);
	if (error)
		faulted_close(f);
	return error;
}

static int fault_open(const struct point *p)
{
	return map_or_close(p->arena, MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

static int fault_shared_open(const struct point *p)
{
	int descriptor = (int)syscall(SYS_memfd_create, "faulted", 0);
	if (descriptor < 0)
		return -errno;
	if (ftruncate(descriptor, (off_t)(FAULT_PAGES * sysconf(_SC_PAGESIZE)))) {
		int error = -errno;
		close(descriptor);
		return error;
	}
	return map_or_close(p->arena, MAP_SHARED, descriptor);
}

static int faulted_loop(void *arena, uint64_t n)
{
	struct faulted *f = arena;
	volatile char *at = f->next;
	if (at + n * f->page > f->first + f->bytes)
		return -ENOSPC;
	for (; n; n--, at += f->page)
		*at = 1;
	f->next = at;
	return 0;
}

static void faulted_settle(void *arena)
{
	struct faulted *f = arena;
	if (f->next != f->first)
		madvise((void *)f->first, f->bytes, MADV_DONTNEED);
	f->next = f->first;
}

/* What a batch is followed by makes a call of its own, so calls are not claimed. */
#define FAULT(call, words, opens)                                                                                      \
	RUNG(call, words, .arena_bytes = faulted_bytes, .open = opens, .loop = faulted_loop, .settle = faulted_settle, \
		.close = faulted_close, .batch = FAULT_BATCH)

static const struct job *const rungs[] = {
	RUNG("pipe", "one byte through a pipe and back", .arena_bytes = piped_bytes, .open = piped_open,
		.loop = piped_loop, .close = piped_close, .own = { .calls = 2 }),
	RUNG("signal", "a signal to oneself, its handler and the return from it", .arena_bytes = signalled_bytes,
		.open = signalled_open, .loop = signalled_loop, .close = signalled_close, .own = { .calls = 1 }),
	FAULT("fault", "a page touched for the first time: found, cleared and mapped", fault_open),
	FAULT("fault-shared", "a page that is in memory already, only mapped", fault_shared_open),
	NULL,
};

LADDER(deep, arch_missing, rungs);
