// SPDX-License-Identifier: GPL-2.0-only
/*
 * kshmctl restore: create the buffers that a file names.
 */
#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "errors.h"
#include "saved.h"
#include "util.h"

static const char help[] =
	"Usage: kshmctl restore [OPTION...]\n\n"
	"Create the buffers that a file of 'kshmctl save' names. A buffer that exists\n"
	"already is left as it is. One that fails does not stop the others.\n\n"
	"  -f, --file FILE  the file, " SAVED_FILE " by default;\n"
	"                   - is standard input\n"
	"  -n, --no-wait    do not wait until udev has set the access rights\n"
	"  -h, --help       print this text\n";

static bool exists(const char *name)
{
	char text[8];

	return config_has(name) && !config_read(name, "live", text, sizeof(text)) &&
	       text[0] == '1';
}

static bool restore(char *line, const char *where, bool wait)
{
	struct request req;
	char device[16];
	bool good = true;
	int found = saved_parse(line, where, &req);

	if (found <= 0)
		return !found;
	if (exists(req.name)) {
		printf("%s is there already\n", req.name);
	} else {
		good = config_create(&req, where, device, sizeof(device));
		if (good) {
			if (wait)
				config_wait_node(req.name, device);
			printf("%s /dev/%s\n", req.name, device);
		}
	}
	saved_free(&req);
	return good;
}

int cmd_restore(int argc, char **argv)
{
	static const struct option options[] = {
		{ "file", required_argument, NULL, 'f' },
		{ "no-wait", no_argument, NULL, 'n' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 }
	};
	const char *path = SAVED_FILE;
	unsigned int number = 0;
	bool good = true, wait = true;
	char *line = NULL;
	size_t room = 0;
	FILE *file;
	int c;

	while ((c = getopt_long(argc, argv, "f:nh", options, NULL)) != -1) {
		switch (c) {
		case 'f':
			path = optarg;
			break;
		case 'n':
			wait = false;
			break;
		case 'h':
			command_help(help);
		default:
			command_misused("restore");
		}
	}
	if (optind < argc) {
		warnx("'%s' is too much", argv[optind]);
		command_misused("restore");
	}
	require_config();
	file = strcmp(path, "-") ? fopen(path, "re") : stdin;
	if (!file)
		err(EXIT_FAILURE, "%s", path);
	while (getline(&line, &room, file) > 0) {
		char *where = xasprintf("%s:%u: ", path, ++number);

		good &= restore(line, where, wait);
		free(where);
	}
	if (ferror(file)) {
		warn("%s", path);
		good = false;
	}
	free(line);
	if (file != stdin)
		fclose(file);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
