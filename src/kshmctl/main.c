// SPDX-License-Identifier: GPL-2.0-only
/*
 * kshmctl: look at, create and use the buffers of kshm. This file has the table
 * of commands; each command is in a file of its own.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../version.h"
#include "commands.h"
#include "util.h"

/**
 * struct command - a line of the table of commands
 * @name: as the user writes it
 * @run: does it
 * @summary: what --help says about it
 */
struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *summary;
};

static const struct command commands[] = {
	{ "list", cmd_list, "list buffers" },
	{ "info", cmd_info, "print all that is known about buffers" },
	{ "create", cmd_create, "create a buffer" },
	{ "destroy", cmd_destroy, "remove buffers" },
	{ "largest", cmd_largest, "print the largest sizes that would succeed now" },
	{ "map", cmd_map, "show which physical memory is free, movable or in the way" },
	{ "read", cmd_read, "copy bytes of a buffer to standard output or a file" },
	{ "write", cmd_write, "copy standard input or a file to a buffer" },
	{ "fill", cmd_fill, "fill a buffer with one byte" },
	{ "notify", cmd_notify, "ring the doorbell of buffers" },
	{ "wait", cmd_wait, "wait until the doorbell of a buffer is rung" },
	{ "verify", cmd_verify, "test that buffers work on this machine" },
	{ "save", cmd_save, "write the buffers of configfs to a file" },
	{ "restore", cmd_restore, "create the buffers that a file names" },
};

static void print_help(void)
{
	size_t i;

	printf("Usage: kshmctl COMMAND [OPTION...] [ARGUMENT...]\n\n"
	       "Physically contiguous buffers of the kernel module kshm.\n\n"
	       "Commands:\n");
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		printf("  %-9s %s\n", commands[i].name, commands[i].summary);
	printf("\nA buffer is given by its name, its device (kshm0) or its node (/dev/kshm0).\n"
	       "Sizes can have the suffix K, M, G or T.\n\n"
	       "  -h, --help     print this text; after a command, that of the command\n"
	       "  -V, --version  print the version\n\n"
	       "Exit status: 0 success, 1 failure, 2 wrong usage. See kshmctl(8).\n");
}

/* What could not be written to standard output must not look like success. */
static void close_stdout(void)
{
	if (ferror(stdout) | fclose(stdout)) {
		if (errno != EPIPE)
			warn("standard output");
		_exit(EXIT_FAILURE);
	}
}

void command_help(const char *text)
{
	fputs(text, stdout);
	exit(EXIT_SUCCESS);
}

void command_misused(const char *command)
{
	fprintf(stderr, "Try 'kshmctl %s --help'.\n", command);
	exit(EXIT_USAGE);
}

int main(int argc, char **argv)
{
	size_t i;

	atexit(close_stdout);
	/* In the order of messages on standard error, in a log, too. */
	setlinebuf(stdout);
	if (argc < 2) {
		warnx("a command is missing");
		fprintf(stderr, "Try 'kshmctl --help'.\n");
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		print_help();
		return EXIT_SUCCESS;
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		printf("kshmctl %s\n", KSHM_VERSION);
		return EXIT_SUCCESS;
	}
	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	}
	warnx("'%s' is not a command", argv[1]);
	fprintf(stderr, "Try 'kshmctl --help'.\n");
	return EXIT_USAGE;
}
