// SPDX-License-Identifier: GPL-2.0-only
/*
 * numa DEVICE: the buffer is on node 1. Nothing that migrates the memory of a
 * program to another node moves it.
 */
#include "base.h"

#include <linux/mempolicy.h>

#include "device.h"
#include "pagemap.h"
#include "pattern.h"

static size_t size;

/* The NUMA node of a page, as the kernel reports it. */
static int node_of(void *page)
{
	int node = -1;

	if (syscall(SYS_move_pages, 0, 1UL, &page, NULL, &node, 0))
		bail("move_pages");
	return node;
}

static long bind_to(void *p, size_t len, unsigned long nodes)
{
	return syscall(SYS_mbind, p, len, MPOL_BIND, &nodes, 8UL,
		       MPOL_MF_MOVE | MPOL_MF_MOVE_ALL);
}

static void move_page(void *page, int node)
{
	int status;

	if (syscall(SYS_move_pages, 0, 1UL, &page, &node, &status,
		    MPOL_MF_MOVE_ALL) < 0)
		diag("move_pages: %s", strerror(errno));
	else
		diag("move_pages: status %d", status);
}

static void migrate(unsigned long from, unsigned long to)
{
	if (syscall(SYS_migrate_pages, 0, 8UL, &from, &to) < 0)
		bail("migrate_pages");
}

/* Without this the rest would show nothing. */
static void movable_memory(void)
{
	char *p = anon(PAGE);

	*p = 1;
	move_page(p, 1);
	is(node_of(p), 1, "move_pages moves anonymous memory to node 1");
	migrate(2, 1);
	is(node_of(p), 0, "migrate_pages moves anonymous memory to node 0");
	if (bind_to(p, PAGE, 2))
		bail("mbind");
	is(node_of(p), 1, "mbind moves anonymous memory to node 1");
	munmap(p, PAGE);
}

static void unmoved(char *p, __u64 base, const char *what)
{
	is(node_of(p), 1, "%s: the first page is on node 1", what);
	ok(filled(p, size, 1) && contiguous(p, size, base),
	   "%s: all pages are where they were", what);
}

int main(int argc, char **argv)
{
	int fd = device_open(argc, argv, &size);
	char *p = map(fd, size, 0);
	__u64 base = info(fd).phys_addr;

	movable_memory();
	is(info(fd).node, 1, "INFO: the buffer is on node 1");
	fill(p, size, 1);
	unmoved(p, base, "at first");
	move_page(p, 0);
	unmoved(p, base, "move_pages to node 0");
	migrate(2, 1);
	unmoved(p, base, "migrate_pages to node 0");
	if (bind_to(p, size, 1))
		diag("mbind: %s", strerror(errno));
	unmoved(p, base, "mbind to node 0");
	munmap(p, size);
	return tap_done();
}
