// SPDX-License-Identifier: MIT
/* A fleet: every node a dot, group beside group, and those that stand apart by their names. */
#include "../compare/fleet.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../analyse/text.h"
#include "../compare/fleet_files.h"
#include "columns.h"
#include "rows.h"

enum { PANELS_MOST = 3, NODES_LEAST = 3, LABEL = 60, BEYOND_SPREADS = 5 };
static const double beyond_ratio = 1.05; /* as in apart.h: beyond is more than both */

/* What a row of the columns is. */
enum role { ROLE_NODE, ROLE_APART, ROLE_SUSPECT, ROLE_AGAIN, ROLE_GROUP, ROLE_TITLE };

/* The sources as files, from where they were read. Looked at twice, for rows and for the caption: then read twice. */
static bool fleet_open(struct fleet *f, const struct sources *s)
{
	char **path = take(calloc(s->files + 1, sizeof *path)), error[600];
	bool whole = true;

	for (size_t i = 0; i < s->files; i++) {
		path[i] = (char *)s->cells[i]->record->path; /* fleet_read only reads it */
		whole = whole && path[i];
	}
	if (whole && fleet_read(f, path, s->files, error, sizeof error)) {
		fleet_free(f);
		whole = false;
	}
	free(path);
	if (whole && f->nodes < NODES_LEAST) {
		fleet_free(f);
		whole = false;
	}
	return whole;
}

static double value_of(const struct fleet_run *run, size_t cell)
{
	return cell < run->values && run->value[cell].x > 0 ? run->value[cell].x : NAN;
}

static bool is_time(const struct fleet *f, size_t cell)
{
	return f->unit[cell] && !strncmp(f->unit[cell], "ns/", 3);
}

/* -- which cells: those in which nodes are furthest apart, else the switch by futex, else the one that most nodes have
 */
static size_t nodes_with(const struct fleet *f, size_t cell)
{
	size_t n = 0;

	for (size_t i = 0; i < f->nodes; i++)
		n += f->node[i].group && value_of(&f->node[i].first, cell) > 0;
	return n;
}

static size_t usual_cell(const struct fleet *f)
{
	static const char usual[] = "Switch/impl=lwp/wait=futex/policy=batch/place=same-pu";
	size_t best = 0;

	for (size_t i = 0; i < f->cells; i++) {
		if (!is_time(f, i))
			continue;
		if (!strcmp(f->cell[i], usual) && nodes_with(f, i))
			return i;
		if (!is_time(f, best) || nodes_with(f, i) > nodes_with(f, best))
			best = i;
	}
	return best;
}

static bool among(const size_t *cell, size_t n, size_t one)
{
	while (n)
		if (cell[--n] == one)
			return true;
	return false;
}

static size_t choose_cells(const struct fleet *f, size_t *cell)
{
	size_t n = 0;

	for (size_t i = 0; i < f->nodes && n < PANELS_MOST; i++) {
		const struct fleet_node *node = &f->node[i];

		if (node->verdict == APART_APART && is_time(f, node->worst) && !among(cell, n, node->worst))
			cell[n++] = node->worst;
	}
	if (!n && f->cells && is_time(f, usual_cell(f)) && nodes_with(f, usual_cell(f)))
		cell[n++] = usual_cell(f);
	return n;
}

/* -- the columns */
static void put_row(FILE *out, size_t panel, enum role role, double x, double y, double low, double high, double end)
{
	fprintf(out, "%zu\t%d", panel, role);
	columns_number(out, x);
	columns_seconds(out, y);
	columns_seconds(out, low);
	columns_seconds(out, high);
	columns_number(out, end);
}

static void put_label(FILE *out, const char *label)
{
	columns_text(out, label, LABEL);
	fputc('\n', out);
}

static const char *key_of(const struct fleet_node *node, const char *key)
{
	for (size_t i = 0; i < node->keys; i++)
		if (!strcmp(node->key[i].key, key))
			return node->key[i].value;
	return "";
}

/* Where all nodes of the group should lie. Of too few there is no band. */
static void put_group(FILE *out, size_t panel, const struct fleet_group *g, size_t cell, size_t first)
{
	const struct apart_middle *m = &g->middle[cell];
	double limit = fmax(BEYOND_SPREADS * m->spread, log(beyond_ratio));
	bool band = g->nodes >= APART_LEAST_NODES && m->nodes >= APART_LEAST_NODES;
	char label[200], number[TEXT_NUMBER];

	put_row(out, panel, ROLE_GROUP, (double)first, m->median, band ? m->median * exp(-limit) : NAN,
		band ? m->median * exp(limit) : NAN, (double)(first + g->nodes - 1));
	snprintf(label, sizeof label, "%s %s, %s nodes", g->letter, key_of(g->node[0], "cpu"),
		text_fixed(number, (double)g->nodes, 0));
	put_label(out, label);
}

static void put_node(
	FILE *out, size_t panel, const struct fleet_group *g, const struct fleet_node *node, size_t cell, size_t x)
{
	double y = value_of(&node->first, cell), again = value_of(&node->again, cell);
	double more = 100 * (y / g->middle[cell].median - 1);
	enum role role = node->verdict == APART_APART ? ROLE_APART
			 : node->verdict == APART_NOT ? ROLE_NODE
						      : ROLE_SUSPECT;
	char label[200] = "", number[TEXT_NUMBER];

	if (isnan(y))
		return;
	if (role == ROLE_APART)
		snprintf(label, sizeof label, "%s %s%s %%", node->name, more > 0 ? "+" : "",
			text_fixed(number, more, 0));
	put_row(out, panel, role, (double)x, y, NAN, NAN, NAN);
	put_label(out, label);
	if (again > 0) {
		put_row(out, panel, ROLE_AGAIN, (double)x, again, NAN, NAN, NAN);
		put_label(out, "");
	}
}

static void put_panel(FILE *out, size_t panel, const struct fleet *f, size_t cell)
{
	char label[200];
	size_t x = 1;

	put_row(out, panel, ROLE_TITLE, NAN, NAN, NAN, NAN, NAN);
	put_label(out, fleet_label(f->cell[cell], label, sizeof label));
	for (size_t i = 0; i < f->groups; i++) {
		const struct fleet_group *g = &f->group[i];

		if (!(g->middle[cell].median > 0))
			continue;
		put_group(out, panel, g, cell, x);
		for (size_t k = 0; k < g->nodes; k++)
			put_node(out, panel, g, g->node[k], cell, x++);
		x += 1 + f->nodes / 40;
	}
}

size_t fleet_figure_rows(FILE *out, const struct sources *s)
{
	struct fleet f;
	size_t cell[PANELS_MOST], n;

	fputs("panel\trole\tplace\ttime\tlow\thigh\tend\tlabel\n", out);
	if (!fleet_open(&f, s))
		return 0;
	n = choose_cells(&f, cell);
	for (size_t i = 0; i < n; i++)
		put_panel(out, i + 1, &f, cell[i]);
	fleet_free(&f);
	return n;
}

/* "; 2 without a whole run" where that is so. */
static void add_count(char *text, size_t size, size_t n, const char *words)
{
	size_t used = strlen(text);

	if (n)
		snprintf(text + used, size - used, "; %zu %s", n, words);
}

void caption_fleet(char *text, size_t size, const struct sources *s)
{
	struct fleet f;
	size_t whole;

	snprintf(text, size, "no fleet");
	if (!fleet_open(&f, s))
		return;
	whole = fleet_ended(&f, FLEET_WHOLE);
	snprintf(text, size, "%zu nodes; line: the group's middle, band: where all of it should lie", f.nodes);
	add_count(text, size, fleet_count(&f, APART_APART), "apart (cross: again)");
	add_count(text, size, fleet_count(&f, APART_SUSPECT), "suspect");
	add_count(text, size, f.nodes - whole, "not measured as a whole");
	fleet_free(&f);
}
