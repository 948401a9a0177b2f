// SPDX-License-Identifier: MIT
/* ctxbench report: its command line. Every file is read before anything is written. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "../options.h"
#include "../say.h"
#include "publish.h"

enum { LONGEST = 4000, FILES_MOST = 8 };

static int check(const struct options *o, int argc)
{
	if (argc == optind)
		return complain(USAGE, "report: result files were expected");
	if (argc - optind > FILES_MOST)
		return complain(
			USAGE, "report: at most %d result files were expected, and not %d", FILES_MOST, argc - optind);
	if (!o->out && !o->snippet)
		return complain(USAGE, "report: -o DIR was expected");
	if (o->snippet && argc - optind > 1)
		return complain(USAGE, "report --snippet: one result file was expected");
	return o->out && strlen(o->out) > LONGEST ? complain(USAGE, "report: a shorter name was expected after -o")
						  : OK;
}

int report_verb(int argc, char **argv, const char *plots)
{
	static const int allowed[] = { OUT, SNIPPET, FIGURE_WIDTH, FONT_SIZE, 0 };
	struct record *record[FILES_MOST];
	char error[512];
	size_t files = 0;
	struct options o;
	int status = options_parse(&o, argc, argv, "report", allowed);

	if (status >= 0)
		return status;
	status = check(&o, argc);
	for (; !status && optind < argc; optind++) {
		record[files] = record_read(argv[optind], error, sizeof error);
		if (!record[files])
			status = complain(USAGE, "%s", error);
		else
			files++;
	}
	if (!status) {
		struct report_request q = { o.out, o.width, o.font_size, o.snippet, plots };

		status = report_make(&q, record, files);
	}
	while (files)
		record_free(record[--files]);
	return finish(status);
}
