// SPDX-License-Identifier: MIT
/* The chapters of a report: which benches each has, what it says of how they were measured, which figures, and the
 * tables of their cells. */
#ifndef HARNESS_PUBLISH_SECTIONS_H
#define HARNESS_PUBLISH_SECTIONS_H

#include "figures.h"
#include "sheet.h"

struct section {
	const char *id; /* of the chapter, a file's name and an anchor: lower-case letters and hyphens */
	const char *title;
	const char *how;     /* the paragraph: what was measured, and how */
	const char *benches; /* names with blanks; the last section's is NULL: whatever no other has */
	const char *figures; /* names with blanks */
	/* of what is told beside the time: unit and head of a column, in pairs; ends with NULL */
	const char *also[15];
	bool also_first; /* it is about that, and the time comes after */
};

extern const struct section sections[];
extern const size_t sections_count;

/* Is the bench, or figure, one of this section's? */
bool section_has_bench(const struct section *section, const char *bench);
bool section_has_figure(const struct section *section, const char *figure);
/* Does a file have a cell of it, whatever became of it? */
bool section_in(const struct section *section, const struct sources *s);

/* The cells of one bench, files side by side. Without rows where no file has one. */
void section_sheet(const struct section *section, const char *bench, const struct sources *s, struct sheet *sheet);
/* Benches of the section that the files have, in order: calls `each` with the name of each. */
void section_benches(
	const struct section *section, const struct sources *s, void (*each)(const char *bench, void *to), void *to);

/* The contexts on one CPU, by kind: switch, create and join, mode switch. */
void contexts_sheet(const struct cells *all, struct sheet *sheet);

#endif
