// SPDX-License-Identifier: MIT
#include "stats.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	EXACT = 100, /* n + m up to which Mann-Whitney counts permutations: C(100, 50) = 1e29 is well inside a double */
	RESAMPLES = 2000, /* enough for the 2.5 % points of a bootstrap: Efron and Tibshirani 1993, ch. 13 */
	IDEAL = 64,       /* values up to which each median of two draws is weighed, in the bootstrap of a ratio */
	PAIRS = 4096,     /* up to which each factor at which two values pass is looked at */
	BISECTIONS = 45,
};

static const double ROUNDING = 1e-13; /* quotients that differ by less are one */

static void *owned(void *p)
{
	if (!p) {
		fputs("ctxbench: out of memory\n", stderr);
		exit(1);
	}
	return p;
}

static double *array(size_t n)
{
	return owned(calloc(n ? n : 1, sizeof(double)));
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Trials are few: then putting one after the other in its place is much quicker than qsort's calls. */
static void sort(double *x, size_t n)
{
	enum { FEW = 24 };

	if (n > FEW) {
		qsort(x, n, sizeof *x, ascending);
		return;
	}
	for (size_t i = 1; i < n; i++) {
		double next = x[i];
		size_t at = i;

		for (; at && x[at - 1] > next; at--)
			x[at] = x[at - 1];
		x[at] = next;
	}
}

static double *sorted_copy(const double *x, size_t n)
{
	double *copy = array(n);

	if (n)
		memcpy(copy, x, n * sizeof *x);
	sort(copy, n);
	return copy;
}

static double least_of(const double *x, size_t n)
{
	double least = x[0];

	for (size_t i = 1; i < n; i++)
		least = fmin(least, x[i]);
	return least;
}

/* -- the median and its interval */

static double middle(const double *sorted, size_t n)
{
	if (!n)
		return NAN;
	return n % 2 ? sorted[n / 2] : sorted[n / 2 - 1] + (sorted[n / 2] - sorted[n / 2 - 1]) / 2;
}

double stats_median(const double *x, size_t n)
{
	double *sorted = sorted_copy(x, n), median = middle(sorted, n);

	free(sorted);
	return median;
}

/*
 * Order statistics d and n + 1 - d hold the median with probability P(d <= B <= n - d), B binomial(n, 1/2): David and
 * Nagaraja, Order Statistics, 7.1. Summed from the middle outwards, where no term underflows for any n. Returns d - 1.
 */
static size_t order_statistic(size_t n, double confidence, double *coverage)
{
	size_t below = (n - 1) / 2; /* d - 1 */
	double term = 1;

	for (size_t i = 1; i <= (n + 1) / 2; i++) /* P(B = (n - 1) / 2) for odd n, P(B = n / 2) for even */
		term *= (2.0 * (double)i - 1) / (2.0 * (double)i);
	*coverage = n % 2 ? 0 : term;
	if (n % 2 == 0)
		term *= (double)(n / 2) / (double)(n / 2 + 1); /* now P(B = d - 1) in both cases */
	for (; below > 0 && *coverage < confidence - 1e-12; below--) {
		*coverage += 2 * term;
		term *= (double)below / (double)(n - below + 1);
	}
	return below;
}

struct interval stats_median_interval(const double *x, size_t n, double confidence)
{
	struct interval i = { NAN, NAN, 0 };
	double *sorted;
	size_t below;

	if (!n)
		return i;
	sorted = sorted_copy(x, n);
	below = order_statistic(n, confidence, &i.coverage);
	i.low = sorted[below];
	i.high = sorted[n - 1 - below];
	free(sorted);
	return i;
}

/* -- Mann-Whitney: Mann and Whitney 1947; with ties the permutation distribution of the midranks */

/* One value of the two sets together. */
struct member {
	double x;
	bool second;   /* of the second set */
	unsigned rank; /* twice its midrank: an integer */
};

/* What the test needs to know of two sets ranked together. */
struct ranks {
	struct member *member;
	size_t n, m;
	double sum;  /* of the doubled ranks of the second set */
	double mean; /* its expectation */
	double ties; /* sum of t^3 - t over groups of t equal values */
};

static int by_value(const void *a, const void *b)
{
	return ascending(&((const struct member *)a)->x, &((const struct member *)b)->x);
}

static void rank_members(struct ranks *r)
{
	size_t all = r->n + r->m;

	for (size_t from = 0, to; from < all; from = to) {
		double equal;

		for (to = from + 1; to < all && r->member[to].x == r->member[from].x; to++)
			;
		for (size_t i = from; i < to; i++) {
			r->member[i].rank = (unsigned)(from + 1 + to);
			r->sum += r->member[i].second ? r->member[i].rank : 0;
		}
		equal = (double)(to - from);
		r->ties += equal * equal * equal - equal;
	}
}

/* The second set is multiplied by `factor`. */
static struct ranks rank_sets(const double *x, size_t n, const double *y, size_t m, double factor)
{
	struct ranks r = { .n = n, .m = m, .mean = (double)m * (double)(n + m + 1) };

	r.member = owned(calloc(n + m + 1, sizeof *r.member));
	for (size_t i = 0; i < n; i++)
		r.member[i].x = x[i];
	for (size_t i = 0; i < m; i++)
		r.member[n + i] = (struct member){ .x = y[i] * factor, .second = true };
	qsort(r.member, n + m, sizeof *r.member, by_value);
	rank_members(&r);
	return r;
}

/*
 * In how many ways can `take` of the members have the doubled ranks' sum s? Member by member: with it or without it.
 * ways[k * width + s]; of the two sets the smaller is taken, since the other's sum is the rest.
 */
static double *count_ways(const struct ranks *r, size_t take, size_t width)
{
	double *ways = array((take + 1) * width);
	size_t most = 0; /* sum of the ranks so far */

	ways[0] = 1;
	for (size_t i = 0; i < r->n + r->m; i++) {
		size_t rank = r->member[i].rank;

		most += rank;
		for (size_t k = i < take ? i + 1 : take; k > 0; k--) {
			double *with = &ways[k * width + rank];
			const double *without = &ways[(k - 1) * width];

			for (size_t s = 0; s + rank <= most; s++)
				with[s] += without[s];
		}
	}
	return ways;
}

/* The share of all choices whose sum is as far from the expectation as what was seen, or farther, on either side. */
static double exact_p(const struct ranks *r)
{
	size_t take = r->n < r->m ? r->n : r->m, all = r->n + r->m, width = all * (all + 1) + 1;
	double *ways = count_ways(r, take, width), seen = fabs(r->sum - r->mean), mean, far = 0, total = 0;

	mean = (double)take * (double)(all + 1);
	for (size_t s = 0; s < width; s++) {
		total += ways[take * width + s];
		far += fabs((double)s - mean) >= seen ? ways[take * width + s] : 0;
	}
	free(ways);
	return far / total;
}

/* The doubled rank sum of `few` of 1 ... all is even, and mean +- d for some d up to few * (all - few): share[d]
 * becomes the share of choices that are d or more from the mean. */
static void count_untied(size_t few, size_t all, double *share)
{
	struct ranks plain = { .member = owned(calloc(all, sizeof *plain.member)), .n = few, .m = all - few };
	size_t width = all * (all + 1) + 1, mean = few * (all + 1);
	double *ways, *sums, total = 0, far = 0;

	for (size_t i = 0; i < all; i++)
		plain.member[i].rank = (unsigned)(2 * (i + 1));
	ways = count_ways(&plain, few, width);
	sums = &ways[few * width];
	for (size_t s = 0; s < width; s++)
		total += sums[s];
	for (size_t d = few * (all - few) + 1; d-- > 0;) {
		far += sums[mean + d] + (d ? sums[mean - d] : 0);
		share[d] = far / total;
	}
	free(ways);
	free(plain.member);
}

/* Where no two values are equal only n and m matter. They stay the same from cell to cell, so the last ones are kept.
 */
static double untied_share(size_t n, size_t m, size_t away)
{
	static double share[(EXACT / 2) * (EXACT / 2) + 1];
	static size_t of_n, of_m;

	if (n != of_n || m != of_m)
		count_untied(n < m ? n : m, n + m, share);
	of_n = n;
	of_m = m;
	return share[away];
}

/* With continuity and tie correction: Lehmann, Nonparametrics, 1.3 and 1.4. */
static double normal_p(const struct ranks *r)
{
	double n = (double)r->n, m = (double)r->m, all = n + m;
	double variance = n * m / 12 * (all + 1 - r->ties / (all * (all - 1)));
	double z = (fabs(r->sum - r->mean) / 2 - 0.5) / sqrt(variance);

	return variance > 0 && z > 0 ? erfc(z / sqrt(2)) : 1;
}

static double p_of(const struct ranks *r)
{
	if (!r->n || !r->m)
		return 1;
	if (r->n + r->m > EXACT)
		return normal_p(r);
	return r->ties > 0 ? exact_p(r) : untied_share(r->n, r->m, (size_t)fabs(r->sum - r->mean));
}

double stats_mann_whitney(const double *x, size_t n, const double *y, size_t m)
{
	struct ranks r = rank_sets(x, n, y, m, 1);
	double p = p_of(&r);

	free(r.member);
	return p;
}

/* -- the ratio and the difference of two medians */

/* splitmix64: Steele, Lea and Flood, OOPSLA 2014. */
static uint64_t draw(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static double resampled_median(const double *x, size_t n, double *scratch, uint64_t *state)
{
	for (size_t i = 0; i < n; i++)
		scratch[i] = x[(draw(state) >> 32) * n >> 32];
	sort(scratch, n);
	return middle(scratch, n);
}

/* Of RESAMPLES values, which are sorted by this. A bootstrap of single values always draws the same. */
static struct interval percentiles(double *value, double confidence, bool repeated)
{
	double tail = fmin(fmax((1 - confidence) / 2, 0), 0.5);
	size_t below = (size_t)fmin(tail * RESAMPLES + 1e-9, RESAMPLES / 2 - 1);

	sort(value, RESAMPLES);
	return (struct interval){ value[below], value[RESAMPLES - 1 - below], repeated ? confidence : 0 };
}

/* NaN where it has no value. */
typedef double combine(double x, double y);

static double ratio_of(double x, double y)
{
	return x > 0 ? y / x : NAN;
}

static double difference_of(double x, double y)
{
	return y - x;
}

/* False where one of them has no value: then there is no interval. */
static bool resample(double *result, combine *of, const double *x, size_t n, const double *y, size_t m, double *scratch,
	uint64_t state)
{
	for (size_t i = 0; i < RESAMPLES; i++) {
		double first = resampled_median(x, n, scratch, &state);

		result[i] = of(first, resampled_median(y, m, scratch, &state));
		if (!isfinite(result[i]))
			return false;
	}
	return true;
}

static struct interval bootstrap(
	combine *of, const double *x, size_t n, const double *y, size_t m, double confidence, uint64_t seed)
{
	struct interval i = { NAN, NAN, 0 };
	double *result, *scratch;

	if (!n || !m)
		return i;
	result = array(RESAMPLES);
	scratch = array(n > m ? n : m);
	if (resample(result, of, x, n, y, m, scratch, seed))
		i = percentiles(result, confidence, n > 1 && m > 1);
	free(scratch);
	free(result);
	return i;
}

/*
 * What all resamples together would give, without drawing one. The median of a resample of n values is one of them, or
 * the mean of two, each with a known probability (Efron and Tibshirani 1993, problem 5.9: the ideal bootstrap).
 */
struct weighted {
	double value, weight;
};

static int by_weighted_value(const void *a, const void *b)
{
	return ascending(&((const struct weighted *)a)->value, &((const struct weighted *)b)->value);
}

/* P(of n draws from 1 ... n at least k are i or less). */
static double at_most(size_t n, size_t k, size_t i)
{
	double p = (double)i / (double)n, each = pow(p, (double)n), sum = 0;

	if (!i || i == n)
		return i ? 1 : 0;
	for (size_t j = n; j >= k; j--) { /* C(n, j) p^j (1 - p)^(n - j), from n down */
		sum += each;
		each *= (double)j / (double)(n - j + 1) * (1 - p) / p;
	}
	return sum;
}

/* P(of so many draws from 1 ... n all are i or less, and one is i). */
static double greatest_is(size_t draws, size_t n, size_t i)
{
	return pow((double)i / (double)n, (double)draws) - pow((double)(i - 1) / (double)n, (double)draws);
}

/*
 * weight[i * n + j]: the two middle draws of n are the values i and j, i <= j; of an odd n both are the one in the
 * middle. For even n and i < j: the lower half has i as its greatest, the upper half j as its least. What that leaves
 * of the probability that the lower one is i, is that both are.
 */
static void weigh_middle(size_t n, double *weight)
{
	size_t half = n / 2, k = (n + 1) / 2;
	double ways = n % 2 ? 0 : 1;

	for (size_t i = 1; i <= half; i++)
		ways = ways * (double)(n - half + i) / (double)i;
	for (size_t i = 1; i <= n; i++) {
		double left = at_most(n, k, i) - at_most(n, k, i - 1);

		for (size_t j = i + 1; j <= n; j++) {
			double both = ways * greatest_is(half, n, i) * greatest_is(half, n, n + 1 - j);

			weight[(i - 1) * n + j - 1] = both;
			left -= both;
		}
		weight[(i - 1) * n + i - 1] = fmax(left, 0);
	}
}

/* The weights depend on n alone, and n is mostly that of the cell before. */
static const double *middle_weights(size_t n)
{
	static double kept[IDEAL * IDEAL];
	static size_t of;

	if (n != of)
		weigh_middle(n, kept);
	of = n;
	return kept;
}

/* The same of many values, where the middle two draws are neighbours and the median is one of them: it is the i-th or
 * less where half of n draws are, and their number is as good as normal. What is beyond eight deviations never comes.
 */
static size_t medians_of_many(const double *x, size_t n, struct weighted *m)
{
	double *sorted = sorted_copy(x, n), deviation = sqrt((double)n) / 2, half = (double)n / 2;
	size_t all = 0;

	for (size_t i = 0; i < n; i++) {
		double z = ((double)(i + 1) - half) / deviation;

		if (z > -8 && z < 9)
			m[all++] = (struct weighted){ sorted[i], erfc(-z / sqrt(2)) / 2 };
	}
	free(sorted);
	m[all - 1].weight = 1;
	return all;
}

/* All medians that a resample may have, ascending; each weight is the sum of those up to it. Returns how many. */
static size_t possible_medians(const double *x, size_t n, struct weighted *m)
{
	if (n > IDEAL)
		return medians_of_many(x, n, m);
	double *sorted = sorted_copy(x, n), sum = 0;
	const double *weight = middle_weights(n);
	size_t all = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t j = i; j < n; j++)
			if (weight[i * n + j] > 0)
				m[all++] =
					(struct weighted){ sorted[i] + (sorted[j] - sorted[i]) / 2, weight[i * n + j] };
	free(sorted);
	qsort(m, all, sizeof *m, by_weighted_value);
	for (size_t i = 0; i < all; i++)
		m[i].weight = sum += m[i].weight;
	return all;
}

/* P(ratio <= t), and the least ratio above t. Where the first median grows, so does the second one that t allows. */
static double share_up_to(
	const struct weighted *x, size_t n, const struct weighted *y, size_t m, double t, double *next)
{
	double sum = 0;
	size_t j = 0;

	*next = INFINITY;
	for (size_t i = 0; i < n; i++) {
		double most = t * x[i].value * (1 + ROUNDING);

		while (j < m && y[j].value <= most)
			j++;
		sum += j ? (x[i].weight - (i ? x[i - 1].weight : 0)) * y[j - 1].weight : 0;
		if (j < m && y[j].value < *next * x[i].value)
			*next = y[j].value / x[i].value;
	}
	return sum;
}

/* The least ratio t with P(ratio <= t) > share: halving what holds it, until nothing lies between. */
static double ratio_quantile(const struct weighted *x, size_t n, const struct weighted *y, size_t m, double share)
{
	double low = y[0].value / x[n - 1].value, high = y[m - 1].value / x[0].value, next;

	if (share_up_to(x, n, y, m, low, &next) > share)
		return low;
	for (;;) {
		double between = low + (high - low) / 2, above;

		if (share_up_to(x, n, y, m, between, &above) > share)
			high = between;
		else
			low = between, next = above;
		if (share_up_to(x, n, y, m, next, &above) > share)
			return next;
		low = next;
		next = above;
	}
}

static size_t room_for_medians(size_t n)
{
	return n > IDEAL ? n : n * (n + 1) / 2;
}

static struct interval ideal_ratio(const double *x, size_t n, const double *y, size_t m, double confidence)
{
	struct interval i = { NAN, NAN, 0 };
	struct weighted *first = owned(malloc((room_for_medians(n) + room_for_medians(m)) * sizeof *first));
	size_t all = possible_medians(x, n, first), others = possible_medians(y, m, first + all);
	const struct weighted *second = first + all;
	double tail = fmin(fmax((1 - confidence) / 2, 0), 0.5);

	if (first[0].value > 0 && isfinite(first[all - 1].value) && second[0].value >= 0 &&
		isfinite(second[others - 1].value)) {
		i.low = ratio_quantile(first, all, second, others, tail + ROUNDING);
		i.high = ratio_quantile(first, all, second, others, 1 - tail - ROUNDING);
		i.coverage = n > 1 && m > 1 ? confidence : 0;
	}
	free(first);
	return i;
}

struct interval stats_ratio_interval(
	const double *x, size_t n, const double *y, size_t m, double confidence, uint64_t seed)
{
	if (n && m && least_of(y, m) >= 0)
		return ideal_ratio(x, n, y, m, confidence);
	return bootstrap(ratio_of, x, n, y, m, confidence, seed);
}

struct interval stats_difference_interval(
	const double *x, size_t n, const double *y, size_t m, double confidence, uint64_t seed)
{
	return bootstrap(difference_of, x, n, y, m, confidence, seed);
}

/* -- between centres */

/* Abramowitz and Stegun 26.7.3 and 26.7.4: a finite series, for whole degrees of freedom. */
double stats_student_p(double t, size_t df)
{
	double angle = atan(fabs(t) / sqrt((double)df)), cosine = cos(angle), term = df % 2 ? cosine : 1, sum = 0;

	for (size_t k = df % 2 ? 3 : 2; k <= df; k += 2) {
		sum += term;
		term *= cosine * cosine * (double)(k - 1) / (double)k;
	}
	sum *= sin(angle);
	return df % 2 ? fmax(1 - (angle + sum) * M_2_PI, 0) : fmax(1 - sum, 0);
}

double stats_student_quantile(double confidence, size_t df)
{
	double low = 0, high = 1;

	while (stats_student_p(high, df) > 1 - confidence && high < 1e12)
		high *= 2;
	for (int i = 0; i < 2 * BISECTIONS; i++) {
		double between = (low + high) / 2;

		*(stats_student_p(between, df) > 1 - confidence ? &low : &high) = between;
	}
	return high;
}

static double mean_logarithm(const double *x, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += log(x[i]);
	return sum / (double)n;
}

/* The sum of squares about a mean. */
static double squares(const double *x, size_t n, double mean)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (log(x[i]) - mean) * (log(x[i]) - mean);
	return sum;
}

/* Of log(ratio): its value, standard error and degrees of freedom; 0 where there is no spread to be known. */
struct between {
	double log, error;
	size_t df;
};

static struct between between_of(const double *x, size_t n, const double *y, size_t m)
{
	double first = mean_logarithm(x, n), second = m ? mean_logarithm(y, m) : 0;
	struct between b = { second - (m ? first : 0), 0, n + m - 1 - (m > 0) };

	if (b.df)
		b.error = sqrt((squares(x, n, first) + (m ? squares(y, m, second) : 0)) / (double)b.df *
			       (1 / (double)n + (m ? 1 / (double)m : 0)));
	return b;
}

struct interval stats_between_interval(const double *x, size_t n, const double *y, size_t m, double confidence)
{
	struct between b = between_of(x, n, y, m);
	double half = b.df ? stats_student_quantile(confidence, b.df) * b.error : 0;

	if (!b.df)
		return (struct interval){ 1, 1, 0 };
	return (struct interval){ exp(b.log - half), exp(b.log + half), confidence };
}

double stats_between_p(const double *x, size_t n, const double *y, size_t m)
{
	struct between b = between_of(x, n, y, m);

	if (!b.df)
		return 0;
	return b.error > 0 ? stats_student_p(b.log / b.error, b.df) : b.log == 0;
}

/* -- least squares */

static double dot(const double *a, const double *b, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += a[i] * b[i];
	return sum;
}

/*
 * The columns, weighted, made orthonormal one after the other in q (column by column), with r above its diagonal what
 * was taken off: Gram-Schmidt, each column twice, which is as good as reflections (Giraud and others 2005). False where
 * one column is made of those before it.
 */
static bool orthonormal(const struct stats_fit *fit, double *q, double *r)
{
	size_t rows = fit->rows, columns = fit->columns;

	for (size_t j = 0; j < columns; j++) {
		double *column = &q[j * rows], length;

		for (size_t i = 0; i < rows; i++)
			column[i] = fit->weight[i] * fit->x[i * columns + j];
		length = sqrt(dot(column, column, rows));
		for (size_t k = 0; k < 2 * j; k++) {
			const double *before = &q[k % j * rows];
			double shared = dot(before, column, rows);

			r[k % j * columns + j] += shared;
			for (size_t i = 0; i < rows; i++)
				column[i] -= shared * before[i];
		}
		r[j * columns + j] = sqrt(dot(column, column, rows));
		if (!(r[j * columns + j] > 1e-9 * length))
			return false;
		for (size_t i = 0; i < rows; i++)
			column[i] /= r[j * columns + j];
	}
	return true;
}

static void solve(const struct stats_fit *fit, const double *q, const double *r, const double *weighted, double *c)
{
	for (size_t j = fit->columns; j-- > 0;) {
		c[j] = dot(&q[j * fit->rows], weighted, fit->rows);
		for (size_t k = j + 1; k < fit->columns; k++)
			c[j] -= r[j * fit->columns + k] * c[k];
		c[j] /= r[j * fit->columns + j];
	}
}

/* The most values of one row. */
static size_t longest(const struct stats_fit *fit)
{
	size_t most = 0;

	for (size_t i = 0; i < fit->rows; i++)
		most = fit->n[i] > most ? fit->n[i] : most;
	return most;
}

/* Once with the medians that were seen, then with medians drawn anew. */
static void solve_all(const struct stats_fit *fit, const double *q, const double *r, double confidence, uint64_t seed,
	double *c, struct interval *interval)
{
	double *weighted = array(fit->rows), *scratch = array(longest(fit)), *again = array(fit->columns);
	double *drawn = array(fit->columns * RESAMPLES); /* each coefficient's values together */
	bool repeated = true;

	for (size_t i = 0; i < fit->rows; i++) {
		weighted[i] = fit->weight[i] * stats_median(fit->sample[i], fit->n[i]);
		repeated &= fit->n[i] > 1;
	}
	solve(fit, q, r, weighted, c);
	for (size_t s = 0; s < RESAMPLES; s++) {
		for (size_t i = 0; i < fit->rows; i++)
			weighted[i] = fit->weight[i] * resampled_median(fit->sample[i], fit->n[i], scratch, &seed);
		solve(fit, q, r, weighted, again);
		for (size_t j = 0; j < fit->columns; j++)
			drawn[j * RESAMPLES + s] = again[j];
	}
	for (size_t j = 0; j < fit->columns; j++)
		interval[j] = percentiles(&drawn[j * RESAMPLES], confidence, repeated);
	free(drawn);
	free(again);
	free(scratch);
	free(weighted);
}

bool stats_least_squares(
	const struct stats_fit *fit, double confidence, uint64_t seed, double *c, struct interval *interval)
{
	double *q, *r;
	bool independent;

	if (!fit->columns || fit->rows < fit->columns)
		return false;
	q = array(fit->rows * fit->columns);
	r = array(fit->columns * fit->columns);
	independent = orthonormal(fit, q, r);
	if (independent)
		solve_all(fit, q, r, confidence, seed, c, interval);
	free(r);
	free(q);
	return independent;
}

/* -- how often chance */

size_t stats_binomial_most(size_t n, double p, double confidence)
{
	double each = pow(1 - p, (double)n), sum = each;
	size_t k = 0;

	for (; k < n && sum < confidence; k++) {
		each *= (double)(n - k) / (double)(k + 1) * p / (1 - p);
		sum += each;
	}
	return k;
}

/* -- the sum of medians */

static double resampled_sum(const struct term *term, size_t terms, double *scratch, uint64_t *state)
{
	double sum = 0;

	for (size_t i = 0; i < terms; i++)
		sum += term[i].sign * resampled_median(term[i].x, term[i].n, scratch, state);
	return sum;
}

struct interval stats_sum_interval(const struct term *term, size_t terms, double confidence, uint64_t seed)
{
	struct interval i = { NAN, NAN, 0 };
	size_t most = 0, least = SIZE_MAX;
	double *sum, *scratch, tail = fmin(fmax((1 - confidence) / 2, 0), 0.5);
	size_t below = (size_t)fmin(tail * RESAMPLES + 1e-9, RESAMPLES / 2 - 1);

	for (size_t t = 0; t < terms; t++) {
		most = term[t].n > most ? term[t].n : most;
		least = term[t].n < least ? term[t].n : least;
	}
	if (!terms || !least)
		return i;
	sum = array(RESAMPLES);
	scratch = array(most);
	for (size_t k = 0; k < RESAMPLES; k++)
		sum[k] = resampled_sum(term, terms, scratch, &seed);
	sort(sum, RESAMPLES);
	i = (struct interval){ sum[below], sum[RESAMPLES - 1 - below], least > 1 ? confidence : 0 };
	free(scratch);
	free(sum);
	return i;
}

/* -- what would have been seen */

/* Would the test have shown that y times `factor` is greater than x? */
static bool shows(const double *x, size_t n, const double *y, size_t m, double factor, double confidence)
{
	struct ranks r = rank_sets(x, n, y, m, factor);
	bool greater = r.sum > r.mean && p_of(&r) < 1 - confidence;

	free(r.member);
	return greater;
}

/* Every factor at which a positive y passes a positive x, each once, ascending. Returns how many. */
static size_t passing_factors(const double *x, size_t n, const double *y, size_t m, double *factor)
{
	size_t all = 0, kept = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < m; j++)
			if (x[i] > 0 && y[j] > 0)
				factor[all++] = x[i] / y[j];
	sort(factor, all);
	for (size_t i = 0; i < all; i++) {
		bool same = kept && factor[i] <= factor[kept - 1] * (1 + ROUNDING);

		factor[same ? kept - 1 : kept] = factor[i];
		kept += !same;
	}
	return kept;
}

/* What multiplying y does, from one passing to the next. */
struct passing {
	const double *x, *y;
	size_t n, m;
	const double *factor;
	size_t factors;
};

/* Is the test significant after the k-th passing, before the next? Where no two pass at once, no values are equal
 * there, and k + 1 pairs have a greater y. */
static bool shows_after(const struct passing *p, size_t k, double confidence)
{
	double next = k + 1 < p->factors ? p->factor[k + 1] : 2 * p->factor[k];

	if (p->factors == p->n * p->m && p->n + p->m <= EXACT)
		return 2 * (k + 1) > p->n * p->m &&
		       untied_share(p->n, p->m, 2 * (k + 1) - p->n * p->m) < 1 - confidence;
	return shows(p->x, p->n, p->y, p->m, p->factor[k] + (next - p->factor[k]) / 2, confidence);
}

/* The passing after which it is significant first, or how many there are. Upwards the rank sum only grows: it is
 * halved. */
static size_t first_to_show(const struct passing *p, double confidence)
{
	size_t from = 0, to = p->factors;

	while (from < to) {
		size_t between = from + (to - from) / 2;

		if (shows_after(p, between, confidence))
			to = between;
		else
			from = between + 1;
	}
	return to;
}

/* Of many values: what shows is found by doubling, then halving, to a hundredth of itself. */
static double search_least(const double *x, size_t n, const double *y, size_t m, double align, double confidence)
{
	double low = 0, high = 1e-4;

	while (!shows(x, n, y, m, align * (1 + high), confidence)) {
		low = high;
		high *= 2;
		if (high > 1e6)
			return NAN;
	}
	while (high - low > high / 100) {
		double between = low + (high - low) / 2;

		*(shows(x, n, y, m, align * (1 + between), confidence) ? &high : &low) = between;
	}
	return high;
}

/* y is first brought to x's median, since what is asked is a property of the spreads. */
double stats_least_difference(const double *x, size_t n, const double *y, size_t m, double confidence)
{
	double align = stats_median(x, n) / stats_median(y, m), *factor, least = NAN;
	size_t all, k;

	if (!(align > 0) || !isfinite(align) || !(stats_median(x, n) > 0))
		return NAN;
	if (n > PAIRS / m)
		return search_least(x, n, y, m, align, confidence);
	factor = array(n * m);
	all = passing_factors(x, n, y, m, factor);
	k = first_to_show(&(struct passing){ x, y, n, m, factor, all }, confidence);
	if (k < all)
		least = fmax(factor[k] / align - 1, 0);
	free(factor);
	return least;
}

/* -- two groups */

size_t stats_two_groups(const double *sorted, size_t n, double factor)
{
	size_t second = 1;
	double gap, range;

	if (n < 4)
		return 0;
	for (size_t i = 2; i < n; i++)
		if (sorted[i] - sorted[i - 1] > sorted[second] - sorted[second - 1])
			second = i;
	if (second < 2 || n - second < 2)
		return 0;
	gap = sorted[second] - sorted[second - 1];
	range = fmax(sorted[second - 1] - sorted[0], sorted[n - 1] - sorted[second]);
	return gap > factor * range && gap > fabs(middle(sorted, n)) / 5 ? second : 0;
}
