// SPDX-License-Identifier: MIT
#include "classic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../analyse/axes.h"
#include "../analyse/text.h"
#include "../filter.h"
#include "measure.h"

enum { LABEL = 200, NAME = 300, SOURCE = 400, NOTE = 1200 };
static const double CONFIDENCE = 0.95;

/* "published" is as it was published; what it is divided by is the centre here. */
static const struct classic_column columns[] = {
	{ "now", "this machine", true },
	{ "ticks", "ticks", false },
	{ "cycles", "cycles", false },
	{ "then", "published", false },
	{ "ratio", "published / now", true },
	{ "floor", "x the floor", true },
	{ "first", "x the first", true },
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static const char *const keys[] = { "bench", "impl", "wait", "policy", "place", "kind", "workers", "bytes", "contexts",
	"call", "stage", "of", "gap", "work", "through", "lwp", NULL };

/* What one row of a recipe is made into, on one file. */
struct making {
	struct classic *table;
	const struct recipe_row *row;
	const struct sources *sources;
	size_t file;
};

static void *grown(void *array, size_t members, size_t size)
{
	return take(realloc(array, (members + 1) * size));
}

static const struct cells *cells_of(const struct making *m)
{
	return m->sources->cells[m->file];
}

/* -- words */

static void add_note(struct classic *t, const char *note)
{
	t->note = grown(t->note, t->notes, sizeof *t->note);
	t->note[t->notes++] = take(strdup(note));
}

/* A part of a cell's name as people say it. */
static void part_words(const struct cell *c, const char *part, char *text, size_t size)
{
	char value[64];
	double x = axis_at(c, part);

	if (!strcmp(part, "place"))
		snprintf(text, size, "%s", place_words(c->place));
	else if (!strcmp(part, "wait") && !strcmp(c->wait, "none"))
		snprintf(text, size, "itself");
	else if (!strcmp(part, "bytes") && x >= 1024 && fmod(x, 1024) == 0)
		snprintf(text, size, x >= 1048576 && fmod(x, 1048576) == 0 ? "%.0f MiB" : "%.0f KiB",
			x >= 1048576 && fmod(x, 1048576) == 0 ? x / 1048576 : x / 1024);
	else
		snprintf(text, size, "%s", record_part(c->name, part, value, sizeof value) ? value : "");
}

/* Replaces {part} by what the cell's name has there. Without a cell a part is "any". */
static char *filled(const char *template, const struct cell *c)
{
	char text[LABEL] = "", part[32], word[64];
	size_t used = 0;

	while (*template && used + 1 < sizeof text) {
		size_t length = *template == '{' ? strcspn(template, "}") : 0;

		if (!length || !template[length] || length > sizeof part) {
			text[used++] = *template ++;
			text[used] = '\0';
			continue;
		}
		snprintf(part, sizeof part, "%.*s", (int)length - 1, template + 1);
		snprintf(word, sizeof word, "any");
		if (c)
			part_words(c, part, word, sizeof word);
		used += (size_t)snprintf(text + used, sizeof text - used, "%s", word);
		template += length + 1;
	}
	return take(strdup(text));
}

static char *file_letter(size_t file, char *text, size_t size)
{
	if (file < 26)
		snprintf(text, size, "%c", (char)('A' + file));
	else
		snprintf(text, size, "%zu", file + 1);
	return text;
}

/* -- numbers */

/* As it was published: no digit more, none less. */
static char *as_published(char *text, double x)
{
	char *end;

	text_fixed(text, x, 6);
	for (end = text + strlen(text); end[-1] == '0'; end--)
		;
	*(end[-1] == '.' ? end - 1 : end) = '\0';
	return text;
}

/* Of one, one way, where it was published of there and back. */
static double of_one(const struct fact *f)
{
	return strcmp(f->per, "pair") ? f->value : f->value / 2;
}

/* What its value is multiplied by to be in ns; 0 where it is no time of one thing. */
static double to_ns(const struct fact *f)
{
	static const struct {
		const char *unit;
		double ns;
	} units[] = { { "ns", 1 }, { "us", 1e3 }, { "ms", 1e6 }, { "s", 1e9 } };

	for (size_t i = 0; i < sizeof units / sizeof *units && strcmp(f->per, "run"); i++)
		if (!strcmp(units[i].unit, f->unit))
			return units[i].ns;
	return 0;
}

static struct classic_field nothing(void)
{
	return (struct classic_field){ "", NAN, NAN, NAN, "" };
}

static struct classic_field plain(double x, const char *unit)
{
	struct classic_field f = nothing();

	if (isnan(x))
		return f;
	text_ratio(f.text, x);
	f.value = x;
	f.unit = unit;
	return f;
}

static struct classic_field with_interval(double centre, double low, double high)
{
	struct classic_field f = plain(centre, "ratio");
	char a[TEXT_NUMBER], b[TEXT_NUMBER];

	if (isnan(low) || isnan(high) || !*f.text)
		return f;
	f.low = low;
	f.high = high;
	snprintf(f.text + strlen(f.text), sizeof f.text - strlen(f.text), " [%s, %s]", text_ratio(a, low),
		text_ratio(b, high));
	return f;
}

static struct classic_field now_field(const struct measured *m)
{
	struct classic_field f = nothing();
	char number[TEXT_NUMBER], spread[TEXT_NUMBER];
	double half = (m->high - m->low) / 2 / m->centre;

	if (*m->words || isnan(m->centre))
		return f;
	f.value = m->centre;
	f.low = m->low;
	f.high = m->high;
	f.unit = m->unit;
	if (*m->unit)
		text_time(number, m->centre);
	else
		text_fixed(number, m->centre, 3);
	snprintf(f.text, sizeof f.text, "%s%s%s", number, isnan(half) ? "" : " ± ",
		isnan(half) ? "" : text_percent(spread, half));
	return f;
}

static struct classic_field then_field(const struct fact *f)
{
	struct classic_field field = nothing();
	char number[TEXT_NUMBER];
	bool ratio = !strcmp(f->unit, "ratio");

	field.value = of_one(f);
	field.unit = f->unit;
	if (strcmp(f->per, "pair"))
		as_published(number, f->value);
	else
		text_ratio(number, of_one(f));
	snprintf(field.text, sizeof field.text, "%s%s%s", number, ratio ? "" : " ",
		ratio                    ? "x"
		: !strcmp(f->unit, "us") ? "µs"
					 : f->unit);
	return field;
}

/* A published number has no interval of its own: that of the ratio is of what was measured here. */
static struct classic_field ratio_field(const struct fact *f, const struct measured *now, const struct cell *c)
{
	double scale = to_ns(f), then = of_one(f);
	bool counted, cycles = !strcmp(f->unit, "cycles");

	if (isnan(now->centre) || *now->words)
		return nothing();
	if (scale > 0 && *now->unit)
		return with_interval(then * scale / now->centre, then * scale / now->high,
			now->low > 0 ? then * scale / now->low : NAN);
	if (!cycles && strcmp(f->unit, "ticks"))
		return nothing();
	double centre = cycles ? measure_cycles(c, &counted) : measure_ticks(c), share = centre / now->centre;
	return with_interval(then / centre, then / (now->high * share), then / (now->low * share));
}

static struct classic_field beside(const struct measured *now, const struct cell *base)
{
	struct interval i;

	if (!base || base->state != CELL_VALID || !cell_resolved(base) || base->second || !now->x)
		return nothing();
	i = stats_ratio_interval(base->x, base->n, now->x, now->n, CONFIDENCE, 1);
	return with_interval(now->centre / base->median, i.low, i.high);
}

/* The cell that waits otherwise and is the same in all else. */
static const struct cell *floor_of(const struct cells *all, const struct cell *c, const char *wait)
{
	char name[NAME];
	const char *at = strstr(c->name, "/wait="), *rest = at ? strchr(at + 1, '/') : NULL;

	if (!rest || !wait || !strcmp(c->wait, wait))
		return NULL;
	snprintf(name, sizeof name, "%.*s/wait=%s%s", (int)(at - c->name), c->name, wait, rest);
	return cells_find(all, name);
}

/* -- a row */

static size_t source_of(struct classic *t, const struct fact *f)
{
	char text[SOURCE];

	snprintf(text, sizeof text, "%s: %s%s", f->hardware, f->source,
		strcmp(f->trust, "second") ? "" : "; quoted from a text about it");
	if (!strcmp(f->per, "pair")) {
		char number[TEXT_NUMBER];
		size_t used = strlen(text);

		snprintf(text + used, sizeof text - used, "; published as %s %s there and back",
			as_published(number, f->value), f->unit);
	}
	for (size_t i = 0; i < t->sources; i++)
		if (!strcmp(t->source[i], text))
			return i + 1;
	t->source = grown(t->source, t->sources, sizeof *t->source);
	t->source[t->sources++] = take(strdup(text));
	return t->sources;
}

static struct classic_row *add_row(struct classic *t, char *group, char *label)
{
	struct classic_row *row;

	t->row = grown(t->row, t->rows, sizeof *t->row);
	row = &t->row[t->rows++];
	*row = (struct classic_row){ .group = group, .label = label };
	for (size_t i = 0; i < CLASSIC_COLUMNS_MOST; i++)
		row->field[i] = nothing();
	return row;
}

static void put_fields(
	const struct making *m, struct classic_row *row, const struct cell *c, const struct measured *now)
{
	const struct cell *first = m->file ? cells_find(m->sources->cells[0], c->name) : NULL;
	bool counted;

	for (size_t i = 0; i < m->table->columns; i++) {
		const char *word = m->table->column[i]->word;

		if (!strcmp(word, "now"))
			row->field[i] = now_field(now);
		else if (!strcmp(word, "ticks"))
			row->field[i] = plain(measure_ticks(c), "ticks");
		else if (!strcmp(word, "cycles"))
			row->field[i] = plain(measure_cycles(c, &counted), counted ? "cycles" : "cycles by witness");
		else if (!strcmp(word, "floor"))
			row->field[i] = beside(now, floor_of(cells_of(m), c, m->table->recipe->floor));
		else if (!strcmp(word, "first"))
			row->field[i] = beside(now, first);
	}
}

static void put_fact(const struct making *m, struct classic_row *row, const struct fact *f, const struct cell *c,
	const struct measured *now)
{
	const struct fact *first = m->row->fact;
	bool a_machine = !record_is(cells_of(m)->record, "emulated", "yes");

	for (size_t i = 0; i < m->table->columns; i++) {
		const char *word = m->table->column[i]->word;

		if (!strcmp(word, "then"))
			row->field[i] = then_field(f);
		else if (!strcmp(word, "ratio") && c && a_machine)
			row->field[i] = ratio_field(f, now, c);
		else if (!strcmp(word, "first") && !c && f != first)
			row->field[i] = plain(f->value / first->value, "ratio");
	}
	row->source = source_of(m->table, f);
}

/* The first stands beside what was measured, unless it has a label of its own; each other on a line below. */
static void put_facts(const struct making *m, size_t at, const struct cell *c, const struct measured *now)
{
	for (size_t i = 0; i < m->row->facts; i++) {
		const struct fact *f = &m->row->fact[i];
		struct classic_row *row = &m->table->row[at];
		char label[LABEL];

		snprintf(label, sizeof label, "  %s", *f->label ? f->label : f->hardware);
		if (i || *f->label)
			row = add_row(m->table, take(strdup(row->group)), take(strdup(label)));
		put_fact(m, row, f, c, now);
	}
}

/* Of several files each has a line of its own, under the label. */
static struct classic_row *begin_row(const struct making *m, const struct cell *c)
{
	char letter[24];

	if (m->sources->files > 1 && *m->row->cells)
		return add_row(
			m->table, filled(m->row->label, c), take(strdup(file_letter(m->file, letter, sizeof letter))));
	return add_row(m->table, filled(m->row->group, c), filled(m->row->label, c));
}

static void make_row(const struct making *m, const struct cell *c)
{
	struct classic *t = m->table;
	struct measured now = measure(cells_of(m), c, m->row->measure);
	size_t at = t->rows;
	struct classic_row *row = begin_row(m, c);

	row->cell = c->name;
	if (*now.words)
		row->words = take(strdup(now.words));
	put_fields(m, row, c, &now);
	t->measured += !*now.words;
	put_facts(m, at, c, &now);
}

/* What no cell of this file is. */
static void make_empty(const struct making *m)
{
	static const struct measured none = { .centre = NAN, .low = NAN, .high = NAN, .unit = "" };
	size_t at = m->table->rows;
	struct classic_row *row = begin_row(m, NULL);

	if (*m->row->cells)
		row->words = take(strdup("not measured: not in this file"));
	put_facts(m, at, NULL, &none);
}

/* -- which cells */

struct matching {
	const struct cells *all;
	const struct cell *cell;
};

static const char *value_of(const char *key, const void *context)
{
	const struct matching *m = context;
	static char buffer[64];
	const struct impl_row *impl;

	if (strcmp(key, "kind"))
		return record_part(m->cell->name, key, buffer, sizeof buffer);
	impl = cells_impl(m->all, m->cell->impl);
	return impl ? impl->kind : NULL;
}

static bool shown(const struct classic *t, const char *name)
{
	for (size_t i = 0; i < t->rows; i++)
		if (t->row[i].cell && !strcmp(t->row[i].cell, name))
			return true;
	return false;
}

static long impl_index(const struct cells *all, const struct cell *c)
{
	return (long)(cells_impl(all, c->impl) - all->impl);
}

/* qsort has no context. */
static const struct cells *sorted_of;

static int order_cells(const void *left, const void *right)
{
	const struct cell *a = *(const struct cell *const *)left, *b = *(const struct cell *const *)right;
	int order = cell_order_place(a->place, b->place);

	if (!order)
		order = cell_order_policy(a->policy, b->policy);
	if (!order && impl_index(sorted_of, a) != impl_index(sorted_of, b))
		order = impl_index(sorted_of, a) < impl_index(sorted_of, b) ? -1 : 1;
	if (!order)
		order = cell_order_wait(a->wait, b->wait);
	return order ? order : strverscmp(a->points, b->points);
}

static size_t make_rows(const struct making *m, const struct filter *f)
{
	const struct cells *all = cells_of(m);
	const struct cell **cell = take(calloc(all->cells + 1, sizeof *cell));
	bool all_others = strchr(m->row->cells, '*') != NULL;
	size_t cells = 0;

	for (size_t i = 0; i < all->cells; i++) {
		struct matching matching = { all, &all->cell[i] };

		if (filter_matches(f, value_of, &matching) && !(all_others && shown(m->table, all->cell[i].name)))
			cell[cells++] = &all->cell[i];
	}
	sorted_of = all;
	qsort(cell, cells, sizeof *cell, order_cells);
	for (size_t i = 0; i < cells; i++)
		make_row(m, cell[i]);
	free(cell);
	return cells;
}

static bool make_recipe_row(
	struct classic *t, const struct recipe_row *row, const struct sources *s, char *error, size_t error_size)
{
	struct filter *f = NULL;
	char why[256];

	if (!measure_known(row->measure)) {
		snprintf(error, error_size, "table %s: '%s': no such measure", t->recipe->name, row->measure);
		return false;
	}
	if (*row->cells && !(f = filter_parse(row->cells, keys, why, sizeof why))) {
		snprintf(error, error_size, "table %s: %s", t->recipe->name, why);
		return false;
	}
	for (size_t file = 0; file < (*row->cells ? s->files : 1); file++) {
		struct making m = { t, row, s, file };

		if (!f || !make_rows(&m, f))
			make_empty(&m);
	}
	filter_free(f);
	return true;
}

/* -- the whole */

static bool has_column(const struct classic *t, const char *word)
{
	for (size_t i = 0; i < t->columns; i++)
		if (!strcmp(t->column[i]->word, word))
			return true;
	return false;
}

static bool take_columns(struct classic *t, char *error, size_t error_size)
{
	for (const char *word = t->recipe->columns; *word; word += strspn(word, " ")) {
		size_t length = strcspn(word, " "), i = 0;

		while (i < COLUMNS && (strlen(columns[i].word) != length || strncmp(columns[i].word, word, length)))
			i++;
		if (i == COLUMNS || t->columns == CLASSIC_COLUMNS_MOST) {
			snprintf(error, error_size, "table %s: '%.*s': no such column", t->recipe->name, (int)length,
				word);
			return false;
		}
		t->column[t->columns++] = &columns[i];
		word += length;
	}
	return true;
}

static void note_machine(struct classic *t, const struct sources *s, size_t file)
{
	char machine[200], letter[24] = "", note[NOTE];
	const struct record *r = s->cells[file]->record;
	const char *host = record_get(r, "host");

	if (s->files > 1)
		file_letter(file, letter, sizeof letter);
	snprintf(note, sizeof note, "%s%s%s: %s", letter, *letter ? ", " : "", host ? host : "this machine",
		machine_words(r, machine, sizeof machine));
	add_note(t, note);
}

static bool is_boot_key(const char *key)
{
	return !strncmp(key, "mitigations.", 12) || !strcmp(key, "pti") || !strcmp(key, "pcid") ||
	       !strcmp(key, "cmdline") || !strcmp(key, "kernel") || !strcmp(key, "microcode");
}

/* What of a boot decides is said of one file in full, of several where they differ. */
static bool to_be_said(const struct sources *s, const char *key, const char *value)
{
	for (size_t i = 0; i < s->files && s->files > 1; i++)
		if (!record_is(s->cells[i]->record, key, value))
			return true;
	return s->files == 1 && strcmp(value, "Not affected");
}

static void note_boot(struct classic *t, const struct sources *s, size_t file)
{
	const struct record *r = s->cells[file]->record;
	char note[NOTE], letter[24];
	size_t begin = (size_t)snprintf(
		note, sizeof note, "%s: ", s->files > 1 ? file_letter(file, letter, sizeof letter) : "boot");
	size_t used = begin;

	for (size_t i = 0; i < r->keys; i++) {
		const char *key = r->key[i].key, *value = r->key[i].value;

		if (is_boot_key(key) && to_be_said(s, key, value) && used < sizeof note)
			used += (size_t)snprintf(note + used, sizeof note - used, "%s%s: %s", used > begin ? "; " : "",
				strncmp(key, "mitigations.", 12) ? key : key + 12, value);
	}
	if (used > begin)
		add_note(t, note);
}

static void add_notes(struct classic *t, const struct sources *s)
{
	bool boots = has_column(t, "first");

	for (size_t i = 0; i < s->files; i++) {
		note_machine(t, s, i);
		if (boots)
			note_boot(t, s, i);
	}
	if (has_column(t, "cycles"))
		add_note(t,
			"ticks: steps of the clock in use. cycles: the core's, counted where the file has that count, "
			"else by the cell's witness, a chain of additions that takes one each.");
	for (size_t i = 0; i < t->recipe->counts_n; i++)
		add_note(t, t->recipe->counts[i]);
}

struct classic *classic_make(const struct recipe *recipe, const struct sources *s, char *error, size_t error_size)
{
	struct classic *t = take(calloc(1, sizeof *t));
	bool good;

	t->recipe = recipe;
	good = take_columns(t, error, error_size);
	for (size_t i = 0; i < recipe->rows && good; i++)
		good = make_recipe_row(t, &recipe->row[i], s, error, error_size);
	if (!good) {
		classic_free(t);
		return NULL;
	}
	add_notes(t, s);
	return t;
}

static void free_texts(char **text, size_t n)
{
	while (n)
		free(text[--n]);
	free(text);
}

void classic_free(struct classic *t)
{
	for (size_t i = 0; i < t->rows; i++) {
		free(t->row[i].group);
		free(t->row[i].label);
		free(t->row[i].words);
	}
	free(t->row);
	free_texts(t->source, t->sources);
	free_texts(t->note, t->notes);
	free(t);
}
