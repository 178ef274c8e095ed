// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which processes have a buffer open or mapped: their descriptors and mappings in
 * /proc are compared by device number.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "users.h"
#include "util.h"

/**
 * struct search - the state of a search
 * @bufs: the buffers
 * @nbufs: how many
 * @nodes: of each, its node in /dev
 * @users: found until now
 * @nusers: how many
 */
struct search {
	const struct buffer *bufs;
	size_t nbufs;
	struct stat *nodes;
	struct user *users;
	size_t nusers;
};

static void found(struct search *search, dev_t dev, pid_t pid)
{
	size_t i;

	for (i = 0; i < search->nbufs && search->bufs[i].dev != dev; i++)
		;
	if (i == search->nbufs)
		return;
	/* Processes are searched one after the other. */
	for (i = search->nusers; i && search->users[i - 1].pid == pid; i--) {
		if (search->users[i - 1].dev == dev)
			return;
	}
	search->users = xrealloc(search->users, search->nusers + 1, sizeof(*search->users));
	search->users[search->nusers].dev = dev;
	search->users[search->nusers++].pid = pid;
}

static void search_files(struct search *search, int proc, pid_t pid)
{
	int fd = openat(proc, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent *entry;
	struct stat st;
	DIR *dir;

	if (fd < 0)
		return;
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return;
	}
	while ((entry = readdir(dir))) {
		if (!fstatat(fd, entry->d_name, &st, 0) && S_ISCHR(st.st_mode))
			found(search, st.st_rdev, pid);
	}
	closedir(dir);
}

/*
 * maps names the file system and inode of the node, not the device. map_files leads
 * to the node, wherever it is, but for root only.
 */
static void search_mapping(struct search *search, int proc, pid_t pid, const char *range,
			   dev_t dev, unsigned long long inode)
{
	char *path = xasprintf("map_files/%s", range);
	struct stat st;
	size_t i;

	if (!fstatat(proc, path, &st, 0)) {
		if (S_ISCHR(st.st_mode))
			found(search, st.st_rdev, pid);
	} else {
		for (i = 0; i < search->nbufs; i++) {
			if (search->nodes[i].st_ino == inode && search->nodes[i].st_dev == dev)
				found(search, search->bufs[i].dev, pid);
		}
	}
	free(path);
}

static void search_mappings(struct search *search, int proc, pid_t pid)
{
	int fd = openat(proc, "maps", O_RDONLY | O_CLOEXEC);
	char *line = NULL, range[48], mode[8];
	unsigned int major, minor;
	unsigned long long inode;
	size_t room = 0;
	FILE *file;

	if (fd < 0)
		return;
	file = fdopen(fd, "r");
	if (!file) {
		close(fd);
		return;
	}
	while (getline(&line, &room, file) > 0) {
		/* Mappings of a buffer are shared. */
		if (sscanf(line, "%47s %7s %*s %x:%x %llu", range, mode, &major, &minor,
			   &inode) == 5 && inode && mode[3] == 's')
			search_mapping(search, proc, pid, range, makedev(major, minor), inode);
	}
	free(line);
	fclose(file);
}

static void search_process(struct search *search, int dirfd, const char *name)
{
	int proc = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	pid_t pid = atoi(name);

	/* The process may have ended. */
	if (proc < 0)
		return;
	search_files(search, proc, pid);
	search_mappings(search, proc, pid);
	close(proc);
}

static int by_pid(const void *a, const void *b)
{
	const struct user *x = a, *y = b;

	return (x->pid > y->pid) - (x->pid < y->pid);
}

size_t users_find(const struct buffer *bufs, size_t n, struct user **users)
{
	struct search search = { .bufs = bufs, .nbufs = n };
	struct dirent *entry;
	bool used = false;
	DIR *dir;
	size_t i;

	search.nodes = xrealloc(NULL, n + 1, sizeof(*search.nodes));
	for (i = 0; i < n; i++) {
		char *path = xasprintf("/dev/%s", bufs[i].device);

		if (stat(path, &search.nodes[i]))
			memset(&search.nodes[i], 0, sizeof(search.nodes[i]));
		free(path);
		used |= bufs[i].openers;
	}
	dir = used ? opendir("/proc") : NULL;
	if (used && !dir)
		err(EXIT_FAILURE, "/proc");
	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			search_process(&search, dirfd(dir), entry->d_name);
	}
	if (dir)
		closedir(dir);
	free(search.nodes);
	if (search.nusers)
		qsort(search.users, search.nusers, sizeof(*search.users), by_pid);
	*users = search.users;
	return search.nusers;
}
