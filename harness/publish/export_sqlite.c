// SPDX-License-Identifier: MIT
/* Two tables, `machines` and `results`, so that whoever has a fleet can ask in SQL. */
#include <stdlib.h>
#include <string.h>

#include "export.h"

#ifdef HAVE_SQLITE
#include <sqlite3.h>

struct database {
	sqlite3 *file;
	sqlite3_stmt *machine, *result;
};

static const char *const schema =
	"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" /* the file is aside until it is whole and synced */
	"BEGIN;"
	"CREATE TABLE machines (machine INTEGER, file TEXT, key TEXT, value TEXT, PRIMARY KEY (machine, key)) WITHOUT "
	"ROWID;"
	"CREATE TABLE results (machine INTEGER, kind TEXT, name TEXT, bench TEXT, impl TEXT, wait TEXT, policy TEXT,"
	" place TEXT, points TEXT, row INTEGER, n REAL, value REAL, unit TEXT, reason TEXT);";
static const char *const add_machine = "INSERT INTO machines VALUES (?, ?, ?, ?)";
static const char *const add_result = "INSERT INTO results VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
static const char *const finish_all = "COMMIT;";
enum { RESULT_PARTS = 4, RESULT_ROW = 10, RESULT_N, RESULT_VALUE, RESULT_UNIT, RESULT_REASON };

static bool failed(struct export_to *to, const struct database *d)
{
	snprintf(to->error, sizeof to->error, "the database can't be written: %s", sqlite3_errmsg(d->file));
	return false;
}

static bool begin(struct export_to *to)
{
	struct database *d = calloc(1, sizeof *d);

	if (!d) {
		snprintf(to->error, sizeof to->error, "out of memory");
		return false;
	}
	if (sqlite3_open(to->path, &d->file) || sqlite3_exec(d->file, schema, NULL, NULL, NULL) ||
		sqlite3_prepare_v2(d->file, add_machine, -1, &d->machine, NULL) ||
		sqlite3_prepare_v2(d->file, add_result, -1, &d->result, NULL)) {
		failed(to, d);
		sqlite3_finalize(d->machine);
		sqlite3_close(d->file);
		free(d);
		return false;
	}
	to->own = d;
	return true;
}

/* The texts live until the statement has run. */
static void bind_text(sqlite3_stmt *s, int at, const char *text)
{
	if (text)
		sqlite3_bind_text(s, at, text, -1, SQLITE_STATIC);
	else
		sqlite3_bind_null(s, at);
}

static bool run(struct export_to *to, const struct database *d, sqlite3_stmt *s)
{
	int done = sqlite3_step(s);

	sqlite3_reset(s);
	return done == SQLITE_DONE || failed(to, d);
}

static bool put_keys(struct export_to *to, const struct database *d, const struct record *r, size_t number)
{
	sqlite3_bind_int64(d->machine, 1, (sqlite3_int64)number);
	bind_text(d->machine, 2, r->path);
	for (size_t i = 0; i < r->keys; i++) {
		bind_text(d->machine, 3, r->key[i].key);
		bind_text(d->machine, 4, r->key[i].value);
		if (!run(to, d, d->machine))
			return false;
	}
	return true;
}

static bool put_value(struct export_to *to, const struct database *d, double n, double value, const char *unit)
{
	sqlite3_bind_double(d->result, RESULT_N, n);
	sqlite3_bind_double(d->result, RESULT_VALUE, value);
	if (!unit)
		sqlite3_bind_null(d->result, RESULT_VALUE);
	bind_text(d->result, RESULT_UNIT, unit);
	return run(to, d, d->result);
}

/* A bar of a histogram is a value that was there n times. */
static bool put_line(struct export_to *to, const struct database *d, const struct record_line *line)
{
	char part[EXPORT_PARTS][EXPORT_PART];
	bool good = true;

	bind_text(d->result, 2, export_kind(line->kind));
	bind_text(d->result, 3, line->name);
	for (int i = 0; i < EXPORT_PARTS; i++)
		bind_text(d->result, RESULT_PARTS + i, export_part(line->name, i, part[i]));
	sqlite3_bind_int64(d->result, RESULT_ROW, (sqlite3_int64)line->row);
	bind_text(d->result, RESULT_REASON, line->reason);
	for (size_t i = 0; good && line->bars && i < line->bars->bars; i++)
		good = put_value(to, d, line->bars->bar[i].count, line->bars->bar[i].low, line->bars->unit);
	for (size_t i = 0; good && i < line->values; i++)
		good = put_value(to, d, line->n, line->value[i].x, line->value[i].unit);
	if (good && !line->values && !line->bars)
		good = put_value(to, d, line->n, 0, NULL);
	return good;
}

static bool record(struct export_to *to, const struct record *r, size_t number)
{
	const struct database *d = to->own;

	if (!put_keys(to, d, r, number))
		return false;
	sqlite3_bind_int64(d->result, 1, (sqlite3_int64)number);
	for (size_t i = 0; i < r->lines; i++)
		if (!put_line(to, d, &r->line[i]))
			return false;
	return true;
}

static bool end(struct export_to *to, bool whole)
{
	struct database *d = to->own;
	bool good = !whole || !sqlite3_exec(d->file, finish_all, NULL, NULL, NULL) || failed(to, d);

	sqlite3_finalize(d->machine);
	sqlite3_finalize(d->result);
	if (sqlite3_close(d->file) && good)
		good = failed(to, d);
	free(d);
	return good;
}

const struct export_form export_sqlite = {
	.name = "sqlite", .needs_path = true, .begin = begin, .record = record, .end = end
};

#else

static const char *missing(void)
{
	return "not built with sqlite: libsqlite3 and its header were not there";
}

/* Never called: it is missing. */
const struct export_form export_sqlite = { .name = "sqlite", .needs_path = true, .missing = missing };

#endif
