// SPDX-License-Identifier: MIT
/* Every value of a fleet, one by one, and as a file of columns. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../analyse/cells.h"
#include "../analyse/text.h"
#include "../aside.h"
#include "fleet.h"

static const char *verdict_words(const struct fleet_node *node)
{
	static const char *const words[] = { "in group", "suspect", "cleared", "apart" };

	if (!node->group)
		return "not whole";
	return node->group->nodes < APART_LEAST_NODES ? "no verdict" : words[node->verdict];
}

static const char *state_of(const struct fleet_group *g, const struct fleet_run *run, size_t cell)
{
	if (isnan(run->value[cell].x))
		return run->value[cell].why;
	if (g->middle[cell].nodes < APART_LEAST_NODES)
		return "no verdict";
	return run->side[cell] ? "beyond" : "within";
}

struct numbered {
	const char *name;
	size_t number;
};

static int order_numbered(const void *left, const void *right)
{
	const struct numbered *a = left, *b = right;

	return strcmp(a->name, b->name);
}

static struct numbered *cells_by_name(const struct fleet *f)
{
	struct numbered *cell = take(malloc((f->cells + 1) * sizeof *cell));

	for (size_t i = 0; i < f->cells; i++)
		cell[i] = (struct numbered){ f->cell[i], i };
	qsort(cell, f->cells, sizeof *cell, order_numbered);
	return cell;
}

struct sink {
	const struct fleet *f;
	const struct numbered *cell;
	void (*row)(const struct fleet_row *row, void *to);
	void *to;
};

static void run_rows(const struct sink *s, const struct fleet_node *node, const struct fleet_run *run, int which)
{
	const struct fleet_group *g = node->group;

	for (size_t i = 0; i < s->f->cells; i++) {
		size_t c = s->cell[i].number;
		if (c >= run->values || (isnan(run->value[c].x) && !run->value[c].why))
			continue;
		const struct apart_middle *m = &g->middle[c];
		struct fleet_row row = { g->letter, node->name, which, s->cell[i].name,
			s->f->unit[c] ? s->f->unit[c] : "-", run->value[c].x, m->median, m->spread,
			run->value[c].x / m->median, state_of(g, run, c), verdict_words(node) };
		s->row(&row, s->to);
	}
}

static void lost_row(const struct sink *s, const struct fleet_node *node, const struct fleet_run *run, int which)
{
	static const char *const ends[] = { "",
		"cut short: ", "unreadable: ", "not a result file: ", "silent: ", "changed: " };
	char state[1200];

	snprintf(state, sizeof state, "%s%s", ends[run->end], run->why);
	struct fleet_row row = { "-", node->name, which, "-", "-", NAN, NAN, NAN, NAN, state, verdict_words(node) };
	s->row(&row, s->to);
}

void fleet_rows(const struct fleet *f, void (*row)(const struct fleet_row *row, void *to), void *to)
{
	struct numbered *cell = cells_by_name(f);
	struct sink s = { f, cell, row, to };

	for (size_t g = 0; g < f->groups; g++)
		for (size_t i = 0; i < f->group[g].nodes; i++) {
			const struct fleet_node *node = f->group[g].node[i];
			run_rows(&s, node, &node->first, 1);
			if (node->ran_again)
				run_rows(&s, node, &node->again, 2);
			else if (node->again.why && node->again.end != FLEET_SILENT)
				lost_row(&s, node, &node->again, 2);
		}
	for (size_t i = 0; i < f->nodes; i++)
		if (!f->node[i].group)
			lost_row(&s, &f->node[i], &f->node[i].first, 1);
	free(cell);
}

/* -- as a file */

static void put_number(FILE *out, double x)
{
	if (isnan(x))
		fputs("-\t", out);
	else
		fprintf(out, "%.6g\t", x);
}

/* A tab or a line's end in a text of a foreign file would make columns of its own. */
static void put_text(FILE *out, const char *text, char end)
{
	char clean[4 * 1200];

	fputs(text_clean(clean, sizeof clean, text, 1100), out);
	fputc(end, out);
}

static void put_row(const struct fleet_row *row, void *to)
{
	FILE *out = to;

	put_text(out, row->group, '\t');
	put_text(out, row->node, '\t');
	fprintf(out, "%d\t", row->run);
	put_text(out, row->cell, '\t');
	put_text(out, row->unit, '\t');
	put_number(out, row->x);
	put_number(out, row->median);
	put_number(out, row->spread);
	put_number(out, row->ratio);
	put_text(out, row->state, '\t');
	put_text(out, row->verdict, '\n');
}

int fleet_write(const struct fleet *f, const char *path)
{
	struct aside a;
	char *text = NULL;
	size_t size;
	int error = aside_open(&a, path);

	if (error)
		return error;
	FILE *out = take(open_memstream(&text, &size));
	fputs("group\tnode\trun\tcell\tunit\tvalue\tmedian\tspread\tratio\tstate\tverdict\n", out);
	fleet_rows(f, put_row, out);
	fclose(out);
	error = aside_write(&a, take(text), size);
	if (error)
		aside_drop(&a);
	else
		error = aside_commit(&a);
	free(text);
	return error;
}
