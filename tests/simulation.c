// SPDX-License-Identifier: MIT
/*
 * What compare says by chance: 2,000 draws of noise of three shapes, from a seed. A against A may differ in 5 % of them
 * at most (with three errors of that share), and 95 % intervals hold what they are of in 93 to 97 %.
 */
#include <stdint.h>

#include "../harness/analyse/stats.h"
#include "tap.h"

enum { DRAWS = 2000, MOST = 30 };

static uint64_t state = 614695;

/* splitmix64: Steele, Lea and Flood, OOPSLA 2014 */
static double uniform(void)
{
	uint64_t z = state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	z ^= z >> 31;
	return ((double)(z >> 11) + 0.5) / 9007199254740992.0;
}

/* Box and Muller 1958 */
static double normal(void)
{
	double radius = sqrt(-2 * log(uniform()));

	return radius * cos(2 * M_PI * uniform());
}

/* Student's t with 5 degrees of freedom: heavy tails. */
static double t5(void)
{
	double squares = 0, z = normal();

	for (int i = 0; i < 5; i++) {
		double x = normal();

		squares += x * x;
	}
	return z / sqrt(squares / 5);
}

/* An exponential less its median: what only ever adds time. */
static double skewed(void)
{
	return -log(uniform()) - log(2);
}

static const struct shape {
	const char *name;
	double (*noise)(void);
} shapes[] = { { "normal", normal }, { "t5", t5 }, { "skewed", skewed } };

static void trials(double *x, size_t n, double centre, double spread, const struct shape *s)
{
	for (size_t i = 0; i < n; i++)
		x[i] = centre * exp(spread * s->noise());
}

/* One file a side. */
static void single(const struct shape *s, size_t n)
{
	double x[MOST], y[MOST];
	int alarms = 0, held = 0;

	for (int k = 0; k < DRAWS; k++) {
		struct interval i;

		trials(x, n, 100, 0.05, s);
		trials(y, n, 100, 0.05, s);
		alarms += stats_mann_whitney(x, n, y, n) < 0.05;
		for (size_t j = 0; j < n; j++)
			y[j] *= 1.2;
		i = stats_ratio_interval(x, n, y, n, 0.95, 1);
		held += i.low <= 1.2 && i.high >= 1.2;
	}
	if (!ok(alarms <= DRAWS * 0.05, "%s, %zu against %zu: at most 5 %% false alarms", s->name, n, n))
		diag("%d of %d", alarms, DRAWS);
	if (!ok(held >= DRAWS * 0.93 && held <= DRAWS * 0.97, "%s, %zu against %zu: 93 to 97 %% of intervals hold 1.2",
		    s->name, n, n))
		diag("%d of %d", held, DRAWS);
}

/* Several files a side, as compare takes them: p and interval are the wider ones of trials and files. `between`: what
 * the boots differ by. */
static void several(const struct shape *s, size_t files, size_t others, double between)
{
	enum { TRIALS = 6 };
	double x[MOST], y[MOST], first[MOST / TRIALS], second[MOST / TRIALS];
	int alarms = 0, held = 0, blind = 0;

	for (int k = 0; k < DRAWS; k++) {
		struct interval i, b;
		double p;

		for (size_t f = 0; f < files + others; f++) {
			double *into = f < files ? &x[f * TRIALS] : &y[(f - files) * TRIALS];

			trials(into, TRIALS, 100 * exp(between * normal()), 0.02, s);
			*(f < files ? &first[f] : &second[f - files]) = stats_median(into, TRIALS);
		}
		p = stats_mann_whitney(x, files * TRIALS, y, others * TRIALS);
		blind += p < 0.05;
		alarms += fmax(p, stats_between_p(first, files, second, others)) < 0.05;
		i = stats_ratio_interval(x, files * TRIALS, y, others * TRIALS, 0.95, 1);
		b = stats_between_interval(first, files, second, others, 0.95);
		held += fmin(i.low, b.low) <= 1 && fmax(i.high, b.high) >= 1;
	}
	if (!ok(alarms <= (int)stats_binomial_most(DRAWS, 0.05, 0.999),
		    "%s, %zu files against %zu: about 5 %% false alarms at most", s->name, files, others))
		diag("%d of %d", alarms, DRAWS);
	if (!ok(held >= DRAWS * 0.93, "%s, %zu files against %zu: 93 %% of intervals hold 1 at least", s->name, files,
		    others))
		diag("%d of %d", held, DRAWS);
	if (between > 0)
		ok(blind > DRAWS * 0.2, "%s: trials taken for independent would have cried wolf in a fifth (%d)",
			s->name, blind);
}

int main(void)
{
	for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
		single(&shapes[s], 6);
		single(&shapes[s], 10);
		several(&shapes[s], 3, 3, 0.05);
		several(&shapes[s], 2, 4, 0);
	}
	return done();
}
