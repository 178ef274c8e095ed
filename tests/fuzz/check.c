// SPDX-License-Identifier: GPL-2.0-only
/* What must hold whatever a program does. */
#include "fuzz.h"

#include <dirent.h>
#include <regex.h>

static regex_t bad_lines;
static int log_fd;

/* How much of a new buffer's ends is looked at. */
#define LOOK	(64 * KIB)

/**
 * log_open() - from here on watch the kernel's log
 *
 * /t/bad-lines has the patterns of what must not be in there.
 */
void log_open(void)
{
	char *line, all[4096] = "", *patterns = slurp("/t/bad-lines");

	for (line = strtok(patterns, "\n"); line; line = strtok(NULL, "\n"))
		if (*line != '#')
			snprintf(all + strlen(all), sizeof(all) - strlen(all),
				 "%s%s", *all ? "|" : "", line);
	if (regcomp(&bad_lines, all, REG_EXTENDED | REG_NOSUB))
		bail("bad-lines");
	log_fd = xopen("/dev/kmsg", O_RDONLY | O_NONBLOCK);
	if (lseek(log_fd, 0, SEEK_END) < 0)
		bail("/dev/kmsg");
}

/**
 * log_complains() - whether the kernel did since the last call; shows it
 */
bool log_complains(void)
{
	unsigned int shown = 0;
	char line[8192];
	ssize_t n;

	for (;;) {
		n = read(log_fd, line, sizeof(line) - 1);
		if (n < 0 && errno == EPIPE)
			continue;
		if (n <= 0)
			break;
		line[n] = '\0';
		if (!shown && regexec(&bad_lines, line, 0, NULL, 0))
			continue;
		if (shown++ < 60)
			diag("log: %.*s", (int)strcspn(line, "\n"), line);
	}
	return shown;
}

/**
 * count_entries() - how many files are in a directory
 * @path: the directory
 */
unsigned int count_entries(const char *path)
{
	DIR *dir = opendir(path);
	unsigned int n = 0;
	struct dirent *entry;

	if (!dir)
		return 0;
	while ((entry = readdir(dir)))
		n += strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
	closedir(dir);
	return n;
}

static void check_zero(int fd, __u64 pos, __u64 len, int minor)
{
	ssize_t n = pread(fd, scratch, len, pos);

	if (n != (ssize_t)len)
		complain("kshm%d: %zd bytes at %llu, not %llu", minor, n, pos,
			 len);
	else if (!zero(scratch, len))
		complain("kshm%d is new and not empty", minor);
}

static void check_number(int minor, const char *name, __u64 want)
{
	char *text = attr(minor, name);

	if (strtoull(text, NULL, 0) != want)
		complain("kshm%d: %s is %s, KSHM_IOC_INFO says %llu", minor,
			 name, text, want);
}

/**
 * check_fresh() - a device that was just made
 * @minor: its number
 *
 * It is empty, and sysfs and KSHM_IOC_INFO agree. Then it is no longer empty,
 * so that whoever gets this memory next and does not clear it is found out.
 */
void check_fresh(int minor)
{
	struct kshm_info i = { .struct_size = sizeof(i) };
	__u64 look;
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/dev/kshm%d", minor);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0 || ioctl(fd, KSHM_IOC_INFO, &i)) {
		complain("%s: %s", path, strerror(errno));
		return;
	}
	if (!i.size || i.size % PAGE || i.phys_addr % PAGE)
		complain("kshm%d: %llu bytes at %#llx", minor, i.size,
			 i.phys_addr);
	check_number(minor, "size", i.size);
	check_number(minor, "phys_addr", i.phys_addr);
	check_number(minor, "folio_size", i.folio_size);
	check_number(minor, "openers", 1);
	check_number(minor, "mappings", 0);
	if (strcmp(attr(minor, "name"), i.name))
		complain("kshm%d is %s or %s", minor, attr(minor, "name"),
			 i.name);
	look = i.size < LOOK ? i.size : LOOK;
	check_zero(fd, 0, look, minor);
	check_zero(fd, i.size - look, look, minor);
	memset(scratch, 0x5a, look);
	if (pwrite(fd, scratch, look, 0) != (ssize_t)look ||
	    pwrite(fd, scratch, look, i.size - look) != (ssize_t)look)
		complain("kshm%d cannot be written", minor);
	close(fd);
}

/**
 * check_closed() - when programs' files are closed again
 *
 * No device of theirs is left, nobody has one open.
 */
void check_closed(void)
{
	unsigned int n = count_entries("/sys/class/kshm"), minor;

	if (n != STANDARD_DEVICES)
		complain("%u devices, not %u", n, STANDARD_DEVICES);
	for (minor = 0; minor < STANDARD_DEVICES; minor++) {
		check_number(minor, "openers", 0);
		check_number(minor, "mappings", 0);
	}
}
