// SPDX-License-Identifier: GPL-2.0-only
/*
 * uevent kernel|udev load|configfs ROUNDS BUFFERS: load the module again and
 * again, and open each device as soon as its event comes, from the kernel or
 * from udev. The buffers are those of buffers=, or made in configfs. Another
 * process makes them, as an event can come before finit_module() returns.
 */
#include "base.h"

#include <linux/netlink.h>
#include <poll.h>
#include <sys/socket.h>

#include "configfs.h"
#include "kernel.h"

#define GROUP_KERNEL	1
#define GROUP_UDEV	2	/* of libudev; systemd listens here */
#define LIMIT_MS	60000	/* to wait for an event */
#define ROOM		(64 * MIB)	/* for events that wait */

static int buffers;	/* in each load */
static bool configfs;	/* made there */

static int nl_open(int group)
{
	struct sockaddr_nl addr = {
		.nl_family = AF_NETLINK,
		.nl_groups = group,
	};
	int room = ROOM;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
			NETLINK_KOBJECT_UEVENT);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room,
				 sizeof(room)) ||
	    bind(fd, (void *)&addr, sizeof(addr)))
		bail("netlink");
	return fd;
}

/* The value of a property in a message of zero-terminated texts, or NULL. */
static const char *property(const char *msg, size_t len, const char *name)
{
	size_t n = strlen(name), i;

	for (i = 1; i + n < len; i++)
		if (!msg[i - 1] && !strncmp(msg + i, name, n) &&
		    msg[i + n] == '=')
			return msg + i + n + 1;
	return NULL;
}

/* The next event of a device kshmN: N; -1 when none comes. Sets *add. */
static int next_event(int nl, bool *add)
{
	struct pollfd p = { .fd = nl, .events = POLLIN };
	static char msg[16384];
	const char *name, *action;
	ssize_t len;
	int minor;

	while (poll(&p, 1, LIMIT_MS) == 1) {
		len = recv(nl, msg, sizeof(msg) - 1, 0);
		if (len < 0)
			bail("events were lost");
		msg[len] = '\0';
		action = property(msg, len, "ACTION");
		name = property(msg, len, "DEVNAME");
		if (!action || !name)
			continue;
		if (!strncmp(name, "/dev/", 5))
			name += 5;
		if (sscanf(name, "kshm%d", &minor) != 1)
			continue;
		*add = !strcmp(action, "add");
		return minor;
	}
	return -1;
}

static int load_buffers(void)
{
	char params[8192] = "buffers=4K";
	int i;

	for (i = 1; i < buffers; i++)
		strcat(params, ",4K");
	return module_load(params);
}

static int make_buffers(void)
{
	char name[32];
	int i;

	if (module_load("buffers=none"))
		return -1;
	for (i = 0; i < buffers; i++) {
		snprintf(name, sizeof(name), "b%d", i);
		buffer_prepare(name, PAGE);
		configfs_set(name, "live", "1");
	}
	return 0;
}

static void drop_buffers(void)
{
	char name[32];
	int i;

	for (i = 0; i < buffers; i++) {
		snprintf(name, sizeof(name), "b%d", i);
		buffer_drop(name);
	}
}

/* Returns how many devices could not be opened at their event. */
static int load_round(int nl)
{
	int seen = 0, failed = 0, minor, fd;
	pid_t pid = fork();
	char path[32];
	bool add;

	if (!pid)
		_exit(configfs ? make_buffers() : load_buffers());
	while (seen < buffers) {
		minor = next_event(nl, &add);
		if (minor < 0) {
			diag("%d events of %d", seen, buffers);
			failed += buffers - seen;
			break;
		}
		if (!add)
			continue;
		seen++;
		snprintf(path, sizeof(path), "/dev/kshm%d", minor);
		fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd >= 0)
			close(fd);
		else if (!failed++)
			diag("%s at its event: %s", path, strerror(errno));
	}
	if (child_status(pid))
		bail("load");
	return failed;
}

/* udev may have a device open for a moment. */
static void unload(void)
{
	int tries;

	for (tries = 0; module_unload(); tries++) {
		if (errno != EAGAIN || tries == 500)
			bail("unload");
		usleep(20000);
	}
}

int main(int argc, char **argv)
{
	int rounds, nl, round, failed, bad = 0, minor;
	bool udev, add;

	if (argc != 5)
		return 2;
	udev = !strcmp(argv[1], "udev");
	configfs = !strcmp(argv[2], "configfs");
	rounds = atoi(argv[3]);
	buffers = atoi(argv[4]);
	nl = nl_open(udev ? GROUP_UDEV : GROUP_KERNEL);
	for (round = 0; round < rounds; round++) {
		int removed = 0;

		failed = load_round(nl);
		if (failed) {
			diag("load %d: %d devices failed", round + 1, failed);
			bad++;
		}
		if (configfs)
			drop_buffers();
		unload();
		while (!failed && removed < buffers) {
			minor = next_event(nl, &add);
			if (minor < 0)
				bail("%d events of a removal", removed);
			removed += !add;
		}
	}
	is(round, rounds, "loads");
	is(bad, 0, "loads after which a device could not be opened at its uevent");
	close(nl);
	return tap_done();
}
