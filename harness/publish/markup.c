// SPDX-License-Identifier: MIT
#include "markup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../analyse/cells.h"
#include "../analyse/text.h"

/* A copy of which every byte is part of a character that can be printed; to be freed. */
static char *clean(const char *text)
{
	size_t size = strlen(text) + sizeof "…" + 1;

	return text_clean(take(malloc(size)), size, text, size);
}

static const char *in(const char *const (*pair)[2], const char *at, size_t *length)
{
	for (; (*pair)[0]; pair++)
		if (!strncmp(at, (*pair)[0], strlen((*pair)[0]))) {
			*length = strlen((*pair)[0]);
			return (*pair)[1];
		}
	return NULL;
}

static void put_replaced(FILE *out, const char *text, const char *const (*pair)[2])
{
	char *copy = clean(text);

	for (const char *at = copy; *at;) {
		size_t length = 1;
		const char *instead = in(pair, at, &length);

		if (instead)
			fputs(instead, out);
		else
			fputc(*at, out);
		at += length;
	}
	free(copy);
}

void html_put(FILE *out, const char *text)
{
	static const char *const pair[][2] = { { "&", "&amp;" }, { "<", "&lt;" }, { ">", "&gt;" }, { "\"", "&quot;" },
		{ "'", "&#39;" }, { NULL, NULL } };

	put_replaced(out, text, pair);
}

void markdown_put(FILE *out, const char *text)
{
	static const char *const pair[][2] = { { "|", "\\|" }, { "*", "\\*" }, { "_", "\\_" }, { "`", "\\`" },
		{ "[", "\\[" }, { "]", "\\]" }, { "<", "&lt;" }, { ">", "&gt;" }, { "&", "&amp;" }, { "\\", "\\\\" },
		{ "~", "\\~" }, { "$", "\\$" }, { NULL, NULL } };

	put_replaced(out, text, pair);
}

/* Of Latin-1 what every font of TeX has: its letters but for eth and thorn. */
static bool tex_letter(const unsigned char *u)
{
	return u[0] == 0xC3 && u[1] != 0x90 && u[1] != 0x9E && u[1] != 0xB0 && u[1] != 0xBE;
}

void tex_put(FILE *out, const char *text)
{
	static const char *const pair[][2] = { { "\\", "\\textbackslash{}" }, { "{", "\\{" }, { "}", "\\}" },
		{ "$", "\\$" }, { "&", "\\&" }, { "#", "\\#" }, { "%", "\\%" }, { "_", "\\_" },
		{ "^", "\\textasciicircum{}" }, { "~", "\\textasciitilde{}" }, { "<", "\\textless{}" },
		{ ">", "\\textgreater{}" }, { "|", "\\textbar{}" }, { "\"", "''" }, { "µ", "\\ensuremath{\\mu}" },
		{ "±", "\\ensuremath{\\pm}" }, { "×", "\\ensuremath{\\times}" }, { "…", "\\ldots{}" }, { "–", "--" },
		{ "[", "{[}" }, { "]", "{]}" }, { "`", "{\\textasciigrave}" }, { NULL, NULL } };
	char *copy = clean(text);

	for (const char *at = copy; *at;) {
		size_t length = 1;
		const char *instead = in(pair, at, &length);

		if (instead) {
			fputs(instead, out);
		} else if ((unsigned char)*at < 0x80) {
			fputc(*at, out);
		} else {
			while (((unsigned char)at[length] & 0xC0) == 0x80)
				length++;
			if (tex_letter((const unsigned char *)at))
				fwrite(at, 1, length, out);
			else
				fputc('?', out);
		}
		at += length;
	}
	free(copy);
}

void csv_put(FILE *out, const char *text)
{
	static const char *const pair[][2] = { { "\"", "\"\"" }, { NULL, NULL } };
	bool quoted = strpbrk(text, ",\"\n\r") != NULL;

	if (quoted)
		fputc('"', out);
	put_replaced(out, text, pair);
	if (quoted)
		fputc('"', out);
}

void data_uri(FILE *out, const char *type, const void *data, size_t size)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *b = data;

	fprintf(out, "data:%s;base64,", type);
	for (; size >= 3; size -= 3, b += 3) {
		fputc(digit[b[0] >> 2], out);
		fputc(digit[(b[0] & 3) << 4 | b[1] >> 4], out);
		fputc(digit[(b[1] & 15) << 2 | b[2] >> 6], out);
		fputc(digit[b[2] & 63], out);
	}
	if (!size)
		return;
	fputc(digit[b[0] >> 2], out);
	fputc(digit[(b[0] & 3) << 4 | (size > 1 ? b[1] >> 4 : 0)], out);
	fputc(size > 1 ? digit[(b[1] & 15) << 2] : '=', out);
	fputc('=', out);
}

/* -- files */
char *file_read(const char *path, size_t *size)
{
	FILE *from = fopen(path, "rb");
	char *data = take(malloc(1));
	size_t n = 0, got = 0;

	if (!from) {
		free(data);
		return NULL;
	}
	do {
		n += got;
		data = take(realloc(data, n + (1 << 16) + 1));
		got = fread(data + n, 1, 1 << 16, from);
	} while (got);
	if (ferror(from)) {
		free(data);
		data = NULL;
	} else {
		data[n] = '\0';
	}
	fclose(from);
	*size = n;
	return data;
}

static int write_synced(const char *path, const void *data, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666), error = 0;
	FILE *to = fd < 0 ? NULL : fdopen(fd, "wb");

	if (!to)
		return -errno;
	if (fwrite(data, 1, size, to) != size || fflush(to) || fsync(fd))
		error = -errno;
	if (fclose(to) && !error)
		error = -errno;
	return error;
}

int file_write(const char *path, const void *data, size_t size)
{
	char aside[PATH_MAX];
	int error;

	if ((size_t)snprintf(aside, sizeof aside, "%s.%ld.tmp", path, (long)getpid()) >= sizeof aside)
		return -ENAMETOOLONG;
	error = write_synced(aside, data, size);
	if (!error && rename(aside, path))
		error = -errno;
	if (error)
		unlink(aside);
	return error;
}
