// SPDX-License-Identifier: MIT
/* ctxbench fleet: its command line. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

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

/* Only where it was asked for: the folder is for reading, and may be anybody's. */
static int write_rows(const struct fleet *f, const char *out)
{
	int error = out ? fleet_write(f, out) : 0;

	return error ? complain(FAILED, "fleet: --out %s: %s", out, strerror(-error)) : OK;
}

static void print_all(const struct fleet *f, const char *out)
{
	fleet_print(f, stdout);
	printf("%s (one row a node and cell)\n", out ? out : "--out FILE writes every value");
	if (status_of(f) == NODES_APART)
		puts("exit 3: nodes apart");
}

int fleet_verb(int argc, char **argv)
{
	static const int allowed[] = { OUT, DRAIN_LIST, SUSPECTS, 0 };
	struct options o;
	struct fleet f;
	char error[1200];
	int status = options_parse(&o, argc, argv, "fleet", allowed);

	if (status >= 0)
		return status;
	if (optind == argc)
		return complain(USAGE, "fleet: a folder of result files, or result files, were expected");
	size_t n = (size_t)(argc - optind);
	if (fleet_read(&f, argv + optind, n, error, sizeof error)) {
		fleet_free(&f);
		return complain(USAGE, "fleet: %s", error);
	}
	if (o.suspects)
		list_suspects(&f, stdout);
	else if (o.drain_list)
		list_apart(&f, stdout);
	else
		print_all(&f, o.out);
	status = write_rows(&f, o.out);
	if (status == OK && !o.suspects)
		status = status_of(&f);
	fleet_free(&f);
	return finish(status);
}
