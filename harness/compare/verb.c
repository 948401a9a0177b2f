// SPDX-License-Identifier: MIT
#include <getopt.h>
#include <stdlib.h>

#include "../options.h"
#include "../record.h"
#include "../say.h"
#include "compare.h"

static int read_and_compare(char **path, size_t files, const struct compare_options *o)
{
	struct record **file = calloc(files, sizeof *file);
	char error[512];
	size_t read = 0;
	int status = file ? OK : complain(FAILED, "out of memory");

	for (; read < files && !status; read += !status)
		if (!(file[read] = record_read(path[read], error, sizeof error)))
			status = complain(USAGE, "%s", error);
	if (!status)
		status = compare_files(file, files, o, stdout);
	while (read)
		record_free(file[--read]);
	free(file);
	return finish(status);
}

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
	o.compare.only = o.run.only;
	return read_and_compare(argv + optind, (size_t)(argc - optind), &o.compare);
}
