// SPDX-License-Identifier: MIT
/* ctxbench export and ctxbench anonymise: their command lines. */
#include <getopt.h>

#include "../options.h"
#include "../say.h"
#include "export.h"

/* NULL unless exactly one was asked for. */
static const struct export_form *form_of(const struct options *o)
{
	const struct export_form *form = o->compare.form == COMPARE_JSON  ? &export_json
					 : o->compare.form == COMPARE_CSV ? &export_csv
									  : NULL;

	if (o->sqlite)
		return form ? NULL : &export_sqlite;
	return form;
}

int export_verb(int argc, char **argv)
{
	static const int allowed[] = { JSON, CSV, SQLITE, OUT, 0 };
	struct options o;
	int status = options_parse(&o, argc, argv, "export", allowed);

	if (status >= 0)
		return status;
	const struct export_form *form = form_of(&o);
	if (!form)
		return complain(USAGE, "export: one of --json, --csv and --sqlite was expected");
	if (optind == argc)
		return complain(USAGE, "export: result files were expected");
	return export_make(form, argv + optind, (size_t)(argc - optind), o.out);
}

int anonymise_verb(int argc, char **argv)
{
	static const int allowed[] = { OUT, 0 };
	struct options o;
	char error[512];
	int status = options_parse(&o, argc, argv, "anonymise", allowed);

	if (status >= 0)
		return status;
	if (argc - optind != 1)
		return complain(USAGE, "anonymise: one result file was expected");
	if (!o.out)
		return complain(USAGE, "anonymise: -o FILE was expected");
	struct record *r = record_read(argv[optind], error, sizeof error);
	if (!r)
		return complain(USAGE, "%s", error);
	status = anonymise(r, o.out);
	record_free(r);
	return status;
}
