// SPDX-License-Identifier: MIT
/* The machine of each file as a card: its keys that matter, what the mitigations do to a switch, and hwloc's drawing.
 */
#ifndef HARNESS_PUBLISH_MACHINE_H
#define HARNESS_PUBLISH_MACHINE_H

#include "figures.h"
#include "sheet.h"

/* Key by key, files side by side: first what the machine is, then how kernel and run are set up. */
void machine_sheet(const struct sources *s, bool first, struct sheet *sheet);
/* Each vulnerability that any of the CPUs has: its state in each file, and what that does to a switch. */
void mitigations_sheet(const struct sources *s, struct sheet *sheet);
/* hwloc's drawing of the machine, an SVG to be freed; of what the file keeps of the topology, so anybody's. NULL with a
 * line in `why` where there is none. */
char *machine_drawing(const struct record *r, size_t *size, char *why, size_t why_size);

#endif
