// SPDX-License-Identifier: GPL-2.0-only
/*
 * kshmctl destroy: remove buffers that were created in configfs.
 */
#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "commands.h"
#include "config.h"
#include "errors.h"
#include "util.h"

static const char help[] =
	"Usage: kshmctl destroy BUFFER...\n"
	"       kshmctl destroy --all\n\n"
	"Remove buffers that were created in configfs. Programs that use one are not\n"
	"disturbed; its memory is freed when the last of them has finished.\n\n"
	"  -a, --all   remove all of them\n"
	"  -h, --help  print this text\n";

/* Say who removes a buffer that is not in configfs. */
static void refuse(const char *arg, const struct buffer *buf)
{
	if (!strcmp(buf->source, "devicetree")) {
		warnx("%s: the buffer is in the device tree", arg);
		advise("unbind its device: echo %s > /sys/bus/platform/drivers/kshm/unbind",
		       strncmp(buf->attached, "platform/", 9) ? "DEVICE" : buf->attached + 9);
	} else if (!strcmp(buf->source, "module")) {
		warnx("%s: another kernel module has created the buffer, and removes it", arg);
		advise("unload that module; 'lsmod' shows which ones use kshm");
	} else {
		warnx("%s: the buffer is in the module parameter buffers=", arg);
		advise("it stays until the module is unloaded: modprobe -r kshm");
		advise("files in /etc/modprobe.d set the parameter");
	}
}

static bool destroy(const char *arg)
{
	struct buffer buf;

	/* A directory that is not live, too. */
	if (config_has(arg))
		return config_remove(arg);
	if (!buffer_find(arg, &buf))
		return false;
	if (!strcmp(buf.source, "configfs"))
		return config_remove(buf.name);
	refuse(arg, &buf);
	return false;
}

int cmd_destroy(int argc, char **argv)
{
	static const struct option options[] = {
		{ "all", no_argument, NULL, 'a' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 }
	};
	int c, status = EXIT_SUCCESS;
	bool all = false;
	char **names;
	size_t i, n;

	while ((c = getopt_long(argc, argv, "ah", options, NULL)) != -1) {
		switch (c) {
		case 'a':
			all = true;
			break;
		case 'h':
			command_help(help);
		default:
			command_misused("destroy");
		}
	}
	if (all && optind < argc) {
		warnx("--all takes no buffer");
		command_misused("destroy");
	}
	if (!all && optind == argc) {
		warnx("a buffer is missing");
		command_misused("destroy");
	}
	require_config();
	for (; optind < argc; optind++) {
		if (!destroy(argv[optind]))
			status = EXIT_FAILURE;
	}
	if (!all)
		return status;
	n = config_names(&names);
	for (i = 0; i < n; i++) {
		if (!config_remove(names[i]))
			status = EXIT_FAILURE;
		free(names[i]);
	}
	free(names);
	return status;
}
