// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aside.h"
#include "record_inside.h"

static void print_quoted(FILE *out, const char *text)
{
	fputs(" reason=\"", out);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

static size_t print_start(FILE *out, const struct record_line *line, enum record_kind kind)
{
	int length = fprintf(out, "%s%s", record_prefix[kind], line->name);

	if (kind != RECORD_MISSING)
		length += fprintf(out, " %.0f", line->n);
	return (size_t)length;
}

static bool print_bars(FILE *out, const struct record_line *line)
{
	size_t size = strlen(line->name) + sizeof record_prefix[0];
	char *start = record_owned(malloc(size));
	int failed;

	snprintf(start, size, "%s%s", record_prefix[RECORD_HISTOGRAM], line->name);
	failed = line->bars && line->bars->bars ? bars_print(out, start, line->bars, WRITTEN_LINE) : 0;
	free(start);
	return !failed;
}

/* What does not fit into one line goes on in another of the same name. False: a name or unit is too long for that. */
static bool print_line(FILE *out, const struct record_line *line)
{
	/* a line that measured nothing is not a trial, and readers refuse one */
	bool nothing = line->kind == RECORD_BENCHMARK && !line->values;
	enum record_kind kind = nothing ? RECORD_INVALID : line->kind;
	bool has_reason = kind == RECORD_INVALID || kind == RECORD_MISSING;
	const char *reason = line->reason ? line->reason : nothing ? "no value" : "";
	size_t limit = has_reason ? WRITTEN_LINE - 2 * strlen(reason) - 16 : WRITTEN_LINE - 1, start, used;

	if (kind == RECORD_SAMPLES && !line->values)
		return true;
	if (kind == RECORD_HISTOGRAM)
		return print_bars(out, line);
	start = used = print_start(out, line, kind);
	for (size_t i = 0; kind != RECORD_MISSING && i < line->values; i++) {
		char text[32];
		/* + 0.0: there is no -0 in a file */
		size_t need = (size_t)snprintf(text, sizeof text, " %.6g ", line->value[i].x + 0.0) +
			      strlen(line->value[i].unit);

		if (start + need > limit)
			return false;
		if (used + need > limit) {
			if (has_reason)
				print_quoted(out, reason);
			fputc('\n', out);
			used = print_start(out, line, kind);
		}
		fprintf(out, "%s%s", text, line->value[i].unit);
		used += need;
	}
	if (has_reason)
		print_quoted(out, reason);
	fputc('\n', out);
	return start <= limit;
}

static bool print_record(FILE *out, const struct record *r)
{
	for (size_t i = 0; i < r->keys; i++) {
		const struct record_key *k = &r->key[i];

		if (strlen(k->key) + strlen(k->value) + 3 > WRITTEN_LINE)
			return false;
		fprintf(out, "%s:%s%s\n", k->key, *k->value ? " " : "", k->value);
	}
	for (size_t i = 0; i < r->units; i++) {
		const struct record_key *u = &r->unit[i];

		if (strlen(u->key) + strlen(u->value) + 7 > WRITTEN_LINE)
			return false;
		fprintf(out, "Unit %s %s\n", u->key, u->value);
	}
	for (size_t i = 0; i < r->lines; i++)
		if (!print_line(out, &r->line[i]))
			return false;
	return true;
}

/* The whole file in memory, so that a failing write(2) shows its own errno. */
int record_text(const struct record *r, char **text, size_t *length)
{
	struct c_locale l = c_locale_enter();
	FILE *out = open_memstream(text, length);
	int err = out ? 0 : -ENOMEM;

	if (out && !print_record(out, r))
		err = -E2BIG;
	if (out && ferror(out))
		err = -ENOMEM;
	if (out && fclose(out) && !err)
		err = -ENOMEM;
	c_locale_leave(l);
	return err;
}

int record_write(const struct record *r, const char *path)
{
	char *text = NULL;
	size_t length = 0;
	struct aside a;
	int err = record_text(r, &text, &length);

	if (!err)
		err = aside_open(&a, path);
	if (err)
		goto out;
	err = aside_write(&a, text, length);
	if (err)
		aside_drop(&a);
	else
		err = aside_commit(&a);
out:
	free(text);
	return err;
}
