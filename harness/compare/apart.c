// SPDX-License-Identifier: MIT
#include "apart.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../analyse/cells.h"
#include "../analyse/stats.h"

static const double SPREADS = 5, RATIO = 1.05, SIGMA_OF_MAD = 1.4826, ONE_IN = 0.01;

/* ln(1.05) is not to be had exactly: what is 5 % apart to the last digit is not beyond. */
static const double ROUNDING = 1e-9;

struct apart_middle apart_middle(const double *x, size_t n)
{
	double *kept = take(malloc((n + 1) * sizeof *kept));
	struct apart_middle m = { NAN, NAN, 0 };

	for (size_t i = 0; i < n; i++)
		if (x[i] > 0 && isfinite(x[i]))
			kept[m.nodes++] = x[i];
	if (m.nodes) {
		m.median = stats_median(kept, m.nodes);
		for (size_t i = 0; i < m.nodes; i++)
			kept[i] = fabs(log(kept[i] / m.median));
		m.spread = SIGMA_OF_MAD * stats_median(kept, m.nodes);
	}
	free(kept);
	return m;
}

int apart_side(const struct apart_middle *m, double x)
{
	if (m->nodes < APART_LEAST_NODES || !(x > 0) || !isfinite(x))
		return 0;
	double away = log(x / m->median), limit = fmax(SPREADS * m->spread, log(RATIO) + ROUNDING);

	return away > limit ? 1 : away < -limit ? -1 : 0;
}

size_t apart_beyond(const signed char *side, size_t cells)
{
	size_t n = 0;

	for (size_t i = 0; i < cells; i++)
		n += side[i] != 0;
	return n;
}

static int order_counts(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return (x > y) - (x < y);
}

/* How often one cell of one machine is beyond by the noise that all have. */
static double rate_of(const size_t *beyond, size_t nodes, size_t cells)
{
	size_t *sorted = take(malloc(nodes * sizeof *sorted)), kept = nodes - (nodes + 9) / 10, sum = 0;

	memcpy(sorted, beyond, nodes * sizeof *sorted);
	qsort(sorted, nodes, sizeof *sorted, order_counts);
	for (size_t i = 0; i < kept; i++)
		sum += sorted[i];
	free(sorted);
	return kept ? (double)sum / ((double)kept * (double)cells) : 0;
}

size_t apart_least(const size_t *beyond, size_t nodes, size_t cells)
{
	if (!nodes || !cells)
		return APART_LEAST_CELLS;
	/* two runs that know nothing of each other meet in a cell as often as the square of what one does alone */
	double rate = rate_of(beyond, nodes, cells);
	size_t most = stats_binomial_most(cells, rate * rate, 1 - ONE_IN / (double)nodes);

	return most + 1 > APART_LEAST_CELLS ? most + 1 : APART_LEAST_CELLS;
}

enum apart_verdict apart_judge(const signed char *first, const signed char *again, size_t cells, size_t least)
{
	size_t same = 0;

	if (apart_beyond(first, cells) < APART_LEAST_CELLS)
		return APART_NOT;
	if (!again)
		return APART_SUSPECT;
	/* a machine that is slow is slow in the same cells again; where two runs only share the number, chance did it
	 */
	for (size_t i = 0; i < cells; i++)
		same += first[i] && first[i] == again[i];
	return same >= least ? APART_APART : APART_CLEARED;
}
