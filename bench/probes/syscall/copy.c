// SPDX-License-Identifier: MIT
/*
 * syscall: what the kernel copies in and out, and the pointers that it checks. A probe, as syscall.c is.
 *
 * Bytes go to and from a file in memory, whose pages are there already: what is copied is copied once, a page at a
 * time, and looking up those pages is part of it. Pointers are those of an array given to writev, one byte each, and
 * the device that takes them looks at none of the bytes.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "rungs.h"

enum { BAD_PAGES = 16 };

struct copied {
	struct asked asked;
	int descriptor;
	char *pages; /* of the rungs with a bad one among them */
		     /* what follows, on a page of its own, is copied */
};

static size_t page_bytes(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

static char *buffer_of(void *arena)
{
	return (char *)arena + page_bytes();
}

static void copied_close(void *arena)
{
	struct copied *c = arena;
	if (c->pages)
		munmap(c->pages, BAD_PAGES * page_bytes());
	close(c->descriptor);
}

/* What has been opened is closed again where the answer is another than the one expected. */
static int ask_or_close(const struct point *p, struct asked asked)
{
	int error = ask_open(p, asked);
	if (error)
		copied_close(p->arena);
	return error;
}

/* A file in memory that holds so many bytes. */
static int fill_file(struct copied *c, const char *from, size_t bytes)
{
	c->descriptor = (int)syscall(SYS_memfd_create, "copied", 0);
	if (c->descriptor < 0)
		return -errno;
	if (pwrite(c->descriptor, from, bytes, 0) == (ssize_t)bytes)
		return 0;
	int error = errno ? -errno : -EIO;
	close(c->descriptor);
	return error;
}

/* -- bytes */
static size_t bytes_bytes(const struct point *p)
{
	return page_bytes() + p->at[0];
}

static int bytes_open(const struct point *p, long call)
{
	struct copied *c = p->arena;
	char *buffer = buffer_of(p->arena);
	int error = fill_file(c, buffer, p->at[0]);
	if (error)
		return error;
	return ask_or_close(p, (struct asked){ .number = call,
				       .argument = { c->descriptor, (long)buffer, (long)p->at[0] },
				       .answer = (long)p->at[0] });
}

static int copy_in_open(const struct point *p)
{
	return bytes_open(p, SYS_pwrite64);
}

static int copy_out_open(const struct point *p)
{
	return bytes_open(p, SYS_pread64);
}

/* -- pointers */
static size_t pointers_bytes(const struct point *p)
{
	return page_bytes() + p->at[0] * sizeof(struct iovec);
}

static int pointers_open(const struct point *p)
{
	struct copied *c = p->arena;
	struct iovec *vector = (struct iovec *)buffer_of(p->arena);
	for (uint64_t i = 0; i < p->at[0]; i++)
		vector[i] = (struct iovec){ .iov_base = vector, .iov_len = 1 };
	c->descriptor = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (c->descriptor < 0)
		return -errno;
	return ask_or_close(p, (struct asked){ .number = SYS_writev,
				       .argument = { c->descriptor, (long)vector, (long)p->at[0] },
				       .answer = (long)p->at[0] });
}

/* -- pointers that are refused */
static size_t bad_bytes(const struct point *p)
{
	(void)p;
	return 2 * page_bytes();
}

/* Above everything that user mode may have: a comparison finds that out, and no page is touched. */
static int bad_address_open(const struct point *p)
{
	struct copied *c = p->arena;
	int error = fill_file(c, buffer_of(p->arena), 1);
	if (error)
		return error;
	return ask_or_close(p, (struct asked){ .number = SYS_pwrite64,
				       .argument = { c->descriptor, -(long)page_bytes(), 1 },
				       .answer = -EFAULT });
}

/* Some pages to be written to the file, and one of them may not be read. */
static int bad_pages_open(const struct point *p, size_t bad)
{
	struct copied *c = p->arena;
	size_t page = page_bytes(), bytes = BAD_PAGES * page;
	char *pages = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (pages == MAP_FAILED)
		return -errno;
	int error = fill_file(c, pages, bytes);
	if (error || mprotect(pages + bad * page, page, PROT_NONE)) {
		error = error ? error : -errno;
		munmap(pages, bytes);
		return error;
	}
	c->pages = pages;
	/* with the first page bad nothing is written; with the last, what comes before it */
	return ask_or_close(p, (struct asked){ .number = SYS_pwrite64,
				       .argument = { c->descriptor, (long)pages, (long)bytes },
				       .answer = bad ? (long)(bad * page) : -EFAULT });
}

static int bad_first_open(const struct point *p)
{
	return bad_pages_open(p, 0);
}

static int bad_last_open(const struct point *p)
{
	return bad_pages_open(p, BAD_PAGES - 1);
}

#define COPY(call, words, bytes, opens, ...)                                                                           \
	RUNG(call, words, .arena_bytes = bytes, .open = opens, .loop = ask_loop, .close = copied_close,                \
		.own = { .calls = 1 }, __VA_ARGS__)
#define BYTES .scale = { { "bytes", "0 1 64 512 4096 16384 65536" } }

static const struct job *const rungs[] = {
	COPY("copy-in", "pwrite of so many bytes into a file in memory", bytes_bytes, copy_in_open, BYTES),
	COPY("copy-out", "pread of so many bytes out of a file in memory", bytes_bytes, copy_out_open, BYTES),
	COPY("pointers", "writev of so many pointers to one byte each", pointers_bytes, pointers_open,
		.scale = { { "iovecs", "1 4 16 64 256 1024" } }),
	COPY("bad-address", "refused: an address that is the kernel's", bad_bytes, bad_address_open),
	COPY("bad-first-page", "refused: the first of 16 pages to write may not be read", bad_bytes, bad_first_open),
	COPY("bad-last-page", "cut short: the last of 16 pages to write may not be read", bad_bytes, bad_last_open),
	NULL,
};

LADDER(copies, arch_missing, rungs);
