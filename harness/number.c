// SPDX-License-Identifier: MIT
#include "number.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

/* Powers of ten that a double holds exactly. */
static const double ten[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
	1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
enum { EXACT = sizeof ten / sizeof *ten - 1, DIGITS = 19, FARTHEST = 100000 };

struct decimal {
	uint64_t digits; /* all of them as one whole number, while they are few enough */
	unsigned count;  /* of digits from the first that is not 0 */
	int scale;       /* times ten to this */
};

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static const char *read_digits(const char *c, struct decimal *d, int scale)
{
	for (; digit(*c); c++) {
		d->count += d->count || *c != '0';
		if (d->count <= DIGITS)
			d->digits = d->digits * 10 + (uint64_t)(*c - '0');
		d->scale += scale;
	}
	return c;
}

/* An e that no digit follows is not part of the number. */
static const char *read_exponent(const char *c, struct decimal *d)
{
	const char *at = c + 1;
	bool negative = *at == '-';
	int exponent = 0;

	if (*c != 'e' && *c != 'E')
		return c;
	at += *at == '-' || *at == '+';
	if (!digit(*at))
		return c;
	for (; digit(*at); at++)
		if (exponent < FARTHEST)
			exponent = exponent * 10 + (*at - '0');
	d->scale += negative ? -exponent : exponent;
	return at;
}

/* Both exact as doubles, so their product or quotient is rounded once: to the nearest (Clinger 1990, "How to read
 * floating point numbers accurately"). Not so where doubles are held in wider registers. */
static bool exactly(const struct decimal *d, double *x)
{
	if (FLT_EVAL_METHOD != 0 || d->count > DIGITS || d->digits > (uint64_t)1 << DBL_MANT_DIG || d->scale > EXACT ||
		d->scale < -EXACT)
		return false;
	*x = (double)d->digits;
	*x = d->scale < 0 ? *x / ten[-d->scale] : *x * ten[d->scale];
	return true;
}

bool number_read(const char *text, const char **end, double *x)
{
	const char *start = text + (*text == '-' || *text == '+'), *c;
	struct decimal d = { 0 };
	bool some;

	c = read_digits(start, &d, 0);
	some = c > start;
	if (*c == '.') {
		const char *fraction = c + 1;

		c = read_digits(fraction, &d, -1);
		some |= c > fraction;
	}
	if (!some)
		return false;
	*end = read_exponent(c, &d);
	if (!exactly(&d, x)) {
		*x = strtod(text, NULL);
		return isfinite(*x);
	}
	if (*text == '-')
		*x = -*x;
	return true;
}
