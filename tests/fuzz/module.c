// SPDX-License-Identifier: GPL-2.0-only
/* The module comes and goes; its devices' files in sysfs. */
#include "fuzz.h"

static bool standard;

static bool is_loaded(void)
{
	return !access("/sys/module/kshm", F_OK);
}

/**
 * module_standard() - load the module as each program finds it, unless it is
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

/* flags, number, text: the module is loaded anew */
void call_load(const struct call *c)
{
	char params[TEXT_MAX + 100];
	unsigned int i, devices;

	if (!(c->v[0] & 4))
		close_all();
	standard = false;
	aimed = true;
	if (!module_unload() && is_loaded())
		complain("the module is unloaded and there");
	snprintf(params, sizeof(params), "%sbuffers=%s",
		 c->v[0] & 1 ? "restrict_phys_addr=1 " : "", c->text);
	if (c->v[0] & 2)
		snprintf(params + strlen(params), 40, " log_at_unload=%llu",
			 c->v[1] % 256);
	if (module_load(params)) {
		if (errno == EEXIST)
			return;
		if (is_loaded() || !access("/sys/class/kshm", F_OK))
			complain("something is left of a load that failed");
		return;
	}
	devices = count_entries("/sys/class/kshm");
	for (i = 0; i < devices && i < 4; i++)
		check_fresh(i);
}

/* nothing: while it may be used */
void call_unload(const struct call *c)
{
	(void)c;
	aimed = true;
	if (!module_unload())
		standard = false;
}

/* device, file, length, offset */
void call_sysfs(const struct call *c)
{
	static const char * const names[] = {
		"phys_addr", "size", "name", "backing", "folio_size", "node",
		"cache", "openers", "mappings", "dev", "uevent",
	};
	char path[64], text[PAGE + 1];
	ssize_t n;
	int fd;

	aimed = true;
	snprintf(path, sizeof(path), "/sys/class/kshm/kshm%llu/%s",
		 c->v[0] % 8, names[c->v[1] % ARRAY_SIZE(names)]);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	n = pread(fd, text, c->v[2] ? c->v[2] % sizeof(text) : PAGE, c->v[3]);
	close(fd);
	if (n > 200)
		complain("%s has %zd bytes", path, n);
}
