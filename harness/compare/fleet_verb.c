// SPDX-License-Identifier: MIT
/* ctxbench fleet: its command line. */
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../options.h"
#include "../say.h"
#include "fleet.h"

enum { NODES_APART = 3 };

static int status_of(const struct fleet *f)
{
	if (fleet_count(f, APART_APART))
		return NODES_APART;
	return fleet_ended(f, FLEET_WHOLE) == f->nodes ? OK : FAILED;
}

/* Beside the files of one folder; of loose files nothing is written unasked. */
static void choose_out(const struct options *o, char **paths, size_t n, char *out, size_t size)
{
	struct stat there;

	if (o->out)
		snprintf(out, size, "%s", o->out);
	else if (n == 1 && !stat(paths[0], &there) && S_ISDIR(there.st_mode))
		snprintf(out, size, "%s%sfleet.tsv", paths[0], paths[0][strlen(paths[0]) - 1] == '/' ? "" : "/");
	else
		*out = '\0';
}

/* Names for `scontrol update nodename=...`: on one line, with commas. */
static void list_apart(const struct fleet *f, FILE *out)
{
	size_t n = 0;

	for (size_t i = 0; i < f->nodes; i++)
		if (f->node[i].group && f->node[i].verdict == APART_APART)
			fprintf(out, "%s%s", n++ ? "," : "", f->node[i].name);
	if (n)
		fputc('\n', out);
}

/* Those that are to run once more, one a line. */
static void list_suspects(const struct fleet *f, FILE *out)
{
	for (size_t i = 0; i < f->nodes; i++)
		if (f->node[i].group && f->node[i].verdict == APART_SUSPECT)
			fprintf(out, "%s\n", f->node[i].name);
}

static int print_all(const struct fleet *f, const char *out)
{
	int error = *out ? fleet_write(f, out) : 0, status = status_of(f);

	fleet_print(f, stdout);
	if (error)
		return complain(FAILED, "fleet: %s: %s (--out FILE puts it elsewhere)", out, strerror(-error));
	printf("%s (one row a node and cell)\n", *out ? out : "--out FILE writes every value");
	if (status == NODES_APART)
		puts("exit 3: nodes apart");
	return status;
}

int fleet_verb(int argc, char **argv)
{
	static const int allowed[] = { OUT, DRAIN_LIST, SUSPECTS, 0 };
	struct options o;
	struct fleet f;
	char out[PATH_MAX], error[1200];
	int status = options_parse(&o, argc, argv, "fleet", allowed);

	if (status >= 0)
		return status;
	if (optind == argc)
		return complain(USAGE, "fleet: a folder of result files, or result files, were expected");
	size_t n = (size_t)(argc - optind);
	choose_out(&o, argv + optind, n, out, sizeof out);
	if (fleet_read(&f, argv + optind, n, error, sizeof error)) {
		fleet_free(&f);
		return complain(USAGE, "fleet: %s", error);
	}
	if (o.suspects)
		list_suspects(&f, stdout);
	else if (o.drain_list)
		list_apart(&f, stdout);
	status = o.suspects ? OK : o.drain_list ? status_of(&f) : print_all(&f, out);
	fleet_free(&f);
	return finish(status);
}
