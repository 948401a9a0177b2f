// SPDX-License-Identifier: MIT
/*
 * The classic tables, then and now: the workloads of published tables on the machine of a result file, beside what was
 * published and the ratio of the two. One table in memory, from which the terminal, Markdown, HTML and CSV are written.
 */
#ifndef HARNESS_PUBLISH_CLASSIC_H
#define HARNESS_PUBLISH_CLASSIC_H

#include <stdbool.h>
#include <stdio.h>

#include "figures.h"
#include "recipe.h"

enum { CLASSIC_COLUMNS_MOST = 6, CLASSIC_TEXT = 72 };

struct classic_column {
	const char *word;  /* in a recipe: "now" */
	const char *title; /* over the column */
	bool bounds;       /* has an interval */
};

/* What stands in one place of it; the text is empty where there is nothing, as where no number was published. */
struct classic_field {
	char text[CLASSIC_TEXT];
	double value, low, high; /* in `unit`; NaN where there is none */
	const char *unit;        /* "ns" for every time of ours; a published number has its own */
};

struct classic_row {
	char *group, *label; /* rows of one group follow each other */
	char *words; /* "not measured: reason", "invalid: reason"; NULL where there is a number, or none was looked for
		      */
	const char *cell; /* the name of the cell in the file; NULL for what was published alone */
	struct classic_field field[CLASSIC_COLUMNS_MOST];
	size_t source; /* of the published number, from 1; 0: none */
};

struct classic {
	const struct recipe *recipe;
	const struct classic_column *column[CLASSIC_COLUMNS_MOST];
	size_t columns;
	struct classic_row *row;
	size_t rows;
	size_t measured; /* rows with a number of this machine */
	char **source;   /* "DEC SRC Firefly, CVAX: Anderson ..." */
	size_t sources;
	char **note; /* which machine; of several, what is different; then what is to be known of a column */
	size_t notes;
};

/* The table of these files; most tables are of one. `recipe` and the files must outlive it. NULL with one line in error
 * where the recipe asks for what is unknown. */
struct classic *classic_make(const struct recipe *recipe, const struct sources *s, char *error, size_t error_size);
void classic_free(struct classic *t);

/* 80 columns. */
void classic_text(FILE *out, const struct classic *t);
void classic_markdown(FILE *out, const struct classic *t);
/* One <table> with what belongs to it, without a heading of its own: the page's section has it. Classes: classic,
 * group, words, sources. */
void classic_html(FILE *out, const struct classic *t);
/* Every field as a number with its interval and unit. */
void classic_csv(FILE *out, const struct classic *t);

#endif
