// SPDX-License-Identifier: MIT
/*
 * The figures of a result file: which there are, and how one comes about. A figure's numbers go into a file of columns,
 * which plots/NAME.gp draws; the same file is the table of what is seen.
 */
#ifndef HARNESS_PUBLISH_FIGURES_H
#define HARNESS_PUBLISH_FIGURES_H

#include <stdbool.h>
#include <stdio.h>

#include "../analyse/cells.h"

/* What is drawn: the files, and each of them grouped. Most figures look at the first and no other. */
struct sources {
	const struct cells *const *cells;
	size_t files;
};

struct figure {
	const char *name;  /* of its script; letters, digits and hyphens */
	const char *title; /* a short line of plain text: the heading over it */
	const char *needs; /* what a file has to have for it: "a switch or a creation" */
	size_t files;      /* how many files it takes at least */
	bool together;     /* does it take all files at once? The others look at one */
	bool with_run;     /* is it drawn beside the result of a run? */
	/* Writes a line of the columns' names and then the rows, separated by tabs; returns how many rows, 0: nothing
	 * to draw. */
	size_t (*rows)(FILE *out, const struct sources *s);
	/* One line that stands in the figure: what its marks and bars are. */
	void (*caption)(char *text, size_t size, const struct sources *s);
	/* What somebody who does not see it should know, in a sentence or two. May be NULL: then title and caption say
	 * it. */
	void (*alt)(char *text, size_t size, const struct sources *s);
};

/* All of them, in the order in which they are shown. */
extern const struct figure figures[];
extern const size_t figures_count;
/* NULL if there is none of this name. */
const struct figure *figure_find(const char *name);
/* Does it have anything to draw? Nothing is written. */
bool figure_has(const struct figure *f, const struct sources *s);
/* Alternative text for any figure: its title and its machine, and what is to be seen. Returns text. */
char *figure_alt(const struct figure *f, const struct sources *s, char *text, size_t size);

struct drawing {
	const char *plots; /* the folder of the scripts */
	const char *stem;  /* what stands before the figure's name in every file's: "DIR/", or "results/vm/full." */
	const char *width; /* web, col, page or slide; NULL: web */
	double font;       /* size of the text, in points (web, slide: pixels); 0: the width's own */
	bool columns;      /* keep the columns, as STEM NAME.tsv */
};

/* Draws one, as STEM NAME.FORM, in each of the forms, a list that ends with NULL: svg, png, pdf, tex (with
 * NAME-inc.pdf, which it includes). 0; -1 where there is none to be had (no gnuplot, nothing to draw), 1 where one did
 * not come out whole, both with one line in error. */
int figure_draw(const struct figure *f, const struct sources *s, const struct drawing *d, const char *const *forms,
	char *error, size_t error_size);

#endif
