// SPDX-License-Identifier: MIT
/*
 * hwloc's drawing of a machine, by its lstopo: of the line that `run` keeps of the topology, which hwloc calls
 * synthetic. It comes from a file, anybody's, so it is an argument and never a name or a command, and drawing has
 * limits.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "machine.h"
#include "markup.h"

enum { SECONDS = 10, LARGEST = 4 << 20, LONGEST = 1000 };

/* What hwloc writes, and nothing of what it takes for a file, an option or more than one line. */
static bool is_synthetic(const char *text)
{
	static const char signs[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 :=()[].,-_*";

	return *text && *text != '-' && strspn(text, signs) == strlen(text) && strlen(text) <= LONGEST;
}

static void become_lstopo(const char *topology, int output)
{
	const struct rlimit seconds = { SECONDS, SECONDS }, memory = { 1 << 30, 1 << 30 };
	int nothing = open("/dev/null", O_RDWR);

	dup2(nothing, STDIN_FILENO);
	dup2(output, STDOUT_FILENO);
	dup2(nothing, STDERR_FILENO);
	setrlimit(RLIMIT_CPU, &seconds);
	setrlimit(RLIMIT_AS, &memory);
	for (int other = 0; other < 2; other++)
		execlp(other ? "lstopo-no-graphics" : "lstopo", "lstopo", "--input-format", "synthetic", "--input",
			topology, "--no-legend", "--no-io", "--output-format", "nativesvg", "-", (char *)NULL);
	_exit(127);
}

static char *read_to_end(int fd, size_t *size)
{
	char *text = take(malloc(LARGEST + 1));
	ssize_t got = 0;

	*size = 0;
	do {
		*size += (size_t)got;
		got = read(fd, text + *size, LARGEST - *size);
	} while (got > 0 || (got < 0 && errno == EINTR && !(got = 0)));
	text[*size] = '\0';
	return text;
}

/* hwloc writes units into the view box, where only numbers may be: browsers then leave it out and can't scale it. */
static void repair_view_box(char *svg)
{
	char *box = strstr(svg, "viewBox='"), *end = box ? strchr(box + strlen("viewBox='"), '\'') : NULL;

	for (char *at = box; at && at + 1 < end; at++)
		if (at[0] == 'p' && at[1] == 'x')
			at[0] = at[1] = ' ';
}

static bool is_whole(const char *svg)
{
	const char *end = strstr(svg, "</svg>");

	return end && strstr(svg, "viewBox='") && strstr(svg, "<rect") &&
	       strspn(end + strlen("</svg>"), " \n") == strlen(end + strlen("</svg>"));
}

static char *draw(const char *topology, size_t *size, int *status)
{
	int ends[2];
	char *svg = NULL;
	pid_t pid;

	*status = -1;
	if (pipe2(ends, O_CLOEXEC))
		return NULL;
	fflush(NULL);
	pid = fork();
	if (!pid)
		become_lstopo(topology, ends[1]);
	close(ends[1]);
	if (pid > 0)
		svg = read_to_end(ends[0], size);
	close(ends[0]);
	while (pid > 0 && waitpid(pid, status, 0) < 0 && errno == EINTR)
		;
	return svg;
}

char *machine_drawing(const struct record *r, size_t *size, char *why, size_t why_size)
{
	const char *topology = record_get(r, "topology.synthetic");
	char *svg;
	int status;

	if (!topology || !strcmp(topology, "unknown")) {
		snprintf(why, why_size, "not drawn: the file does not tell how the machine is built%s",
			topology ? ": it is not the same in all of its parts" : "");
		return NULL;
	}
	if (!is_synthetic(topology)) {
		snprintf(why, why_size, "not drawn: what the file says of the topology is not what hwloc writes");
		return NULL;
	}
	svg = draw(topology, size, &status);
	if (svg && WIFEXITED(status) && !WEXITSTATUS(status) && is_whole(svg)) {
		repair_view_box(svg);
		return svg;
	}
	snprintf(why, why_size, "not drawn: %s",
		WIFEXITED(status) && WEXITSTATUS(status) == 127 ? "hwloc's lstopo is not installed"
								: "hwloc's lstopo could not draw what the file says");
	free(svg);
	return NULL;
}
