// SPDX-License-Identifier: MIT
#include "file.h"

#include <limits.h>
#include <string.h>

FILE *file_open(const char *root, const char *path)
{
	char full[PATH_MAX];
	if (snprintf(full, sizeof full, "%s%s", root, path) >= (int)sizeof full)
		return NULL;
	return fopen(full, "re");
}

bool file_line(const char *root, const char *path, char *text, size_t size)
{
	char line[4096]; /* as long as a kernel command line may be */
	FILE *f = file_open(root, path);
	if (!f)
		return false;
	bool ok = fgets(line, sizeof line, f) != NULL;
	fclose(f);
	if (!ok)
		return false;
	line[strcspn(line, "\n")] = '\0';
	if (*line)
		snprintf(text, size, "%s", line);
	return *line;
}

bool file_has_word(const char *list, const char *word)
{
	size_t n = strlen(word);
	for (const char *p = list; (p = strstr(p, word)); p += n)
		if ((p == list || strchr(" ,\t", p[-1])) && (!p[n] || strchr(" ,\t\n", p[n])))
			return true;
	return false;
}
