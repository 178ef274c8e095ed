// SPDX-License-Identifier: GPL-2.0-only
/*
 * userns DEVICE: a user becomes root in a new user namespace. This gives no
 * additional rights to kshm.
 */
#include "base.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/sysmacros.h>

#include "configfs.h"
#include "device.h"
#include "kernel.h"
#include "pagemap.h"

#define ROOM	"/tmp/userns"	/* a directory of the user */

static void become_root(void)
{
	unsigned int uid = getuid(), gid = getgid();
	char text[64];

	if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET))
		bail("unshare");
	put("/proc/self/setgroups", "deny");
	snprintf(text, sizeof(text), "0 %u 1", uid);
	put("/proc/self/uid_map", text);
	snprintf(text, sizeof(text), "0 %u 1", gid);
	put("/proc/self/gid_map", text);
	is(geteuid(), 0, "the user is root in the namespace");
}

/* Without capabilities in the namespace the rest would show nothing. */
static void has_capabilities(void)
{
	ok(!mount("tmp", ROOM, "tmpfs", 0, NULL), "root of the namespace can mount a tmpfs");
	ok(!mount("sys", ROOM, "sysfs", 0, NULL), "root of the namespace can mount a sysfs");
}

static void addresses(int fd)
{
	char *p = map(fd, PAGE, 0), *text;

	touch(p, PAGE);
	is(info(fd).phys_addr, 0, "phys_addr in INFO is 0");
	is(phys_page(p), 0, "pagemap shows no address");
	fails(open("/sys/class/kshm/kshm0/phys_addr", O_RDONLY), EACCES,
	      "open of phys_addr in sysfs: EACCES");
	fails(open(ROOM "/class/kshm/kshm0/phys_addr", O_RDONLY), EACCES,
	      "open of phys_addr in the namespace's sysfs: EACCES");
	fails(chmod("/sys/class/kshm/kshm0/phys_addr", 0444), EPERM,
	      "chmod of phys_addr in sysfs: EPERM");
	text = slurp("/proc/iomem");
	ok(!strncmp(text, "00000000-00000000 ", 18),
	   "/proc/iomem shows no address");
	munmap(p, PAGE);
}

static void privileged_calls(const char *path)
{
	int module = xopen("/t/kshm.ko", O_RDONLY);
	struct stat st;

	if (stat(path, &st))
		bail("%s", path);
	fails(mkdir(CONFIGFS "/userns", 0700), EACCES, "mkdir in configfs: EACCES");
	fails(rmdir(CONFIGFS "/own"), EACCES, "rmdir in configfs: EACCES");
	fails(open(CONFIGFS "/own/live", O_WRONLY), EACCES,
	      "open of live in configfs: EACCES");
	fails(mount("config", ROOM, "configfs", 0, NULL), EPERM,
	      "mount of configfs: EPERM");
	fails(mount("kshm", ROOM, "kshm", 0, NULL), ENODEV,
	      "mount of kshm's own file system: ENODEV");
	fails(mknod(ROOM "/node", S_IFCHR | 0600, st.st_rdev), EPERM,
	      "mknod: EPERM");
	fails(chmod(path, 0666), EPERM, "chmod of the device node: EPERM");
	fails(chown(path, 0, 0), EPERM, "chown of the device node: EPERM");
	fails(syscall(SYS_finit_module, module, "", 0), EPERM,
	      "load of the module: EPERM");
	fails(module_unload(), EPERM, "unload of the module: EPERM");
	close(module);
}

int main(int argc, char **argv)
{
	int fd;

	if (argc != 2)
		return 2;
	fd = open(argv[1], O_RDWR);
	become_root();
	has_capabilities();
	if (fd < 0) {
		fails(open(argv[1], O_RDWR), EACCES,
		      "open of the device: EACCES");
	} else {
		addresses(fd);
		close(fd);
		fd = xopen(argv[1], O_RDWR);
		is(info(fd).phys_addr, 0, "phys_addr in INFO of a file opened in the namespace");
		close(fd);
	}
	/* A file system of the namespace's own, where mknod could work. */
	if (mount("tmp", ROOM, "tmpfs", 0, NULL))
		bail("tmpfs");
	privileged_calls(argv[1]);
	return tap_done();
}
