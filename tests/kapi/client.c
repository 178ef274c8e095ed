// SPDX-License-Identifier: GPL-2.0-only
/* client: tell the module kshm_client what to do with linux/kshm.h. */
#include "base.h"

#include <sys/sysmacros.h>

#include "configfs.h"
#include "doorbell.h"
#include "kernel.h"
#include "memory.h"

#define PARAMETERS	"/sys/module/kshm_client/parameters/"

static void client_load(void)
{
	int fd = xopen("/t/clients/kshm_client.ko", O_RDONLY);

	if (syscall(SYS_finit_module, fd, "", 0))
		bail("load kshm_client");
	close(fd);
}

static void client_unload(void)
{
	if (syscall(SYS_delete_module, "kshm_client", O_NONBLOCK))
		bail("unload kshm_client");
}

/* Returns 0, or -1 with errno. */
static int client(const char *what)
{
	return try_put(PARAMETERS "do", what) ? 0 : -1;
}

static long heard(void)
{
	return strtol(slurp(PARAMETERS "heard"), NULL, 10);
}

/* The number of the device with a name, or -1. */
static int minor_of(const char *name)
{
	int i;

	for (i = 0; i < 8; i++) {
		char path[64];

		snprintf(path, sizeof(path), "/sys/class/kshm/kshm%d", i);
		if (!access(path, F_OK) && !strcmp(attr(i, "name"), name))
			return i;
	}
	return -1;
}

static void creates(void)
{
	int minor, fd, node;
	char path[32], *p;
	struct stat st;

	is(client("create app:1M/align=64K"), 0, "make a buffer of 1 MiB");
	is_str(slurp(PARAMETERS "buffer"), "app 1048576\n",
	       "its name and size for the module");
	minor = minor_of("app");
	is(minor, 1, "it has a device, kshm1");
	is_str(attr(minor, "size"), "1048576", "size in sysfs");
	is(client("verify"), 0,
	   "kernel address and pages belong to its physical address");

	snprintf(path, sizeof(path), "/dev/kshm%d", minor);
	fd = xopen(path, O_RDWR);
	if (fstat(fd, &st))
		bail("fstat");
	p = map(fd, MIB, 0);
	is(p[0] | p[MIB - 1], 0, "a program finds it zeroed");
	client("fill a");
	is(p[0], 'a', "what the module writes is in the program's mapping");
	is(p[MIB - 1], 'a', "also at the end");

	is(client("destroy"), 0, "take it away while a program has it mapped");
	is(minor_of("app"), -1, "the device is gone");
	if (mknod("/tmp/gone", S_IFCHR | 0600, st.st_rdev))
		bail("mknod");
	node = open("/tmp/gone", O_RDWR);
	fails(node, ENODEV, "open another node of it");
	unlink("/tmp/gone");
	is(p[MIB - 1], 'a', "the program's mapping stays");
	fails(module_unload(), EAGAIN, "unload kshm while it is mapped");
	munmap(p, MIB);
	close(fd);

	is(client("create 64K"), 0, "make a buffer without a name");
	is_str(slurp(PARAMETERS "buffer"), "kshm1 65536\n",
	       "it has the name of its device");
	is(client("destroy"), 0, "take it away");
}

static void refused(void)
{
	fails(client("create"), EINVAL, "an empty request");
	fails(client("create a:0"), EINVAL, "size 0");
	fails(client("create kshm7:64K"), EINVAL, "the name of a device");
	fails(client("create a:64K,b:64K"), EINVAL, "two requests");
	fails(client("create a:64K/color=red"), EINVAL, "an unknown key");
	fails(client("create a:1048576G"), ENOMEM, "more than there is");
	buffer_prepare("taken", 64 * KIB);
	configfs_set("taken", "live", "1");
	fails(client("create taken:64K"), EEXIST, "the name of a live buffer");
	buffer_drop("taken");
	fails(client("find taken"), ENOENT, "find a buffer that is gone");
	fails(client("find "), ENOENT, "find the empty name");
	is(devices(), 1, "devices afterwards");
}

/* A buffer of configfs goes while the module holds it. */
static void finds(void)
{
	const long long size = 16 * MIB;
	long long before, held, after;
	int fd;
	char *p;

	is(client("find kshm0"), 0, "find the buffer of buffers= by its name");
	is(client("verify"), 0, "its addresses");
	is(client("put"), 0, "give it back");

	/* What the kernel allocates once is not counted. */
	close(buffer_make("frames", size));
	client("find frames");
	buffer_drop("frames");
	client("put");

	before = free_memory();
	fd = buffer_make("frames", size);
	is(client("find frames"), 0, "find a buffer of configfs");
	is(client("verify"), 0, "its addresses");
	p = map(fd, size, 0);
	buffer_drop("frames");
	is(minor_of("frames"), -1, "root removes it");
	client("fill f");
	is(p[size - 1], 'f', "the module still shares it with the program");
	munmap(p, size);
	close(fd);
	held = free_memory();
	ok(before - held > size * 3 / 4, "the module holds the memory: %lld KiB",
	   (before - held) / 1024);
	is(client("verify"), 0, "and can use it");
	fails(client("find frames"), EBUSY, "(the module has one at a time)");
	is(client("put"), 0, "give it back");
	after = free_memory();
	ok(before - after < size / 4, "the memory is free: %lld KiB missing",
	   (before - after) / 1024);
}

static void doorbell(void)
{
	int a, b;
	long n;

	client("find kshm0");
	a = xopen("/dev/kshm0", O_RDWR);
	b = xopen("/dev/kshm0", O_RDWR);
	ring(a);
	is(heard(), 0, "without a notifier the module hears nothing");
	events(b);

	is(client("listen"), 0, "register a notifier");
	n = heard();
	ring(a);
	is(heard() - n, 1, "the notifier has run when NOTIFY returns");
	ok(rung(b), "the other file is told as well");
	ok(!rung(a), "the file that rings is not");
	events(b);

	is(client("notify"), 0, "notify from the module");
	is(heard() - n, 1, "its notifier does not run");
	ok(rung(a) && rung(b), "all files are told");
	is(events(a), events(b), "with the same count");
	is(client("irq"), 0, "notify from an interrupt");
	ok(rung(a) && rung(b), "all files are told");
	events(a);

	is(client("answer"), 0, "the notifier rings back from now on");
	ring(a);
	ok(rung(a), "the file that rings is told of the answer");
	is(heard() - n, 2, "one call for one ring");
	ring(a);
	is(heard() - n, 3, "and for the next one");

	is(client("ignore"), 0, "unregister the notifier");
	ring(a);
	is(heard() - n, 3, "it is called no more");
	fails(client("ignore"), ENOENT, "unregister it again");
	close(a);
	close(b);
	client("put");
}

/* In each order; what a module forgets keeps kshm loaded and breaks nothing. */
static void goes(void)
{
	fails(module_unload(), EAGAIN, "unload kshm under a module that uses it");
	client("create app:64K");
	client("forget");
	client_unload();
	fails(module_unload(), EAGAIN,
	      "unload kshm after a module forgot a buffer");
	is(minor_of("app"), 1, "the forgotten buffer stays");
	client_load();
	is(client("find app"), 0, "another module finds it");
	client("put");
	is(client("recall app"), 0, "and destroys it");
	client_unload();
	is(module_unload(), 0, "kshm is unloaded after its users");
}

int main(void)
{
	client_load();
	creates();
	refused();
	finds();
	doorbell();
	goes();
	return tap_done();
}
