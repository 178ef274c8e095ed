// SPDX-License-Identifier: GPL-2.0-only
/* Calls on directories in configfs. */
#include "fuzz.h"

#include <dirent.h>

#define CONFIGFS	"/sys/kernel/config/kshm"
#define DIRS		4

static char names[DIRS][TEXT_MAX];
static bool dirs_used;

/* Those that can be written first; the order is kept, as inputs count on it. */
static const char * const attrs[] = {
	"size", "node", "addr_bits", "phys_addr", "live",
	"align", "addr_min", "addr_max", "keep", "reserve_mem",
	"cache", "device", "dev_name", "largest",
};

#define WRITABLE	(ARRAY_SIZE(attrs) - 2)

static const char *dir_path(__u64 slot, const char *attr)
{
	static char path[2 * TEXT_MAX];
	const char *name = names[slot % DIRS];

	hits_kshm = true;
	snprintf(path, sizeof(path), CONFIGFS "/%s/%s", *name ? name : "none",
		 attr);
	return path;
}

/* Writes the text as it is, also zero bytes. Returns what write() returned. */
static ssize_t write_text(const char *path, const char *text, size_t len)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t ret;

	if (fd < 0)
		return -1;
	ret = write(fd, text, len);
	close(fd);
	return ret;
}

static ssize_t get(const char *path, char *text, size_t room)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = read(fd, text, room - 1);
	close(fd);
	if (n >= 0)
		text[n] = '\0';
	return n;
}

/* slot, name */
void call_mkdir(const struct call *c)
{
	char *name = names[c->v[0] % DIRS], *slash;

	if (c->text[0])
		strcpy(name, c->text);
	else
		sprintf(name, "f%llu", c->v[0] % DIRS);
	while ((slash = strchr(name, '/')))
		*slash = '_';
	dirs_used = true;
	if (!mkdir(dir_path(c->v[0], ""), 0700) &&
	    strlen(name) >= KSHM_NAME_SIZE)
		report_bug("mkdir accepts a name of %zu characters", strlen(name));
}

/* slot */
void call_rmdir(const struct call *c)
{
	rmdir(dir_path(c->v[0], ""));
}

/* slot, attribute, text */
void call_set(const struct call *c)
{
	unsigned int attr = c->v[1] % WRITABLE;

	write_text(dir_path(c->v[0], attrs[attr]), c->text, strlen(c->text));
}

/* slot, attribute */
void call_show(const struct call *c)
{
	char text[4096];
	ssize_t n = get(dir_path(c->v[0], attrs[c->v[1] % ARRAY_SIZE(attrs)]),
			text, sizeof(text));

	if (n > 0 && (n > 64 || text[n - 1] != '\n'))
		report_bug("an attribute reads %s", text);
}

/* slot, 0 or 1 */
void call_live(const struct call *c)
{
	char text[64];
	bool keep;
	int minor;

	keep = get(dir_path(c->v[0], "keep"), text, sizeof(text)) > 0 &&
	       *text == '1';
	if (write_text(dir_path(c->v[0], "live"), c->v[1] & 1 ? "0" : "1",
		       1) != 1 || c->v[1] & 1)
		return;
	if (get(dir_path(c->v[0], "dev_name"), text, sizeof(text)) < 0 ||
	    sscanf(text, "kshm%d", &minor) != 1)
		report_bug("a live directory has no device");
	else
		check_fresh(minor, !keep);
}

/**
 * config_close() - remove the directories that the program left
 */
void config_close(void)
{
	struct dirent *entry;
	char path[300];
	DIR *dir;

	memset(names, 0, sizeof(names));
	if (!dirs_used)
		return;
	dirs_used = false;
	dir = opendir(CONFIGFS);
	while (dir && (entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		snprintf(path, sizeof(path), CONFIGFS "/%s", entry->d_name);
		if (rmdir(path))
			report_bug("rmdir %s: %s", path, strerror(errno));
	}
	if (dir)
		closedir(dir);
	if (count_entries(CONFIGFS))
		report_bug("a directory is left in configfs");
}
