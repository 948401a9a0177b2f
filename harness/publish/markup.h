// SPDX-License-Identifier: MIT
/* Text that comes from data, as text and nothing else, in each language that is written here; and whole files. */
#ifndef HARNESS_PUBLISH_MARKUP_H
#define HARNESS_PUBLISH_MARKUP_H

#include <stddef.h>
#include <stdio.h>

/* Control characters and broken UTF-8 become '?' in all of them; the numbers' µ and ± are known everywhere. */
void html_put(FILE *out, const char *text);
/* TeX in text mode, also in a moving argument: letters of Latin-1, else '?'. */
void tex_put(FILE *out, const char *text);
/* One cell of a table, or a line: nothing in it begins a new cell or line, emphasis, a link or HTML. */
void markdown_put(FILE *out, const char *text);
/* A field as RFC 4180 has it. */
void csv_put(FILE *out, const char *text);

/* "data:TYPE;base64,..." of so many bytes. */
void data_uri(FILE *out, const char *type, const void *data, size_t size);

/* The whole file, with a zero after it; to be freed. NULL with errno where it can't be read. */
char *file_read(const char *path, size_t *size);
/* Written aside, synced, renamed. 0 or -errno. */
int file_write(const char *path, const void *data, size_t size);

#endif
