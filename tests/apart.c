// SPDX-License-Identifier: MIT
/* Which machine of a fleet stands apart: by identities, and by simulation over noise of several shapes. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../harness/compare/apart.h"
#include "tap.h"

enum { NODES = 500, CELLS = 52, MANY = 400, FLEETS = 20 };

/* -- noise with a standard deviation of about 1 */

static uint64_t state = 20;

static double uniform(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return ((double)(state >> 11) + 0.5) / 9007199254740992.0;
}

static double normal(void)
{
	return sqrt(-2 * log(uniform())) * cos(2 * M_PI * uniform());
}

/* Heavy tails: Student's t with 5 degrees of freedom. */
static double t5(void)
{
	double chi = 0;

	for (int i = 0; i < 5; i++) {
		double z = normal();
		chi += z * z;
	}
	return normal() / sqrt(chi / 5) / sqrt(5.0 / 3);
}

/* To one side, as disturbances are: an exponential less its mean. */
static double skewed(void)
{
	return -log(uniform()) - 1;
}

/* -- fleets */

struct fleet {
	size_t cells;
	double first[MANY][NODES];
	signed char side[NODES][MANY];
	size_t beyond[NODES], least;
	struct apart_middle middle[MANY];
};

static double noise_of(double (*noise)(void), double spread)
{
	return 1000 * exp(spread * noise());
}

static void measure(struct fleet *f, size_t cells, double (*noise)(void), double spread)
{
	f->cells = cells;
	for (size_t c = 0; c < cells; c++) {
		for (size_t i = 0; i < NODES; i++)
			f->first[c][i] = noise_of(noise, spread);
		f->middle[c] = apart_middle(f->first[c], NODES);
		for (size_t i = 0; i < NODES; i++)
			f->side[i][c] = (signed char)apart_side(&f->middle[c], f->first[c][i]);
	}
	for (size_t i = 0; i < NODES; i++)
		f->beyond[i] = apart_beyond(f->side[i], cells);
	f->least = apart_least(f->beyond, NODES, cells);
}

/* Those that are apart after the suspects, and only they, ran once more. */
static size_t falsely_apart(struct fleet *f, double (*noise)(void), double spread, size_t *suspects)
{
	size_t apart = 0;

	for (size_t i = 0; i < NODES; i++) {
		signed char again[MANY];
		if (apart_judge(f->side[i], NULL, f->cells, f->least) != APART_SUSPECT)
			continue;
		++*suspects;
		for (size_t c = 0; c < f->cells; c++)
			again[c] = (signed char)apart_side(&f->middle[c], noise_of(noise, spread));
		apart += apart_judge(f->side[i], again, f->cells, f->least) == APART_APART;
	}
	return apart;
}

static void simulate(struct fleet *f, const char *name, double (*noise)(void), double spread, size_t cells)
{
	size_t apart = 0, suspects = 0;

	for (int i = 0; i < FLEETS; i++) {
		measure(f, cells, noise, spread);
		apart += falsely_apart(f, noise, spread, &suspects);
	}
	diag("%zu suspects, %zu apart", suspects, apart);
	ok(apart <= 1, "%s noise of %g in %zu cells: at most one false node in %d clean fleets of %d", name, spread,
		cells, FLEETS, NODES);
}

/* What is apart is found all the same: one machine a tenth slower in three cells, in both runs. */
static void find_one(struct fleet *f)
{
	signed char first[CELLS], again[CELLS];

	measure(f, CELLS, normal, 0.01);
	memcpy(first, f->side[7], sizeof first);
	memcpy(again, f->side[8], sizeof again);
	for (size_t c = 0; c < 3; c++) {
		first[c] = (signed char)apart_side(&f->middle[c], 1.10 * f->first[c][7]);
		again[c] = (signed char)apart_side(&f->middle[c], 1.10 * f->first[c][8]);
	}
	is_int(apart_judge(first, NULL, CELLS, f->least), APART_SUSPECT, "a tenth slower in three cells: suspect");
	is_int(apart_judge(first, again, CELLS, f->least), APART_APART, "and so again: apart");
	is_int(apart_judge(first, f->side[8], CELLS, f->least), APART_CLEARED, "not so again: cleared");
}

/* -- identities */

static void middles(void)
{
	static const double x[] = { 100, NAN, 110, 90, 0, -5, INFINITY, 100, 121, 100, 100, 100, 100 };
	struct apart_middle m = apart_middle(x, sizeof x / sizeof *x), none = apart_middle(x, 0);

	is_int((long)m.nodes, 9, "what is no time is no value");
	is_double(m.median, 100, 1e-12, "the median");
	is_double(m.spread, 0, 1e-12, "most are alike: no spread");
	is_int((long)none.nodes, 0, "nobody has no middle");
	is_int(apart_side(&none, 100), 0, "and nothing is beyond it");
}

static void limits(void)
{
	static const double even[] = { 98, 99, 99, 100, 100, 101, 101, 102 };
	struct apart_middle m = apart_middle(even, 8), few = apart_middle(even, 7);
	double edge;

	is_double(m.spread, 1.4826 * log(101.0 / 100), 2e-4, "1.4826 MAD of the logarithms");
	edge = 100 * exp(5 * m.spread);
	is_int(apart_side(&m, edge * 1.0001), 1, "above five spreads");
	is_int(apart_side(&m, edge * 0.9999), 0, "below them");
	is_int(apart_side(&m, 100 * 100 / edge * 0.9999), -1, "and downwards");
	is_int(apart_side(&m, NAN), 0, "what is not measured is not beyond");
	is_int(apart_side(&few, 200), 0, "fewer than eight machines: nothing is");
	m.spread = 0;
	is_int(apart_side(&m, 105), 0, "5 %% is not beyond, however alike the others are");
	is_int(apart_side(&m, 105.1), 1, "more is");
}

static void judgements(void)
{
	static const signed char none[4] = { 0 }, one[4] = { 1 }, two[4] = { 1, 0, -1, 0 }, other[4] = { 0, 1, 0, 1 },
				 turned[4] = { -1, 0, 1, 0 };

	is_int(apart_judge(none, NULL, 4, 2), APART_NOT, "beyond in none");
	is_int(apart_judge(one, one, 4, 2), APART_NOT, "in one cell: not a suspect");
	is_int(apart_judge(two, NULL, 4, 2), APART_SUSPECT, "in two: a suspect");
	is_int(apart_judge(two, two, 4, 2), APART_APART, "twice: apart");
	is_int(apart_judge(two, one, 4, 2), APART_CLEARED, "in one cell again: not");
	is_int(apart_judge(two, other, 4, 2), APART_CLEARED, "in two others: not");
	is_int(apart_judge(two, turned, 4, 2), APART_CLEARED, "to the other side: not");
}

static void chances(void)
{
	size_t quiet[20] = { 0 }, loud[20], few[8] = { 0, 0, 0, 0, 0, 0, 0, 90 };

	for (size_t i = 0; i < 20; i++)
		loud[i] = 10;
	is_int((long)apart_least(quiet, 20, 100), 2, "without noise two cells are enough");
	is_int((long)apart_least(few, 8, 100), 2, "also where one machine is beyond in most");
	/* 1 less the binomial sum up to 6 of n = 100, p = 0.1 * 0.1 is 6.8e-5; up to 5 it is 5.3e-4, and 0.01 / 20 is
	 * 5e-4 */
	is_int((long)apart_least(loud, 20, 100), 7, "where one cell in ten of each is, two runs meet in six by chance");
	is_int((long)apart_least(quiet, 0, 0), 2, "nobody");
}

int main(void)
{
	struct fleet *f = malloc(sizeof *f);

	middles();
	limits();
	judgements();
	chances();
	simulate(f, "normal", normal, 0.01, CELLS);
	simulate(f, "normal", normal, 0.05, CELLS);
	simulate(f, "t5", t5, 0.01, CELLS);
	simulate(f, "t5", t5, 0.05, CELLS);
	simulate(f, "skewed", skewed, 0.01, CELLS);
	simulate(f, "skewed", skewed, 0.05, CELLS);
	simulate(f, "skewed", skewed, 0.05, MANY);
	find_one(f);
	free(f);
	return done();
}
