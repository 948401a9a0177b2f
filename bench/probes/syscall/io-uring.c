// SPDX-License-Identifier: MIT
/*
 * syscall: one mode switch shared by many. A probe, as syscall.c is: no-ops are put into an io_uring, so many at once,
 * and one call has them all done. By the kernel's interface itself, no library.
 */
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "rungs.h"

/* -- may it be made here? */
static int disabled(void)
{
	char digits[16] = "";
	int fd = open("/proc/sys/kernel/io_uring_disabled", O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, digits, sizeof digits - 1);
	if (fd >= 0)
		close(fd);
	return got > 0 ? atoi(digits) : 0;
}

static const char *uring_missing(void)
{
	static char text[120];
	struct io_uring_params params = { 0 };
	if (arch_missing())
		return arch_missing();
	long fd = SYSTEM(SYS_io_uring_setup, 1, &params);
	if (fd >= 0) {
		close((int)fd);
		return NULL;
	}
	if (fd == -EPERM && disabled())
		snprintf(text, sizeof text, "io_uring is off: kernel.io_uring_disabled=%d", disabled());
	else
		snprintf(text, sizeof text, "io_uring_setup: %s: a kernel without it, or a seccomp filter",
			strerror((int)-fd));
	return text;
}

/* -- a ring, as the kernel maps it */
struct mapping {
	char *at;
	size_t bytes;
};

struct ring {
	int descriptor;
	uint32_t batch;
	struct mapping submitted, completed, entries;
	uint32_t *submit_tail, *complete_head, *complete_tail;
};

static int map_part(struct ring *r, struct mapping *m, size_t bytes, uint64_t offset)
{
	void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, r->descriptor, (off_t)offset);
	if (at == MAP_FAILED)
		return -errno;
	*m = (struct mapping){ .at = at, .bytes = bytes };
	return 0;
}

static void unmap_part(struct mapping *m)
{
	if (m->at)
		munmap(m->at, m->bytes);
}

static void ring_close(void *arena)
{
	struct ring *r = arena;
	unmap_part(&r->entries);
	unmap_part(&r->completed);
	unmap_part(&r->submitted);
	close(r->descriptor);
}

static int map_ring(struct ring *r, const struct io_uring_params *p)
{
	int error = map_part(r, &r->submitted, p->sq_off.array + p->sq_entries * sizeof(uint32_t), IORING_OFF_SQ_RING);
	if (!error)
		error = map_part(r, &r->completed, p->cq_off.cqes + p->cq_entries * sizeof(struct io_uring_cqe),
			IORING_OFF_CQ_RING);
	if (!error)
		error = map_part(r, &r->entries, p->sq_entries * sizeof(struct io_uring_sqe), IORING_OFF_SQES);
	return error;
}

/* Every entry is a no-op once and for all, and stands at its own place in the order. */
static void fill_ring(struct ring *r, const struct io_uring_params *p)
{
	struct io_uring_sqe *entry = (struct io_uring_sqe *)r->entries.at;
	uint32_t *order = (uint32_t *)(r->submitted.at + p->sq_off.array);
	for (uint32_t i = 0; i < p->sq_entries; i++) {
		entry[i] = (struct io_uring_sqe){ .opcode = IORING_OP_NOP, .fd = -1 };
		order[i] = i;
	}
	r->submit_tail = (uint32_t *)(r->submitted.at + p->sq_off.tail);
	r->complete_head = (uint32_t *)(r->completed.at + p->cq_off.head);
	r->complete_tail = (uint32_t *)(r->completed.at + p->cq_off.tail);
}

static int ring_open(const struct point *p)
{
	struct ring *r = p->arena;
	struct io_uring_params params = { 0 };
	r->batch = (uint32_t)p->at[0];
	r->descriptor = (int)SYSTEM(SYS_io_uring_setup, r->batch, &params);
	if (r->descriptor < 0)
		return r->descriptor;
	int error = map_ring(r, &params);
	if (error)
		ring_close(r);
	else
		fill_ring(r, &params);
	return error;
}

static int ring_loop(void *arena, uint64_t n)
{
	struct ring *r = arena;
	uint32_t tail = *r->submit_tail, head = *r->complete_head, batch = r->batch, other = 0;
	for (; n; n--) {
		tail += batch;
		__atomic_store_n(r->submit_tail, tail, __ATOMIC_RELEASE);
		other |= (uint32_t)SYSTEM(SYS_io_uring_enter, r->descriptor, batch, batch, IORING_ENTER_GETEVENTS) ^
			 batch;
		other |= (__atomic_load_n(r->complete_tail, __ATOMIC_ACQUIRE) - head) ^ batch;
		head += batch;
		__atomic_store_n(r->complete_head, head, __ATOMIC_RELEASE);
	}
	return other ? -EPROTO : 0;
}

static size_t ring_bytes(const struct point *p)
{
	(void)p;
	return sizeof(struct ring);
}

static const struct job *const rungs[] = {
	RUNG("io-uring", "one call has so many no-ops done", .arena_bytes = ring_bytes, .open = ring_open,
		.loop = ring_loop, .close = ring_close, .own = { .calls = 1 },
		.scale = { { "noops", "1 2 4 8 16 32 64" } }),
	NULL,
};

LADDER(uring, uring_missing, rungs);
