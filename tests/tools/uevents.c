// SPDX-License-Identifier: GPL-2.0-only
/*
 * uevents COMMAND ARG...: run a command and print the uevents of kshm devices
 * that the kernel sent meanwhile, one a line: add kshm1. The output of the
 * command goes to standard error.
 */
#include "base.h"

#include <linux/netlink.h>
#include <sys/socket.h>

static int listen_to_kernel(void)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC,
			NETLINK_KOBJECT_UEVENT);

	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		bail("netlink");
	return fd;
}

/* A message begins with ACTION@PATH. */
static void print(int fd)
{
	char text[8192];
	ssize_t n;

	while ((n = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT)) > 0) {
		char *path, *name;

		text[n] = '\0';
		path = strchr(text, '@');
		name = strrchr(text, '/');
		if (!path || !name || !strstr(path, "/kshm/"))
			continue;
		*path = '\0';
		printf("%s %s\n", text, name + 1);
	}
}

int main(int argc, char **argv)
{
	int fd, status;
	pid_t pid;

	if (argc < 2)
		return 2;
	fd = listen_to_kernel();
	pid = fork();
	if (!pid) {
		dup2(STDERR_FILENO, STDOUT_FILENO);
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	status = child_status(pid);
	print(fd);
	return status;
}
