// SPDX-License-Identifier: MIT
/* What a report is made of, for those who write its parts. */
#ifndef HARNESS_PUBLISH_REPORT_H
#define HARNESS_PUBLISH_REPORT_H

#include <stdio.h>

#include "figures.h"

/* One figure, drawn, or why it is not. */
struct picture {
	const struct figure *figure;
	const struct sources *s; /* what it is of: one of the files, or all */
	size_t file;             /* which one; of all: how many there are */
	char *svg, *columns;     /* files; NULL where it is not drawn */
	char *narrow;            /* the same for a narrow screen; NULL: none */
	char *why;               /* a line; NULL where it is */
};

struct report {
	const struct sources *s;
	struct record *const *record;
	const char *plots; /* the folder of the scripts and of the page's style */
	const char *out;
	struct picture *picture;
	size_t pictures;
};

/* "A", "B": what each file is called where there are several. */
static inline char report_letter(size_t file)
{
	return (char)('A' + file);
}

/* The whole page. 0, or -1 with a line in `why`. */
int page_print(const struct report *report, FILE *out, char *why, size_t why_size);
/* The ten lines for a README; `picture` is what they link to, NULL: none. */
void snippet_print(const struct cells *all, const char *picture, FILE *out);

#endif
