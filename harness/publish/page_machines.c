// SPDX-License-Identifier: MIT
/* The page's cards of the machines. */
#include <stdlib.h>
#include <string.h>

#include "machine.h"
#include "markup.h"
#include "page.h"

static void put_drawings(FILE *out, const struct report *r)
{
	fputs("<div class=\"figures\">\n", out);
	for (size_t i = 0; i < r->s->files; i++) {
		const struct record *record = r->s->cells[i]->record;
		char why[200], machine[600], *svg;
		size_t size;

		svg = machine_drawing(record, &size, why, sizeof why);
		machine_words(record, machine, sizeof machine);
		fputs(svg ? "<figure class=\"machine\">\n<figcaption>" : "<p class=\"w\">", out);
		if (r->s->files > 1)
			fprintf(out, "%c: ", report_letter(i));
		html_put(out, svg ? "How the machine is built, by hwloc" : why);
		fputs(svg ? "</figcaption>\n<img alt=\"" : "</p>\n", out);
		if (!svg)
			continue;
		html_put(out, machine);
		fputs(": ", out);
		html_put(out, record_get(record, "topology") ? record_get(record, "topology") : "");
		fputs("\" src=\"", out);
		data_uri(out, "image/svg+xml", svg, size);
		fputs("\" />\n</figure>\n", out);
		free(svg);
	}
	fputs("</div>\n", out);
}

void page_machines(const struct report *r, FILE *out)
{
	struct sheet t;

	page_open(out, "machine", r->s->files > 1 ? "The machines" : "The machine");
	put_drawings(out, r);
	machine_sheet(r->s, true, &t);
	sheet_html(&t, out);
	sheet_free(&t);
	mitigations_sheet(r->s, &t);
	if (t.rows)
		sheet_html(&t, out);
	else
		page_paragraph(out, "By what the kernel tells, none of the known vulnerabilities affects the CPU.");
	sheet_free(&t);
	machine_sheet(r->s, false, &t);
	fputs("<details><summary>How the kernel and the run were set up</summary>\n", out);
	sheet_html(&t, out);
	fputs("</details>\n", out);
	sheet_free(&t);
	page_close(out);
}
