// SPDX-License-Identifier: GPL-2.0-only
/*
 * kshmctl create: create a buffer in configfs.
 */
#include <err.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "config.h"
#include "util.h"

/* The options of attributes are numbered from here. */
#define OPT_ATTR 256

static const char help[] =
	"Usage: kshmctl create NAME --size SIZE [OPTION...]\n\n"
	"Create a buffer, wait until its node can be used, and print the node.\n\n"
	"  -s, --size SIZE         size, rounded up to whole pages\n"
	"      --addr-bits N       every address fits in N bits: 32 is below 4 GiB\n"
	"      --align SIZE        alignment, a power of two\n"
	"      --addr-min ADDR     lowest address\n"
	"      --addr-max ADDR     highest address\n"
	"      --node N            NUMA node\n"
	"      --cache MODE        wb (normal), wc (write-combining) or uc (uncached)\n"
	"      --phys ADDR         memory at this address, which the kernel does not use\n"
	"      --reserve-mem NAME  memory that the boot parameter reserve_mem= has reserved\n"
	"      --keep              leave the contents of such memory\n"
	"      --device BUS/NAME   map it for this device, as pci/0000:01:00.0\n"
	"  -h, --help              print this text\n";

/* A value as the driver takes it: it knows no suffix T, and no fraction of a page. */
static char *value_of(enum config_attr attr, const char *text)
{
	const struct config_attr_info *info = &config_attrs[attr];
	char *option, *value;
	uint64_t number;

	if (attr == ATTR_KEEP)
		return xstrdup("1");
	if (!info->number)
		return xstrdup(text);
	option = xasprintf("--%s", info->option);
	number = size_option("create", option, text);
	free(option);
	if (attr == ATTR_ADDR_MIN || attr == ATTR_ADDR_MAX || attr == ATTR_PHYS_ADDR)
		value = xasprintf("0x%" PRIx64, number);
	else
		value = xasprintf("%" PRIu64, number);
	return value;
}

int cmd_create(int argc, char **argv)
{
	struct option options[NATTRS + 2];
	struct request req = { 0 };
	char device[16];
	bool created;
	int c, i;

	memset(options, 0, sizeof(options));
	for (i = 0; i < NATTRS; i++) {
		options[i].name = config_attrs[i].option;
		options[i].has_arg = i == ATTR_KEEP ? no_argument : required_argument;
		options[i].val = OPT_ATTR + i;
	}
	options[i].name = "help";
	options[i].val = 'h';
	while ((c = getopt_long(argc, argv, "s:h", options, NULL)) != -1) {
		if (c == 'h')
			command_help(help);
		if (c == 's')
			c = OPT_ATTR + ATTR_SIZE;
		if (c < OPT_ATTR)
			command_misused("create");
		free(req.value[c - OPT_ATTR]);
		req.value[c - OPT_ATTR] = value_of(c - OPT_ATTR, optarg);
	}
	if (argc - optind != 1) {
		warnx(argc == optind ? "a name is missing" : "there is more than one name");
		command_misused("create");
	}
	if (!req.value[ATTR_SIZE]) {
		warnx("--size is missing");
		command_misused("create");
	}
	req.name = argv[optind];
	require_config();
	created = config_create(&req, "", device, sizeof(device));
	if (created) {
		config_wait_node(req.name, device);
		printf("/dev/%s\n", device);
	}
	for (i = 0; i < NATTRS; i++)
		free(req.value[i]);
	return created ? EXIT_SUCCESS : EXIT_FAILURE;
}
