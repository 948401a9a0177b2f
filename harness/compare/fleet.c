// SPDX-License-Identifier: MIT
#include "fleet.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../analyse/cells.h"
#include "fleet_files.h"
#include "sameness.h"

/* -- groups */

static struct fleet_group *group_of(struct fleet *f, const char *kind)
{
	for (size_t i = 0; i < f->groups; i++)
		if (f->group[i].kind == kind)
			return &f->group[i];
	f->group = take(realloc(f->group, (f->groups + 1) * sizeof *f->group));
	f->group[f->groups] = (struct fleet_group){ .kind = kind };
	return &f->group[f->groups++];
}

static int order_groups(const void *left, const void *right)
{
	const struct fleet_group *a = left, *b = right;

	return a->nodes != b->nodes ? (a->nodes > b->nodes ? -1 : 1) : strcmp(a->kind, b->kind);
}

/* A to Z, then A1, B1 ... */
static void name_group(struct fleet_group *g, size_t i)
{
	if (i < 26)
		snprintf(g->letter, sizeof g->letter, "%c", (char)('A' + i));
	else
		snprintf(g->letter, sizeof g->letter, "%c%u", (char)('A' + i % 26), (unsigned)(i / 26 % 100000));
}

static void make_groups(struct fleet *f)
{
	for (size_t i = 0; i < f->nodes; i++)
		if (f->node[i].kind)
			group_of(f, f->node[i].kind)->nodes++;
	if (f->groups)
		qsort(f->group, f->groups, sizeof *f->group, order_groups);
	for (size_t i = 0; i < f->groups; i++) {
		name_group(&f->group[i], i);
		f->group[i].node = take(malloc(f->group[i].nodes * sizeof *f->group[i].node));
		f->group[i].nodes = 0;
	}
	for (size_t i = 0; i < f->nodes; i++) {
		struct fleet_node *node = &f->node[i];
		node->group = node->kind ? group_of(f, node->kind) : NULL;
		if (node->group)
			node->group->node[node->group->nodes++] = node;
	}
}

/* -- verdicts */

static double value_at(const struct fleet_run *run, size_t cell)
{
	return cell < run->values ? run->value[cell].x : NAN;
}

static void find_middles(const struct fleet *f, struct fleet_group *g)
{
	double *x = take(malloc(g->nodes * sizeof *x));

	g->middle = take(malloc((f->cells + 1) * sizeof *g->middle));
	for (size_t c = 0; c < f->cells; c++) {
		for (size_t i = 0; i < g->nodes; i++)
			x[i] = value_at(&g->node[i]->first, c);
		g->middle[c] = apart_middle(x, g->nodes);
		g->cells += g->middle[c].nodes >= APART_LEAST_NODES;
	}
	free(x);
}

static void find_sides(const struct fleet *f, const struct fleet_group *g, struct fleet_run *run)
{
	run->side = take(calloc(f->cells + 1, 1));
	for (size_t c = 0; c < f->cells; c++)
		run->side[c] = (signed char)apart_side(&g->middle[c], value_at(run, c));
}

static double distance(const struct fleet_group *g, const struct fleet_run *run, size_t cell)
{
	double x = value_at(run, cell), median = g->middle[cell].median;

	return x > 0 && median > 0 ? fabs(log(x / median)) : NAN;
}

/* In an apart node only what was beyond both times counts. */
static void find_worst(const struct fleet *f, struct fleet_node *node)
{
	double furthest = -1;

	for (size_t c = 0; c < f->cells; c++) {
		bool counts = node->first.side[c] &&
			      (node->verdict != APART_APART || node->first.side[c] == node->again.side[c]);
		if (!counts)
			continue;
		node->beyond++;
		if (distance(node->group, &node->first, c) > furthest) {
			furthest = distance(node->group, &node->first, c);
			node->worst = c;
		}
	}
}

/* Whose mean distance from the middles is least, among those that have most of the cells. */
static void find_typical(const struct fleet *f, struct fleet_group *g)
{
	double least = INFINITY;

	for (size_t i = 0; i < g->nodes; i++) {
		double sum = 0;
		size_t n = 0;
		for (size_t c = 0; c < f->cells; c++) {
			double d = distance(g, &g->node[i]->first, c);
			if (g->middle[c].nodes >= APART_LEAST_NODES && !isnan(d)) {
				sum += d;
				n++;
			}
		}
		if (2 * n > g->cells && sum / (double)n < least) {
			least = sum / (double)n;
			g->typical = g->node[i];
		}
	}
}

static void judge_group(const struct fleet *f, struct fleet_group *g)
{
	size_t *beyond = take(malloc(g->nodes * sizeof *beyond));

	find_middles(f, g);
	for (size_t i = 0; i < g->nodes; i++) {
		struct fleet_node *node = g->node[i];
		find_sides(f, g, &node->first);
		beyond[i] = apart_beyond(node->first.side, f->cells);
		if (node->ran_again)
			find_sides(f, g, &node->again);
	}
	g->least = apart_least(beyond, g->nodes, g->cells);
	for (size_t i = 0; i < g->nodes; i++) {
		struct fleet_node *node = g->node[i];
		node->verdict = apart_judge(node->first.side, node->again.side, f->cells, g->least);
		find_worst(f, node);
	}
	find_typical(f, g);
	free(beyond);
}

int fleet_read(struct fleet *f, char *const *paths, size_t n, char *error, size_t size)
{
	*f = (struct fleet){ .arena = arena_new() };
	if (fleet_files(f, paths, n, error, size))
		return -1;
	make_groups(f);
	for (size_t i = 0; i < f->groups; i++)
		judge_group(f, &f->group[i]);
	return 0;
}

void fleet_free(struct fleet *f)
{
	for (size_t i = 0; i < f->nodes; i++)
		fleet_node_free(&f->node[i]);
	for (size_t i = 0; i < f->groups; i++) {
		free(f->group[i].node);
		free(f->group[i].middle);
	}
	free(f->node);
	free(f->group);
	free(f->cell);
	free(f->unit);
	free(f->foreign);
	words_free(&f->names);
	words_free(&f->words);
	arena_free(f->arena);
}

/* -- asking */

size_t fleet_count(const struct fleet *f, enum apart_verdict verdict)
{
	size_t n = 0;

	for (size_t i = 0; i < f->nodes; i++)
		n += f->node[i].group && f->node[i].verdict == verdict;
	return n;
}

size_t fleet_ended(const struct fleet *f, enum fleet_end end)
{
	size_t n = 0;

	for (size_t i = 0; i < f->nodes; i++)
		n += f->node[i].first.end == end;
	return n;
}

static const char *key_of(const struct fleet_node *node, const char *key)
{
	for (size_t i = 0; i < node->keys; i++)
		if (node->key[i].key == key)
			return node->key[i].value;
	return NULL;
}

static int order_pointers(const void *a, const void *b)
{
	const char *x = *(const char *const *)a, *y = *(const char *const *)b;

	return (x > y) - (x < y);
}

/* What more than half of a group has; false where it is not of one mind, and nothing can be told from it. */
static bool usual_of(const struct fleet_group *g, const char *key, const char **usual)
{
	const char **value = take(malloc(g->nodes * sizeof *value));
	size_t n = 0;

	for (size_t i = 0; i < g->nodes; i++)
		value[i] = key_of(g->node[i], key);
	qsort(value, g->nodes, sizeof *value, order_pointers);
	*usual = value[g->nodes / 2]; /* what more than half have is in the middle */
	for (size_t i = 0; i < g->nodes; i++)
		n += value[i] == *usual;
	free(value);
	return 2 * n > g->nodes;
}

static int order_weights(const void *left, const void *right)
{
	const struct fleet_difference *a = left, *b = right;
	size_t x = sameness_weight(a->key), y = sameness_weight(b->key);

	return x != y ? (x < y ? -1 : 1) : strcmp(a->key, b->key);
}

size_t fleet_differences(
	const struct fleet *f, const struct fleet_node *node, struct fleet_difference *out, size_t most)
{
	struct arena *arena = arena_new();
	struct words keys = { 0 };
	size_t n = 0;

	/* every key once, with its one copy in the fleet: pointers are compared */
	for (size_t i = 0; i < node->group->nodes; i++)
		for (size_t k = 0; k < node->group->node[i]->keys; k++)
			words_add(&keys, arena, node->group->node[i]->key[k].key,
				strlen(node->group->node[i]->key[k].key));
	struct fleet_difference *all = take(malloc((keys.count + 1) * sizeof *all));
	for (size_t i = 0; i < keys.slots; i++) {
		const struct word *w = keys.slot[i];
		const char *key = w ? words_find(&f->words, w->text, strlen(w->text))->text : NULL, *usual;
		if (key && !fleet_of_kind(key) && usual_of(node->group, key, &usual) && key_of(node, key) != usual)
			all[n++] = (struct fleet_difference){ key, key_of(node, key), usual };
	}
	qsort(all, n, sizeof *all, order_weights);
	n = n < most ? n : most;
	memcpy(out, all, n * sizeof *out);
	free(all);
	words_free(&keys);
	arena_free(arena);
	return n;
}
