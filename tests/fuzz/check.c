// SPDX-License-Identifier: GPL-2.0-only
/* Invariants that must hold after any program. */
#include "fuzz.h"

#include <dirent.h>
#include <regex.h>

#include "memfd.h"

static regex_t bad_lines;
static int log_fd;

/* How much is checked at each end of a new buffer. */
#define LOOK	(64 * KIB)

/**
 * log_open() - watch the kernel's log from here on
 *
 * /t/dmesg-errors has patterns of lines that must not be in it.
 */
void log_open(void)
{
	char *line, all[4096] = "", *patterns = slurp("/t/dmesg-errors");

	for (line = strtok(patterns, "\n"); line; line = strtok(NULL, "\n"))
		if (*line != '#')
			snprintf(all + strlen(all), sizeof(all) - strlen(all),
				 "%s%s", *all ? "|" : "", line);
	if (regcomp(&bad_lines, all, REG_EXTENDED | REG_NOSUB))
		bail("dmesg-errors");
	log_fd = xopen("/dev/kmsg", O_RDONLY | O_NONBLOCK);
	if (lseek(log_fd, 0, SEEK_END) < 0)
		bail("/dev/kmsg");
}

/**
 * log_has_error() - whether the log has an error since the last call; prints it
 */
bool log_has_error(void)
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
		report_bug("kshm%d: %zd bytes at %llu, not %llu", minor, n, pos,
			   len);
	else if (!zero(scratch, len))
		report_bug("kshm%d is new and not zero", minor);
}

static void check_number(int minor, const char *name, __u64 want)
{
	char *text = attr(minor, name);

	if (strtoull(text, NULL, 0) != want)
		report_bug("kshm%d: %s is %s, KSHM_IOC_INFO says %llu", minor,
			   name, text, want);
}

/**
 * check_fresh() - check a device that was just created
 * @minor:  its number
 * @zeroed: it is not a carveout that keeps its contents
 *
 * It is zero, and sysfs and KSHM_IOC_INFO agree. The function then fills it, so
 * that a later buffer which is not zeroed is found.
 */
void check_fresh(int minor, bool zeroed)
{
	struct kshm_info i = { .struct_size = sizeof(i) };
	__u64 look;
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/dev/kshm%d", minor);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0 || ioctl(fd, KSHM_IOC_INFO, &i)) {
		report_bug("%s: %s", path, strerror(errno));
		return;
	}
	if (!i.size || i.size % PAGE || i.phys_addr % PAGE)
		report_bug("kshm%d: %llu bytes at %#llx", minor, i.size,
			   i.phys_addr);
	check_number(minor, "size", i.size);
	check_number(minor, "phys_addr", i.phys_addr);
	check_number(minor, "folio_size", i.folio_size);
	check_number(minor, "openers", 1);
	check_number(minor, "mappings", 0);
	if (strcmp(attr(minor, "name"), i.name))
		report_bug("kshm%d is %s or %s", minor, attr(minor, "name"),
			   i.name);
	look = i.size < LOOK ? i.size : LOOK;
	if (zeroed) {
		check_zero(fd, 0, look, minor);
		check_zero(fd, i.size - look, look, minor);
	}
	memset(scratch, 0x5a, look);
	if (pwrite(fd, scratch, look, 0) != (ssize_t)look ||
	    pwrite(fd, scratch, look, i.size - look) != (ssize_t)look)
		report_bug("kshm%d cannot be written", minor);
	close(fd);
}

/**
 * check_closed() - check the state after the files of a program are closed
 *
 * There is no device of a program, and no device is open.
 */
void check_closed(void)
{
	unsigned int n = count_entries("/sys/class/kshm"), minor;

	if (n != STANDARD_DEVICES)
		report_bug("%u devices exist, not %u", n, STANDARD_DEVICES);
	if (memfd_used())
		report_bug("%lld bytes of memfds are in use", memfd_used());
	for (minor = 0; minor < STANDARD_DEVICES; minor++) {
		check_number(minor, "openers", 0);
		check_number(minor, "mappings", 0);
	}
}
