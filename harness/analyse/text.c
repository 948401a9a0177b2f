// SPDX-License-Identifier: MIT
#include "text.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* -- numbers. Built from integers, because printf's decimal point is the locale's. */

char *text_fixed(char *buffer, double x, int decimals)
{
	static const long long power[] = { 1, 10, 100, 1000, 10000, 100000, 1000000 };
	long long scaled;

	if (!isfinite(x) || fabs(x) > 1e12) {
		snprintf(buffer, TEXT_NUMBER, "%s", isnan(x) ? "-" : x > 0 ? "huge" : "-huge");
		return buffer;
	}
	scaled = llround(fabs(x) * (double)power[decimals]);
	if (decimals)
		snprintf(buffer, TEXT_NUMBER, "%s%lld.%0*lld", x < 0 && scaled ? "-" : "", scaled / power[decimals],
			decimals, scaled % power[decimals]);
	else
		snprintf(buffer, TEXT_NUMBER, "%s%lld", x < 0 && scaled ? "-" : "", scaled);
	return buffer;
}

/* Decimals that leave three significant digits of a positive x; the bounds are where rounding makes one digit more. */
static int decimals_of(double x)
{
	return x < 9.995 ? (x < 0.9995 ? 3 : 2) : x < 99.95 ? 1 : 0;
}

char *text_time(char *buffer, double ns)
{
	static const char *const unit[] = { "ns", "µs", "ms", "s" };
	size_t i = 0;

	/* what a file writes for a zero is far below anything that can be told from it */
	if (!(ns > 1e-6)) {
		snprintf(buffer, TEXT_NUMBER, "%s", isnan(ns) ? "-" : "within noise");
		return buffer;
	}
	for (; ns >= 999.5 && i < 3; i++)
		ns /= 1000;
	text_fixed(buffer, ns, decimals_of(ns));
	strcat(buffer, " ");
	return strcat(buffer, unit[i]);
}

char *text_percent(char *buffer, double share)
{
	if (!isfinite(share))
		return strcpy(buffer, "-");
	if (share > 0 && share < 0.005)
		return strcpy(buffer, "<1%");
	if (share > 9.994)
		return strcpy(buffer, ">999%");
	return strcat(text_fixed(buffer, 100 * share, 0), "%");
}

char *text_count(char *buffer, double x)
{
	return text_fixed(buffer, x, fabs(x - round(x)) <= 0.005 ? 0 : 2);
}

static char *put_commas(char *digits)
{
	for (size_t at = strlen(digits); at > 3 && digits[at - 4] >= '0' && digits[at - 4] <= '9'; at -= 3) {
		memmove(digits + at - 2, digits + at - 3, strlen(digits + at - 3) + 1);
		digits[at - 3] = ',';
	}
	return digits;
}

char *text_whole(char *buffer, double x)
{
	return put_commas(text_fixed(buffer, x, 0));
}

char *text_ratio(char *buffer, double x)
{
	if (!isfinite(x) || fabs(x) < 999.5)
		return text_fixed(buffer, x, decimals_of(fabs(x)));
	double step = pow(10, floor(log10(x)) - 2);

	return put_commas(text_fixed(buffer, round(x / step) * step, 0));
}

char *text_multiple(char *buffer, double x)
{
	if (!isfinite(x) || x < 99.95)
		return text_fixed(buffer, x, 1);
	return x < 9999.5 ? put_commas(text_fixed(buffer, x, 0)) : text_ratio(buffer, x);
}

/* -- words */

static size_t claimed_length(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xC2 && first < 0xE0)
		return 2;
	if (first >= 0xE0 && first < 0xF0)
		return 3;
	return first >= 0xF0 && first < 0xF5 ? 4 : 0;
}

/* Length of the character at s: a whole and printable one, else 0. */
static size_t character(const char *s)
{
	const unsigned char *u = (const unsigned char *)s;
	size_t length = claimed_length(u[0]);

	if (length == 1)
		return u[0] >= ' ' && u[0] != 127;
	for (size_t i = 1; i < length; i++)
		if ((u[i] & 0xC0) != 0x80)
			return 0;
	/* overlong forms, surrogates, and the C1 controls that a terminal obeys */
	if ((u[0] == 0xE0 && u[1] < 0xA0) || (u[0] == 0xED && u[1] > 0x9F) || (u[0] == 0xF0 && u[1] < 0x90) ||
		(u[0] == 0xF4 && u[1] > 0x8F) || (u[0] == 0xC2 && u[1] < 0xA0))
		return 0;
	return length;
}

size_t text_columns(const char *text)
{
	size_t columns = 0;

	for (; *text; columns++) {
		size_t length = character(text);

		text += length ? length : 1;
	}
	return columns;
}

char *text_clean(char *target, size_t size, const char *text, size_t columns)
{
	bool cut = text_columns(text) > columns;
	size_t used = 0, room = cut ? columns - 1 : columns;

	for (; *text && room; room--) {
		size_t length = character(text), take = length ? length : 1;

		if (used + take + sizeof "…" > size) {
			cut = true;
			break;
		}
		memcpy(target + used, length ? text : "?", take);
		used += take;
		text += take;
	}
	target[used] = '\0';
	return cut ? strcat(target, "…") : target;
}

void text_list(struct text_list *list, const char *member, size_t most)
{
	size_t used = strlen(list->text);

	if (list->more || list->members == most || used + strlen(member) + 3 > sizeof list->text) {
		list->more++;
		return;
	}
	snprintf(list->text + used, sizeof list->text - used, "%s%s", used ? ", " : "", member);
	list->members++;
}

/* -- printing */

static void put_blanks(FILE *out, int n)
{
	for (; n > 0; n--)
		putc(' ', out);
}

void text_cell(FILE *out, const char *text, int width)
{
	char clean[4 * TEXT_WIDTH + 8];
	int columns, wanted = abs(width);

	text_clean(clean, sizeof clean, text, (size_t)wanted);
	columns = (int)text_columns(clean);
	put_blanks(out, width < 0 ? wanted - columns : 0);
	fputs(clean, out);
	put_blanks(out, width > 0 ? wanted - columns : 0);
}

static size_t word_length(const char *text)
{
	return strcspn(text, " ");
}

static size_t put_word(FILE *out, const char *word, size_t length, size_t columns)
{
	char raw[1100], clean[4 * TEXT_WIDTH + 8];

	snprintf(raw, sizeof raw, "%.*s", (int)(length < sizeof raw ? length : sizeof raw - 1), word);
	text_clean(clean, sizeof clean, raw, columns);
	fputs(clean, out);
	return text_columns(clean);
}

void text_wrap(FILE *out, size_t column, size_t indent, const char *text)
{
	size_t start = column;

	while (*(text += strspn(text, " "))) {
		size_t length = word_length(text), wide = 0;
		char raw[1100];

		snprintf(raw, sizeof raw, "%.*s", (int)(length < sizeof raw ? length : sizeof raw - 1), text);
		wide = text_columns(raw);
		if (column > start && column + 1 + wide > TEXT_WIDTH) {
			fprintf(out, "\n%*s", (int)indent, "");
			column = start = indent;
		} else if (column > start) {
			fputc(' ', out);
			column++;
		}
		column += put_word(out, text, length, TEXT_WIDTH - column);
		text += length;
	}
	fputc('\n', out);
}

void text_trimmed(FILE *out, const char *text)
{
	while (*text) {
		size_t length = strcspn(text, "\n"), used = length;

		while (used && text[used - 1] == ' ')
			used--;
		fprintf(out, "%.*s\n", (int)used, text);
		text += length + (text[length] == '\n');
	}
}
