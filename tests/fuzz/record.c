// SPDX-License-Identifier: GPL-2.0-only
/*
 * The last programs, in memory that the guest shares with a file of the host
 * (QEMU's ivshmem), where they can be read after the guest has died.
 */
#include "fuzz.h"

#include <dirent.h>
#include <stddef.h>

static struct slot {
	__u64 number;		/* 0: unused */
	struct program program;
} *slots;

static __u64 number;

static bool is_shared_memory(const char *device)
{
	char path[300];
	int vendor, id;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/vendor", device);
	vendor = strtol(slurp(path), NULL, 16);
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/device", device);
	id = strtol(slurp(path), NULL, 16);
	return vendor == 0x1af4 && id == 0x1110;
}

/**
 * record_open() - find the memory
 */
void record_open(void)
{
	DIR *dir = opendir("/sys/bus/pci/devices");
	struct dirent *entry;
	char path[300];
	int fd;

	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || !is_shared_memory(entry->d_name))
			continue;
		snprintf(path, sizeof(path),
			 "/sys/bus/pci/devices/%s/resource2", entry->d_name);
		fd = xopen(path, O_RDWR);
		slots = mmap(NULL, RECORDED * sizeof(*slots),
			     PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		if (slots == MAP_FAILED)
			bail("shared memory");
		closedir(dir);
		return;
	}
	bail("there is no shared memory to record programs in");
}

/**
 * record_put() - record a program that is about to run
 * @p: the program
 */
void record_put(const struct program *p)
{
	struct slot *slot = &slots[number % RECORDED];

	memcpy(&slot->program, p, offsetof(struct program, bytes) + p->len);
	slot->number = ++number;
}

static void extract(const struct slot *slot, const char *dir, unsigned int n)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/last-%02u", dir, n);
	fd = xopen(path, O_WRONLY | O_CREAT | O_TRUNC);
	if (write(fd, slot->program.bytes, slot->program.len) !=
	    (ssize_t)slot->program.len)
		bail("write %s", path);
	close(fd);
}

/**
 * record_extract() - on the host: make a file of each program in a record
 * @record: file with the memory of the guest
 * @dir:    directory for the files; the last program is last-00, the one before
 *	    is last-01
 *
 * Return: 0.
 */
int record_extract(const char *record, const char *dir)
{
	int fd = xopen(record, O_RDONLY);
	__u64 last = 0;
	unsigned int i;

	slots = mmap(NULL, RECORDED * sizeof(*slots), PROT_READ, MAP_PRIVATE, fd, 0);
	if (slots == MAP_FAILED)
		bail("mmap %s", record);
	for (i = 0; i < RECORDED; i++)
		if (slots[i].number > last)
			last = slots[i].number;
	for (i = 0; i < RECORDED; i++)
		if (slots[i].number && slots[i].program.len <= PROGRAM_MAX)
			extract(&slots[i], dir, last - slots[i].number);
	return 0;
}
