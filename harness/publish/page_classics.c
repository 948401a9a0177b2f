// SPDX-License-Identifier: MIT
/* The page's classic tables: those of one file for each. */
#include "classic.h"
#include "markup.h"
#include "page.h"

static void put_classic(FILE *out, const struct report *r, const struct recipe *recipe, size_t file)
{
	const struct sources one = { r->s->cells + file, 1 };
	char error[400];
	struct classic *t = classic_make(recipe, recipe->files == 1 ? &one : r->s, error, sizeof error);

	if (!t || !t->measured) {
		fputs("<p class=\"w\">", out);
		html_put(out, recipe->title);
		html_put(out, t ? ": not measured in this file" : error);
		fputs("</p>\n", out);
	} else {
		fputs("<h3>", out);
		if (r->s->files > 1 && recipe->files == 1)
			fprintf(out, "%c: ", report_letter(file));
		html_put(out, recipe->title);
		fputs("</h3>\n<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-label=\"", out);
		html_put(out, recipe->title);
		fputs("\">\n", out);
		classic_html(out, t);
		fputs("</div>\n", out);
	}
	if (t)
		classic_free(t);
}

void page_classics(const struct report *r, FILE *out)
{
	char folder[4096], error[400];

	snprintf(folder, sizeof folder, "%s/tables", r->plots);
	page_open(out, "classic", "The classic tables, then and now");
	page_paragraph(out,
		"The workloads of published tables on this machine, beside what was published, and the ratio of the "
		"two. Where nothing was published, the place is empty.");
	for (size_t i = 0; recipe_names[i]; i++) {
		struct recipe *recipe = recipe_read(folder, recipe_names[i], error, sizeof error);

		if (!recipe)
			page_paragraph(out, error);
		for (size_t f = 0; recipe && f < (recipe->files == 1 ? r->s->files : 1); f++)
			put_classic(out, r, recipe, f);
		if (recipe)
			recipe_free(recipe);
	}
	page_close(out);
}
