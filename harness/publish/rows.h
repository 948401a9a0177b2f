// SPDX-License-Identifier: MIT
/* What each figure is made of: its rows (the columns are those that its script says at its head), and its caption. */
#ifndef HARNESS_PUBLISH_ROWS_H
#define HARNESS_PUBLISH_ROWS_H

#include "figures.h"

size_t ladder_rows(FILE *out, const struct sources *s);
size_t sharing_rows(FILE *out, const struct sources *s);
size_t ring_rows(FILE *out, const struct sources *s);
size_t direct_indirect_rows(FILE *out, const struct sources *s);
size_t latency_rows(FILE *out, const struct sources *s);
size_t places_rows(FILE *out, const struct sources *s);
size_t modeswitch_rows(FILE *out, const struct sources *s);
size_t memory_rows(FILE *out, const struct sources *s);
size_t mn_rows(FILE *out, const struct sources *s);
size_t counters_rows(FILE *out, const struct sources *s);
size_t fleet_figure_rows(FILE *out, const struct sources *s);
size_t compare_rows(FILE *out, const struct sources *s);
size_t wakes_rows(FILE *out, const struct sources *s);

/* Switches on one CPU: how they waited, of how many trials, which interval. */
void caption_cells(char *text, size_t size, const struct sources *s);
void caption_values(char *text, size_t size, const struct sources *s);
void caption_places(char *text, size_t size, const struct sources *s);
void caption_anatomy(char *text, size_t size, const struct sources *s);
void caption_modeswitch(char *text, size_t size, const struct sources *s);
void caption_memory(char *text, size_t size, const struct sources *s);
void caption_mn(char *text, size_t size, const struct sources *s);
void caption_counters(char *text, size_t size, const struct sources *s);
void caption_fleet(char *text, size_t size, const struct sources *s);
void caption_compare(char *text, size_t size, const struct sources *s);
void alt_ladder(char *text, size_t size, const struct sources *s);
void alt_anatomy(char *text, size_t size, const struct sources *s);
void alt_latency(char *text, size_t size, const struct sources *s);
void alt_wakes(char *text, size_t size, const struct sources *s);
void alt_places(char *text, size_t size, const struct sources *s);
void alt_mn(char *text, size_t size, const struct sources *s);
void alt_compare(char *text, size_t size, const struct sources *s);
void caption_ring(char *text, size_t size, const struct sources *s);
/* "98% interval": the true coverage of the order statistics' interval, that of the fewest trials among the valid cells
 * that `takes`; "no interval" of a single trial. Returns text. */
char *caption_interval(char *text, size_t size, const struct cells *all, bool (*takes)(const struct cell *));
/* What is to be known before any number: "incomplete run; ", mostly "". */
const char *caption_warning(const struct record *r);
/* "node17: AMD EPYC, 2 CPUs, Linux 6.18": one line. Returns text. */
char *caption_machine(char *text, size_t size, const struct record *r);

#endif
