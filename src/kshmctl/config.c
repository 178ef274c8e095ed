// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers in configfs: /sys/kernel/config/kshm.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "config.h"
#include "errors.h"
#include "explain.h"
#include "util.h"

/* linux/magic.h */
#define CONFIGFS_MAGIC 0x62656570

/* How long udev may take for a node, seconds. */
#define UDEV_SECONDS 10

const struct config_attr_info config_attrs[NATTRS] = {
	[ATTR_SIZE] = { "size", "size", "0", "a size, as 64M, that is not 0", true },
	[ATTR_NODE] = { "node", "node", "-1", "a NUMA node that has memory, or -1", false },
	[ATTR_ADDR_BITS] = { "addr_bits", "addr-bits", "0", "0, or 24 to 64", false },
	[ATTR_ALIGN] = { "align", "align", "0", "a power of two, as 64M", true },
	[ATTR_ADDR_MIN] = { "addr_min", "addr-min", "0x0", "an address", true },
	[ATTR_ADDR_MAX] = { "addr_max", "addr-max", "0x0", "an address", true },
	[ATTR_PHYS_ADDR] = { "phys_addr", "phys", "", "a multiple of the page size", true },
	[ATTR_RESERVE_MEM] = { "reserve_mem", "reserve-mem", "", "at most 15 characters", false },
	[ATTR_CACHE] = { "cache", "cache", "wb", "wb, wc or uc", false },
	[ATTR_KEEP] = { "keep", "keep", "0", "0 or 1", false },
	[ATTR_DEVICE] = { "device", "device", "", "a bus and a name, as pci/0000:01:00.0", false },
};

static char *config_path(const char *name, const char *attr)
{
	return xasprintf(CONFIG_DIR "/%s%s%s", name, attr ? "/" : "", attr ?: "");
}

int config_read(const char *name, const char *attr, char *text, size_t len)
{
	char *path = config_path(name, attr);
	int error = file_read(path, text, len);

	free(path);
	return error;
}

int config_write(const char *name, const char *attr, const char *text)
{
	char *path = config_path(name, attr);
	int error = file_write(path, text);

	free(path);
	return error;
}

bool config_has(const char *name)
{
	bool there;
	char *path;

	if (!*name || strchr(name, '/') || !strcmp(name, ".") || !strcmp(name, ".."))
		return false;
	path = config_path(name, NULL);
	there = !access(path, F_OK);
	free(path);
	return there;
}

void require_config(void)
{
	struct statfs fs;

	require_module();
	if (!access(CONFIG_DIR, F_OK)) {
		if (!geteuid())
			return;
		warnx("only root can create and remove buffers");
		advise("use sudo");
		exit(EXIT_FAILURE);
	}
	if (!statfs("/sys/kernel/config", &fs) && fs.f_type == CONFIGFS_MAGIC) {
		warnx("%s is missing, but configfs is mounted", CONFIG_DIR);
		advise("load the module again: modprobe -r kshm && modprobe kshm");
	} else {
		warnx("configfs is not mounted, so buffers cannot be created or removed");
		advise("mount -t configfs none /sys/kernel/config");
	}
	exit(EXIT_FAILURE);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

size_t config_names(char ***names)
{
	struct dirent *entry;
	size_t n = 0;
	DIR *dir;

	*names = NULL;
	require_config();
	dir = opendir(CONFIG_DIR);
	if (!dir)
		err(EXIT_FAILURE, "%s", CONFIG_DIR);
	while ((entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		*names = xrealloc(*names, n + 1, sizeof(**names));
		(*names)[n++] = xstrdup(entry->d_name);
	}
	closedir(dir);
	if (n)
		qsort(*names, n, sizeof(**names), by_name);
	return n;
}

static bool write_attrs(const struct request *req, const char *where)
{
	int i, error;

	for (i = 0; i < NATTRS; i++) {
		if (!req->value[i])
			continue;
		error = config_write(req->name, config_attrs[i].name, req->value[i]);
		if (error) {
			explain_attr(req, i, where, -error);
			return false;
		}
	}
	return true;
}

/* The directory to be removed when a signal ends the program. */
static char *guarded;

static void remove_and_exit(int signal)
{
	rmdir(guarded);
	_exit(128 + signal);
}

void config_guard(const char *name)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGPIPE, SIGTERM };
	struct sigaction action = { .sa_handler = name ? remove_and_exit : SIG_DFL };
	char *before = guarded;
	size_t i;

	if (name)
		guarded = config_path(name, NULL);
	for (i = 0; i < ARRAY_SIZE(signals); i++) {
		struct sigaction old;

		/* One that nohup(1) and the like have switched off stays so. */
		if (!sigaction(signals[i], NULL, &old) && old.sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
	}
	if (!name)
		guarded = NULL;
	free(before);
}

bool config_create(const struct request *req, const char *where, char *device, size_t len)
{
	char *path = config_path(req->name, NULL);
	int error;

	/* A name is one directory. */
	if (!*req->name || strchr(req->name, '/') || mkdir(path, 0755)) {
		explain_mkdir(req, where, strchr(req->name, '/') || !*req->name ? EINVAL : errno);
		free(path);
		return false;
	}
	config_guard(req->name);
	if (!write_attrs(req, where)) {
		error = -EINVAL;
	} else {
		error = config_write(req->name, "live", "1");
		if (error)
			explain_live(req, where, -error);
		else
			error = config_read(req->name, "dev_name", device, len);
	}
	if (error)
		rmdir(path);
	config_guard(NULL);
	free(path);
	return !error;
}

bool config_remove(const char *name)
{
	char *path = config_path(name, NULL);
	bool removed = !rmdir(path);

	if (!removed)
		warn("%s", path);
	free(path);
	return removed;
}

/* Whether udev runs, with the rule of kshm, which makes the link. */
static bool udev_makes_links(void)
{
	static const char *const dirs[] = {
		"/etc/udev/rules.d", "/run/udev/rules.d", "/usr/local/lib/udev/rules.d",
		"/usr/lib/udev/rules.d", "/lib/udev/rules.d"
	};
	bool rule = false;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(dirs) && !rule; i++) {
		char *path = xasprintf("%s/60-kshm.rules", dirs[i]);

		rule = !access(path, F_OK);
		free(path);
	}
	return rule && !access("/run/udev/control", F_OK);
}

/* The rule makes the link after it has set the rights of the node. */
static bool link_leads_to(const char *link, const char *node)
{
	struct stat a, b;

	return !stat(node, &b) && !stat(link, &a) && a.st_rdev == b.st_rdev;
}

void config_wait_node(const char *name, const char *device)
{
	const struct timespec pause = { .tv_nsec = 20 * 1000 * 1000 };
	char *node = xasprintf("/dev/%s", device);
	char *link = xasprintf("/dev/kshm-by-name/%s", name);
	int left = UDEV_SECONDS * 50;

	if (udev_makes_links()) {
		while (!link_leads_to(link, node) && left--)
			nanosleep(&pause, NULL);
		if (left < 0) {
			warnx("%s: udev has not set the access rights within %d seconds", node,
			      UDEV_SECONDS);
			advise("udevadm control --reload && udevadm trigger -s kshm");
		}
	}
	free(link);
	free(node);
}
