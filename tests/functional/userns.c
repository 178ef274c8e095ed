// SPDX-License-Identifier: GPL-2.0-only
/*
 * userns DEVICE: a user makes a namespace in which he is root, and has no more
 * rights to kshm than before.
 */
#include "guest.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/sysmacros.h>

#define CONFIG	"/sys/kernel/config/kshm"
#define ROOM	"/tmp/userns"	/* a directory of the user's */

static void put(const char *path, const char *text)
{
	int f = xopen(path, O_WRONLY);

	if (write(f, text, strlen(text)) != (ssize_t)strlen(text))
		bail("write %s", path);
	close(f);
}

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
	is(geteuid(), 0, "root in the namespace");
}

/* That he has capabilities there is what makes the rest a test. */
static void really(void)
{
	ok(!mount("tmp", ROOM, "tmpfs", 0, NULL), "it can mount a tmpfs");
	ok(!mount("sys", ROOM, "sysfs", 0, NULL), "it can mount a sysfs");
}

static void addresses(int fd)
{
	char *p = map(fd, PAGE, 0), *text;

	touch(p, PAGE);
	is(info(fd).phys_addr, 0, "INFO tells no address");
	is(phys_page(p), 0, "pagemap tells no address");
	fails(open("/sys/class/kshm/kshm0/phys_addr", O_RDONLY), EACCES,
	      "the attribute is not to be read");
	fails(open(ROOM "/class/kshm/kshm0/phys_addr", O_RDONLY), EACCES,
	      "nor in a sysfs of the namespace");
	fails(chmod("/sys/class/kshm/kshm0/phys_addr", 0444), EPERM,
	      "nor its mode to be changed");
	text = slurp("/proc/iomem");
	ok(!strncmp(text, "00000000-00000000 ", 18),
	   "/proc/iomem tells no address");
	munmap(p, PAGE);
}

static void making(const char *path)
{
	int module = xopen("/t/kshm.ko", O_RDONLY);
	struct stat st;

	if (stat(path, &st))
		bail("%s", path);
	fails(mkdir(CONFIG "/userns", 0700), EACCES, "mkdir in configfs");
	fails(rmdir(CONFIG "/own"), EACCES, "rmdir in configfs");
	fails(open(CONFIG "/own/live", O_WRONLY), EACCES, "live of another");
	fails(mount("config", ROOM, "configfs", 0, NULL), EPERM,
	      "mount of configfs");
	fails(mount("kshm", ROOM, "kshm", 0, NULL), ENODEV,
	      "mount of kshm's own file system");
	fails(mknod(ROOM "/node", S_IFCHR | 0600, st.st_rdev), EPERM, "mknod");
	fails(chmod(path, 0666), EPERM, "chmod of the node");
	fails(chown(path, 0, 0), EPERM, "chown of the node");
	fails(syscall(SYS_finit_module, module, "", 0), EPERM, "load");
	fails(module_unload(), EPERM, "unload");
	close(module);
}

int main(int argc, char **argv)
{
	int fd;

	if (argc != 2)
		return 2;
	fd = open(argv[1], O_RDWR);
	become_root();
	really();
	if (fd < 0) {
		fails(open(argv[1], O_RDWR), EACCES, "open");
	} else {
		addresses(fd);
		close(fd);
		fd = xopen(argv[1], O_RDWR);
		is(info(fd).phys_addr, 0, "opened there, INFO tells none");
		close(fd);
	}
	/* A file system of the namespace's own, where mknod could work. */
	if (mount("tmp", ROOM, "tmpfs", 0, NULL))
		bail("tmpfs");
	making(argv[1]);
	return tap_done();
}
