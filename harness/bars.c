// SPDX-License-Identifier: MIT
#include "bars.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"

/* -- memory */
static void *owned(void *p)
{
	if (!p) {
		fputs("ctxbench: out of memory\n", stderr);
		exit(1);
	}
	return p;
}

void bars_free(struct bars *b)
{
	free(b->bar);
	*b = (struct bars){ 0 };
}

/* The capacity is the next power of two, so that it need not be kept. */
void bars_append(struct bars *b, double low, double count)
{
	if (!(b->bars & (b->bars - 1)))
		b->bar = owned(realloc(b->bar, (b->bars ? 2 * b->bars : 1) * sizeof *b->bar));
	b->bar[b->bars++] = (struct bar){ low, count };
}

struct bars bars_copy(const struct bars *b)
{
	struct bars copy = *b;
	copy.bar = NULL;
	copy.bars = 0;
	for (size_t i = 0; i < b->bars; i++)
		bars_append(&copy, b->bar[i].low, b->bar[i].count);
	return copy;
}

/* -- asking */
double bars_width(const struct bars *b, double low)
{
	/* six digits of a bar that begins an octave may lie a little below it */
	double ticks = low / b->tick * (1 + 1e-5);
	int octave = ticks >= 2 * BARS_STEPS ? ilogb(ticks / BARS_STEPS) : 0;
	return ldexp(b->tick, octave);
}

double bars_quantile_any(const struct bars *b, double q)
{
	double rank = fmax(ceil(q * b->n - 1e-9), 1), seen = 0;
	if (!(b->n > 0))
		return NAN;
	for (size_t i = 0; i < b->bars && q > 0 && q < 1; i++) {
		seen += b->bar[i].count;
		if (seen < rank)
			continue;
		double low = b->bar[i].low, middle = low + (bars_width(b, low) - b->tick) / 2;
		return fmin(fmax(middle, b->min), b->max);
	}
	return q > 0 ? b->max : b->min;
}

double bars_quantile(const struct bars *b, double q)
{
	return b->n * (1 - q) < BARS_BEYOND_LEAST - 1e-6 ? NAN : bars_quantile_any(b, q);
}

/* -- merging */
void bars_merge(struct bars *to, const struct bars *from)
{
	struct bars both = *from;
	size_t i = 0, j = 0;
	if (!to->bars) {
		bars_free(to);
		*to = bars_copy(from);
		return;
	}
	both.bar = NULL;
	both.bars = 0;
	both.n = to->n + from->n;
	both.sum = to->sum + from->sum;
	both.min = from->bars ? fmin(to->min, from->min) : to->min;
	both.max = from->bars ? fmax(to->max, from->max) : to->max;
	while (i < to->bars || j < from->bars) {
		double a = i < to->bars ? to->bar[i].low : INFINITY, b = j < from->bars ? from->bar[j].low : INFINITY;
		double count = 0;
		if (a <= b)
			count += to->bar[i++].count;
		if (b <= a)
			count += from->bar[j++].count;
		bars_append(&both, fmin(a, b), count);
	}
	free(to->bar);
	*to = both;
}

/* -- writing */
static size_t print_start(FILE *out, const char *start, const struct bars *b)
{
	int length = fprintf(out, "%s unit=%s sub=%d tick=%.6g n=%.0f sum=%.6g min=%.6g max=%.6g", start, b->unit,
		BARS_STEPS, b->tick, b->n, b->sum, b->min, b->max);
	return (size_t)length;
}

int bars_print(FILE *out, const char *start, const struct bars *b, size_t most)
{
	enum { FACTS_MOST = 200, BAR_MOST = 40 };
	size_t used;
	if (strlen(start) + FACTS_MOST + BAR_MOST > most)
		return -1;
	used = print_start(out, start, b);
	for (size_t i = 0; i < b->bars; i++) {
		char text[BAR_MOST];
		size_t need = (size_t)snprintf(text, sizeof text, " %.6g:%.0f", b->bar[i].low + 0.0, b->bar[i].count);
		if (used + need + 1 > most) {
			fputc('\n', out);
			used = print_start(out, start, b);
		}
		fputs(text, out);
		used += need;
	}
	fputc('\n', out);
	return 0;
}

/* -- reading */
static bool read_number(const char *text, const char **end, double *x)
{
	return number_read(text, end, x) && *x >= 0;
}

static const char *read_fact(struct bars *b, char *word, char *value)
{
	struct {
		const char *name;
		double *to;
	} facts[] = { { "tick", &b->tick }, { "n", &b->n }, { "sum", &b->sum }, { "min", &b->min },
		{ "max", &b->max } };
	double sub;
	const char *end;
	if (!strcmp(word, "unit")) {
		snprintf(b->unit, sizeof b->unit, "%s", value);
		return NULL;
	}
	if (!strcmp(word, "sub"))
		return !read_number(value, &end, &sub) || *end || sub != BARS_STEPS ? "another sub than 128" : NULL;
	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
		if (!strcmp(word, facts[i].name))
			return !read_number(value, &end, facts[i].to) || *end ? "a fact that is no number, or below 0"
									      : NULL;
	return "a fact of an unknown name";
}

static const char *read_bar(struct bars *b, char *word)
{
	double low, count;
	const char *end, *last;
	if (!read_number(word, &end, &low) || *end != ':' || !read_number(end + 1, &last, &count) || *last)
		return "a bar that is not LOW:COUNT";
	if (b->bars && low <= b->bar[b->bars - 1].low)
		return "bars that do not ascend";
	bars_append(b, low, count);
	return NULL;
}

const char *bars_read(struct bars *b, char *text)
{
	const char *wrong = NULL;
	char *rest = text, *word;
	if (!b->tick)
		b->tick = 1;
	while (!wrong && (word = strtok_r(rest, " \t", &rest))) {
		char *equals = strchr(word, '=');
		if (equals)
			*equals++ = 0;
		wrong = equals ? read_fact(b, word, equals) : read_bar(b, word);
	}
	if (!wrong && (!*b->unit || !(b->tick > 0)))
		wrong = "no unit";
	return wrong;
}
