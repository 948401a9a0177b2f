// SPDX-License-Identifier: MIT
/* How the program ends and what it says then. */
#ifndef HARNESS_SAY_H
#define HARNESS_SAY_H

enum status { OK = 0, FAILED = 1, USAGE = 2, FOUND = 3, MISSING = 69, INTERRUPTED = 130 };

/* One clear line on stderr, without full stop or newline. Returns `status`, for the caller to return. */
int complain(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What was printed must have arrived. Returns `status`, or FAILED with a line where it has not. */
int finish(int status);

#endif
