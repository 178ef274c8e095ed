// SPDX-License-Identifier: GPL-2.0-only
/* max-devices: the largest number of devices, and one more. */
#include "base.h"

#include "configfs.h"
#include "device.h"

#define DEVICES		1024

static const char *name(int i)
{
	static char text[16];

	snprintf(text, sizeof(text), "b%d", i);
	return text;
}

int main(void)
{
	bool good = true;
	int i, fd;

	for (i = 0; i < DEVICES; i++) {
		buffer_prepare(name(i), PAGE);
		configfs_set(name(i), "live", "1");
		good = good && buffer_minor(name(i)) == i;
	}
	ok(good, "%d devices have the numbers from 0 on", DEVICES);

	buffer_prepare("more", PAGE);
	fails(configfs_try("more", "live", "1") ? 0 : -1, ENOSPC,
	      "device %d: ENOSPC", DEVICES + 1);
	buffer_drop(name(700));
	configfs_set("more", "live", "1");
	is(buffer_minor("more"), 700, "after another device was removed, it gets that number");
	fd = buffer_open("more");
	is_str(info(fd).name, "more", "the device has the new buffer");
	close(fd);

	buffer_drop("more");
	for (i = 0; i < DEVICES; i++)
		if (i != 700)
			buffer_drop(name(i));
	return tap_done();
}
