// SPDX-License-Identifier: MIT
#include <getopt.h>

#include "../options.h"
#include "../say.h"
#include "compare.h"

int compare_verb(int argc, char **argv)
{
	static const int allowed[] = { BY, BASE, ONLY, ROW, COL, PER, EXPLAIN, FAIL_ABOVE, HOLM, SHOW_P, FORCE,
		MARKDOWN, CSV, TSV, JSON, LATEX, 0 };
	struct options o;
	int status = options_parse(&o, argc, argv, "compare", allowed);

	if (status >= 0)
		return status;
	if (argc - optind < (o.compare.col ? 1 : 2))
		return complain(USAGE, "compare: two result files were expected");
	if (o.compare.explain && (o.compare.form || o.compare.row || o.compare.col))
		return complain(
			USAGE, "compare: --explain has a form of its own; no --row, --col or other form was expected");
	o.compare.only = o.run.only;
	return compare_paths(argv + optind, (size_t)(argc - optind), &o.compare);
}
