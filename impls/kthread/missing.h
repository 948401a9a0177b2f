// SPDX-License-Identifier: MIT
/*
 * What stands between this program and the module, in the order in which it stops. For impls/kthread.c and its test,
 * which shows it other machines' files under a folder of their own.
 */
#ifndef IMPLS_KTHREAD_MISSING_H
#define IMPLS_KTHREAD_MISSING_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "protocol.h"

enum { MISSING_PATH = 4096, CAPABILITY_SYS_MODULE = 16 };

/* The beginning of a file, up to its first line's end unless `whole`; "" where there is none. Not to be kept. */
static const char *missing_text(const char *root, const char *path, int whole)
{
	static char text[1 << 16];
	snprintf(text, sizeof text, "%s%s", root, path);
	int fd = open(text, O_RDONLY | O_CLOEXEC);
	size_t used = 0;
	for (ssize_t got; fd >= 0 && (got = read(fd, text + used, sizeof text - 1 - used)) > 0;)
		used += (size_t)got;
	text[fd < 0 ? 0 : used] = 0;
	if (fd >= 0)
		close(fd);
	if (!whole)
		text[strcspn(text, "\n")] = 0;
	return text;
}

static int missing_exists(const char *root, const char *path)
{
	char whole[MISSING_PATH];
	snprintf(whole, sizeof whole, "%s%s", root, path);
	return !access(whole, F_OK);
}

/* -- a module that is loaded. *fd: the open device, where nothing is missing. */
static const char *missing_device(const char *root, int *fd)
{
	char path[MISSING_PATH];
	__u32 protocol = 0;
	snprintf(path, sizeof path, "%s/dev/" CTXBENCH_DEVICE, root);
	*fd = open(path, O_RDWR | O_CLOEXEC);
	if (*fd < 0)
		return errno == EACCES || errno == EPERM ? "its device is root's alone: sudo"
							 : "its device can't be opened: /dev/" CTXBENCH_DEVICE;
	if (!ioctl(*fd, CTXBENCH_HELLO, &protocol) && protocol == CTXBENCH_PROTOCOL)
		return NULL;
	close(*fd);
	*fd = -1;
	return "the loaded module is of another build: sudo rmmod ctxbench, then make kthread && sudo insmod "
	       "build/kthread/ctxbench.ko";
}

/* -- modules that nobody may load here */
static int missing_capability(const char *root)
{
	const char *mask = strstr(missing_text(root, "/proc/self/status", 1), "CapBnd:");
	return mask && !(strtoull(mask + strlen("CapBnd:"), NULL, 16) >> CAPABILITY_SYS_MODULE & 1);
}

static const char *missing_permission(const char *root)
{
	if (!missing_exists(root, "/proc/modules"))
		return "this kernel takes no modules: built without CONFIG_MODULES";
	if (*missing_text(root, "/proc/sys/kernel/modules_disabled", 0) == '1')
		return "no module may be loaded until the next boot: kernel.modules_disabled=1";
	if (missing_capability(root))
		return "no module may be loaded here: CAP_SYS_MODULE is taken away, as in a container";
	const char *lockdown = missing_text(root, "/sys/kernel/security/lockdown", 0);
	if (strstr(lockdown, "[integrity]") || strstr(lockdown, "[confidentiality]"))
		return "no unsigned module may be loaded: the kernel is locked down";
	if (*missing_text(root, "/sys/module/module/parameters/sig_enforce", 0) == 'Y')
		return "no unsigned module may be loaded: module.sig_enforce=1";
	return NULL;
}

/* -- a module that could be */
static const char *missing_module(const char *root, const char *module)
{
	static char text[CTXBENCH_TEXT];
	char release[65], headers[MISSING_PATH];
	snprintf(release, sizeof release, "%s", missing_text(root, "/proc/sys/kernel/osrelease", 0));
	snprintf(headers, sizeof headers, "/lib/modules/%s/build/Makefile", release);
	const int most = sizeof text - 64; /* a longer path is not cut but kept to oneself */
	if (!access(module, F_OK) && strlen(module) <= (size_t)most)
		snprintf(text, sizeof text, "module not loaded: sudo insmod %.*s", most, module);
	else if (missing_exists(root, headers))
		snprintf(text, sizeof text, "module not loaded: make kthread && sudo insmod build/kthread/ctxbench.ko");
	else
		snprintf(text, sizeof text,
			"module not built: install linux-headers-%s, make kthread && sudo insmod "
			"build/kthread/ctxbench.ko",
			release);
	return text;
}

/* NULL, and in *fd the open device; or one sentence. root: "", or where a test keeps another machine's files; module:
 * where the built module would lie. */
static const char *missing_under(const char *root, const char *module, int *fd)
{
	*fd = -1;
	if (missing_exists(root, "/dev/" CTXBENCH_DEVICE))
		return missing_device(root, fd);
	if (missing_exists(root, "/sys/module/ctxbench"))
		return "the module is loaded, but this /dev has no " CTXBENCH_DEVICE ", as in a container";
	const char *forbidden = missing_permission(root);
	return forbidden ? forbidden : missing_module(root, module);
}

#endif
