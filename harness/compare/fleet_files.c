// SPDX-License-Identifier: MIT
#include "fleet_files.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../analyse/cells.h"
#include "sameness.h"

/* What makes machines equal, and their times comparable at all; `NAME.` stands for all that begin so. */
static const char *const kind_keys[] = { "cpu", "microcode", "firmware", "cpus", "kernel", "mitigations.", "arch",
	"emulated", "method" };
enum { KIND_KEYS = sizeof kind_keys / sizeof *kind_keys, DEEPEST = 8 };

const char *fleet_text(struct fleet *f, const char *text)
{
	return words_add(&f->words, f->arena, text, strlen(text))->text;
}

bool fleet_of_kind(const char *key)
{
	for (size_t i = 0; i < KIND_KEYS; i++) {
		size_t length = strlen(kind_keys[i]);
		if (kind_keys[i][length - 1] == '.' ? !strncmp(key, kind_keys[i], length) : !strcmp(key, kind_keys[i]))
			return true;
	}
	return false;
}

static void part_of(const char *name, const char *part, char *buffer, size_t size)
{
	if (!record_part(name, part, buffer, size))
		*buffer = '\0';
}

const char *fleet_label(const char *name, char *buffer, size_t size)
{
	struct cell c = { .name = name };
	const char *place = strstr(name, "/place="), *points = place ? strchr(place + 1, '/') : NULL;

	part_of(name, "bench", c.bench, sizeof c.bench);
	part_of(name, "impl", c.impl, sizeof c.impl);
	part_of(name, "wait", c.wait, sizeof c.wait);
	part_of(name, "policy", c.policy, sizeof c.policy);
	part_of(name, "place", c.place, sizeof c.place);
	snprintf(c.points, sizeof c.points, "%s", points ? points + 1 : "");
	return cell_label(&c, buffer, size);
}

/* -- one file */

static int order_keys(const void *left, const void *right)
{
	const struct record_key *a = left, *b = right;

	return strcmp(a->key, b->key);
}

/* A key that is absent and one that is `unknown` say the same. */
static const char *kind_of(struct fleet *f, const struct record *r)
{
	struct record_key *key = take(malloc((r->keys + 1) * sizeof *key));
	size_t n = 0, size;
	char *text = NULL;
	FILE *out = take(open_memstream(&text, &size));

	for (size_t i = 0; i < r->keys; i++)
		if (fleet_of_kind(r->key[i].key) && strcmp(r->key[i].value, "unknown"))
			key[n++] = r->key[i];
	if (n)
		qsort(key, n, sizeof *key, order_keys);
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%s: %s\n", key[i].key, key[i].value);
	fclose(out);
	const char *kind = fleet_text(f, take(text));
	free(text);
	free(key);
	return kind;
}

static void keep_keys(struct fleet *f, struct fleet_node *node, const struct record *r)
{
	node->key = take(malloc((r->keys + 1) * sizeof *node->key));
	for (size_t i = 0; i < r->keys; i++)
		if (!sameness_own(r->key[i].key))
			node->key[node->keys++] = (struct record_key){
				fleet_text(f, r->key[i].key),
				fleet_text(f, r->key[i].value),
			};
}

static size_t number_of(struct fleet *f, const char *name)
{
	struct word *w = words_add(&f->names, f->arena, name, strlen(name));

	if (w->index < f->cells)
		return w->index;
	if (!(f->cells & (f->cells - 1))) {
		size_t room = f->cells ? 2 * f->cells : 1;
		f->cell = take(realloc(f->cell, room * sizeof *f->cell));
		f->unit = take(realloc(f->unit, room * sizeof *f->unit));
	}
	f->cell[f->cells] = w->text;
	f->unit[f->cells++] = NULL;
	return w->index;
}

static struct fleet_value value_of(struct fleet *f, const struct cell *c, const char *unit)
{
	char words[1200];

	if (c->state != CELL_VALID)
		return (struct fleet_value){ NAN, fleet_text(f, cell_words(c, words, sizeof words)) };
	if (c->second)
		return (struct fleet_value){ NAN, "no one value: its trials fall into two groups" };
	if (!cell_resolved(c))
		return (struct fleet_value){ NAN, "no one value: within noise" };
	if (strcmp(c->unit, unit)) {
		snprintf(words, sizeof words, "invalid: in %s, where others have %s", c->unit, unit);
		return (struct fleet_value){ NAN, fleet_text(f, words) };
	}
	return (struct fleet_value){ c->median, NULL };
}

static void keep_values(struct fleet *f, struct fleet_run *run, const struct record *r)
{
	struct cells *all = cells_group(r);

	for (size_t i = 0; i < all->cells; i++) {
		const struct cell *c = &all->cell[i];
		size_t number = number_of(f, c->name);

		/* times in two units are two things: which of them a cell is in, its first file says */
		if (!f->unit[number] && c->state == CELL_VALID)
			f->unit[number] = fleet_text(f, c->unit);
		if (number >= run->values) {
			run->value = take(realloc(run->value, f->cells * sizeof *run->value));
			for (; run->values < f->cells; run->values++)
				run->value[run->values] = (struct fleet_value){ NAN, NULL };
		}
		run->value[number] = value_of(f, c, f->unit[number]);
	}
	cells_free(all);
}

static void keep_end(struct fleet *f, struct fleet_run *run, const struct record *r)
{
	const char *date = record_get(r, "date"), *stopped = record_get(r, "stopped");

	run->date = fleet_text(f, date ? date : "");
	run->end = record_is(r, "complete", "yes") ? FLEET_WHOLE : FLEET_CUT;
	if (run->end == FLEET_CUT)
		run->why = fleet_text(f, stopped && *stopped ? stopped : "the file says no reason");
}

static void keep_first(struct fleet *f, struct fleet_node *node, const struct record *r)
{
	keep_end(f, &node->first, r);
	keep_keys(f, node, r);
	if (node->first.end != FLEET_WHOLE)
		return;
	node->kind = kind_of(f, r);
	keep_values(f, &node->first, r);
}

/* A machine that has another kernel by now can't be held against those that it was equal to. */
static void keep_again(struct fleet *f, struct fleet_node *node, const struct record *r)
{
	keep_end(f, &node->again, r);
	if (node->again.end == FLEET_WHOLE && kind_of(f, r) != node->kind) {
		node->again.end = FLEET_CHANGED;
		node->again.why = "the machine was no longer what it was in its first run";
	}
	node->ran_again = node->again.end == FLEET_WHOLE;
	if (node->ran_again)
		keep_values(f, &node->again, r);
}

/* -- which files are whose */

static struct fleet_node *add_node(struct fleet *f, const char *name)
{
	if (!(f->nodes & (f->nodes - 1)))
		f->node = take(realloc(f->node, (f->nodes ? 2 * f->nodes : 1) * sizeof *f->node));
	f->node[f->nodes] = (struct fleet_node){ .name = fleet_text(f, name) };
	return &f->node[f->nodes++];
}

/* Not a result file at all is another thing than one that is damaged. */
static void keep_refusal(struct fleet *f, struct fleet_run *run, const char *error)
{
	const char *foreign = strstr(error, RECORD_FOREIGN ", ");

	run->end = foreign ? FLEET_FOREIGN : FLEET_UNREADABLE;
	run->why = fleet_text(f, foreign ? foreign + strlen(RECORD_FOREIGN ", ") : error);
}

/* Notes, or another program's: such a file in a folder is nobody's result. */
static void keep_foreign(struct fleet *f, const char *path)
{
	f->foreign = take(realloc(f->foreign, (f->foreigns + 1) * sizeof *f->foreign));
	f->foreign[f->foreigns++] = fleet_text(f, path);
}

/* Any file: which node it is of is known once it is read. */
static int read_loose(struct fleet *f, const char *path, bool must, char *error, size_t size)
{
	struct record *r = record_read(path, error, size);

	if (!r && must)
		return -1;
	if (!r && strstr(error, RECORD_FOREIGN ", ")) {
		keep_foreign(f, path);
		return 0;
	}
	const char *host = r ? record_get(r, "host") : NULL, *slash = strrchr(path, '/');
	struct fleet_node *node = add_node(f, host && *host ? host : slash ? slash + 1 : path);
	node->first.path = fleet_text(f, path);
	if (r) {
		keep_first(f, node, r);
		record_free(r);
	} else {
		keep_refusal(f, &node->first, error);
	}
	return 0;
}

static bool is_result_name(const char *name)
{
	size_t length = strlen(name);

	return *name != '.' && length > 4 && !strcmp(name + length - 4, ".txt");
}

static int read_tree(struct fleet *f, const char *path, int depth, char *error, size_t size)
{
	struct dirent **entry;
	int n = depth < DEEPEST ? scandir(path, &entry, NULL, alphasort) : 0;

	if (n < 0) {
		snprintf(error, size, "%s: %s", path, strerror(errno));
		return -1;
	}
	for (int i = 0; i < n; i++) {
		char below[PATH_MAX];
		struct stat there;
		bool fits = snprintf(below, sizeof below, "%s/%s", path, entry[i]->d_name) < (int)sizeof below;
		if (!fits || *entry[i]->d_name == '.' || stat(below, &there))
			;
		else if (S_ISDIR(there.st_mode))
			read_tree(f, below, depth + 1, error, size);
		else if (is_result_name(entry[i]->d_name))
			read_loose(f, below, false, error, size);
		free(entry[i]);
	}
	if (depth < DEEPEST)
		free(entry);
	return 0;
}

/* NODE.txt or NODE.again.txt of a folder that says who was asked. NULL where there is none to be had. */
static struct record *read_asked(
	struct fleet *f, const char *folder, const char *name, struct fleet_run *run, const char *suffix)
{
	char path[PATH_MAX], error[1024];
	struct stat there;

	snprintf(path, sizeof path, "%s/%s%s", folder, name, suffix);
	run->path = fleet_text(f, path);
	if (stat(path, &there)) {
		run->end = FLEET_SILENT;
		run->why = "no result came";
		return NULL;
	}
	struct record *r = record_read(path, error, sizeof error);
	if (!r)
		keep_refusal(f, run, error);
	return r;
}

static void read_runs(struct fleet *f, const char *folder, struct fleet_node *node)
{
	struct record *r = read_asked(f, folder, node->name, &node->first, ".txt");

	if (!r)
		return;
	keep_first(f, node, r);
	record_free(r);
	if (node->first.end != FLEET_WHOLE)
		return;
	r = read_asked(f, folder, node->name, &node->again, ".again.txt");
	if (!r)
		return;
	keep_again(f, node, r);
	record_free(r);
}

static bool asked_already(const struct fleet *f, size_t first, const char *name)
{
	for (size_t i = first; i < f->nodes; i++)
		if (!strcmp(f->node[i].name, name))
			return true;
	return false;
}

static int read_folder(struct fleet *f, const char *folder, FILE *names, char *error, size_t size)
{
	char name[NAME_MAX + 2];
	size_t first = f->nodes;

	f->asked = true;
	while (fgets(name, sizeof name, names)) {
		name[strcspn(name, "\r\n")] = '\0';
		if (!*name)
			continue;
		if (*name == '.' || strchr(name, '/')) {
			snprintf(error, size, "%s/nodes: '%s': the name of a node was expected", folder, name);
			return -1;
		}
		if (!asked_already(f, first, name))
			read_runs(f, folder, add_node(f, name));
	}
	return 0;
}

static int read_path(struct fleet *f, const char *path, char *error, size_t size)
{
	char list[PATH_MAX];
	struct stat there;

	if (stat(path, &there)) {
		snprintf(error, size, "%s: %s", path, strerror(errno));
		return -1;
	}
	if (!S_ISDIR(there.st_mode))
		return read_loose(f, path, true, error, size);
	snprintf(list, sizeof list, "%s/nodes", path);
	FILE *names = fopen(list, "r");
	if (!names)
		return read_tree(f, path, 0, error, size);
	int status = read_folder(f, path, names, error, size);
	fclose(names);
	return status;
}

/* -- two files of one machine are two runs of it */

static int order_loose(const void *left, const void *right)
{
	const struct fleet_node *a = left, *b = right;
	int order = strcmp(a->name, b->name);

	if (!order && a->kind != b->kind)
		order = !a->kind ? 1 : !b->kind ? -1 : strcmp(a->kind, b->kind);
	if (!order && a->first.date && b->first.date)
		order = strcmp(a->first.date, b->first.date);
	return order;
}

void fleet_node_free(struct fleet_node *node)
{
	free(node->first.value);
	free(node->first.side);
	free(node->again.value);
	free(node->again.side);
	free(node->key);
}

static void pair_runs(struct fleet *f)
{
	size_t kept = 0;

	qsort(f->node, f->nodes, sizeof *f->node, order_loose);
	for (size_t i = 0; i < f->nodes; i++) {
		struct fleet_node *last = kept ? &f->node[kept - 1] : NULL, *node = &f->node[i];
		if (!last || last->name != node->name || last->kind != node->kind || !node->kind) {
			f->node[kept++] = *node;
		} else if (!last->ran_again) {
			last->again = node->first;
			last->ran_again = true;
			free(node->key);
		} else {
			f->more++;
			fleet_node_free(node);
		}
	}
	f->nodes = kept;
}

static int order_names(const void *left, const void *right)
{
	const struct fleet_node *a = left, *b = right;

	return strverscmp(a->name, b->name);
}

int fleet_files(struct fleet *f, char *const *paths, size_t n, char *error, size_t size)
{
	for (size_t i = 0; i < n; i++)
		if (read_path(f, paths[i], error, size))
			return -1;
	if (!f->nodes) {
		snprintf(error, size, "%s: no result file in it, where at least one was expected", paths[0]);
		return -1;
	}
	if (!f->asked)
		pair_runs(f);
	qsort(f->node, f->nodes, sizeof *f->node, order_names);
	return 0;
}
