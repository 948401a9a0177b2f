// SPDX-License-Identifier: MIT
/* What the room offers to main.c: verbs, and the pictures of a run. */
#ifndef HARNESS_PUBLISH_PUBLISH_H
#define HARNESS_PUBLISH_PUBLISH_H

#include <stdbool.h>
#include <stdio.h>

#include "../record.h"

/* The pictures of a run beside its result file, `base`.NAME.svg and .png: their names are printed to `out`. 0; 1 where
 * one came out broken, with one line in error; -1 where there is none at all. */
int figures_beside(
	const struct record *r, const char *plots, const char *base, FILE *out, char *error, size_t error_size);

/* ctxbench figure NAME|all FILES... -o DIR [--form ...] [--width ...] [--font-size N]. `plots`: the folder of the
 * scripts. An exit status, all being said. */
int figure_verb(int argc, char **argv, const char *plots);

/* What that verb was asked for. */
struct figure_request {
	const char *name;  /* of a figure, or "all" */
	const char *out;   /* the folder, made where there is none */
	const char *forms; /* with commas: "svg,png" */
	const char *width; /* NULL: web */
	double font;       /* 0: the width's own */
	const char *plots;
};
/* NULL if there is such a figure, else the line that says which there are. */
const char *figure_unknown(const char *name);
/* Draws what is asked for of these files; says what it has drawn, and what not, with the reason. An exit status. */
int figures_make(const struct figure_request *q, const struct record *const *record, size_t files);

/* ctxbench table FILE, the summary; ctxbench table NAME FILES... [--markdown|--html|--csv], a classic table. `plots`:
 * the folder in which tables/ is. An exit status, all being said. */
int table_verb(int argc, char **argv, const char *plots);

/* ctxbench report FILES... -o DIR [--snippet] [--width ...] [--font-size N]: a page and all that one publishes. An exit
 * status, all being said. */
int report_verb(int argc, char **argv, const char *plots);

struct report_request {
	const char *out;   /* the folder; with `snippet` what its picture links to, or NULL */
	const char *width; /* of figures for paper, beside those of the page; NULL: none */
	double font;       /* of those; 0: the width's own */
	bool snippet;      /* only the lines for a README, printed */
	const char *plots;
};
int report_make(const struct report_request *q, struct record *const *record, size_t files);

/* Is it the name of a classic table? All of them, with commas. */
bool classic_known(const char *name);
const char *classic_names(void);
/* Prints one of these files; `as`: markdown, html or csv; NULL: for a terminal. An exit status, all being said. */
int classic_print(const char *name, char **path, size_t files, const char *as, const char *plots);

#endif
