// SPDX-License-Identifier: MIT
#include "gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../analyse/cells.h"
#include "../analyse/text.h"

enum { QUOTED = 2 * FIGURE_PATH, COMPLAINT = 200 };

extern char **environ;

/* -- starting it */

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

/* Reads all that it says, so that it never waits for a reader, and keeps the first line that is not just a warning. */
static void read_complaint(int fd, char *kept, size_t size)
{
	FILE *in = fdopen(fd, "r");
	char *line = NULL;
	size_t room = 0;

	*kept = '\0';
	if (!in) {
		close(fd);
		return;
	}
	while (getline(&line, &room, in) >= 0)
		if (!*kept && strspn(line, " \n") < strlen(line) && !strstr(line, "warning:"))
			snprintf(kept, size, "%.*s", (int)strcspn(line, "\n"), line);
	free(line);
	fclose(in);
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

/* 0, or an errno when it could not be started. `said` is what it complained of. */
static int run_gnuplot(char **arguments, char *said, size_t size)
{
	int ends[2], error, status;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return errno;
	error = start(&pid, arguments, ends[1]);
	close(ends[1]);
	read_complaint(ends[0], said, size);
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

static bool holds(const unsigned char *data, size_t size, const char *text)
{
	return memmem(data, size, text, strlen(text));
}

/* What is drawn is in its longest stream: of an empty page there are a few bytes. */
static bool pdf_is_drawn(const unsigned char *data, size_t size)
{
	enum { LEAST = 80 };
	static const char start[] = "stream\n", end[] = "endstream";
	const unsigned char *from = data, *to;

	while ((from = memmem(from, size - (size_t)(from - data), start, strlen(start)))) {
		from += strlen(start);
		to = memmem(from, size - (size_t)(from - data), end, strlen(end));
		if (!to)
			return false;
		if (to - from > LEAST)
			return true;
		from = to + strlen(end);
	}
	return false;
}

static bool pdf_ends(const unsigned char *data, size_t size)
{
	enum { TAIL = 32 };

	return size > TAIL && !memcmp(data, "%PDF-", 5) && holds(data + size - TAIL, TAIL, "%%EOF");
}

/* With its text: a figure without any is not one. */
static bool pdf_is_whole(const unsigned char *data, size_t size)
{
	return pdf_ends(data, size) && pdf_is_drawn(data, size) && holds(data, size, "/Font");
}

/* The part that LaTeX includes has none. */
static bool bare_pdf_is_whole(const unsigned char *data, size_t size)
{
	return pdf_ends(data, size) && pdf_is_drawn(data, size);
}

static bool tex_is_whole(const unsigned char *data, size_t size)
{
	return holds(data, size, "\\includegraphics") && holds(data, size, "\\put(") &&
	       holds(data, size, "\\end{picture}") && holds(data, size, "\\endgroup");
}

static bool file_is(bool (*whole)(const unsigned char *data, size_t size), const char *path)
{
	size_t size;
	unsigned char *data = read_all(path, &size);
	bool yes = data && whole(data, size);

	free(data);
	return yes;
}

static bool is_whole(const char *path, const char *form)
{
	return file_is(!strcmp(form, "svg")   ? svg_is_whole
		       : !strcmp(form, "pdf") ? pdf_is_whole
		       : !strcmp(form, "tex") ? tex_is_whole
					      : png_is_whole,
		path);
}

/* -- one picture */

static int fail(char *error, size_t size, const char *what, const char *why)
{
	char clean[2 * COMPLAINT];

	snprintf(error, size, "no picture: %s%s%s", what, *why ? ": " : "",
		text_clean(clean, sizeof clean, why, COMPLAINT));
	return 1;
}

/* Draws to `aside`; 0 or an errno when gnuplot could not be started. */
static int draw(const struct plot *p, const char *form, const char *aside, char *said, size_t size)
{
	char kind[16], width[24], font[TEXT_NUMBER + 8], number[TEXT_NUMBER], loadpath[QUOTED], data[QUOTED],
		out[QUOTED], caption[QUOTED], source[QUOTED], script[FIGURE_PATH];
	char *arguments[] = { "gnuplot", "-d", "-e", kind, "-e", width, "-e", font, "-e", loadpath, "-e", data, "-e",
		out, "-e", caption, "-e", source, script, NULL };

	plain_path(script, sizeof script, p->plots);
	quote(loadpath, sizeof loadpath, "set loadpath ", script);
	snprintf(script + strlen(script), sizeof script - strlen(script), "/%s.gp", p->name);
	quote(kind, sizeof kind, "FORM=", form);
	quote(width, sizeof width, "WIDTH=", p->width);
	snprintf(font, sizeof font, "FONT=%s", text_fixed(number, p->font, 2));
	quote(data, sizeof data, "DATA=", p->data);
	quote(out, sizeof out, "OUT=", aside);
	quote(caption, sizeof caption, "CAPTION=", p->caption);
	quote(source, sizeof source, "SOURCE=", p->source);
	return run_gnuplot(arguments, said, size);
}

/* `target` with every `from` in it made `to`; 0 or an errno. */
static int copy_replaced(const char *source, const char *target, const char *from, const char *to)
{
	size_t size;
	unsigned char *data = read_all(source, &size);
	const unsigned char *at = data, *end = data + size, *found;
	FILE *out = fopen(target, "wb");
	bool whole = data && out;

	for (; whole && (found = memmem(at, (size_t)(end - at), from, strlen(from))); at = found + strlen(from)) {
		fwrite(at, 1, (size_t)(found - at), out);
		fputs(to, out);
	}
	if (whole)
		fwrite(at, 1, (size_t)(end - at), out);
	whole = whole && !ferror(out) && !fflush(out) && !fsync(fileno(out));
	if (out && fclose(out))
		whole = false;
	free(data);
	return whole ? 0 : errno ? errno : EIO;
}

/* The text, and the picture it includes by the name that it was drawn under; gnuplot 6 calls that one -inc, 5 does not.
 */
static bool keep_tex(const char *aside, const char *final)
{
	char stem[FIGURE_PATH + 32], drawn[FIGURE_PATH + 64], kept[FIGURE_PATH + 64], text[FIGURE_PATH + 64];
	const char *name;
	bool whole;

	snprintf(stem, sizeof stem, "%.*s", (int)(strlen(aside) - strlen(".tex")), aside);
	snprintf(drawn, sizeof drawn, "%s-inc.pdf", stem);
	if (access(drawn, F_OK))
		snprintf(drawn, sizeof drawn, "%s.pdf", stem);
	else
		snprintf(stem + strlen(stem), sizeof stem - strlen(stem), "-inc");
	snprintf(kept, sizeof kept, "%.*s-inc.pdf", (int)(strlen(final) - strlen(".tex")), final);
	snprintf(text, sizeof text, "%s.new", aside);
	name = strrchr(kept, '/') + 1;
	whole = file_is(bare_pdf_is_whole, drawn);
	if (whole) {
		char plain[FIGURE_PATH];

		snprintf(plain, sizeof plain, "%.*s", (int)(strlen(name) - strlen(".pdf")), name);
		whole = !copy_replaced(aside, text, stem, plain) && !rename(drawn, kept) && !rename(text, final);
	}
	unlink(drawn);
	unlink(text);
	unlink(aside);
	return whole;
}

static bool keep(const char *aside, const char *final, const char *form)
{
	if (!is_whole(aside, form))
		return false;
	return strcmp(form, "tex") ? !rename(aside, final) : keep_tex(aside, final);
}

/* No file stays that is not whole. */
static void discard(const char *aside)
{
	char picture[FIGURE_PATH + 64];

	unlink(aside);
	snprintf(picture, sizeof picture, "%.*s.pdf", (int)(strlen(aside) - strlen(".tex")), aside);
	unlink(picture);
}

int gnuplot_draw(const struct plot *p, const char *form, char *error, size_t error_size)
{
	char final[FIGURE_PATH], aside[FIGURE_PATH + 32], said[COMPLAINT] = "", what[FIGURE_PATH + 64];
	int status;

	if (strlen(p->out) + 64 > FIGURE_PATH || strlen(p->plots) + strlen(p->name) + 64 > FIGURE_PATH ||
		strpbrk(p->out, "\n\r") || strpbrk(p->plots, "\n\r"))
		return fail(error, error_size, "gnuplot takes no such path", p->out);
	snprintf(what, sizeof what, "%s/%s.gp", p->plots, p->name);
	if (access(what, R_OK))
		return -fail(error, error_size, what, strerror(errno));
	snprintf(final, sizeof final, "%s.%s", p->out, form);
	snprintf(aside, sizeof aside, "%s.%ld.%s", p->out, (long)getpid(), form);
	status = draw(p, form, aside, said, sizeof said);
	if (!status && keep(aside, final, form))
		return 0;
	discard(aside);
	if (status == ENOENT)
		return -fail(error, error_size, "gnuplot is not installed", "");
	if (status)
		return fail(error, error_size, "gnuplot does not start", strerror(status));
	snprintf(what, sizeof what, "%s did not come out whole", final);
	return fail(error, error_size, what, said);
}
