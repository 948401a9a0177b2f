// SPDX-License-Identifier: MIT
/* The command line: which options there are, what their values may be, and which verb takes which. */
#ifndef HARNESS_OPTIONS_H
#define HARNESS_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "compare/compare.h"
#include "run/run.h"

struct options {
	struct run_options run;
	const char *out;
	const char *form, *width; /* of figures; NULL where not asked for */
	double font_size;         /* 0: not asked for */
	struct compare_options compare; /* its `only` is run's */
	bool advice, html, snippet;
	bool drain_list, suspects; /* of fleet */
	bool sqlite; /* of export */
	uint64_t rounds;
};

enum option_name { BRIEF = 256, FULL, AA, ONLY, TRIALS, COUNTERS, CPUS, SEED, TIME_LIMIT, OUT, KEEP_SAMPLES, QUIET, HELP, VERSION, ADVICE, ROUNDS, FORM, FIGURE_WIDTH, FONT_SIZE,
	BY, BASE, ROW, COL, PER, EXPLAIN, FAIL_ABOVE, HOLM, SHOW_P, FORCE, MARKDOWN, CSV, TSV, JSON, LATEX, HTML, DRAIN_LIST, SUSPECTS, SNIPPET, SQLITE };

extern const char options_usage[];

/* Options and their values as `allowed` (ending with 0) names them; the arguments that are left stand from argv[optind] on.
 * -1: go on; else the exit status, everything having been said (--help and --version too). */
int options_parse(struct options *o, int argc, char **argv, const char *verb, const int *allowed);

/* The same for a verb that takes options and nothing else. */
int options_only(struct options *o, int argc, char **argv, const char *verb, const int *allowed);

#endif
