// SPDX-License-Identifier: GPL-2.0-only
/*
 * kshmctl largest: the largest sizes that would succeed now, for each NUMA node and
 * address limit.
 */
#define _GNU_SOURCE
#include <err.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "config.h"
#include "table.h"
#include "util.h"

enum {
	COL_NODE,
	COL_ADDR_BITS,
	COL_LARGEST,
};

static const struct table_column columns[] = {
	[COL_NODE] = { "NODE", "NUMA node, or any", 0, 0, false },
	[COL_ADDR_BITS] = { "ADDR-BITS", "number of address bits, or any", 0, 0, false },
	[COL_LARGEST] = { "LARGEST", "largest size that would succeed now", SCOLS_FL_RIGHT, 0,
			  true },
};

/**
 * struct largest - a line of the table
 * @node: NUMA node, or -1
 * @bits: number of address bits, or 0
 * @size: bytes
 */
struct largest {
	int node;
	unsigned int bits;
	uint64_t size;
};

static char *cell(const struct table *table, size_t column, const void *data)
{
	const struct largest *line = data;

	switch (column) {
	case COL_NODE:
		return line->node < 0 ? xstrdup("any") : xasprintf("%d", line->node);
	case COL_ADDR_BITS:
		return line->bits ? xasprintf("%u", line->bits) : xstrdup("any");
	case COL_LARGEST:
		return format_size(line->size, table->bytes);
	}
	return NULL;
}

/* Ask a directory in configfs. */
static bool ask(const char *name, struct largest *line)
{
	char *node = xasprintf("%d", line->node);
	char *bits = xasprintf("%u", line->bits);
	char text[32];
	int error;

	error = config_write(name, "node", node);
	error = error ?: config_write(name, "addr_bits", bits);
	error = error ?: config_read(name, "largest", text, sizeof(text));
	if (error)
		warnx("%s: %s", name, strerror(-error));
	free(bits);
	free(node);
	return !error && parse_size(text, &line->size);
}

/* The next node with memory after @node: "0-1,4" lists them. -2: there is none. */
static int next_node(const char *list, int node)
{
	while (*list) {
		char *end;
		long first = strtol(list, &end, 10), last = first;

		if (end == list)
			break;
		if (*end == '-')
			last = strtol(end + 1, &end, 10);
		if (node < last)
			return node < first ? first : node + 1;
		list = *end ? end + 1 : end;
	}
	return -2;
}

static bool ask_all(struct table *table, const char *name, const char *nodes)
{
	struct largest line = { .node = -1 };
	bool good = true;

	table_begin(table, "largest");
	for (; good && line.node != -2; line.node = next_node(nodes, line.node)) {
		for (line.bits = 0; good && line.bits <= 32; line.bits += 32) {
			good = ask(name, &line);
			if (good)
				table_line(table, cell, &line);
		}
	}
	return good;
}

int cmd_largest(int argc, char **argv)
{
	static const struct option options[] = {
		TABLE_LONG_OPTIONS,
		{ "align", required_argument, NULL, 'a' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 }
	};
	struct table table = { .columns = columns, .ncolumns = 3 };
	char nodes[256], *name, *path;
	uint64_t align = 0;
	bool good = true;
	int c;

	table_choose(&table, "largest", "NODE,ADDR-BITS,LARGEST");
	while ((c = getopt_long(argc, argv, TABLE_OPTIONS "h", options, NULL)) != -1) {
		if (c == 'h') {
			printf("Usage: kshmctl largest [OPTION...]\n\n"
			       "Print the largest sizes that would succeed now: on any and on each NUMA\n"
			       "node, at any address and below 4 GiB.\n\n"
			       TABLE_OPTIONS_HELP
			       "      --align SIZE      with this alignment\n"
			       "  -h, --help            print this text\n");
			table_columns_help(&table);
			return EXIT_SUCCESS;
		}
		if (c == 'a')
			align = size_option("largest", "--align", optarg);
		else if (!table_option(&table, "largest", c, optarg))
			command_misused("largest");
	}
	if (optind < argc) {
		warnx("'%s' is too much", argv[optind]);
		command_misused("largest");
	}
	require_config();
	if (file_read("/sys/devices/system/node/has_memory", nodes, sizeof(nodes)))
		nodes[0] = '\0';
	name = xasprintf("kshmctl-%d", (int)getpid());
	path = xasprintf(CONFIG_DIR "/%s", name);
	if (mkdir(path, 0755))
		err(EXIT_FAILURE, "%s", path);
	config_guard(name);
	if (align) {
		char *text = xasprintf("%" PRIu64, align);

		good = !config_write(name, "align", text);
		if (!good)
			warnx("--align is %s", config_attrs[ATTR_ALIGN].rule);
		free(text);
	}
	good = good && ask_all(&table, name, nodes);
	if (rmdir(path))
		warn("%s", path);
	config_guard(NULL);
	if (good)
		table_end(&table);
	free(path);
	free(name);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
