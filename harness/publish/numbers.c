// SPDX-License-Identifier: MIT
/*
 * numbers.tex. A macro's name is the cell's: \ctx and the bench, and then the value of each part that follows, each
 * word with a capital, digits as words. Names of ctxbench never meet in that; where those of another's file do, all
 * that meet get letters of their own, made from the whole name, so that no number ever stands under another's name.
 */
#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../analyse/text.h"
#include "markup.h"
#include "paper.h"
#include "sections.h"

enum { ALSO = sizeof sections->also / sizeof *sections->also };

static const char head[] =
	"% One macro for each cell of a result of ctxbench: \\ctx, then the cell's name with a capital for each word "
	"and\n"
	"% digits as words. (A point of the bench's own has its key before it.)\n"
	"%   \\ctxSwitchLwpFutexBatchSamePu          the median, with its unit\n"
	"%   \\ctxci{\\ctxSwitchLwpFutexBatchSamePu}  the same with its interval\n"
	"%   \\ctxlow{...} \\ctxhigh{...} \\ctxunit{...} \\ctxbare{...}  the ends of the interval, the unit, the "
	"number alone\n"
	"% A cell of too few trials for 95 % has their range instead, and \\ctxci says so. Where a bench is about what "
	"it\n"
	"% found (memory, limit ...), that has macros of its own, the word for it last: \\ctxMemory...KernelStack\n"
	"% What is not valid here gives the words instead of a number, in all of them.\n"
	"\\providecommand{\\ctxcell}[4]{#1\\,#4}\n"
	"\\providecommand{\\ctxfew}{\\ctxcell}\n"
	"\\providecommand{\\ctxone}{\\ctxcell}\n"
	"\\providecommand{\\ctxnot}[2]{\\emph{#1}}\n"
	"\\providecommand{\\ctxmicro}{\\ensuremath{\\mu}s}\n"
	"\\providecommand{\\ctxci}[1]{\\begingroup\\def\\ctxcell##1##2##3##4{##1\\,##4 {[}##2, ##3{]}}%\n"
	"  \\def\\ctxfew##1##2##3##4{##1\\,##4 (range ##2 to ##3)}%\n"
	"  \\def\\ctxone##1##2##3##4{##1\\,##4 (one trial)}#1\\endgroup}\n"
	"\\providecommand{\\ctxlow}[1]{\\begingroup\\def\\ctxcell##1##2##3##4{##2\\,##4}#1\\endgroup}\n"
	"\\providecommand{\\ctxhigh}[1]{\\begingroup\\def\\ctxcell##1##2##3##4{##3\\,##4}#1\\endgroup}\n"
	"\\providecommand{\\ctxunit}[1]{\\begingroup\\def\\ctxcell##1##2##3##4{##4}#1\\endgroup}\n"
	"\\providecommand{\\ctxbare}[1]{\\begingroup\\def\\ctxcell##1##2##3##4{##1}#1\\endgroup}\n"
	"% why a cell is not valid, where it is not\n"
	"\\providecommand{\\ctxwhy}[1]{\\begingroup\\def\\ctxcell##1##2##3##4{}\\def\\ctxnot##1##2{##1: "
	"##2}#1\\endgroup}\n";

/* -- names */

/* A value in letters: each word with a capital; what is no letter or digit parts words, but a point is one. */
static char *put_letters(char *to, const char *from, size_t length)
{
	static const char *const digit[] = { "Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight",
		"Nine" };
	bool capital = true;

	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)from[i];

		if (isdigit(c))
			to = stpcpy(to, digit[c - '0']);
		else if (c == '.')
			to = stpcpy(to, "Dot");
		else if (c < 0x80 && isalpha(c))
			*to++ = (char)(capital ? toupper(c) : c);
		capital = isdigit(c) || c == '.' || c >= 0x80 || !isalpha(c);
	}
	return to;
}

static bool is_everywhere(const char *key, size_t length)
{
	static const char *const keys[] = { "impl", "wait", "policy", "place" };

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (strlen(keys[i]) == length && !strncmp(keys[i], key, length))
			return true;
	return false;
}

/* The parts that every name has are told by their order, the others by their key; no wait is none to name. */
static char *put_part(char *to, const char *part, size_t length)
{
	const char *equals = memchr(part, '=', length);
	size_t key = equals ? (size_t)(equals - part) : 0;

	if (!equals)
		return put_letters(to, part, length);
	if (!is_everywhere(part, key))
		to = put_letters(to, part, key);
	else if (length == strlen("wait=none") && !strncmp(part, "wait=none", length))
		return to;
	return put_letters(to, equals + 1, length - key - 1);
}

char *paper_macro(const char *name, const char *file)
{
	char *macro = take(malloc(strlen("ctx") + strlen(file) + 5 * strlen(name) + 1)), *to = macro;

	to = stpcpy(stpcpy(to, "ctx"), file);
	for (const char *part = name; *part;) {
		size_t length = strcspn(part, "/");

		to = put_part(to, part, length);
		part += length + (part[length] == '/');
	}
	*to = '\0';
	return macro;
}

/* FNV-1a of the whole name, in letters. */
static void add_own_letters(char **macro, const char *name)
{
	uint64_t sum = 0xcbf29ce484222325;
	size_t used = strlen(*macro);

	for (const unsigned char *c = (const unsigned char *)name; *c; c++)
		sum = (sum ^ *c) * 0x100000001b3;
	*macro = take(realloc(*macro, used + 17));
	(*macro)[used++] = 'X';
	for (; sum; sum /= 26)
		(*macro)[used++] = (char)('a' + sum % 26);
	(*macro)[used] = '\0';
}

struct named {
	char *macro;
	const struct cell *cell;
	const char *unit; /* of what it found; NULL: the time */
	bool meets;
};

static int order_macros(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	int order = strcmp(x->macro, y->macro);

	if (order || (order = strcmp(x->cell->name, y->cell->name)))
		return order;
	return strcmp(x->unit ? x->unit : "", y->unit ? y->unit : "");
}

static void part_those_that_meet(struct named *n, size_t cells)
{
	qsort(n, cells, sizeof *n, order_macros);
	for (size_t i = 1; i < cells; i++)
		if (!strcmp(n[i].macro, n[i - 1].macro))
			n[i].meets = n[i - 1].meets = true;
	for (size_t i = 0; i < cells; i++)
		if (n[i].meets)
			add_own_letters(&n[i].macro, n[i].cell->name);
}

/* -- numbers */

/* Ends that are no 95 % interval stand in another macro, which \ctxci writes otherwise. */
static void put_ends(FILE *out, double x, struct interval ends, size_t n, int decimals, const char *unit)
{
	char value[TEXT_NUMBER], low[TEXT_NUMBER], high[TEXT_NUMBER];

	fprintf(out, "\\ctx%s{%s}{%s}{%s}{%s}",
		n < 2                  ? "one"
		: ends.coverage < 0.95 ? "few"
				       : "cell",
		text_fixed(value, x, decimals), text_fixed(low, ends.low, decimals),
		text_fixed(high, ends.high, decimals), unit);
}

/* Median and ends of the interval in the unit that the median is told in, with as many decimals. */
static void put_time(FILE *out, const struct cell *c)
{
	static const char *const unit[] = { "ns", "\\ctxmicro", "ms", "s" };
	double x = c->median, scale = 1;
	struct interval ends = c->interval;
	size_t i = 0;

	for (; x >= 999.5 && i < 3; i++, scale *= 1000)
		x /= 1000;
	ends.low /= scale;
	ends.high /= scale;
	put_ends(out, x, ends, c->n, x < 9.995 ? (x < 0.9995 ? 3 : 2) : x < 99.95 ? 1 : 0, unit[i]);
}

/* What a bench found: bytes, a share, a number. */
static void put_found(FILE *out, const struct series *found)
{
	double x = stats_median(found->x, found->n);
	bool bytes = strstr(found->unit, "-B") != NULL, share = strchr(found->unit, '%') != NULL;

	put_ends(out, x, stats_median_interval(found->x, found->n, 0.95), found->n, share ? 1 : 0,
		bytes   ? "B"
		: share ? "\\%"
			: "");
}

static void put_cell(FILE *out, const struct named *n)
{
	const struct cell *c = n->cell;
	const char *word = c->state == CELL_INVALID   ? "invalid"
			   : c->state == CELL_MISSING ? "not measured"
			   : n->unit                  ? NULL
			   : c->second                ? "two groups"
			   : !cell_resolved(c)        ? "within noise"
						      : NULL;
	const char *why = c->state != CELL_VALID ? c->reason
			  : c->second            ? "its trials fall into two groups, which have no one median"
						 : "not told from zero";

	if (!word && n->unit)
		put_found(out, cell_series(c, n->unit));
	else if (!word)
		put_time(out, c);
	if (!word)
		return;
	fprintf(out, "\\ctxnot{%s}{", word);
	tex_put(out, why);
	fputc('}', out);
}

static void add_name(struct named *n, const struct cell *c, const char *letter, const char *unit, const char *word)
{
	char *macro = paper_macro(c->name, letter);
	size_t used = strlen(macro);

	macro = take(realloc(macro, used + 5 * strlen(word) + 1));
	*put_letters(macro + used, word, strlen(word)) = '\0';
	*n = (struct named){ .macro = macro, .cell = c, .unit = unit };
}

/* One for its time, and where its bench is about something else one for each of that. Returns how many. */
static size_t add_names(struct named *n, const struct cell *c, const char *letter)
{
	const struct section *section = sections;
	size_t added = 0;

	while (!section_has_bench(section, c->bench))
		section++;
	add_name(&n[added++], c, letter, NULL, "");
	for (size_t i = 0; section->also_first && i + 1 < ALSO && section->also[i]; i += 2)
		if (c->state != CELL_VALID || cell_series(c, section->also[i]))
			add_name(&n[added++], c, letter, section->also[i], section->also[i + 1]);
	return added;
}

static void put_file(FILE *out, const struct cells *all, const char *letter)
{
	struct named *n = take(calloc(all->cells * ALSO + 1, sizeof *n));
	size_t names = 0;

	for (size_t i = 0; i < all->cells; i++)
		names += add_names(n + names, &all->cell[i], letter);
	part_those_that_meet(n, names);
	for (size_t i = 0; i < names; i++) {
		fprintf(out, "\\newcommand{\\%s}{", n[i].macro);
		put_cell(out, &n[i]);
		fputs("}\n", out);
		free(n[i].macro);
	}
	free(n);
}

void paper_numbers(FILE *out, const struct sources *s)
{
	fputs("% SPDX-License-Identifier: MIT\n", out);
	fputs(head, out);
	for (size_t i = 0; i < s->files; i++) {
		char letter[2] = { i ? (char)('A' + i) : '\0', '\0' }, line[800];

		fprintf(out, "\n%% %s: ", *letter ? letter : "A");
		tex_put(out, machine_words(s->cells[i]->record, line, sizeof line));
		fputc('\n', out);
		put_file(out, s->cells[i], letter);
	}
}
