// SPDX-License-Identifier: MIT
/* Our medians, intervals and p of two real files, held to what benchstat and R make of them: tests/fixtures/README.md.
 */
#include <math.h>
#include <unistd.h>

#include "../harness/analyse/cells.h"
#include "tap.h"

static struct cells *a, *b;

static struct cells *read_cells(const char *path)
{
	char error[500];
	struct record *r = record_read(path, error, sizeof error);

	if (!r) {
		diag("%s", error);
		exit(1);
	}
	return cells_group(r);
}

/* -- R: name, median and interval of each file, p, ties */

static void by_r(char *line)
{
	char name[200], ties[8];
	double m[2], low[2], high[2], p;

	if (sscanf(line, "%199s %lf %lf %lf %lf %lf %lf %lf %7s", name, &m[0], &low[0], &high[0], &m[1], &low[1],
		    &high[1], &p, ties) != 9) {
		ok(0, "a line of R's: %s", line);
		return;
	}
	for (int i = 0; i < 2; i++) {
		const struct cell *c = cells_find(i ? b : a, name);

		is_double(c ? c->median : NAN, m[i], 1e-9 * m[i], "%s, %c: R's median", name, "ab"[i]);
		is_double(c ? c->interval.low : NAN, low[i], 1e-9 * m[i], "%s, %c: R's lower end", name, "ab"[i]);
		is_double(c ? c->interval.high : NAN, high[i], 1e-9 * m[i], "%s, %c: R's upper end", name, "ab"[i]);
	}
	const struct cell *x = cells_find(a, name), *y = cells_find(b, name);
	is_double(stats_mann_whitney(x->x, x->n, y->x, y->n), p, 1e-9, "%s: R's p, %s", name,
		*ties == 't' ? "with ties" : "no ties");
}

/* -- benchstat, as it prints: "165.2n ± 26%", "(p=0.162 n=10)" */

static double scale_of(const char *letter)
{
	return *letter == 'n' ? 1 : !strncmp(letter, "µ", 2) ? 1e3 : *letter == 'm' ? 1e6 : 1e9;
}

/* One "CENTRE ± N%"; where it ends, or NULL. */
static const char *by_benchstat_side(const char *at, const struct cell *c, const char *name)
{
	double centre, percent, spread, step;
	const char *point;
	char *end;

	at += strspn(at, " ");
	centre = strtod(at, &end);
	if (end == at || !strstr(end, "±"))
		return NULL;
	point = memchr(at, '.', (size_t)(end - at));
	step = pow(10, point ? -(double)(end - point - 1) : 0) * scale_of(end); /* of its last digit */
	is_double(c->median, centre * scale_of(end), 0.5001 * step, "%s: benchstat's median", name);
	percent = strtod(strstr(end, "±") + strlen("±"), &end);
	spread = 100 * fmax(c->interval.high / c->median - 1, 1 - c->interval.low / c->median);
	is_double(spread, percent, 0.5001, "%s: benchstat's interval", name);
	return end + 1;
}

static bool has_ties(const struct cell *x, const struct cell *y)
{
	double both[200];
	size_t n = 0;

	for (size_t i = 0; i < x->n; i++)
		both[n++] = x->x[i];
	for (size_t i = 0; i < y->n; i++)
		both[n++] = y->x[i];
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < i; j++)
			if (both[i] == both[j])
				return true;
	return false;
}

static void by_benchstat(char *line)
{
	char *rest = line + strcspn(line, " "), *p;
	const char *at;
	const struct cell *x, *y;

	*rest++ = '\0';
	x = cells_find(a, line);
	y = cells_find(b, line);
	at = x ? by_benchstat_side(rest, x, line) : NULL;
	if (at && y)
		by_benchstat_side(at, y, line);
	p = strstr(rest, "p=");
	if (!p || !y)
		return;
	if (has_ties(x, y))
		skip("equal values: benchstat takes one tail twice", "%s: benchstat's p", line);
	else
		is_double(stats_mann_whitney(x->x, x->n, y->x, y->n), strtod(p + 2, NULL), 0.00050001,
			"%s: benchstat's p", line);
}

static int each_line(const char *path, void (*check)(char *line))
{
	FILE *f = fopen(path, "re");
	char line[1000];
	int n = 0;

	while (f && fgets(line, sizeof line, f))
		if (strstr(line, "/impl=")) {
			check(line);
			n++;
		}
	if (f)
		fclose(f);
	return n;
}

int main(void)
{
	a = read_cells("tests/fixtures/a.txt");
	b = read_cells("tests/fixtures/b.txt");
	is_int(each_line("tests/fixtures/r.tsv", by_r), 13, "thirteen cells by R");
	is_int(each_line("tests/fixtures/benchstat.txt", by_benchstat), 14,
		"fourteen by benchstat, one in one file only");
	return done();
}
