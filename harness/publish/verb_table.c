// SPDX-License-Identifier: MIT
/* ctxbench table: its command line. */
#include <getopt.h>

#include "../analyse/analyse.h"
#include "../options.h"
#include "../say.h"
#include "publish.h"

/* Without the name of a table: the summary. */
static int summary(const char *path)
{
	char error[512];
	struct record *r = record_read(path, error, sizeof error);
	int status;

	if (!r)
		return complain(USAGE, "%s", error);
	status = table_print(r, stdout);
	record_free(r);
	return status;
}

static const char *form_of(const struct options *o)
{
	return o->html                               ? "html"
	       : o->compare.form == COMPARE_MARKDOWN ? "markdown"
	       : o->compare.form == COMPARE_CSV      ? "csv"
						     : NULL;
}

int table_verb(int argc, char **argv, const char *plots)
{
	static const int allowed[] = { MARKDOWN, CSV, HTML, 0 };
	struct options o;
	int status = options_parse(&o, argc, argv, "table", allowed);
	const char *first, *form;

	if (status >= 0)
		return status;
	if (optind == argc)
		return complain(USAGE, "table: a result file was expected, or %s and a result file", classic_names());
	if (o.html && o.compare.form)
		return complain(USAGE, "table: --html and --%s exclude each other",
			o.compare.form == COMPARE_CSV ? "csv" : "markdown");
	first = argv[optind];
	form = form_of(&o);
	if (classic_known(first))
		return finish(classic_print(first, argv + optind + 1, (size_t)(argc - optind - 1), form, plots));
	if (argc - optind > 1)
		return complain(USAGE, "table %s: one result file was expected, or one of %s before it", first,
			classic_names());
	if (form)
		return complain(USAGE, "table: one of %s was expected before the file", classic_names());
	return finish(summary(first));
}
