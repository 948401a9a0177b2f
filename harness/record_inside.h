// SPDX-License-Identifier: MIT
/* What record.c shares with record_read.c and record_write.c, and nobody else. */
#ifndef HARNESS_RECORD_INSIDE_H
#define HARNESS_RECORD_INSIDE_H

#include <locale.h>

#include "arena.h"
#include "record.h"

enum {
	FORMAT = 1,           /* the `ctxbench` key */
	WRITTEN_LINE = 60000, /* benchstat reads nothing of a file with a line of 65,536 bytes */
	READ_LINE = 65535,
	LONGEST_TEXT = 8000, /* of a key's value and a reason */
	MOST_KEYS = 4096,    /* looking up a key is linear */
};

/* What a line of this kind begins with. */
extern const char record_prefix[][11];

/* Where all texts and values of a record are. */
struct record_store {
	struct arena *arena;
	struct words names, units; /* of lines */
};

void *record_owned(void *p); /* ends the program where it is NULL */
bool record_control(char c);
/* Is a 0 in this unit a time that was not resolved? It would make every ratio with it infinite. */
bool record_never_zero(const char *unit);

struct record *record_empty(void);
/* A key that is not there yet; returns its value as it is kept. */
const char *record_add_key(struct record *r, const char *key, const char *value);
struct record_key *record_find_key(struct record_key *key, size_t keys, const char *name);
struct record_line *record_add_line(struct record *r, enum record_kind kind, const struct word *name, double n);
/* `unit` is a word of the record's; it is not on the line yet. */
void record_add_value(struct record_line *line, double x, const char *unit);
/* One printable line, without blanks at its ends, as a reader gets it back. */
const char *record_copy_text(struct record_store *s, const char *text);

/* What is written, which the caller frees. 0 or -errno. */
int record_text(const struct record *r, char **text, size_t *length);

/* printf and strtod follow the thread's locale, so files are written and read in the C locale. */
struct c_locale {
	locale_t c, before;
};
struct c_locale c_locale_enter(void);
void c_locale_leave(struct c_locale l);

#endif
