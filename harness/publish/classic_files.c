// SPDX-License-Identifier: MIT
/* A classic table of result files, as a command line asks for it. */
#include <stdlib.h>
#include <string.h>

#include "../analyse/analyse.h"
#include "../say.h"
#include "classic.h"
#include "publish.h"

static const struct {
	const char *name;
	void (*show)(FILE *out, const struct classic *t);
} forms[] = { { "text", classic_text }, { "markdown", classic_markdown }, { "html", classic_html },
	{ "csv", classic_csv } };
enum { FORMS = sizeof forms / sizeof *forms };

static size_t form_of(const char *name)
{
	size_t i = 0;

	while (name && i < FORMS && strcmp(forms[i].name, name))
		i++;
	return i;
}

bool classic_known(const char *name)
{
	return recipe_known(name);
}

const char *classic_names(void)
{
	static char list[200];

	*list = '\0';
	for (size_t i = 0; recipe_names[i]; i++)
		snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", i ? ", " : "", recipe_names[i]);
	return list;
}

static int print(const struct recipe *recipe, const struct sources *s, size_t form)
{
	char error[400];
	struct classic *t = classic_make(recipe, s, error, sizeof error);

	if (!t)
		return complain(FAILED, "%s", error);
	forms[form].show(stdout, t);
	classic_free(t);
	return OK;
}

static int print_files(const struct recipe *recipe, char **path, size_t files, size_t form)
{
	struct record **record = take(calloc(files, sizeof *record));
	const struct cells **cells = take(calloc(files, sizeof *cells));
	char error[512];
	int status = OK;
	size_t read = 0;

	for (; read < files && !status; read += !status) {
		record[read] = record_read(path[read], error, sizeof error);
		if (!record[read])
			status = complain(USAGE, "%s", error);
		else
			cells[read] = cells_group(record[read]);
	}
	if (!status)
		status = print(recipe, &(struct sources){ cells, files }, form);
	while (read--) {
		cells_free((struct cells *)cells[read]);
		record_free(record[read]);
	}
	free(cells);
	free(record);
	return status;
}

int classic_print(const char *name, char **path, size_t files, const char *as, const char *plots)
{
	char folder[4200], error[4400];
	size_t form = as ? form_of(as) : 0;
	struct recipe *recipe;
	int status;

	if (form == FORMS)
		return complain(USAGE, "table %s: markdown, html or csv was expected, and not %s", name, as);
	if (!files)
		return complain(USAGE, "table %s: a result file was expected", name);
	snprintf(folder, sizeof folder, "%s/tables", plots);
	recipe = recipe_read(folder, name, error, sizeof error);
	if (!recipe)
		return complain(MISSING, "%s", error);
	if (recipe->files && files > recipe->files)
		status = complain(USAGE, "table %s: one result file was expected", name);
	else
		status = print_files(recipe, path, files, form);
	recipe_free(recipe);
	return status;
}
