// SPDX-License-Identifier: MIT
#include "say.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int complain(int status, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	fputs("ctxbench: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	return status;
}

/* stdio tells of a full disk only here, and of an earlier loss without its errno. */
int finish(int status)
{
	if (fflush(stdout))
		return complain(FAILED, "standard output: %s", strerror(errno));
	return ferror(stdout) ? complain(FAILED, "standard output: not all of it could be written") : status;
}
