// SPDX-License-Identifier: MIT
#include "columns.h"

#include <math.h>
#include <string.h>

#include "../analyse/text.h"

enum { LONGEST = 400 };

const char *columns_plain(char *buffer, size_t size, const char *text, size_t most)
{
	char clean[4 * LONGEST + 8];
	size_t used = 0;

	text_clean(clean, sizeof clean, text, most < LONGEST ? most : LONGEST);
	for (const char *c = clean; *c && used + 2 < size; c++) {
		if (*c == '\\')
			buffer[used++] = '\\';
		buffer[used++] = *c == '"' ? '\'' : *c;
	}
	buffer[used] = '\0';
	return buffer;
}

char *columns_raw(char *text)
{
	char *to = text;

	for (const char *from = text; *from; *to++ = *from++)
		from += from[0] == '\\' && from[1] == '\\';
	*to = '\0';
	return text;
}

void columns_text(FILE *out, const char *text, size_t most)
{
	char buffer[8 * LONGEST + 8];

	columns_plain(buffer, sizeof buffer, text, most);
	fprintf(out, "\t%s", *buffer ? buffer : "-");
}

/* With an exponent, from an integer: printf's decimal point is the locale's. */
void columns_seconds(FILE *out, double ns)
{
	long long femto = isfinite(ns) ? llround(ns * 1e6) : 0;

	if (femto > 0)
		fprintf(out, "\t%lld.%06llde-9", femto / 1000000, femto % 1000000);
	else
		fputs("\tNaN", out);
}

void columns_number(FILE *out, double x)
{
	char number[TEXT_NUMBER];

	fprintf(out, "\t%s", isfinite(x) ? text_fixed(number, x, 6) : "NaN");
}

bool columns_drawable(const struct cell *c)
{
	return c && c->state == CELL_VALID && c->median > 1e-6;
}

void columns_bar(FILE *out, const struct cell *c)
{
	bool draw = columns_drawable(c);

	columns_seconds(out, draw ? c->median : NAN);
	/* an end at or below zero is not on a logarithmic axis: the bar then goes on to its edge */
	columns_seconds(out, draw ? fmax(c->interval.low, 1e-4) : NAN);
	columns_seconds(out, draw ? c->interval.high : NAN);
}

const char *columns_gap(const struct cell *c)
{
	return c->state == CELL_INVALID ? "invalid" : c->state == CELL_MISSING ? "not measured" : "within noise";
}

int columns_ink(const struct cells *all, const char *impl)
{
	const struct impl_row *row = cells_impl(all, impl);

	return row ? row->ink : 6;
}
