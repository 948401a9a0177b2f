// SPDX-License-Identifier: MIT
/*
 * Many machines, a result file each: groups of equal ones, and who stands apart in its group. Files are read one by
 * one; of each only its keys and one median a cell stay.
 */
#ifndef HARNESS_COMPARE_FLEET_H
#define HARNESS_COMPARE_FLEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "../arena.h"
#include "../record.h"
#include "apart.h"

/* One cell of one run. Nanoseconds; NaN where it has no number, and then `why`: "not measured: ...", "invalid: ...".
 * NULL where the file has no such cell. */
struct fleet_value {
	double x;
	const char *why;
};

enum fleet_end {
	FLEET_WHOLE,
	FLEET_CUT, /* complete: no */
	FLEET_UNREADABLE,
	FLEET_FOREIGN, /* not a result file, where one was asked for */
	FLEET_SILENT,  /* asked, and no file came */
	FLEET_CHANGED, /* run again, on what was another kind of machine by then */
};

struct fleet_run {
	const char *path;
	enum fleet_end end;
	const char *why; /* unless whole: one line */
	const char *date;
	struct fleet_value *value; /* by number of the cell */
	size_t values;
	signed char *side; /* by apart.h; NULL where there is no verdict */
};

struct fleet_node {
	const char *name;
	struct fleet_run first, again;
	bool ran_again;
	struct record_key *key; /* of the first run, as in the file */
	size_t keys;
	const char *kind;          /* equal pointers: equal machines; NULL unless whole */
	struct fleet_group *group; /* NULL unless whole */
	enum apart_verdict verdict;
	size_t beyond; /* cells of the first run; where it is apart, those that were so again */
	size_t worst;  /* of them, the number of the one that is furthest away */
};

struct fleet_group {
	char letter[8]; /* "A" has the most nodes */
	const char *kind;
	struct fleet_node **node;    /* by name */
	size_t nodes, least;         /* least: apart_least */
	struct apart_middle *middle; /* by number of the cell */
	size_t cells;                /* of which there can be a verdict */
	struct fleet_node *typical;  /* whose cells are nearest to the middles; NULL where there is no verdict */
};

struct fleet {
	struct fleet_node *node;
	size_t nodes;
	struct fleet_group *group;
	size_t groups;
	bool asked;           /* the folder says which nodes were asked */
	size_t more;          /* files of a node beyond its second run, not looked at */
	const char **foreign; /* files of loose ones' folders that are not result files: no nodes */
	size_t foreigns;
	const char **cell, **unit; /* names and units of the cells; their numbers index value, side, middle */
	size_t cells;
	struct words names, words; /* of the cells, and all other texts, once each */
	struct arena *arena;       /* owned: where they live */
};

/*
 * From files, and from folders: one that bench/fleet has filled (its file `nodes` names who was asked, NODE.txt and
 * NODE.again.txt are their runs), or any, whose *.txt are taken at whatever depth; there a node is what the file's host
 * and kind of machine say, and its second file by date the run again. A name that `nodes` has twice is one node. 0, or
 * -1 with one clear line in error.
 */
int fleet_read(struct fleet *f, char *const *paths, size_t n, char *error, size_t size);
void fleet_free(struct fleet *f);

/* Keys in which this node is not as most of its group, by weight; of its group's kind none can differ. Returns how many
 * went to `out`, at most `most`. */
struct fleet_difference {
	const char *key, *here, *usual; /* NULL: absent */
};
size_t fleet_differences(
	const struct fleet *f, const struct fleet_node *node, struct fleet_difference *out, size_t most);

/* Every value of every run, for files and figures: by group, node, run and name of the cell. Of a node whose run is not
 * whole, one row without a cell. */
struct fleet_row {
	const char *group; /* "-": none */
	const char *node;
	int run;                         /* 1, or 2: again */
	const char *cell;                /* name in full; "-": none */
	const char *unit;                /* "-" where no node has a number */
	double x, median, spread, ratio; /* NaN where there is none; median and spread are the group's */
	const char *state;               /* "within", "beyond", "no verdict", or why there is no number */
	const char *verdict; /* of the node: "in group", "suspect", "cleared", "apart", "no verdict", "not whole" */
};
void fleet_rows(const struct fleet *f, void (*row)(const struct fleet_row *row, void *to), void *to);

/* "3 whole, 1 silent (n4)" and so on, groups, who stands apart: 80 columns. */
void fleet_print(const struct fleet *f, FILE *out);
/* fleet_rows with tabs and a line of names. 0 or -errno. */
int fleet_write(const struct fleet *f, const char *path);

size_t fleet_count(const struct fleet *f, enum apart_verdict verdict);
size_t fleet_ended(const struct fleet *f, enum fleet_end end);

/* ctxbench fleet DIR|FILES... : an exit status, all being said. 3 where a node stands apart, 1 where one is not whole.
 */
int fleet_verb(int argc, char **argv);

#endif
