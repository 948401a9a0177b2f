// SPDX-License-Identifier: MIT
/*
 * TAP for one test program. Every line is flushed at once, so that a crash loses none and a forked child repeats none.
 * A child prints no points of its own: it ends with _exit and its parent makes a point of its status.
 */
#ifndef TESTS_TAP_H
#define TESTS_TAP_H

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct {
	int planned, run, failed;
} tap = { .planned = -1 };

/* One line: a '#' in a description would begin a directive. */
static inline void tap_vprint(const char *format, va_list args)
{
	char text[1000];

	vsnprintf(text, sizeof text, format, args);
	for (char *c = text; *c; c++) {
		if (*c == '#')
			putchar('\\');
		putchar(*c == '\n' || *c == '\r' ? ' ' : *c);
	}
}

/* The number of points, before the first of them. Without it done() prints how many there were. */
static inline void plan(int points)
{
	tap.planned = points;
	printf("1..%d\n", points);
	fflush(stdout);
}

/* The whole program has nothing to test here. */
static inline void skip_all(const char *reason, ...) __attribute__((format(printf, 1, 2), noreturn));
static inline void skip_all(const char *reason, ...)
{
	va_list args;

	printf("1..0 # SKIP ");
	va_start(args, reason);
	tap_vprint(reason, args);
	va_end(args);
	putchar('\n');
	exit(fflush(stdout) ? 1 : 0);
}

/* A comment to the point before it; may have several lines. */
static inline void diag(const char *format, ...) __attribute__((format(printf, 1, 2)));
static inline void diag(const char *format, ...)
{
	char text[2000], *line = text;
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	for (size_t length; *line; line += length + (line[length] == '\n')) {
		length = strcspn(line, "\n");
		printf("# %.*s\n", (int)length, line);
	}
	fflush(stdout);
}

static inline bool tap_point(bool pass, const char *name, va_list args)
{
	tap.failed += !pass;
	printf("%sok %d - ", pass ? "" : "not ", ++tap.run);
	tap_vprint(name, args);
	putchar('\n');
	fflush(stdout);
	return pass;
}

static inline bool ok(bool pass, const char *name, ...) __attribute__((format(printf, 2, 3)));
static inline bool ok(bool pass, const char *name, ...)
{
	va_list args;

	va_start(args, name);
	tap_point(pass, name, args);
	va_end(args);
	return pass;
}

static inline bool is_int(long long got, long long expected, const char *name, ...)
	__attribute__((format(printf, 3, 4)));
static inline bool is_int(long long got, long long expected, const char *name, ...)
{
	va_list args;

	va_start(args, name);
	if (!tap_point(got == expected, name, args))
		diag("got %lld, expected %lld", got, expected);
	va_end(args);
	return got == expected;
}

/* NULL is a string of its own. */
static inline bool is_string(const char *got, const char *expected, const char *name, ...)
	__attribute__((format(printf, 3, 4)));
static inline bool is_string(const char *got, const char *expected, const char *name, ...)
{
	bool same = got && expected ? !strcmp(got, expected) : got == expected;
	va_list args;

	va_start(args, name);
	if (!tap_point(same, name, args))
		diag("got      %s\nexpected %s", got ? got : "(null)", expected ? expected : "(null)");
	va_end(args);
	return same;
}

/* Within `tolerance`, absolute; NaN is equal to NaN, an infinity to itself. */
static inline bool is_double(double got, double expected, double tolerance, const char *name, ...)
	__attribute__((format(printf, 4, 5)));
static inline bool is_double(double got, double expected, double tolerance, const char *name, ...)
{
	bool same = (isnan(got) && isnan(expected)) || got == expected || fabs(got - expected) <= tolerance;
	va_list args;

	va_start(args, name);
	if (!tap_point(same, name, args))
		diag("got %.15g, expected %.15g within %g", got, expected, tolerance);
	va_end(args);
	return same;
}

/* A point that can't be tested here, and why: skip("no second CPU", "wake over %s", place). */
static inline void skip(const char *reason, const char *name, ...) __attribute__((format(printf, 2, 3)));
static inline void skip(const char *reason, const char *name, ...)
{
	va_list args;

	printf("ok %d - ", ++tap.run);
	va_start(args, name);
	tap_vprint(name, args);
	va_end(args);
	printf(" # SKIP %s\n", reason);
	fflush(stdout);
}

/* What main returns: 0 where every point passed and none is missing. */
static inline int done(void)
{
	if (tap.planned < 0)
		plan(tap.run);
	if (tap.planned != tap.run)
		diag("planned %d points, %d were run", tap.planned, tap.run);
	if (tap.failed)
		diag("%d of %d points failed", tap.failed, tap.run);
	return tap.failed || tap.planned != tap.run;
}

#endif
