// SPDX-License-Identifier: MIT
#include "export.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../aside.h"
#include "../say.h"

const char *const export_parts[EXPORT_PARTS] = { "bench", "impl", "wait", "policy", "place", "points" };

const char *export_kind(enum record_kind kind)
{
	static const char *const names[] = {
		[RECORD_BENCHMARK] = "trial",
		[RECORD_INVALID] = "invalid",
		[RECORD_MISSING] = "missing",
		[RECORD_SAMPLES] = "samples",
		[RECORD_HISTOGRAM] = "histogram",
	};

	return names[kind];
}

/* A bench's own points are what a name has after its place. */
static const char *points_of(const char *name)
{
	const char *place = strstr(name, "/place="), *rest = place ? strchr(place + 1, '/') : NULL;

	return rest ? rest + 1 : "";
}

const char *export_part(const char *name, int part, char buffer[EXPORT_PART])
{
	const char *value;

	if (part == EXPORT_PARTS - 1)
		return points_of(name);
	value = record_part(name, export_parts[part], buffer, EXPORT_PART);
	return value ? value : "";
}

const char *export_number(double x, char buffer[32])
{
	static const int digits[] = { 6, 15, 16, 17 };

	for (size_t i = 0; i < sizeof digits / sizeof *digits; i++) {
		snprintf(buffer, 32, "%.*g", digits[i], x);
		if (strtod(buffer, NULL) == x)
			break;
	}
	return buffer;
}

/* -- from files to a file */

struct job {
	const struct export_form *form;
	char **path;
	size_t files;
	const char *out; /* NULL: standard output */
};

static struct record *read_file(const char *path)
{
	char error[512];
	struct record *r = record_read(path, error, sizeof error);

	if (!r)
		complain(USAGE, "%s", error);
	return r;
}

/* Of several, all are looked at before anything is written. A single one may be a pipe, which is read only once. */
static int check_files(const struct job *j)
{
	for (size_t i = 0; i < j->files && j->files > 1; i++) {
		struct record *r = read_file(j->path[i]);

		if (!r)
			return USAGE;
		record_free(r);
	}
	return OK;
}

/* One file at a time, so that a thousand take no more memory than one. */
static int export_records(const struct job *j, struct export_to *to, struct record *first)
{
	int status = OK;

	for (size_t i = 0; i < j->files && !status; i++) {
		struct record *r = i ? read_file(j->path[i]) : first;

		if (!r)
			return USAGE;
		if (!j->form->record(to, r, i + 1))
			status = complain(FAILED, "%s", to->error);
		record_free(r);
	}
	return status;
}

static int export_files(const struct job *j, struct export_to *to)
{
	struct record *first = read_file(*j->path);
	int status;

	if (!first)
		return USAGE;
	if (!j->form->begin(to)) {
		record_free(first);
		return complain(FAILED, "%s", to->error);
	}
	status = export_records(j, to, first);
	if (!j->form->end(to, !status) && !status)
		status = complain(FAILED, "%s", to->error);
	return status;
}

static int to_stream(const struct job *j, const struct aside *a, struct export_to *to)
{
	int fd = dup(a->fd), status;

	to->out = fd < 0 ? NULL : fdopen(fd, "w");
	if (!to->out)
		return complain(FAILED, "%s: %s", j->out, strerror(errno));
	status = export_files(j, to);
	if (fclose(to->out) && !status)
		status = complain(FAILED, "%s: %s", j->out, strerror(errno));
	return status;
}

static int to_file(const struct job *j, struct export_to *to)
{
	struct aside a;
	int error = aside_open(&a, j->out), status;

	if (error)
		return complain(USAGE, "--out %s: %s", j->out, strerror(-error));
	if (j->form->needs_path && !a.path) {
		aside_drop(&a);
		return complain(USAGE, "--out %s: the name of a file was expected for --%s", j->out, j->form->name);
	}
	to->path = a.path;
	status = j->form->needs_path ? export_files(j, to) : to_stream(j, &a, to);
	if (status) {
		aside_drop(&a);
		return status;
	}
	error = aside_commit(&a);
	return error ? complain(FAILED, "%s: %s", j->out, strerror(-error)) : OK;
}

int export_make(const struct export_form *form, char **path, size_t files, const char *out)
{
	const struct job j = { form, path, files, out };
	struct export_to to = { .out = stdout };
	const char *missing = form->missing ? form->missing() : NULL;
	int status = check_files(&j);

	if (status)
		return status;
	if (missing)
		return complain(MISSING, "export --%s: %s", form->name, missing);
	if (out)
		return to_file(&j, &to);
	return form->needs_path ? complain(USAGE, "export --%s: --out FILE was expected", form->name)
				: finish(export_files(&j, &to));
}
