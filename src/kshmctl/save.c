// SPDX-License-Identifier: GPL-2.0-only
/*
 * kshmctl save: write the buffers of configfs to a file.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "saved.h"
#include "util.h"

static const char help[] =
	"Usage: kshmctl save [OPTION...] [NAME...]\n\n"
	"Write the live buffers that were created in configfs to a file, from which\n"
	"'kshmctl restore' creates them again. kshm-buffers.service does so at boot.\n\n"
	"  -f, --file FILE  the file, " SAVED_FILE " by default;\n"
	"                   - is standard output\n"
	"  -h, --help       print this text\n";

static const char header[] =
	"# Buffers of kshm: NAME KEY=VALUE..., see kshmctl(8).\n";

/* The attributes that are not as in a new directory. */
static bool request_of(const char *name, struct request *req)
{
	char text[64];
	int i, error;

	memset(req, 0, sizeof(*req));
	req->name = name;
	for (i = 0; i < NATTRS; i++) {
		uint64_t number;

		error = config_read(name, config_attrs[i].name, text, sizeof(text));
		if (error) {
			/* Removed meanwhile, or a driver that does not know it. */
			errno = -error;
			warn("%s: %s", name, config_attrs[i].name);
			return false;
		}
		if (!strcmp(text, config_attrs[i].initial))
			continue;
		if ((i == ATTR_SIZE || i == ATTR_ALIGN) && parse_size(text, &number))
			req->value[i] = format_exact(number);
		else
			req->value[i] = xstrdup(text);
	}
	return true;
}

static bool wanted(const char *name, int argc, char **argv)
{
	int i;

	for (i = 0; i < argc; i++) {
		if (!strcmp(argv[i], name))
			return true;
	}
	return !argc;
}

static bool live(const char *name)
{
	char text[8];

	return !config_read(name, "live", text, sizeof(text)) && text[0] == '1';
}

static bool print_all(FILE *file, int argc, char **argv)
{
	bool good = true;
	char **names;
	size_t i, n;

	n = config_names(&names);
	fputs(header, file);
	for (i = 0; i < n; i++) {
		struct request req;

		if (live(names[i]) && wanted(names[i], argc, argv)) {
			if (request_of(names[i], &req))
				saved_print(file, &req);
			else
				good = false;
			saved_free(&req);
		}
		free(names[i]);
	}
	free(names);
	for (; argc; argc--, argv++) {
		if (!config_has(*argv) || !live(*argv)) {
			warnx("%s: there is no live buffer of this name in configfs", *argv);
			good = false;
		}
	}
	return good;
}

/* The old file stays until the new one is complete. */
static int save_to(const char *path, int argc, char **argv)
{
	char *new = xasprintf("%s.new", path);
	char *dir = xstrdup(path), *slash = strrchr(dir, '/');
	FILE *file;

	if (slash && slash != dir) {
		*slash = '\0';
		if (mkdir(dir, 0755) && errno != EEXIST)
			err(EXIT_FAILURE, "%s", dir);
	}
	free(dir);
	file = fopen(new, "we");
	if (!file)
		err(EXIT_FAILURE, "%s", new);
	if (!print_all(file, argc, argv)) {
		fclose(file);
		unlink(new);
		warnx("%s is left as it was", path);
		free(new);
		return EXIT_FAILURE;
	}
	if (fflush(file) || ferror(file) || fsync(fileno(file)) || fclose(file) ||
	    rename(new, path)) {
		warn("%s", new);
		unlink(new);
		free(new);
		return EXIT_FAILURE;
	}
	free(new);
	return EXIT_SUCCESS;
}

int cmd_save(int argc, char **argv)
{
	static const struct option options[] = {
		{ "file", required_argument, NULL, 'f' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 }
	};
	const char *path = SAVED_FILE;
	int c;

	while ((c = getopt_long(argc, argv, "f:h", options, NULL)) != -1) {
		switch (c) {
		case 'f':
			path = optarg;
			break;
		case 'h':
			command_help(help);
		default:
			command_misused("save");
		}
	}
	require_config();
	if (!strcmp(path, "-"))
		return print_all(stdout, argc - optind, argv + optind) ? EXIT_SUCCESS :
									 EXIT_FAILURE;
	return save_to(path, argc - optind, argv + optind);
}
