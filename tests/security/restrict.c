// SPDX-License-Identifier: GPL-2.0-only
/* restrict hidden|shown: who can see the physical address of kshm0. */
#include "base.h"

#include "device.h"
#include "pagemap.h"

#define ATTR "/sys/class/kshm/kshm0/phys_addr"

int main(int argc, char **argv)
{
	bool hidden = argc > 1 && !strcmp(argv[1], "hidden");
	int fd = xopen("/dev/kshm0", O_RDWR), other;
	char text[64];
	__u64 addr;
	char *p = map(fd, PAGE, 0);

	touch(p, PAGE);
	addr = phys_page(p);
	snprintf(text, sizeof(text), "0x%llx", addr);
	is(info(fd).phys_addr, addr, "root: phys_addr in INFO");
	is_str(attr(0, "phys_addr"), text, "root: phys_addr in sysfs");

	/* A user other than 0 has no capabilities. */
	if (setegid(65534) || seteuid(65534))
		bail("seteuid");
	is(info(fd).phys_addr, hidden ? 0 : addr,
	   "another user: phys_addr in INFO of a file that root opened");
	other = xopen("/dev/kshm0", O_RDWR);
	is(info(other).phys_addr, hidden ? 0 : addr,
	   "another user: phys_addr in INFO of a file that it opened");
	is(info(other).size, MIB, "another user: size in INFO");
	if (hidden)
		fails(open(ATTR, O_RDONLY), EACCES,
		      "another user: open of phys_addr in sysfs: EACCES");
	else
		is_str(attr(0, "phys_addr"), text,
		       "another user: phys_addr in sysfs");
	if (seteuid(0))
		bail("seteuid");
	return tap_done();
}
