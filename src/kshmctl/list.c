// SPDX-License-Identifier: GPL-2.0-only
/*
 * kshmctl list, kshmctl info: the live buffers and who uses them.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "buffer.h"
#include "commands.h"
#include "table.h"
#include "users.h"
#include "util.h"

enum {
	COL_NAME,
	COL_DEVICE,
	COL_PATH,
	COL_SIZE,
	COL_PHYS_ADDR,
	COL_NODE,
	COL_BACKING,
	COL_CACHE,
	COL_FOLIO,
	COL_OPENERS,
	COL_MAPPINGS,
	COL_EVENTS,
	COL_ATTACHED,
	COL_DMA_ADDR,
	COL_SOURCE,
	COL_DEVNO,
	COL_USERS,
};

#define NUMBER SCOLS_JSON_NUMBER

static const struct table_column columns[] = {
	[COL_NAME] = { "NAME", "name of the buffer", 0, 0, false },
	[COL_DEVICE] = { "DEVICE", "name of the device", 0, 0, false },
	[COL_PATH] = { "PATH", "path of the node", 0, 0, false },
	[COL_SIZE] = { "SIZE", "size", SCOLS_FL_RIGHT, 0, true },
	[COL_PHYS_ADDR] = { "PHYS-ADDR", "physical address of the first byte", SCOLS_FL_RIGHT, 0,
			    false },
	[COL_NODE] = { "NODE", "NUMA node, -1 if it is not known", SCOLS_FL_RIGHT, NUMBER, false },
	[COL_BACKING] = { "BACKING", "kind of memory: pages, contig, carveout, reserved", 0, 0,
			  false },
	[COL_CACHE] = { "CACHE", "cache mode: wb, wc, uc", 0, 0, false },
	[COL_FOLIO] = { "FOLIO", "what one page-table entry can map", SCOLS_FL_RIGHT, 0, true },
	[COL_OPENERS] = { "OPENERS", "number of open files", SCOLS_FL_RIGHT, NUMBER, false },
	[COL_MAPPINGS] = { "MAPPINGS", "number of mappings", SCOLS_FL_RIGHT, NUMBER, false },
	[COL_EVENTS] = { "EVENTS", "how often the doorbell was rung", SCOLS_FL_RIGHT, NUMBER,
			 false },
	[COL_ATTACHED] = { "ATTACHED", "attached device, bus and name", 0, 0, false },
	[COL_DMA_ADDR] = { "DMA-ADDR", "address for the attached device", SCOLS_FL_RIGHT, 0,
			   false },
	[COL_SOURCE] = { "SOURCE", "who made it: parameter, configfs, devicetree, module", 0, 0,
			 false },
	[COL_DEVNO] = { "MAJ:MIN", "device number", 0, 0, false },
	[COL_USERS] = { "USERS", "processes that have it open or mapped", 0,
			NUMBER, false },
};

#define DEFAULT_COLUMNS "NAME,DEVICE,SIZE,PHYS-ADDR,NODE,BACKING,CACHE,USERS"

/**
 * struct row - what the cells of a line are made from
 * @buf: the buffer
 * @users: those of all buffers
 * @nusers: how many
 */
struct row {
	const struct buffer *buf;
	const struct user *users;
	size_t nusers;
};

/*
 * The processes that use the buffer, or NULL. In JSON it is an array; that of
 * libsmartcols has a null when it is empty, so it gets one as if it was a number.
 */
static char *user_list(const struct row *row, bool json)
{
	char *list = NULL, *longer;
	size_t i;

	for (i = 0; i < row->nusers; i++) {
		if (row->users[i].dev != row->buf->dev)
			continue;
		longer = xasprintf("%s%s%d", list ?: "", list ? "," : "",
				   (int)row->users[i].pid);
		free(list);
		list = longer;
	}
	if (json) {
		longer = xasprintf("[%s]", list ?: "");
		free(list);
		list = longer;
	}
	return list;
}

static char *cell(const struct table *table, size_t column, const void *data)
{
	const struct row *row = data;
	const struct buffer *buf = row->buf;

	switch (column) {
	case COL_NAME:
		return xstrdup(buf->name);
	case COL_DEVICE:
		return xstrdup(buf->device);
	case COL_PATH:
		return xasprintf("/dev/%s", buf->device);
	case COL_SIZE:
		return format_size(buf->size, table->bytes);
	case COL_PHYS_ADDR:
		return *buf->phys_addr ? xstrdup(buf->phys_addr) : NULL;
	case COL_NODE:
		return xasprintf("%d", buf->node);
	case COL_BACKING:
		return xstrdup(buf->backing);
	case COL_CACHE:
		return xstrdup(buf->cache);
	case COL_FOLIO:
		return format_size(buf->folio_size, table->bytes);
	case COL_OPENERS:
		return xasprintf("%u", buf->openers);
	case COL_MAPPINGS:
		return xasprintf("%u", buf->mappings);
	case COL_EVENTS:
		return xasprintf("%" PRIu64, buf->events);
	case COL_ATTACHED:
		return *buf->attached ? xstrdup(buf->attached) : NULL;
	case COL_DMA_ADDR:
		return *buf->dma_addr ? xstrdup(buf->dma_addr) : NULL;
	case COL_SOURCE:
		return xstrdup(buf->source);
	case COL_DEVNO:
		return xasprintf("%u:%u", major(buf->dev), minor(buf->dev));
	case COL_USERS:
		return user_list(row, table->json);
	}
	return NULL;
}

/* The buffers that the user names, or all. The status is 1 if one is not there. */
static int choose(int argc, char **argv, struct buffer **bufs, size_t *n)
{
	int status = EXIT_SUCCESS;
	int i;

	if (!argc) {
		*n = buffers_read(bufs);
		return status;
	}
	*n = 0;
	*bufs = xrealloc(NULL, argc, sizeof(**bufs));
	for (i = 0; i < argc; i++) {
		if (buffer_find(argv[i], &(*bufs)[*n]))
			(*n)++;
		else
			status = EXIT_FAILURE;
	}
	return status;
}

static void init(struct table *table, const char *command)
{
	memset(table, 0, sizeof(*table));
	table->columns = columns;
	table->ncolumns = ARRAY_SIZE(columns);
	table_choose(table, command, DEFAULT_COLUMNS);
}

static bool chosen(const struct table *table, size_t column)
{
	size_t i;

	for (i = 0; i < table->nchosen; i++) {
		if (table->chosen[i] == column)
			return true;
	}
	return false;
}

static void print_table(struct table *table, const struct buffer *bufs, size_t n)
{
	struct user *users = NULL;
	struct row row = { 0 };
	size_t i;

	if (chosen(table, COL_USERS))
		row.nusers = users_find(bufs, n, &users);
	row.users = users;
	table_begin(table, "buffers");
	for (i = 0; i < n; i++) {
		row.buf = &bufs[i];
		table_line(table, cell, &row);
	}
	table_end(table);
	free(users);
}

int cmd_list(int argc, char **argv)
{
	static const struct option options[] = {
		TABLE_LONG_OPTIONS,
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 }
	};
	struct buffer *bufs;
	struct table table;
	int c, status;
	size_t n;

	init(&table, "list");
	while ((c = getopt_long(argc, argv, TABLE_OPTIONS "h", options, NULL)) != -1) {
		if (c == 'h') {
			printf("Usage: kshmctl list [OPTION...] [BUFFER...]\n\n"
			       "List these buffers, or all.\n\n"
			       TABLE_OPTIONS_HELP
			       "  -h, --help            print this text\n");
			table_columns_help(&table);
			return EXIT_SUCCESS;
		}
		if (!table_option(&table, "list", c, optarg))
			command_misused("list");
	}
	status = choose(argc - optind, argv + optind, &bufs, &n);
	if (n || optind == argc)
		print_table(&table, bufs, n);
	free(bufs);
	return status;
}

/* All columns of a buffer, a line each. */
static void print_info(const struct table *table, const struct row *row)
{
	size_t i;

	for (i = 0; i < table->ncolumns; i++) {
		char *text = cell(table, i, row);

		printf("%-10s %s\n", columns[i].name, text ?: "-");
		free(text);
	}
}

int cmd_info(int argc, char **argv)
{
	static const struct option options[] = {
		{ "bytes", no_argument, NULL, 'b' },
		{ "json", no_argument, NULL, 'J' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 }
	};
	struct buffer *bufs;
	struct user *users;
	struct table table;
	struct row row;
	int c, status;
	size_t i, n;

	init(&table, "info");
	while ((c = getopt_long(argc, argv, "bJh", options, NULL)) != -1) {
		switch (c) {
		case 'b':
		case 'J':
			table_option(&table, "info", c, NULL);
			break;
		case 'h':
			command_help("Usage: kshmctl info [OPTION...] [BUFFER...]\n\n"
				     "Print all that is known about these buffers, or all.\n\n"
				     "  -b, --bytes  print sizes in bytes\n"
				     "  -J, --json   print JSON\n"
				     "  -h, --help   print this text\n");
		default:
			command_misused("info");
		}
	}
	status = choose(argc - optind, argv + optind, &bufs, &n);
	if (table.json) {
		table_option(&table, "info", 'O', NULL);
		print_table(&table, bufs, n);
	} else {
		row.nusers = users_find(bufs, n, &users);
		row.users = users;
		for (i = 0; i < n; i++) {
			if (i)
				putchar('\n');
			row.buf = &bufs[i];
			print_info(&table, &row);
		}
		free(users);
	}
	free(bufs);
	return status;
}
