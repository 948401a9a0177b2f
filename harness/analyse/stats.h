// SPDX-License-Identifier: MIT
/*
 * Statistics: numbers in, numbers out; no unit, name or file is known here. Checked against R in tests/stats.c.
 * No function changes its input.
 */
#ifndef HARNESS_ANALYSE_STATS_H
#define HARNESS_ANALYSE_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct interval {
	double low, high;
	double coverage; /* true confidence, 0 to 1; below what was asked where n is too small */
};

/* The median; the mean of the two middle values where n is even. NaN for n = 0. */
double stats_median(const double *x, size_t n);

/* The exact order-statistic interval of the median (from the binomial distribution with p = 1/2): the narrowest
 * symmetric pair of order statistics whose coverage is at least `confidence`, or the extremes where none is. */
struct interval stats_median_interval(const double *x, size_t n, double confidence);

/* Two-sided p of the Mann-Whitney U test, exact (also with ties: the permutation distribution of midranks) up to
 * n + m = 100, above that by the normal approximation with continuity and tie correction. 1 where either is empty. */
double stats_mann_whitney(const double *x, size_t n, const double *y, size_t m);

/* Percentile-bootstrap interval of median(y) / median(x): of all resamples that there are, up to 64 values each; above that
 * of 2,000, which `seed` makes the same every time. */
struct interval stats_ratio_interval(
	const double *x, size_t n, const double *y, size_t m, double confidence, uint64_t seed);

/* The same of median(y) - median(x). */
struct interval stats_difference_interval(
	const double *x, size_t n, const double *y, size_t m, double confidence, uint64_t seed);

/* Of n trials that each succeed with probability p: the least number of successes that is not exceeded with this
 * confidence. */
size_t stats_binomial_most(size_t n, double p, double confidence);

/*
 * Least squares: the c that make the sum over i of (weight[i] * (y[i] - sum over j of x[i * columns + j] * c[j]))^2 least,
 * where y[i] is the median of the `n[i]` values of sample[i]; with percentile-bootstrap intervals, for which every sample is
 * drawn anew. False where the columns are not independent or rows are fewer than columns; then nothing is written.
 */
struct stats_fit {
	size_t rows, columns;
	const double *x, *weight;
	const double *const *sample;
	const size_t *n;
};
bool stats_least_squares(
	const struct stats_fit *fit, double confidence, uint64_t seed, double *c, struct interval *interval);

/* Student's t: the two-sided p of t, and the t whose two-sided p is 1 - confidence, with df degrees of freedom, 1 or more. */
double stats_student_p(double t, size_t df);
double stats_student_quantile(double confidence, size_t df);

/*
 * Where the members of a set are themselves centres, of one boot or file each: Student's interval of the ratio of the
 * geometric means of y and x, with the spread that both have in common (so a lone one borrows the other's). With m = 0
 * the interval of x's own mean, as a factor of it. 1 to 1 where neither has two members, NaN where one is not above 0.
 */
struct interval stats_between_interval(const double *x, size_t n, const double *y, size_t m, double confidence);
/* The two-sided p of the same; 0 where neither has two members. */
double stats_between_p(const double *x, size_t n, const double *y, size_t m);

/* Percentile-bootstrap interval of a sum of medians, each with its sign: so differences, and differences of them. */
struct term {
	const double *x;
	size_t n;
	double sign;
};
struct interval stats_sum_interval(const struct term *term, size_t terms, double confidence, uint64_t seed);

/* The least relative difference of medians (0.03 is 3 %) that Mann-Whitney at 1 - confidence would have shown between
 * two sets spread like these: the smallest factor by which multiplying y makes p fall below it. NaN where the sets are
 * too small for any factor to do so. */
double stats_least_difference(const double *x, size_t n, const double *y, size_t m, double confidence);

/* Where sorted x falls into two groups: the index at which the second begins, or 0 where it is one. It is two when the
 * widest gap between neighbours is over `factor` times the larger of the groups' own ranges, and over a fifth of the
 * median, and each side has at least two members. */
size_t stats_two_groups(const double *sorted, size_t n, double factor);

#endif
