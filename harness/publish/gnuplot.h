// SPDX-License-Identifier: MIT
/*
 * One picture by one script of plots/, without a shell. The exit status of gnuplot proves nothing (an unknown terminal
 * or a full disk ends with 0), so a picture is looked at before it gets its name.
 */
#ifndef HARNESS_PUBLISH_GNUPLOT_H
#define HARNESS_PUBLISH_GNUPLOT_H

#include <stddef.h>

enum { FIGURE_PATH = 4096 };

struct plot {
	const char *plots, *name;     /* the folder, and the script in it without .gp */
	const char *data;             /* a file of columns; its name begins with a '/' or a '.' */
	const char *out;              /* the picture without its ending */
	const char *caption, *source; /* a line of text each: what is shown; on which machine */
	const char *width;            /* web, col, page, slide */
	double font;                  /* size of the text; 0: the width's own */
};

/* Draws `out`.FORM; the form tex, `out`.tex and the picture that it includes, `out`-inc.pdf. 0; -1 without gnuplot,
 * else 1, with one line in error and no file left. */
int gnuplot_draw(const struct plot *p, const char *form, char *error, size_t error_size);

#endif
