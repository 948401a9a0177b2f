// SPDX-License-Identifier: MIT
/* The page's parts, a file for each that is long, and what they have in common. */
#ifndef HARNESS_PUBLISH_PAGE_H
#define HARNESS_PUBLISH_PAGE_H

#include "report.h"
#include "sections.h"

/* A section with its heading; what comes until it is closed is in it. */
void page_open(FILE *out, const char *id, const char *title);
void page_close(FILE *out);
void page_paragraph(FILE *out, const char *text);

/* Figures, each in a row with the other files': of one name; of a section, and whether it has any. */
void report_pictures(const struct report *report, const char *figure, FILE *out);
bool section_pictures(const struct report *report, const struct section *section, FILE *out);

/* What is different between several files. */
void page_differences(const struct report *report, FILE *out);
/* The textbook's sentences. */
void page_verdicts(const struct report *report, FILE *out);
/* The machines as cards, with hwloc's drawings. */
void page_machines(const struct report *report, FILE *out);
/* Published tables, then and now. */
void page_classics(const struct report *report, FILE *out);
/* What has no number, and why. */
void page_gaps(const struct report *report, FILE *out);

#endif
