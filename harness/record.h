// SPDX-License-Identifier: MIT
/*
 * The result file in memory: head keys, units, and lines; written by run, read by analyse. It knows the format
 * (results/README.md) and nothing of what a key or a unit means. Numbers never follow the locale.
 */
#ifndef HARNESS_RECORD_H
#define HARNESS_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "bars.h"

struct record_store;

struct record_key {
	const char *key, *value;
};

struct record_value {
	double x;
	const char *unit; /* in one record the same pointer for the same unit */
};

enum record_kind { RECORD_BENCHMARK, RECORD_INVALID, RECORD_MISSING, RECORD_SAMPLES, RECORD_HISTOGRAM };

/* One line. `name` is without the kind's prefix: "Switch/impl=lwp/wait=futex/policy=batch/place=same-pu". */
struct record_line {
	enum record_kind kind;
	const char *name;
	size_t name_index; /* of the record's distinct names, in the order in which they came: 0, 1, 2 ... */
	double n;          /* iterations; 0 where the kind has none */
	struct record_value *value;
	size_t values;
	const char *reason;         /* Invalid and Missing; else NULL */
	struct bars *bars;          /* Histogram, whole, on however many lines it stands in the file; else NULL */
	size_t row;                 /* line number in the file it was read from, from 1; else 0 */
	struct record_store *store; /* the record's */
};

struct record {
	struct record_key *key;
	size_t keys;
	struct record_key *unit; /* key: the unit, value: "better=lower" */
	size_t units;
	struct record_line *line;
	size_t lines;
	size_t names;               /* distinct names on them */
	const char *path;           /* where it was read from, or NULL */
	struct record_store *store; /* owned: the memory of all of it but the arrays */
};

/* -- making one. Memory that runs out ends the program with one line: there is nothing better to do. */
struct record *record_new(void);
void record_free(struct record *r);
/* Sets or replaces a key; the value is made one printable line (control characters become spaces). */
void record_set(struct record *r, const char *key, const char *value);
void record_unit(struct record *r, const char *unit, const char *properties);
/* Appends a line and returns it; valid until the next append. name and reason are copied. */
struct record_line *record_line(
	struct record *r, enum record_kind kind, const char *name, double n, const char *reason);
/* Makes every Benchmark line of this name an Invalid one, with this reason. */
void record_refuse(struct record *r, const char *name, const char *reason);
void record_value(struct record_line *line, double x, const char *unit); /* a non-finite x is not added */
void record_bars(struct record_line *line, const struct bars *b);        /* of a Histogram line: copied */

/* -- asking */
const char *record_get(const struct record *r, const char *key); /* NULL if absent */
/* The value with this unit on a line; false if it has none. */
bool record_find(const struct record_line *line, const char *unit, double *x);
/* A part of a name: "bench" (in its kebab form: yield-alone), "impl", "wait" ... into buffer; NULL if absent. */
const char *record_part(const char *name, const char *part, char *buffer, size_t size);
/* "yield-alone" to "YieldAlone", the form a name begins with. */
void record_bench_name(const char *bench, char *buffer, size_t size);

/* -- files. Written aside, synced, renamed. 0 or -errno. */
int record_write(const struct record *r, const char *path);
/* What its line says of a file that is none of ours. */
#define RECORD_FOREIGN "not a ctxbench result file"
/* NULL and one clear line with file and line number in error where the file can't be read or is not one of ours. */
struct record *record_read(const char *path, char *error, size_t error_size);

#endif
