// SPDX-License-Identifier: MIT
#include "sides.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../analyse/text.h"
#include "../filter.h"
#include "sameness.h"

static const double CONFIDENCE = 0.95;

static int fail(char *error, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

static int fail(char *error, size_t size, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(error, size, format, args);
	va_end(args);
	return -1;
}

static char *copy_text(const char *text)
{
	return take(strdup(text));
}

/* -- which file belongs to which side */

static const char *base_name(const struct record *r)
{
	const char *slash = r->path ? strrchr(r->path, '/') : NULL;

	return slash ? slash + 1 : r->path ? r->path : "(no file)";
}

/* "6.1.0, IBRS": the values of the keys. */
static char *values_of(const struct record *r, const char *by, size_t which)
{
	char *text = NULL, *keys = copy_text(by), *rest = keys;
	size_t size = 0;
	FILE *out = take(open_memstream(&text, &size));

	for (char *key; (key = strsep(&rest, ","));) {
		const char *value = record_get(r, key);

		fprintf(out, "%s%s", key == keys ? "" : ", ", value ? value : "(absent)");
		if (!strcmp(by, "file"))
			fprintf(out, "%zu", which);
	}
	fclose(out);
	free(keys);
	return take(text);
}

static char *fingerprint_of(const struct record *r)
{
	char text[20];

	snprintf(text, sizeof text, "%016llx", (unsigned long long)sameness_fingerprint(r));
	return copy_text(text);
}

struct member {
	char *value; /* files that have the same one are one side */
	size_t file, side;
};

static int order_values(const void *left, const void *right)
{
	const struct member *a = left, *b = right;
	int order = strcmp(a->value, b->value);

	return order ? order : (a->file > b->file) - (a->file < b->file);
}

static int order_files(const void *left, const void *right)
{
	const struct member *a = left, *b = right;

	return (a->file > b->file) - (a->file < b->file);
}

/* Sides in the order in which their first files came; each keeps its files in theirs. Returns how many sides. */
static size_t number_sides(struct member *m, size_t files)
{
	size_t *first = take(malloc((files + 1) * sizeof *first)), sides = 0, group = 0;
	size_t *number = take(malloc((files + 1) * sizeof *number));

	qsort(m, files, sizeof *m, order_values);
	for (size_t i = 0; i < files; i++) {
		if (i && strcmp(m[i].value, m[i - 1].value))
			group++;
		m[i].side = group;
	}
	qsort(m, files, sizeof *m, order_files);
	for (size_t i = 0; i <= group; i++)
		first[i] = SIZE_MAX;
	for (size_t i = 0; i < files; i++) {
		if (first[m[i].side] == SIZE_MAX) {
			first[m[i].side] = i;
			number[m[i].side] = sides++;
		}
		m[i].side = number[m[i].side];
	}
	free(first);
	free(number);
	return sides;
}

static struct member *members_of(struct record *const *file, size_t files, const char *by, size_t *sides)
{
	struct member *m = take(calloc(files + 1, sizeof *m));

	for (int each = 0; each < 2; each++) {
		for (size_t i = 0; i < files; i++) {
			free(m[i].value);
			m[i] = (struct member){
				by || each ? values_of(file[i], each ? "file" : by, i) : fingerprint_of(file[i]), i, 0
			};
		}
		*sides = files ? number_sides(m, files) : 0;
		/* two files are two sides; and several of one machine are held against the first, rather than nothing
		 * against nothing */
		if (by || each || (*sides > 1 && files > 2))
			break;
	}
	return m;
}

static void free_members(struct member *m, size_t files)
{
	for (size_t i = 0; i < files; i++)
		free(m[i].value);
	free(m);
}

size_t sides_count(struct record *const *file, size_t files, const char *by)
{
	size_t sides;
	struct member *m = members_of(file, files, by, &sides);

	free_members(m, files);
	return sides;
}

/* -- the cells of a side */

/* A cell of one file of it. */
struct found {
	const struct cell *cell;
	size_t file;
};

static int order_found(const void *left, const void *right)
{
	const struct found *a = left, *b = right;
	int order = strcmp(a->cell->name, b->cell->name);

	return order ? order : (a->file > b->file) - (a->file < b->file);
}

static struct found *find_all(const struct side *s, size_t *n)
{
	struct found *found;
	size_t all = 0;

	for (size_t f = 0; f < s->files; f++)
		all += s->cells[f]->cells;
	found = take(malloc((all + 1) * sizeof *found));
	*n = 0;
	for (size_t f = 0; f < s->files; f++)
		for (size_t i = 0; i < s->cells[f]->cells; i++)
			found[(*n)++] = (struct found){ &s->cells[f]->cell[i], f };
	qsort(found, *n, sizeof *found, order_found);
	return found;
}

/* Student's interval of the files' centres, as factors of the side's: what one more file would be expected to be
 * within. */
static void widen(struct side_cell *c)
{
	struct interval between;

	if (c->files < 2)
		return;
	between = stats_between_interval(c->centre, c->files, NULL, 0, CONFIDENCE);
	c->interval.low = fmin(c->interval.low, c->median * between.low);
	c->interval.high = fmax(c->interval.high, c->median * between.high);
}

static void summarise(struct side_cell *c)
{
	c->median = stats_median(c->x, c->n);
	c->interval = stats_median_interval(c->x, c->n, CONFIDENCE);
	widen(c);
	c->spread = c->n > 1 && c->median > 0 ? (c->interval.high - c->interval.low) / 2 / c->median : NAN;
}

static bool no_one_value(const struct side_cell *c)
{
	bool untold = false;

	for (size_t i = 0; i < c->files; i++)
		untold |= !cell_resolved(c->of[i]) || c->of[i]->second;
	return untold;
}

/* One name's cells, from[0] to from[n - 1]. What is written goes to *number and *list, which advance. */
static struct side_cell merge(const struct found *from, size_t n, double **number, const struct cell ***list)
{
	struct side_cell c = { .name = from[0].cell->name,
		.cell = from[0].cell,
		.of = *list,
		.x = *number,
		.median = NAN,
		.spread = NAN,
		.interval = { NAN, NAN, 0 } };

	for (size_t i = 0; i < n; i++) {
		const struct cell *cell = from[i].cell;

		if (cell->state != CELL_VALID)
			continue;
		if (!c.files)
			c.cell = cell;
		if (strcmp(c.cell->unit, cell->unit))
			continue;
		*(*list)++ = cell;
		c.files++;
		memcpy(*number, cell->x, cell->n * sizeof *cell->x);
		*number += cell->n;
		c.n += cell->n;
	}
	c.left_out = c.files ? n - c.files : 0;
	c.centre = *number;
	for (size_t i = 0; i < c.files; i++)
		*(*number)++ = c.of[i]->median;
	if (c.files) {
		summarise(&c);
		c.untold = no_one_value(&c);
	}
	return c;
}

static void fill_side(struct side *s)
{
	size_t n, values = 1;
	struct found *found = find_all(s, &n);
	double *number;
	const struct cell **list;

	for (size_t i = 0; i < n; i++)
		values += found[i].cell->n + 1;
	s->number = number = take(malloc(values * sizeof *number));
	s->list = list = take(malloc((n + 1) * sizeof *list));
	s->cell = take(malloc((n + 1) * sizeof *s->cell));
	for (size_t from = 0, to; from < n; from = to) {
		for (to = from + 1; to < n && !strcmp(found[to].cell->name, found[from].cell->name); to++)
			;
		s->cell[s->size++] = merge(&found[from], to - from, &number, &list);
	}
	free(found);
}

/* -- sides */

static void start_side(struct side *s, size_t i, const char *label)
{
	*s = (struct side){
		.letter = { (char)('A' + i), '\0' }, .label = copy_text(label), .scale = 1, .scaling = { 1, 1, 1 }
	};
}

static void free_side(struct side *s)
{
	for (size_t f = 0; f < s->files; f++)
		cells_free(s->cells[f]);
	free(s->cells);
	free(s->file);
	free(s->label);
	free(s->cell);
	free(s->number);
	free(s->list);
}

void sides_free(struct sides *s)
{
	bool split = s->whole;

	for (size_t i = 0; i < s->sides; i++) {
		if (split) { /* its files are the whole's */
			s->side[i].files = 0;
			s->side[i].file = NULL;
			s->side[i].cells = NULL;
		}
		free_side(&s->side[i]);
	}
	if (split)
		free_side(s->whole);
	free(s->whole);
	for (size_t i = 0; i < s->names; i++)
		free(s->name[i]);
	free(s->name);
	*s = (struct sides){ 0 };
}

static int choose_base(const struct sides *s, const char *base, size_t *which, char *error, size_t size)
{
	*which = 0;
	for (size_t i = 0; base && i < s->sides; i++)
		for (size_t f = 0; f < (s->part ? 1 : s->side[i].files); f++) {
			const struct record *r = s->side[i].file[f];
			bool is_file = !s->part && r->path && (!strcmp(base, r->path) || !strcmp(base, base_name(r)));

			if (strcmp(base, s->side[i].letter) && strcmp(base, s->side[i].label) && !is_file)
				continue;
			*which = i;
			return 0;
		}
	return base ? fail(error, size,
			      "--base %s: no side is called so; expected %s%s%s, or one of their labels or files", base,
			      s->side[0].letter, s->sides > 1 ? " to " : "",
			      s->sides > 1 ? s->side[s->sides - 1].letter : "")
		    : 0;
}

static bool same_text(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

static int order_runs(const void *left, const void *right)
{
	const struct record *const *a = left, *const *b = right;
	const char *x = record_get(*a, "date"), *y = record_get(*b, "date");

	return strcmp(x ? x : "", y ? y : "");
}

bool sides_one_run(const struct record *a, const struct record *b)
{
	return same_text(record_get(a, "date"), record_get(b, "date")) &&
	       same_text(record_get(a, "seed"), record_get(b, "seed")) &&
	       same_text(record_get(a, "host"), record_get(b, "host"));
}

/* One run twice in a side would count each trial twice. */
static int no_run_twice(const struct side *s, char *error, size_t size)
{
	const struct record **file = take(malloc((s->files + 1) * sizeof *file));
	int status = 0;

	memcpy(file, s->file, s->files * sizeof *file);
	qsort(file, s->files, sizeof *file, order_runs);
	for (size_t f = 1; f < s->files && !status; f++)
		if (sides_one_run(file[f], file[f - 1]))
			status = fail(error, size, "%s and %s are the same run; each was expected once in side %s",
				file[f - 1]->path ? file[f - 1]->path : "(no file)",
				file[f]->path ? file[f]->path : "(no file)", s->letter);
	free(file);
	return status;
}

/* A key that is mistyped would make one side of all. */
static int keys_are_there(struct record *const *file, size_t files, const char *by, char *error, size_t size)
{
	char *keys = copy_text(by), *rest = keys;
	int status = 0;

	for (char *key; !status && strcmp(by, "file") && (key = strsep(&rest, ","));) {
		bool there = false;

		for (size_t f = 0; f < files && !there; f++)
			there = record_get(file[f], key);
		if (!there)
			status = fail(error, size,
				"--by %s: no file has the key '%s'; keys of these files, or file, were expected", by,
				key);
	}
	free(keys);
	return status;
}

int sides_make(struct sides *s, struct record *const *file, size_t files, const char *by, const char *base, char *error,
	size_t size)
{
	size_t sides;
	struct member *m;

	*s = (struct sides){ 0 };
	if (by && keys_are_there(file, files, by, error, size))
		return -1;
	m = members_of(file, files, by, &sides);
	if (sides > SIDES_MOST) {
		free_members(m, files);
		return fail(error, size, "%zu sides: at most %d were expected (see --by, or ctxbench fleet)", sides,
			SIDES_MOST);
	}
	for (size_t i = 0; i < files; i++) {
		struct side *side = &s->side[m[i].side];

		if (m[i].side == s->sides) {
			start_side(side, s->sides++, by && strcmp(by, "file") ? m[i].value : base_name(file[i]));
			side->file = take(calloc(files, sizeof *side->file));
			side->cells = take(calloc(files, sizeof *side->cells));
		}
		side->file[side->files] = file[i];
		side->cells[side->files++] = cells_group(file[i]);
	}
	free_members(m, files);
	int status = choose_base(s, base, &s->base, error, size);
	for (size_t i = 0; i < s->sides && !status; i++)
		status = no_run_twice(&s->side[i], error, size);
	for (size_t i = 0; i < s->sides && !status; i++)
		fill_side(&s->side[i]);
	if (!status)
		return 0;
	sides_free(s);
	return -1;
}

/* -- some of the cells */

/* What a filter asks of: a cell, and the file that says of which kind its impl is. */
struct asked {
	const struct side *side;
	const struct side_cell *cell;
	char value[128];
};

static const char *value_of(const char *key, const void *context)
{
	struct asked *a = (struct asked *)context; /* its buffer is the asker's own */
	char name[64];
	const char *kind;

	if (strcmp(key, "kind"))
		return record_part(a->cell->name, key, a->value, sizeof a->value);
	snprintf(name, sizeof name, "impl.%s", a->cell->cell->impl);
	kind = record_get(a->side->file[0], name);
	if (!kind)
		return NULL;
	snprintf(a->value, sizeof a->value, "%.*s", (int)strcspn(kind, "; "), kind);
	return a->value;
}

static bool listed(char *const *key, size_t n, const char *name, size_t length)
{
	for (size_t i = 0; i < n; i++)
		if (!strncmp(key[i], name, length) && !key[i][length])
			return true;
	return false;
}

/* Every part that a name here has, for what an expression may ask of. Ends with NULL; free_parts frees it. */
static char **parts_of_names(const struct sides *s)
{
	enum { MOST = 64 };
	char **key = take(calloc(MOST + 1, sizeof *key));
	size_t n = 0;

	key[n++] = copy_text("bench");
	key[n++] = copy_text("kind");
	for (size_t i = 0; i < s->sides; i++)
		for (size_t k = 0; k < s->side[i].size; k++)
			for (const char *at = s->side[i].cell[k].name; (at = strchr(at, '/')); at++) {
				size_t length = strcspn(at + 1, "=/");

				if (n < MOST && !listed(key, n, at + 1, length))
					key[n++] = take(strndup(at + 1, length));
			}
	return key;
}

static void free_parts(char **key)
{
	for (char **k = key; *k; k++)
		free(*k);
	free(key);
}

/* `option` is what was typed. */
static int choose_cells(struct sides *s, const char *option, const char *only, char *error, size_t size)
{
	char **keys = parts_of_names(s), why[300];
	struct filter *filter = filter_parse(only, (const char *const *)keys, why, sizeof why);
	size_t left = 0;

	free_parts(keys);
	if (!filter)
		return fail(error, size, "%s: %s", option, why);
	for (size_t i = 0; i < s->sides; i++) {
		struct side *side = &s->side[i];
		size_t kept = 0;

		for (size_t k = 0; k < side->size; k++) {
			struct asked a = { side, &side->cell[k], "" };

			if (filter_matches(filter, value_of, &a))
				side->cell[kept++] = side->cell[k];
		}
		left += side->size = kept;
	}
	filter_free(filter);
	return left ? 0 : fail(error, size, "%s %s: no cell of these files matches", option, only);
}

int sides_only(struct sides *s, const char *only, char *error, size_t size)
{
	return choose_cells(s, "--only", only, error, size);
}

int sides_choose(struct sides *s, const char *cell, char *error, size_t size)
{
	size_t left = 0;

	if (!strchr(cell, '/'))
		return choose_cells(s, "--explain", cell, error, size);
	for (size_t i = 0; i < s->sides; i++) {
		const struct side_cell *found = side_find(&s->side[i], cell);

		if (found)
			s->side[i].cell[0] = *found;
		left += s->side[i].size = found ? 1 : 0;
	}
	return left ? 0 : fail(error, size, "--explain: no cell of these files is called %s", cell);
}

/* -- by a part of the names */

/* "Switch/impl=*" of "Switch/impl=lwp": what two values have in common. */
char *side_name(const char *name, const char *part)
{
	size_t length = strlen(part);
	const char *at = name;
	char *rest;

	if (!strcmp(part, "bench")) {
		at = strchrnul(name, '/');
		rest = take(malloc(strlen(at) + 2));
		sprintf(rest, "*%s", at);
		return rest;
	}
	while ((at = strchr(at, '/')) && (strncmp(at + 1, part, length) || at[1 + length] != '='))
		at++;
	if (!at)
		return NULL;
	at += length + 2;
	rest = take(malloc(strlen(name) + 2));
	sprintf(rest, "%.*s*%s", (int)(at - name), name, at + strcspn(at, "/"));
	return rest;
}

static size_t side_of_value(struct sides *s, const char *value)
{
	size_t i = 0;

	while (i < s->sides && strcmp(s->side[i].label, value))
		i++;
	if (i == s->sides && i < SIDES_MOST)
		start_side(&s->side[s->sides++], i, value);
	return i;
}

static int order_cells(const void *left, const void *right)
{
	const struct side_cell *a = left, *b = right;

	return strcmp(a->name, b->name);
}

static int deal_out(struct sides *s, const struct side *whole, const char *part, char *error, size_t size)
{
	char value[128];

	for (size_t i = 0; i < whole->size; i++) {
		const struct side_cell *c = &whole->cell[i];
		size_t which;
		struct side *side;

		if (!record_part(c->name, part, value, sizeof value))
			continue;
		which = side_of_value(s, value);
		if (which == SIDES_MOST)
			return fail(error, size, "--col %s: more than %d values; expected an --only that leaves fewer",
				part, SIDES_MOST);
		side = &s->side[which];
		if (!side->cell)
			side->cell = take(calloc(whole->size, sizeof *side->cell));
		side->cell[side->size] = *c;
		side->cell[side->size].name = s->name[s->names++] = side_name(c->name, part);
		side->size++;
	}
	return s->sides > 1 ? 0
			    : fail(error, size,
				      "--col %s: %s; expected a part of the cells' names that has two values or more",
				      part, s->sides ? "every cell has the same value" : "no cell has such a part");
}

int sides_split(struct sides *s, const char *part, const char *base, char *error, size_t size)
{
	struct side whole = s->side[0];
	struct sides split = { .part = part, .name = take(calloc(whole.size + 1, sizeof *split.name)) };
	int status = deal_out(&split, &whole, part, error, size);

	for (size_t i = 0; i < split.sides; i++) {
		split.side[i].file = whole.file;
		split.side[i].cells = whole.cells;
		split.side[i].files = whole.files;
		qsort(split.side[i].cell, split.side[i].size, sizeof *split.side[i].cell, order_cells);
	}
	if (!status)
		status = choose_base(&split, base, &split.base, error, size);
	split.whole = take(malloc(sizeof *split.whole));
	*split.whole = whole;
	if (!status) {
		*s = split;
		return 0;
	}
	split.whole->files = 0; /* they stay where they were */
	*split.whole = (struct side){ 0 };
	sides_free(&split);
	return status;
}

/* -- in other units */

static const struct per {
	const char *name, *unit, *what;
} pers[] = {
	{ "call", "calls", "a valid Switch of an impl of kind floor, the procedure call" },
	{ "cycle", "cycles", "an add-ns on its trials" },
	{ "syscall", "null calls", "a valid Syscall/impl=null/.../call=null" },
};
enum { PERS = sizeof pers / sizeof *pers };

static bool is_null_call(const struct side_cell *c)
{
	return !strcmp(c->cell->bench, "syscall") && !strcmp(c->cell->impl, "null") &&
	       !strcmp(c->cell->policy, "batch") && !strcmp(c->cell->place, "same-pu") &&
	       !strcmp(c->cell->points, "call=null");
}

static const struct side_cell *reference_cell(const struct side *s, const char *per)
{
	const struct cell *call = NULL;

	for (size_t f = 0; f < s->files && !call; f++)
		call = s->cells[f]->call;
	if (!strcmp(per, "call"))
		return call ? side_find(s, call->name) : NULL;
	for (size_t i = 0; i < s->size; i++)
		if (is_null_call(&s->cell[i]))
			return &s->cell[i];
	return NULL;
}

static int find_scale(struct side *s, const char *per, char *error, size_t size, const char *what)
{
	if (!strcmp(per, "cycle")) { /* each file's median, so the median of them */
		double *x = take(calloc(s->files + 1, sizeof *x));

		for (size_t f = 0; f < s->files; f++)
			x[f] = s->cells[f]->add_ns;
		s->scale = stats_median(x, s->files);
		free(x);
	} else {
		const struct side_cell *c = reference_cell(s, per);

		s->scale = c && side_counts(c) && !c->untold ? c->median : NAN;
		if (c && s->scale > 0)
			s->scaling = (struct interval){ c->interval.low / c->median, c->interval.high / c->median,
				c->interval.coverage };
	}
	return s->scale > 0 ? 0 : fail(error, size, "--per %s: %s (%s) has not %s", per, s->letter, s->label, what);
}

static void divide(struct side *s)
{
	for (size_t i = 0; i < s->size; i++) {
		struct side_cell *c = &s->cell[i];

		for (size_t k = 0; k < c->n; k++)
			c->x[k] /= s->scale;
		for (size_t k = 0; k < c->files; k++)
			c->centre[k] /= s->scale;
		c->median /= s->scale;
		c->interval.low /= s->scale;
		c->interval.high /= s->scale;
	}
}

int sides_normalise(struct sides *s, const char *per, char *error, size_t size)
{
	size_t p = 0;

	while (p < PERS && strcmp(pers[p].name, per))
		p++;
	if (p == PERS)
		return fail(error, size, "--per %s: call, cycle or syscall were expected", per);
	for (size_t i = 0; i < s->sides; i++)
		if (find_scale(&s->side[i], per, error, size, pers[p].what))
			return -1;
	for (size_t i = 0; i < s->sides; i++)
		divide(&s->side[i]);
	s->unit = pers[p].unit;
	return 0;
}

/* -- asking */

const struct side_cell *side_find(const struct side *s, const char *name)
{
	const struct side_cell key = { .name = name };

	return s->size ? bsearch(&key, s->cell, s->size, sizeof *s->cell, order_cells) : NULL;
}

bool side_counts(const struct side_cell *c)
{
	return c && c->files;
}

char *side_number(const struct sides *s, double x, char *buffer)
{
	return s->unit ? text_ratio(buffer, x) : text_time(buffer, x);
}
