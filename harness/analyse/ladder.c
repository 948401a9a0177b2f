// SPDX-License-Identifier: MIT
/*
 * The picture of a run: rows for plots/ladder.gp in a temporary file, then gnuplot, without a shell. Its exit status
 * proves nothing (an unknown terminal or a full disk ends with 0), so each picture is looked at before it gets its
 * name.
 */
#include "analyse.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cells.h"
#include "text.h"

enum { LABEL = 20, WORDS = 90, SOURCE = 90, PATH = 4096, QUOTED = 2 * PATH, FIRST_LINE = 200 };

extern char **environ;

/* -- the rows. Columns of text: no tab, and no double quote, which gnuplot would take for the start of a quoted column.
 */

static const char *plain(char *buffer, size_t size, const char *text, size_t columns)
{
	text_clean(buffer, size, text, columns);
	for (char *c = buffer; *c; c++)
		if (*c == '"')
			*c = '\'';
	return buffer;
}

/* Whole femtoseconds with an exponent: there is no decimal point in it that could follow the locale. */
static void put_seconds(FILE *out, double ns)
{
	if (isfinite(ns))
		fprintf(out, "\t%llde-15", llround(ns * 1e6));
	else
		fputs("\tNaN", out);
}

static bool drawable(const struct cell *c)
{
	return c && c->state == CELL_VALID && c->median > 1e-6;
}

static void put_bar(FILE *out, const struct cell *c)
{
	bool draw = drawable(c);

	put_seconds(out, draw ? c->median : NAN);
	/* an end at or below zero is not on a logarithmic axis: the bar then goes on to its edge */
	put_seconds(out, draw ? fmax(c->interval.low, 1e-4) : NAN);
	put_seconds(out, draw ? c->interval.high : NAN);
}

static const char *short_words(const struct cell *c)
{
	return c->state == CELL_INVALID ? "invalid" : c->state == CELL_MISSING ? "not measured" : "within noise";
}

/* What stands in grey: the reason where there is nothing to draw, else which of the two is not there. */
static void put_reason(FILE *out, const struct impl_row *row)
{
	const struct cell *gap = !drawable(row->turn) && row->turn ? row->turn : row->create;
	char words[1200], clean[4 * WORDS + 8];

	*words = '\0';
	if (drawable(row->turn) || drawable(row->create)) {
		if (gap && !drawable(gap))
			snprintf(words, sizeof words, "%s %s", gap->bench, short_words(gap));
	} else if (gap) {
		snprintf(words, sizeof words, "within noise");
		if (gap->state != CELL_VALID)
			cell_words(gap, words, sizeof words);
	}
	fprintf(out, "\t%s\n", plain(clean, sizeof clean, words, WORDS));
}

static bool has_row(const struct impl_row *row)
{
	return row->turn || row->create;
}

/* Dearest kind first, the floor at the bottom: the order of the tables upside down, but for the floor. */
static size_t put_rows(FILE *out, const struct cells *all)
{
	char label[4 * LABEL + 8];
	size_t n = 0;

	fputs("row\tlabel\tkind\tswitch\tlo\thi\tcreate\tlo\thi\tmode\tlo\thi\twhy\n", out);
	for (int floor = 0; floor < 2; floor++)
		for (size_t i = all->impls; i--;) {
			const struct impl_row *row = &all->impl[i];

			if (!has_row(row) || (floor != !strcmp(row->kind, "floor")))
				continue;
			fprintf(out, "%zu\t%s\t%d", ++n, plain(label, sizeof label, row->name, LABEL), row->ink);
			put_bar(out, row->turn);
			put_bar(out, row->create);
			put_bar(out, row->mode);
			put_reason(out, row);
		}
	return n;
}

/* -- gnuplot */

/* A name that gnuplot takes for nothing but a name: '|', '<', '~' and '-' mean something at its beginning. */
static void plain_path(char *buffer, size_t size, const char *path)
{
	snprintf(buffer, size, "%s%s", *path == '/' ? "" : "./", path);
}

/* `command'value'` for gnuplot: in single quotes only the quote itself is special. */
static void quote(char *buffer, size_t size, const char *command, const char *value)
{
	size_t used = (size_t)snprintf(buffer, size, "%s'", command);

	for (; *value && used + 4 < size; value++) {
		if (*value == '\'')
			buffer[used++] = '\'';
		buffer[used++] = *value;
	}
	snprintf(buffer + used, size - used, "'");
}

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

/* Our environment without what changes how gnuplot reads numbers or which terminal it starts with. */
static char **quiet_environment(void)
{
	static char c_locale[] = "LC_ALL=C";
	size_t n = 0, kept = 0;
	char **list;

	while (environ[n])
		n++;
	list = take(calloc(n + 2, sizeof *list));
	for (size_t i = 0; i < n; i++)
		if (!begins(environ[i], "GNUTERM=") && !begins(environ[i], "GNUPLOT_") && !begins(environ[i], "LC_") &&
			!begins(environ[i], "LANG"))
			list[kept++] = environ[i];
	list[kept] = c_locale;
	return list;
}

/* All that it says, so that it never waits for a reader; the first line is kept. */
static void read_first_line(int fd, char *line, size_t size)
{
	char text[512];
	size_t used = 0;
	ssize_t n;
	bool ended = false;

	while ((n = read(fd, text, sizeof text)) > 0 || (n < 0 && errno == EINTR))
		for (ssize_t i = 0; i < n && !ended && used + 1 < size; i++) {
			if (text[i] != '\n')
				line[used++] = text[i];
			ended = text[i] == '\n' && used;
		}
	line[used] = '\0';
}

static int start(pid_t *pid, char **arguments, int output)
{
	posix_spawn_file_actions_t actions;
	char **environment = quiet_environment();
	int error = posix_spawn_file_actions_init(&actions);

	if (!error) {
		posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
		posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
		posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
		error = posix_spawnp(pid, *arguments, &actions, NULL, arguments, environment);
		posix_spawn_file_actions_destroy(&actions);
	}
	free(environment);
	return error;
}

/* 0, or an errno when it could not be started. `said` is the first line of what it printed. */
static int run_gnuplot(char **arguments, char *said, size_t size)
{
	int ends[2], error, status;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return errno;
	error = start(&pid, arguments, ends[1]);
	close(ends[1]);
	*said = '\0';
	if (!error)
		read_first_line(ends[0], said, size);
	close(ends[0]);
	if (!error)
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
	return error;
}

/* -- is a picture whole? */

static unsigned char *read_all(const char *path, size_t *size)
{
	FILE *in = fopen(path, "rb");
	unsigned char *data = NULL;
	size_t n = 0, got;

	*size = 0;
	if (!in)
		return NULL;
	do {
		data = take(realloc(data, n + (1 << 16)));
		got = fread(data + n, 1, 1 << 16, in);
		n += got;
	} while (got);
	fclose(in);
	*size = n;
	return data;
}

static bool svg_is_whole(const unsigned char *data, size_t size)
{
	static const char end[] = "</svg>";

	while (size && (data[size - 1] == '\n' || data[size - 1] == ' '))
		size--;
	return size > sizeof end && !memcmp(data + size - (sizeof end - 1), end, sizeof end - 1) &&
	       memmem(data, size, "<text", 5);
}

static unsigned long big_endian(const unsigned char *b)
{
	return (unsigned long)b[0] << 24 | (unsigned long)b[1] << 16 | (unsigned long)b[2] << 8 | b[3];
}

/* An empty picture packs about a thousandfold, a drawn one less than a hundredfold. */
enum { BLANK_PACKS = 400, BYTES_A_PIXEL = 3 };

static bool png_is_whole(const unsigned char *data, size_t size)
{
	static const unsigned char head[8] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n' };
	unsigned long packed = 0, pixels;
	size_t at = sizeof head;

	if (size < 57 || memcmp(data, head, sizeof head) || memcmp(data + 12, "IHDR", 4))
		return false;
	pixels = big_endian(data + 16) * big_endian(data + 20);
	while (size - at >= 12) {
		unsigned long length = big_endian(data + at);

		if (length > size - at - 12)
			return false;
		if (!memcmp(data + at + 4, "IEND", 4))
			return packed * BLANK_PACKS > pixels * BYTES_A_PIXEL;
		if (!memcmp(data + at + 4, "IDAT", 4))
			packed += length;
		at += length + 12;
	}
	return false;
}

static bool is_whole(const char *path, const char *form)
{
	size_t size;
	unsigned char *data = read_all(path, &size);
	bool whole = data && (strcmp(form, "svg") ? png_is_whole(data, size) : svg_is_whole(data, size));

	free(data);
	return whole;
}

/* -- one picture */

struct drawing {
	char plots[PATH], data[PATH], base[PATH];
	char caption[200], source[700];
	char *error;
	size_t error_size;
};

static int fail(const struct drawing *d, const char *what, const char *why)
{
	char clean[2 * FIRST_LINE];

	snprintf(d->error, d->error_size, "no picture: %s%s%s", what, *why ? ": " : "",
		text_clean(clean, sizeof clean, why, FIRST_LINE));
	return 1;
}

/* Draws to `aside`; 0 or an errno when gnuplot could not be started. */
static int draw_aside(const struct drawing *d, const char *form, const char *aside, char *said, size_t size)
{
	char kind[16], loadpath[QUOTED], data[QUOTED], out[QUOTED], caption[QUOTED], source[QUOTED], script[PATH + 16];
	char *arguments[] = { "gnuplot", "-d", "-e", kind, "-e", loadpath, "-e", data, "-e", out, "-e", caption, "-e",
		source, script, NULL };

	quote(kind, sizeof kind, "FORM=", form);
	quote(loadpath, sizeof loadpath, "set loadpath ", d->plots);
	quote(data, sizeof data, "DATA=", d->data);
	quote(out, sizeof out, "OUT=", aside);
	quote(caption, sizeof caption, "CAPTION=", d->caption);
	quote(source, sizeof source, "SOURCE=", d->source);
	snprintf(script, sizeof script, "%s/ladder.gp", d->plots);
	return run_gnuplot(arguments, said, size);
}

static int draw(const struct drawing *d, const char *form)
{
	char final[PATH + 16], aside[PATH + 48], said[FIRST_LINE], what[PATH + 64];
	int error;

	snprintf(final, sizeof final, "%s.ladder.%s", d->base, form);
	snprintf(aside, sizeof aside, "%s.%ld", final, (long)getpid());
	error = draw_aside(d, form, aside, said, sizeof said);
	if (error == ENOENT)
		return fail(d, "gnuplot is not installed", "");
	if (error)
		return fail(d, "gnuplot does not start", strerror(error));
	if (is_whole(aside, form) && !rename(aside, final))
		return 0;
	unlink(aside);
	snprintf(what, sizeof what, "%s did not come out whole", final);
	return fail(d, what, said);
}

/* 0, or an errno; without a row there is nothing to draw, which is ENODATA. */
static int write_rows(const char *path, const struct cells *all)
{
	FILE *out = fopen(path, "wx");
	bool any, whole;

	if (!out)
		return errno;
	any = put_rows(out, all) > 0;
	whole = !ferror(out);
	if (fclose(out) || !whole)
		return errno ? errno : EIO;
	return any ? 0 : ENODATA;
}

static void describe(struct drawing *d, const struct cells *all)
{
	const struct record *r = all->record;
	const char *host = record_get(r, "host"), *wait = "none";
	const struct cell *fewest = NULL;
	char machine[600], clean[900], number[TEXT_NUMBER];

	for (size_t i = 0; i < all->impls; i++) {
		const struct cell *c = all->impl[i].turn;

		if (drawable(c) && (!fewest || c->n < fewest->n))
			fewest = c;
		if (c && strcmp(c->wait, "none"))
			wait = c->wait;
	}
	if (fewest)
		snprintf(d->caption, sizeof d->caption, "%sone CPU%s%s; median of %zu trials; bar: %s%% interval",
			record_is(r, "complete", "yes") ? "" : "incomplete run; ",
			strcmp(wait, "none") ? ", waiting by " : "", strcmp(wait, "none") ? wait : "", fewest->n,
			text_fixed(number, 100 * fewest->interval.coverage, 0));
	snprintf(
		clean, sizeof clean, "%s: %s", host ? host : "unknown host", machine_words(r, machine, sizeof machine));
	text_clean(d->source, sizeof d->source, clean, SOURCE);
}

int ladder_draw(const struct record *r, const char *plots_dir, const char *base, char *error, size_t error_size)
{
	struct drawing d = { .error = error, .error_size = error_size };
	struct cells *all;
	int status;

	if (strlen(base) + 64 > PATH || strlen(plots_dir) + 64 > PATH || strpbrk(base, "\n\r") ||
		strpbrk(plots_dir, "\n\r"))
		return fail(&d, "gnuplot takes no such path", base);
	plain_path(d.plots, sizeof d.plots, plots_dir);
	plain_path(d.base, sizeof d.base, base);
	snprintf(d.data, sizeof d.data, "%.*s.ladder.tsv.%ld", PATH - 64, d.base, (long)getpid());
	all = cells_group(r);
	describe(&d, all);
	status = write_rows(d.data, all);
	if (status)
		status = fail(&d, status == ENODATA ? "no cell of a switch or a creation in this file" : d.data,
			status == ENODATA ? "" : strerror(status));
	else
		status = draw(&d, "svg") || draw(&d, "png");
	unlink(d.data);
	cells_free(all);
	return status;
}
