// SPDX-License-Identifier: MIT
/*
 * Statistics against values worked by hand and by R 4.2. R code stands beside what it printed; perm() is
 *   perm <- function(x, y) { r <- rank(c(x, y)); m <- length(y); n <- length(r); e <- m * (n + 1) / 2
 *     s <- combn(n, m, function(i) sum(r[i])); mean(abs(s - e) >= abs(sum(r[-seq_along(x)]) - e) - 1e-9) }
 */
#include "../harness/analyse/stats.h"
#include "tap.h"

#define LENGTH(a) (sizeof(a) / sizeof *(a))
#define MW(x, y) stats_mann_whitney(x, LENGTH(x), y, LENGTH(y))

/* from, from + step, from + 2 step ... */
static const double *series(double *x, size_t n, double from, double step)
{
	for (size_t i = 0; i < n; i++)
		x[i] = from + step * (double)i;
	return x;
}

static void median(void)
{
	double odd[] = { 3, 1, 2 }, even[] = { 4, 1, 3, 2 }, equal[] = { 7, 7, 7, 7 }, huge[] = { 1.7e308, 1.7e308 };

	is_double(stats_median(NULL, 0), NAN, 0, "median of nothing is NaN");
	is_double(stats_median(odd, 1), 3, 0, "median of one value is that value");
	is_double(stats_median(even, 2), 2.5, 0, "median of two is their mean");
	is_double(stats_median(odd, 3), 2, 0, "median of three");
	is_double(stats_median(even, 4), 2.5, 0, "median of four is the mean of the middle two");
	is_double(stats_median(equal, 4), 7, 0, "median of equal values");
	is_double(stats_median(huge, 2), 1.7e308, 0, "median of huge values does not overflow");
	ok(odd[0] == 3 && odd[1] == 1 && odd[2] == 2, "the input keeps its order");
}

static void median_interval(void)
{
	/* d: order statistics d and n + 1 - d. R, and d is the greatest that keeps the coverage at c or above:
	 *   1 - 2 * pbinom(d - 1, n, 0.5)          near d = qbinom((1 - c) / 2, n, 0.5) */
	static const struct {
		size_t n;
		double confidence;
		size_t d;
		double coverage;
	} cases[] = {
		{ 1, 0.95, 1, 0 },
		{ 2, 0.95, 1, 0.5 },
		{ 3, 0.95, 1, 0.75 },
		{ 4, 0.95, 1, 0.875 },
		{ 5, 0.95, 1, 0.9375 },
		{ 6, 0.95, 1, 0.96875 },
		{ 7, 0.95, 1, 0.984375 },
		{ 8, 0.95, 1, 0.9921875 },
		{ 9, 0.95, 2, 0.9609375 },
		{ 10, 0.95, 2, 0.978515625 },
		{ 15, 0.95, 4, 0.96484375 },
		{ 20, 0.95, 6, 0.958610534668 },
		{ 25, 0.95, 8, 0.956714749336 },
		{ 50, 0.95, 18, 0.967160862436 },
		{ 101, 0.95, 41, 0.953955933071 },
		{ 1000, 0.95, 469, 0.95370880264 },
		{ 5000, 0.95, 2431, 0.950684141896 },
		{ 5, 0.9375, 1, 0.9375 },
		{ 9, 0.9609375, 2, 0.9609375 },
		{ 6, 0.99, 1, 0.96875 },
		{ 10, 0.99, 1, 0.998046875 },
		{ 5000, 0.99, 2409, 0.990353693475 },
		{ 7, 0.5, 3, 0.546875 },
		{ 10, 0.5, 4, 0.65625 },
		{ 1000, 0.5, 489, 0.532954878347 },
	};
	static double x[5000];
	struct interval i = stats_median_interval(NULL, 0, 0.95);

	ok(isnan(i.low) && isnan(i.high) && i.coverage == 0, "interval of nothing is NaN with coverage 0");
	for (size_t c = 0; c < LENGTH(cases); c++) {
		size_t n = cases[c].n;

		series(x, n, (double)n, -1); /* n ... 1: the order statistic d is d */
		i = stats_median_interval(x, n, cases[c].confidence);
		is_double(i.low, (double)cases[c].d, 0, "n=%zu at %g: low", n, cases[c].confidence);
		is_double(i.high, (double)(n + 1 - cases[c].d), 0, "n=%zu at %g: high", n, cases[c].confidence);
		is_double(i.coverage, cases[c].coverage, 1e-11, "n=%zu at %g: coverage", n, cases[c].confidence);
	}
	series(x, 6, 4, 0);
	i = stats_median_interval(x, 6, 0.95);
	ok(i.low == 4 && i.high == 4, "interval of equal values is that value");
}

static void mann_whitney_by_hand(void)
{
	double low[] = { 1, 2, 3 }, high[] = { 4, 5, 6 }, equal[] = { 5, 5, 5 };
	double x[] = { 1, 1 }, y[] = { 1, 2 }, a[] = { 1 }, b[] = { 2 };

	is_double(stats_mann_whitney(low, 3, NULL, 0), 1, 0, "no second set: p = 1");
	is_double(stats_mann_whitney(NULL, 0, low, 3), 1, 0, "no first set: p = 1");
	is_double(stats_mann_whitney(NULL, 0, NULL, 0), 1, 0, "no set at all: p = 1");
	is_double(MW(low, high), 0.1, 1e-15, "three below three: 2 of the 20 choices");
	is_double(MW(high, low), 0.1, 1e-15, "three above three: the same");
	is_double(MW(low, low), 1, 1e-15, "a set with itself: p = 1");
	is_double(MW(equal, equal), 1, 1e-15, "all equal: p = 1");
	is_double(MW(a, b), 1, 1e-15, "one against one: both choices are as extreme");
	/* midranks 2 2 2 4: every choice of two is 1 away from the expectation 5 */
	is_double(MW(x, y), 1, 1e-15, "1 1 against 1 2: all 6 choices are as extreme");
}

static void mann_whitney_exact(void)
{
	static double x[60], y[60];
	/* R's own example, ?wilcox.test (Hollander and Wolfe, depression scale), its two ties broken:
	 *   wilcox.test(first, second, exact = TRUE) */
	double first[] = { 1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30 };
	double second[] = { 0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06001, 3.14, 1.29001 };
	/* wilcox.test(c(1.1, 2.2, 3.3, 4.4, 5.5), c(2.5, 6.1, 7.2), exact = TRUE) */
	double five[] = { 1.1, 2.2, 3.3, 4.4, 5.5 }, three[] = { 2.5, 6.1, 7.2 };

	is_double(MW(first, second), 0.135911147676, 1e-11, "nine and nine");
	is_double(MW(five, three), 0.25, 1e-12, "five and three");
	is_double(MW(three, five), 0.25, 1e-12, "three and five");
	/* wilcox.test(1:6, 7:12, exact = TRUE) */
	is_double(stats_mann_whitney(series(x, 6, 1, 1), 6, series(y, 6, 7, 1), 6), 0.0021645021645, 1e-12,
		"six below six");
	/* wilcox.test((1:10)^2, (1:10)^2 + 7.5, exact = TRUE) */
	for (int i = 0; i < 10; i++) {
		x[i] = (i + 1) * (i + 1);
		y[i] = x[i] + 7.5;
	}
	is_double(stats_mann_whitney(x, 10, y, 10), 0.578741691745, 1e-11, "ten and ten");
	/* wilcox.test(1:50, 1:50 + 8.5, exact = TRUE) */
	is_double(stats_mann_whitney(series(x, 50, 1, 1), 50, series(y, 50, 9.5, 1), 50), 0.00702189937139, 1e-12,
		"fifty and fifty: the most that is exact");
	/* wilcox.test(1:40, 1:60 + 0.5, exact = TRUE) */
	is_double(stats_mann_whitney(series(x, 40, 1, 1), 40, series(y, 60, 1.5, 1), 60), 0.00288356440298, 1e-12,
		"forty and sixty");
}

static void mann_whitney_ties(void)
{
	double a[] = { 1, 2, 2, 3 }, b[] = { 2, 3, 3, 4 };
	double c[] = { 1, 1, 2 }, d[] = { 2, 2, 2, 3, 3 };
	double e[] = { 1, 2, 2, 3, 3, 3 }, f[] = { 3, 3, 4, 4, 5, 5 };
	double g[] = { 1, 1, 1, 1, 2 }, h[] = { 1, 2, 2 };
	double i[] = { 10, 11, 11, 12, 12, 12, 13, 14 }, j[] = { 12, 12, 13, 13, 14, 15, 15, 16 };

	is_double(MW(a, b), 0.285714285714, 1e-11, "ties, four and four");  /* perm(c(1,2,2,3), c(2,3,3,4)) */
	is_double(MW(c, d), 0.142857142857, 1e-11, "ties, three and five"); /* perm(c(1,1,2), c(2,2,2,3,3)) */
	is_double(MW(d, c), 0.142857142857, 1e-11, "ties, five and three"); /* perm(c(2,2,2,3,3), c(1,1,2)) */
	is_double(MW(e, f), 0.021645021645, 1e-11, "ties, six and six");    /* perm(c(1,2,2,3,3,3), c(3,3,4,4,5,5)) */
	is_double(MW(g, h), 0.464285714286, 1e-11,
		"ties, five and three, one-sided tail"); /* perm(c(1,1,1,1,2), c(1,2,2)) */
	/* perm(c(10,11,11,12,12,12,13,14), c(12,12,13,13,14,15,15,16)) */
	is_double(MW(i, j), 0.0223776223776, 1e-11, "ties, eight and eight");
}

static void mann_whitney_normal(void)
{
	static double x[80], y[60];

	/* wilcox.test(1:60, 1:60 + 9.5, exact = FALSE, correct = TRUE) */
	is_double(stats_mann_whitney(series(x, 60, 1, 1), 60, series(y, 60, 10.5, 1), 60), 0.00590679415381, 1e-12,
		"sixty and sixty: normal approximation");
	/* wilcox.test(1:51, 1:50 + 4.5, exact = FALSE) */
	is_double(stats_mann_whitney(series(x, 51, 1, 1), 51, series(y, 50, 5.5, 1), 50), 0.188738234499, 1e-11,
		"fifty-one and fifty: the fewest that are not exact");
	/* wilcox.test(1:60, 1:60, exact = FALSE) */
	is_double(stats_mann_whitney(series(x, 60, 1, 1), 60, x, 60), 1, 0, "sixty with themselves");
	is_double(stats_mann_whitney(series(x, 60, 3, 0), 60, x, 60), 1, 0, "sixty equal values");
	/* wilcox.test(rep(1:8, 10), rep(2:11, 5), exact = FALSE) */
	for (int i = 0; i < 80; i++)
		x[i] = 1 + i % 8;
	for (int i = 0; i < 50; i++)
		y[i] = 2 + i % 10;
	is_double(stats_mann_whitney(x, 80, y, 50), 0.000193381857611, 1e-14, "eighty and fifty with ties");
}

static void ratio_interval(void)
{
	static double x[9], y[9], z[9];
	struct interval i, again, other;
	double zero[] = { 0, 0, 1 };

	i = stats_ratio_interval(x, 0, y, 9, 0.95, 1);
	ok(isnan(i.low) && isnan(i.high) && i.coverage == 0, "ratio with an empty set is NaN with coverage 0");
	series(x, 9, 4, 0);
	series(y, 9, 6, 0);
	i = stats_ratio_interval(x, 9, y, 9, 0.95, 1);
	ok(i.low == 1.5 && i.high == 1.5 && i.coverage == 0.95, "ratio of constants is a point");
	i = stats_ratio_interval(x, 1, y, 1, 0.95, 1);
	ok(i.low == 1.5 && i.high == 1.5 && i.coverage == 0, "one value each: a point without coverage");
	/* the bootstrap median of 1 ... 9 is at most k with 1 - pbinom(4, 9, (1:9) / 9):
	 *   0.00145 0.03037 0.14485 0.36551 0.63449 0.85516 0.96963 0.99855 1: 5 % at 3, 95 % at 7; 0.5 % at 2, 99.5 %
	 * at 8 */
	series(x, 9, 1, 0);
	series(y, 9, 1, 1);
	i = stats_ratio_interval(x, 9, y, 9, 0.90, 7);
	ok(i.low == 3 && i.high == 7, "90 %% bootstrap of the median of 1 ... 9 is 3 to 7");
	i = stats_ratio_interval(x, 9, y, 9, 0.99, 7);
	ok(i.low == 2 && i.high == 8, "99 %% bootstrap of the median of 1 ... 9 is 2 to 8");
	i = stats_ratio_interval(y, 9, x, 9, 0.90, 7);
	is_double(i.low, 1.0 / 7, 1e-15, "the other way round: low is the reciprocal");
	is_double(i.high, 1.0 / 3, 1e-15, "the other way round: high is the reciprocal");
	series(x, 9, 100, 1.5);
	series(y, 9, 130, 1.25);
	i = stats_ratio_interval(x, 9, y, 9, 0.95, 20411);
	again = stats_ratio_interval(x, 9, y, 9, 0.95, 20411);
	other = stats_ratio_interval(x, 9, y, 9, 0.95, 20412);
	ok(i.low == again.low && i.high == again.high, "one seed gives one interval");
	ok(fabs(i.low - other.low) < 0.02 && fabs(i.high - other.high) < 0.02, "another seed a similar one");
	ok(i.low < 135.0 / 106 && i.high > 135.0 / 106, "the ratio of the medians is inside");
	for (int k = 0; k < 9; k++)
		z[k] = 2 * y[k];
	again = stats_ratio_interval(x, 9, z, 9, 0.95, 20411);
	ok(again.low == 2 * i.low && again.high == 2 * i.high, "twice the values give twice the ratio");
	i = stats_ratio_interval(zero, 3, y, 9, 0.95, 1);
	ok(isnan(i.low) && isnan(i.high) && i.coverage == 0, "no interval where the denominator may be 0");
}

/* p just below and just above the least difference: where it falls below 0.05. */
static void is_least(const double *x, const double *y, size_t n, const char *name)
{
	double least = stats_least_difference(x, n, y, n, 0.95), p[2], scaled[32];
	double align = stats_median(x, n) / stats_median(y, n);

	for (int side = 0; side < 2; side++) {
		for (size_t i = 0; i < n; i++)
			scaled[i] = y[i] * align * (1 + least) * (side ? 1 + 1e-9 : 1 - 1e-9);
		p[side] = stats_mann_whitney(x, n, scaled, n);
	}
	if (!ok(p[0] >= 0.05 && p[1] < 0.05, "least difference, %s: p falls below 0.05 there", name))
		diag("least %g: p %g and %g", least, p[0], p[1]);
}

static void difference_interval(void)
{
	const double x[] = { 10, 11, 12, 13, 14 }, y[] = { 30, 31, 32, 33, 34 };
	struct interval i = stats_difference_interval(x, 5, y, 5, 0.95, 1), again, none;

	ok(i.low >= 16 && i.low < 20 && i.high > 20 && i.high <= 24, "a difference of 20 lies between %g and %g", i.low,
		i.high);
	is_double(i.coverage, 0.95, 0, "at what was asked");
	again = stats_difference_interval(x, 5, y, 5, 0.95, 1);
	ok(again.low == i.low && again.high == i.high, "the same every time");
	again = stats_difference_interval(y, 5, x, 5, 0.95, 1);
	ok(again.low < -16 && again.high < 0, "the other way round it is negative");
	is_double(stats_difference_interval(x, 1, y, 1, 0.95, 1).coverage, 0, 0, "of single values it covers nothing");
	none = stats_difference_interval(x, 0, y, 5, 0.95, 1);
	is_double(none.low, NAN, 0, "of nothing there is none");
}

/* By hand: two values at one place, the second with three times the weight, have (1 + 9 x 3) / 10 for their mean; and a
 * line through three points. */
static void least_squares(void)
{
	static const double one = 1, three = 3, y[] = { 5, 8, 11 }, ones[] = { 1, 1, 1 };
	static const double *const pair[] = { &one, &three }, *const line[] = { &y[0], &y[1], &y[2] };
	static const size_t single[] = { 1, 1, 1 };
	static const double same[] = { 1, 1 }, weight[] = { 1, 3 }, steps[] = { 1, 1, 1, 1000001, 1, 2000001 },
			    twice[] = { 1, 2, 2, 4, 3, 6 };
	double c[2] = { 77, 77 };
	struct interval i[2];
	struct stats_fit fit = { 2, 1, same, weight, pair, single };

	ok(stats_least_squares(&fit, 0.95, 1, c, i), "two values, one mean");
	is_double(c[0], 2.8, 1e-12, "the weighted one");
	is_double(i[0].coverage, 0, 0, "and single values give it no interval");
	fit = (struct stats_fit){ 3, 2, steps, ones, line, single };
	ok(stats_least_squares(&fit, 0.95, 1, c, i), "a line");
	is_double(c[1], 3e-6, 1e-15, "its slope, in steps of a million");
	is_double(c[0], 5 - 3e-6, 1e-9, "and where it begins");
	fit.x = twice;
	c[0] = 77;
	ok(!stats_least_squares(&fit, 0.95, 1, c, i) && c[0] == 77, "a column that is twice another is refused");
	fit.rows = 1;
	ok(!stats_least_squares(&fit, 0.95, 1, c, i), "and fewer rows than columns");
}

static void least_difference(void)
{
	static double x[10], y[10], z[10];
	double negative[] = { -1, -2, -3, -4, -5, -6 };
	double least;

	series(x, 10, 100, 1);
	series(y, 10, 100, 1);
	is_least(x, y, 10, "the same spread");
	series(y, 10, 250, 3);
	is_least(x, y, 10, "other medians");
	series(y, 10, 98, 0.125);
	is_least(x, y, 6, "six and six");
	/* 1 2 3 and three times the factor f: even 3 below 3 is p = 0.1 */
	is_double(stats_least_difference(x, 3, y, 3, 0.95), NAN, 0, "three and three can never show anything");
	is_double(stats_least_difference(x, 0, y, 3, 0.95), NAN, 0, "an empty set neither");
	is_double(stats_least_difference(negative, 6, negative, 6, 0.95), NAN, 0, "nor a median that is not above 0");
	/* four and four show only a whole separation (p = 2/70): 110 f > 140, so 3/11 */
	series(x, 4, 110, 10);
	is_double(stats_least_difference(x, 4, x, 4, 0.95), 3.0 / 11, 1e-9, "110 ... 140 twice, by hand");
	series(x, 10, 5, 0);
	series(y, 10, 7, 0);
	is_double(stats_least_difference(x, 10, y, 10, 0.95), 0, 1e-9, "no spread: any difference shows");
	series(x, 10, 100, 1);
	series(y, 10, 100, 2);
	series(z, 10, 100, 4);
	least = stats_least_difference(x, 10, y, 10, 0.95);
	ok(least > stats_least_difference(x, 10, x, 10, 0.95), "more spread, more difference needed");
	ok(least < stats_least_difference(x, 10, z, 10, 0.95), "and more still");
	ok(least < stats_least_difference(x, 10, y, 10, 0.99), "more confidence, more difference needed");
	for (int i = 0; i < 10; i++)
		z[i] = 3 * y[i];
	is_double(stats_least_difference(x, 10, z, 10, 0.95), least, 1e-9, "what y is multiplied by does not matter");
}

/* The ideal bootstrap against one that draws: shares of 200,000 drawn ratios up to its ends. */
static double drawn_ratio(const double *x, size_t n, const double *y, size_t m, uint64_t *state)
{
	double a[256], b[256];

	for (size_t i = 0; i < n + m; i++) {
		*state = *state * 6364136223846793005u + 1442695040888963407u; /* Knuth, MMIX */
		if (i < n)
			a[i] = x[(*state >> 33) % n];
		else
			b[i - n] = y[(*state >> 33) % m];
	}
	return stats_median(b, m) / stats_median(a, n);
}

static void ideal_bootstrap(void)
{
	static const double x[] = { 100, 103, 99, 108, 101, 97, 104, 100.5, 112, 102 };
	static const double y[] = { 118, 131, 121, 125, 119.5, 122, 124, 140 };
	enum { DRAWS = 200000 };

	for (size_t n = 5; n <= 10; n++) {
		struct interval i = stats_ratio_interval(x, n, y, n < 8 ? n : 8, 0.95, 1);
		uint64_t state = 20411;
		int below = 0, above = 0, on = 0;

		for (int k = 0; k < DRAWS; k++) {
			double r = drawn_ratio(x, n, y, n < 8 ? n : 8, &state);

			below += r < i.low * (1 - 1e-12);
			above += r > i.high * (1 + 1e-12);
			on += r <= i.low * (1 + 1e-12);
		}
		/* no more than a tail is beyond, and with the end itself it is more; 0.002 is five of its errors */
		if (!ok(below <= DRAWS * 0.027 && above <= DRAWS * 0.027 && on >= DRAWS * 0.023,
			    "%zu and %zu values: what is drawn ends where all of it does", n, n < 8 ? n : 8))
			diag("%d below, %d above, %d up to the low end", below, above, on);
	}
}

/* Of many values, by the normal distribution: the tails that are drawn are those asked for, and what shows is found to
 * a hundredth. */
static void many_values(void)
{
	enum { MANY = 201, DRAWS = 20000 };
	double x[MANY], y[MANY], scaled[MANY], least, p[2];
	uint64_t state = 1;
	int below = 0, above = 0;
	struct interval i;

	for (int k = 0; k < MANY; k++) { /* far from even, and the same in no two places */
		x[k] = 100 + 0.1 * k + 3 * sin(7 * k);
		y[k] = 110 + 0.1 * k * k / MANY + 5 * sin(11 * k);
	}
	i = stats_ratio_interval(x, MANY, y, MANY, 0.95, 1);
	for (int k = 0; k < DRAWS; k++) {
		double r = drawn_ratio(x, MANY, y, MANY, &state);

		below += r < i.low;
		above += r > i.high;
	}
	if (!ok(below > DRAWS * 0.017 && below < DRAWS * 0.033 && above > DRAWS * 0.017 && above < DRAWS * 0.033,
		    "201 values twice: a fortieth of what is drawn is beyond each end"))
		diag("%d below, %d above of %d", below, above, DRAWS);
	least = stats_least_difference(x, MANY, y, MANY, 0.95);
	for (int side = 0; side < 2; side++) {
		for (int k = 0; k < MANY; k++)
			scaled[k] = y[k] * stats_median(x, MANY) / stats_median(y, MANY) *
				    (1 + least * (side ? 1.001 : 0.98));
		p[side] = stats_mann_whitney(x, MANY, scaled, MANY);
	}
	ok(p[0] >= 0.05 && p[1] < 0.05, "what would have shown of 201: p %g and %g", p[0], p[1]);
}

static void student(void)
{
	/* 2 * pt(-c(0.5, 1, 2, 3, 4.5), df); qt(0.975, df) */
	static const double t[] = { 0.5, 1, 2, 3, 4.5 };
	static const struct {
		size_t df;
		double p[5];
	} cases[] = {
		{ 1, { 0.704832764699, 0.5, 0.295167235301, 0.204832764699, 0.139208974546 } },
		{ 2, { 0.6666666666667, 0.4226497308104, 0.1835034190723, 0.0954659662667, 0.0460019079943 } },
		{ 5, { 0.63829887164093, 0.36321746764912, 0.10193947882986, 0.03009924789746, 0.00639953634632 } },
		{ 8, { 0.63053607555698, 0.34659350708733, 0.08051623795726, 0.01707168123378, 0.00200209227552 } },
	};
	static const size_t df[] = { 1, 2, 3, 4, 7, 10, 30, 100 };
	static const double q[] = { 12.70620473617, 4.30265272975, 3.18244630528, 2.77644510520, 2.36462425159,
		2.22813885199, 2.04227245630, 1.98397151852 };

	for (size_t c = 0; c < LENGTH(cases); c++)
		for (size_t k = 0; k < LENGTH(t); k++)
			is_double(stats_student_p(t[k], cases[c].df), cases[c].p[k], 1e-11, "p of t=%g, df=%zu", t[k],
				cases[c].df);
	for (size_t k = 0; k < LENGTH(df); k++)
		is_double(stats_student_quantile(0.95, df[k]), q[k], 1e-9, "95 %% of t, df=%zu", df[k]);
}

static void between(void)
{
	const double x[] = { 100, 102, 99 }, y[] = { 120, 118, 125, 121 };
	struct interval i = stats_between_interval(x, 3, y, 4, 0.95);

	/* t <- t.test(log(y), log(x), var.equal = TRUE); exp(t$conf.int); t$p.value */
	is_double(i.low, 1.15696067907, 1e-10, "three boots and four: low");
	is_double(i.high, 1.25671599216, 1e-10, "three boots and four: high");
	is_double(stats_between_p(x, 3, y, 4), 8.24039669781e-05, 1e-14, "three boots and four: p");
	/* exp(t.test(log(x))$conf.int) / exp(mean(log(x))) */
	i = stats_between_interval(x, 3, NULL, 0, 0.95);
	is_double(i.low, 0.962969845177, 1e-11, "three boots alone: low");
	is_double(i.high, 1.038454116719, 1e-11, "three boots alone: high");
	/* y <- c(120, 118, 125); s <- sd(log(y)) * sqrt(1 + 1/3); d <- mean(log(y)) - log(100)
	 * exp(d + c(-1, 1) * qt(.975, 2) * s); 2 * pt(-d / s, 2) */
	i = stats_between_interval(x, 1, (const double[]){ 120, 118, 125 }, 3, 0.95);
	is_double(i.low, 1.04402441522, 1e-10, "one boot borrows the others' spread: low");
	is_double(i.high, 1.40153793074, 1e-10, "one boot borrows the others' spread: high");
	is_double(stats_between_p(x, 1, (const double[]){ 120, 118, 125 }, 3), 0.0308418628216, 1e-11, "and p");
	i = stats_between_interval(x, 1, y, 1, 0.95);
	ok(i.low == 1 && i.high == 1 && i.coverage == 0 && stats_between_p(x, 1, y, 1) == 0,
		"one boot and one: nothing is known of what is between them");
}

static void two_groups(void)
{
	double two[] = { 10, 11, 12, 30, 31 }, lone[] = { 10, 11, 12, 13, 30 }, four[] = { 1, 1, 2, 2 };
	double close[] = { 100, 100, 110, 110 }, apart[] = { 100, 100, 122, 122 }, wide[] = { 10, 14, 20, 24 };
	double negative[] = { -5, -5, 5, 5 }, equal[] = { 3, 3, 3, 3, 3 };

	is_int((long long)stats_two_groups(two, 5, 3), 3, "10 11 12 | 30 31");
	is_int((long long)stats_two_groups(lone, 5, 3), 0, "one outlier is no group");
	is_int((long long)stats_two_groups(four, 4, 3), 2, "1 1 | 2 2");
	is_int((long long)stats_two_groups(four, 3, 3), 0, "three values are one group");
	is_int((long long)stats_two_groups(NULL, 0, 3), 0, "nothing is one group");
	is_int((long long)stats_two_groups(close, 4, 3), 0, "a gap under a fifth of the median is none");
	is_int((long long)stats_two_groups(apart, 4, 3), 0, "22 is under a fifth of 111");
	apart[0] = apart[1] = 99;
	is_int((long long)stats_two_groups(apart, 4, 3), 2, "23 is over a fifth of 110.5");
	is_int((long long)stats_two_groups(wide, 4, 2), 0, "a gap of 6 is not twice a range of 4");
	is_int((long long)stats_two_groups(wide, 4, 1.4), 2, "but 1.4 times");
	is_int((long long)stats_two_groups(negative, 4, 3), 2, "-5 -5 | 5 5");
	is_int((long long)stats_two_groups(equal, 5, 3), 0, "equal values are one group");
}

static void sum_interval(void)
{
	static const double ten[] = { 9, 10, 11, 10, 10, 10 }, three[] = { 3, 3, 3 }, one[] = { 7 };
	struct term less[] = { { ten, 6, 1 }, { three, 3, -1 } }, lone[] = { { one, 1, 1 } },
		    none[] = { { NULL, 0, 1 } };
	struct interval i = stats_sum_interval(less, 2, 0.95, 1), again = stats_sum_interval(less, 2, 0.95, 1);

	ok(i.low <= 7 && i.low >= 6 && i.high >= 7 && i.high <= 8,
		"10 less 3 is in its interval, which is within 6 to 8");
	is_double(i.coverage, 0.95, 0, "with the confidence that was asked for");
	ok(i.low == again.low && i.high == again.high, "the same every time");
	i = stats_sum_interval(lone, 1, 0.95, 1);
	ok(i.low == 7 && i.high == 7 && i.coverage == 0, "one value has no interval");
	i = stats_sum_interval(none, 1, 0.95, 1);
	ok(isnan(i.low) && isnan(i.high), "nor has nothing");
}

int main(void)
{
	median();
	median_interval();
	mann_whitney_by_hand();
	mann_whitney_exact();
	mann_whitney_ties();
	mann_whitney_normal();
	ratio_interval();
	difference_interval();
	least_squares();
	sum_interval();
	least_difference();
	many_values();
	two_groups();
	ideal_bootstrap();
	student();
	between();
	return done();
}
