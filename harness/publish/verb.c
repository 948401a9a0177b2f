// SPDX-License-Identifier: MIT
/* ctxbench figure: its command line. Everything is looked at before anything is written. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../options.h"
#include "../say.h"
#include "publish.h"

enum { LONGEST = 4000 };

static int check(const struct options *o, int argc, char **argv)
{
	const char *which;

	if (argc - optind < 2)
		return complain(USAGE, "figure: the name of a figure, or all, and result files were expected");
	which = figure_unknown(argv[optind]);
	if (which)
		return complain(USAGE, "figure %s: %s was expected", argv[optind], which);
	if (!o->out)
		return complain(USAGE, "figure: -o DIR was expected");
	return strlen(o->out) > LONGEST ? complain(USAGE, "figure: a shorter name was expected after -o") : OK;
}

/* A fleet may be a folder, which its figure reads by itself: a record without a line, that knows where it is. */
static struct record *folder(const struct figure_request *q, const char *path)
{
	struct stat there;
	struct record *r;

	if (strcmp(q->name, "fleet") || stat(path, &there) || !S_ISDIR(there.st_mode))
		return NULL;
	r = record_new();
	r->path = strdup(path);
	return r;
}

static int draw_files(const struct figure_request *q, char **paths, size_t n)
{
	struct record **record = calloc(n, sizeof *record);
	char error[512];
	int status = record ? OK : complain(FAILED, "out of memory");
	size_t read = 0;

	for (; read < n && !status; read += !status) {
		record[read] = folder(q, paths[read]);
		if (!record[read])
			record[read] = record_read(paths[read], error, sizeof error);
		if (!record[read])
			status = complain(USAGE, "%s", error);
	}
	if (!status)
		status = figures_make(q, (const struct record *const *)record, n);
	while (read)
		record_free(record[--read]);
	free(record);
	return status;
}

int figure_verb(int argc, char **argv, const char *plots)
{
	static const int allowed[] = { OUT, FORM, FIGURE_WIDTH, FONT_SIZE, 0 };
	struct options o;
	int status = options_parse(&o, argc, argv, "figure", allowed);

	if (status < 0)
		status = check(&o, argc, argv);
	else
		return status;
	if (status)
		return status;
	struct figure_request q = { .name = argv[optind],
		.out = o.out,
		.forms = o.form ? o.form : "svg,png",
		.width = o.width,
		.font = o.font_size,
		.plots = plots };
	return finish(draw_files(&q, argv + optind + 1, (size_t)(argc - optind - 1)));
}
