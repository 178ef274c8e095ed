// SPDX-License-Identifier: GPL-2.0-only
/* Calls that load and unload the module, or read its files in sysfs. */
#include "fuzz.h"

static bool standard;

static bool is_loaded(void)
{
	return !access("/sys/module/kshm", F_OK);
}

/**
 * module_standard() - load the module with STANDARD_BUFFERS if it is not
 *
 * Nothing is open or mapped.
 */
void module_standard(void)
{
	if (standard)
		return;
	if (is_loaded() && module_unload())
		bail("unload");
	if (module_load(STANDARD_BUFFERS))
		bail("load %s", STANDARD_BUFFERS);
	standard = true;
}

static void close_all(void)
{
	maps_close();
	files_close();
	config_close();
}

/* flags, number, text: unload and load the module */
void call_load(const struct call *c)
{
	char params[TEXT_MAX + 100];
	unsigned int i, devices;

	if (!(c->v[0] & 4))
		close_all();
	standard = false;
	hits_kshm = true;
	if (!module_unload() && is_loaded())
		report_bug("the module is there after unload");
	snprintf(params, sizeof(params), "%sbuffers=%s",
		 c->v[0] & 1 ? "restrict_phys_addr=1 " : "", c->text);
	if (c->v[0] & 2)
		snprintf(params + strlen(params), 40, " log_at_unload=%llu",
			 c->v[1] % 256);
	if (module_load(params)) {
		if (errno == EEXIST)
			return;
		if (is_loaded() || !access("/sys/class/kshm", F_OK))
			report_bug("a failed load leaves something");
		return;
	}
	devices = count_entries("/sys/class/kshm");
	for (i = 0; i < devices && i < 4; i++)
		check_fresh(i, !strstr(params, "keep=1"));
}

/* no value: unload the module, which may be in use */
void call_unload(const struct call *c)
{
	(void)c;
	hits_kshm = true;
	if (!module_unload())
		standard = false;
}

/* device, file, length, offset */
void call_sysfs(const struct call *c)
{
	char path[64], text[4096 + 1];
	ssize_t n;
	int fd;

	hits_kshm = true;
	snprintf(path, sizeof(path), "/sys/class/kshm/kshm%llu/%s",
		 c->v[0] % 8, device_attrs[c->v[1] % ARRAY_SIZE(device_attrs)]);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	n = pread(fd, text, c->v[2] ? c->v[2] % sizeof(text) : 4096, c->v[3]);
	close(fd);
	if (n > 200)
		report_bug("%s has %zd bytes", path, n);
}
