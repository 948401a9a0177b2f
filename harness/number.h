// SPDX-License-Identifier: MIT
/* A decimal number as result files have it: [+-] digits [. digits] [e [+-] digits]. No blanks, hex, inf or nan. */
#ifndef HARNESS_NUMBER_H
#define HARNESS_NUMBER_H

#include <stdbool.h>

/* The number that `text` begins with, rounded to the nearest double, and where it ends. False where there is none, or
 * where it is beyond what a double holds. The calling thread's numeric locale must be C. */
bool number_read(const char *text, const char **end, double *x);

#endif
