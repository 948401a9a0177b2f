// SPDX-License-Identifier: MIT
/* One line for each key and each value, RFC 4180: quoted where it must be, lines end in CR LF. */
#include <string.h>

#include "export.h"

static void put_text(FILE *out, const char *text)
{
	if (!strpbrk(text, ",\"\r\n")) {
		fputs(text, out);
		return;
	}
	putc('"', out);
	for (; *text; text++) {
		if (*text == '"')
			putc('"', out);
		putc(*text, out);
	}
	putc('"', out);
}

/* machine, file, kind, name, its parts, row: what all lines of one result have in common. */
static void put_start(FILE *out, const struct record *r, size_t number, const struct record_line *line)
{
	char part[EXPORT_PART];

	fprintf(out, "%zu,", number);
	put_text(out, r->path ? r->path : "");
	fprintf(out, ",%s,", export_kind(line->kind));
	put_text(out, line->name);
	for (int i = 0; i < EXPORT_PARTS; i++) {
		putc(',', out);
		put_text(out, export_part(line->name, i, part));
	}
	fprintf(out, ",%zu,", line->row);
}

/* n, value, unit and text; what is not there is empty. */
static void put_end(FILE *out, double n, double value, const char *unit, const char *text)
{
	char number[32];

	fputs(export_number(n, number), out);
	putc(',', out);
	if (unit)
		fputs(export_number(value, number), out);
	putc(',', out);
	put_text(out, unit ? unit : "");
	putc(',', out);
	put_text(out, text ? text : "");
	fputs("\r\n", out);
}

static void put_key(FILE *out, const struct record *r, size_t number, const char *kind, const struct record_key *key)
{
	fprintf(out, "%zu,", number);
	put_text(out, r->path ? r->path : "");
	fprintf(out, ",%s,", kind);
	put_text(out, key->key);
	fputs(",,,,,,,,,,,", out);
	put_text(out, key->value);
	fputs("\r\n", out);
}

static void put_line(FILE *out, const struct record *r, size_t number, const struct record_line *line)
{
	for (size_t i = 0; line->bars && i < line->bars->bars; i++) {
		put_start(out, r, number, line);
		put_end(out, line->bars->bar[i].count, line->bars->bar[i].low, line->bars->unit, NULL);
	}
	for (size_t i = 0; i < line->values; i++) {
		put_start(out, r, number, line);
		put_end(out, line->n, line->value[i].x, line->value[i].unit, line->reason);
	}
	if (!line->values && !line->bars) {
		put_start(out, r, number, line);
		put_end(out, line->n, 0, NULL, line->reason);
	}
}

static bool begin(struct export_to *to)
{
	fputs("machine,file,kind,name", to->out);
	for (int i = 0; i < EXPORT_PARTS; i++)
		fprintf(to->out, ",%s", export_parts[i]);
	fputs(",row,n,value,unit,text\r\n", to->out);
	return true;
}

static bool record(struct export_to *to, const struct record *r, size_t number)
{
	for (size_t i = 0; i < r->keys; i++)
		put_key(to->out, r, number, "key", &r->key[i]);
	for (size_t i = 0; i < r->units; i++)
		put_key(to->out, r, number, "unit", &r->unit[i]);
	for (size_t i = 0; i < r->lines; i++)
		put_line(to->out, r, number, &r->line[i]);
	snprintf(to->error, sizeof to->error, "the export can't be written");
	return !ferror(to->out);
}

static bool end(struct export_to *to, bool whole)
{
	(void)whole;
	return !ferror(to->out);
}

const struct export_form export_csv = { .name = "csv", .begin = begin, .record = record, .end = end };
