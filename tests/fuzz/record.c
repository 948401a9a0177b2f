// SPDX-License-Identifier: MIT
/*
 * Any bytes as a result file: read, or refused with one line that names the file and the line. What was read is
 * grouped, and written; that reads back, and written again it is the same.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../harness/analyse/cells.h"
#include "../../harness/record_inside.h"
#include "fuzz.h"

/* A file in memory: a disk would be most of the time. */
static struct {
	int fd;
	char path[40];
} input;

static void make_input(void)
{
	input.fd = memfd_create("result", 0);
	MUST(input.fd >= 0, "no file in memory");
	snprintf(input.path, sizeof input.path, "/proc/self/fd/%d", input.fd);
}

static void put(const void *data, size_t size)
{
	MUST(!ftruncate(input.fd, 0) && pwrite(input.fd, data, size, 0) == (ssize_t)size, "the file can't be written");
}

static bool one_line(const char *error)
{
	return !strncmp(error, input.path, strlen(input.path)) && !strchr(error, '\n') && strstr(error, "expected");
}

/* As it would be written to a file. NULL where a line would be too long. */
static char *written(const struct record *r, size_t *length)
{
	char *text = NULL;
	int error = record_text(r, &text, length);

	MUST(!error || error == -E2BIG, "it can't be written");
	if (error)
		free(text);
	return error ? NULL : text;
}

/* Bars are written with six digits: those of another program may come to lie on each other. */
static bool has_bars(const struct record *r)
{
	for (size_t i = 0; i < r->lines; i++)
		if (r->line[i].bars)
			return true;
	return false;
}

static void check_again(const struct record *r)
{
	size_t length, again_length;
	char *text = written(r, &length), *again_text, error[600] = "";
	struct record *again;

	if (!text)
		return;
	put(text, length);
	again = record_read(input.path, error, sizeof error);
	MUST(again, error);
	again_text = written(again, &again_length);
	MUST(again_text && again_length == length && !memcmp(text, again_text, length), "written again it differs");
	record_free(again);
	free(again_text);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char error[600] = "";
	struct record *r;

	if (!*input.path)
		make_input();
	put(data, size);
	r = record_read(input.path, error, sizeof error);
	MUST(r ? !*error : one_line(error), error);
	if (!r)
		return 0;
	cells_free(cells_group(r));
	if (!has_bars(r))
		check_again(r);
	record_free(r);
	return 0;
}
