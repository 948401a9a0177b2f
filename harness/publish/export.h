// SPDX-License-Identifier: MIT
/*
 * Result files for other programs: JSON, CSV and SQLite. All that a file says is there, also what is invalid or
 * missing, with its reason; nothing is computed from it. results/README.md tells the fields.
 */
#ifndef HARNESS_PUBLISH_EXPORT_H
#define HARNESS_PUBLISH_EXPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "../record.h"

/* Where it goes: a stream, or for SQLite a file of its own. */
struct export_to {
	FILE *out;
	const char *path;
	void *own; /* the form's */
	char error[256];
};

/* One form. All return false with one line in error: what, where, what was expected. */
struct export_form {
	const char *name;
	bool needs_path;              /* of a file: it is none that goes through a pipe */
	const char *(*missing)(void); /* NULL, or why it is not to be had */
	bool (*begin)(struct export_to *to);
	bool (*record)(struct export_to *to, const struct record *r, size_t number); /* of the machine, from 1 */
	bool (*end)(
		struct export_to *to, bool whole); /* always called once it has begun; not whole: what is there goes */
};

extern const struct export_form export_json, export_csv, export_sqlite;

/* What an export calls a line's kind: "trial", "invalid", "missing", "samples", "histogram". */
const char *export_kind(enum record_kind kind);
/* The parts of a name that have a column of their own, in this order; of each its value, empty where it has none. */
enum { EXPORT_PARTS = 6, EXPORT_PART = 128 };
extern const char *const export_parts[EXPORT_PARTS]; /* bench impl wait policy place points */
const char *export_part(const char *name, int part, char buffer[EXPORT_PART]);
/* The shortest decimal that reads back as x. Returns buffer. */
const char *export_number(double x, char buffer[32]);

/* These files in this form to `out`, or to standard output where that is NULL. An exit status, all being said; nothing
 * is written where a file can't be read. */
int export_make(const struct export_form *form, char **path, size_t files, const char *out);
/* The record to `out` without what tells whose it is; what went is printed to stderr. An exit status. */
int anonymise(const struct record *r, const char *out);

/* `ctxbench export` and `ctxbench anonymise` with their arguments; an exit status. */
int export_verb(int argc, char **argv);
int anonymise_verb(int argc, char **argv);

#endif
