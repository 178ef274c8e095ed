// SPDX-License-Identifier: GPL-2.0-only
/*
 * kshmctl map: physical memory as a strip for each NUMA node, so that one sees why a large
 * buffer does not come.
 */
#define _GNU_SOURCE
#include <err.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "commands.h"
#include "physmem.h"
#include "table.h"
#include "util.h"

/* Characters in a line, and lines of a node unless --unit says otherwise. */
#define WIDE 64
#define NARROW 32
#define LINES 16

enum {
	COL_NODE,
	COL_START,
	COL_SIZE,
	COL_FREE,
	COL_MOVABLE,
	COL_UNMOVABLE,
	COL_KSHM,
};

static const struct table_column columns[] = {
	[COL_NODE] = { "NODE", "NUMA node", SCOLS_FL_RIGHT, SCOLS_JSON_NUMBER, false },
	[COL_START] = { "START", "physical address", SCOLS_FL_RIGHT, 0, false },
	[COL_SIZE] = { "SIZE", "memory in this unit, without holes", SCOLS_FL_RIGHT, 0, true },
	[COL_FREE] = { "FREE", "free pages", SCOLS_FL_RIGHT, 0, true },
	[COL_MOVABLE] = { "MOVABLE", "pages that can be migrated or reclaimed",
			  SCOLS_FL_RIGHT, 0, true },
	[COL_UNMOVABLE] = { "UNMOVABLE", "pages that no buffer can take", SCOLS_FL_RIGHT, 0,
			    true },
	[COL_KSHM] = { "KSHM", "pages of buffers of kshm", SCOLS_FL_RIGHT, 0, true },
};

/**
 * struct unit - a part of physical memory, a character of the picture
 * @node: NUMA node
 * @start: physical address
 * @pages: number of pages of each kind
 */
struct unit {
	int node;
	uint64_t start;
	uint64_t pages[PAGE_KINDS];
};

/**
 * struct map - what is printed and how
 * @mem: physical memory
 * @table: the table, when there is one instead of pictures
 * @list: print the table
 * @color: print pictures with colours
 * @unit: bytes of a unit; 0: chosen for each node
 * @width: characters in a line
 * @node_start: first page frame of the node
 * @node_end: the one after its last
 * @run: pages without an unmovable one or a hole so far
 * @longest: most of them
 * @longest_end: the page frame after them
 */
struct map {
	struct physmem mem;
	struct table table;
	bool list;
	bool color;
	uint64_t unit;
	unsigned int width;
	uint64_t node_start;
	uint64_t node_end;
	uint64_t run;
	uint64_t longest;
	uint64_t longest_end;
};

static uint64_t page_size(void)
{
	return sysconf(_SC_PAGESIZE);
}

static uint64_t unit_size(const struct unit *unit)
{
	uint64_t pages = 0;
	int kind;

	for (kind = PAGE_FREE; kind < PAGE_KINDS; kind++)
		pages += unit->pages[kind];
	return pages * page_size();
}

static char *cell(const struct table *table, size_t column, const void *data)
{
	static const enum page_kind kinds[] = {
		[COL_FREE] = PAGE_FREE,
		[COL_MOVABLE] = PAGE_MOVABLE,
		[COL_UNMOVABLE] = PAGE_UNMOVABLE,
		[COL_KSHM] = PAGE_KSHM,
	};
	const struct unit *unit = data;

	switch (column) {
	case COL_NODE:
		return xasprintf("%d", unit->node);
	case COL_START:
		return xasprintf("0x%" PRIx64, unit->start);
	case COL_SIZE:
		return format_size(unit_size(unit), table->bytes);
	}
	return format_size(unit->pages[kinds[column]] * page_size(), table->bytes);
}

/* The character of a unit, and its colour. */
static char symbol(const struct unit *unit, const char **color)
{
	uint64_t all = unit_size(unit) / page_size();

	*color = "";
	if (!all)
		return ' ';
	if (unit->pages[PAGE_KSHM]) {
		*color = "\033[1;34m";
		return 'K';
	}
	if (unit->pages[PAGE_UNMOVABLE] > all / 2) {
		*color = "\033[31m";
		return '#';
	}
	if (unit->pages[PAGE_UNMOVABLE]) {
		*color = "\033[33m";
		return 'x';
	}
	if (unit->pages[PAGE_MOVABLE]) {
		*color = "\033[36m";
		return 'm';
	}
	*color = "\033[32m";
	return '.';
}

/* Count the pages of a unit: those of its node. */
static void look(struct map *map, struct unit *unit, uint64_t pfn, uint64_t end)
{
	unsigned char kinds[4096];
	size_t i, n;

	memset(unit->pages, 0, sizeof(unit->pages));
	unit->start = pfn * page_size();
	if (pfn < map->node_start)
		pfn = map->node_start;
	if (end > map->node_end)
		end = map->node_end;
	for (; pfn < end; pfn += n) {
		n = end - pfn < sizeof(kinds) ? end - pfn : sizeof(kinds);
		physmem_read(&map->mem, pfn, n, kinds);
		for (i = 0; i < n; i++) {
			unit->pages[kinds[i]]++;
			if (kinds[i] != PAGE_FREE && kinds[i] != PAGE_MOVABLE) {
				map->run = 0;
			} else if (++map->run > map->longest) {
				map->longest = map->run;
				map->longest_end = pfn + i + 1;
			}
		}
	}
}

static void draw_line(const struct map *map, const struct unit *units, size_t n)
{
	const char *now = "", *color;
	size_t i;

	printf("0x%012" PRIx64 " ", units[0].start);
	for (i = 0; i < n; i++) {
		char c = symbol(&units[i], &color);

		if (map->color && strcmp(color, now)) {
			printf("%s%s", *now ? "\033[0m" : "", color);
			now = color;
		}
		putchar(c);
	}
	printf("%s\n", *now && map->color ? "\033[0m" : "");
}

static void print_size(const char *before, uint64_t size, bool bytes)
{
	char *text = format_size(size, bytes);

	printf("%s%s", before, text);
	free(text);
}

/* What the picture of a node showed, in numbers. */
static void print_sum(const struct map *map, const struct unit *sum)
{
	bool bytes = map->table.bytes;

	print_size("free ", sum->pages[PAGE_FREE] * page_size(), bytes);
	print_size(", movable ", sum->pages[PAGE_MOVABLE] * page_size(), bytes);
	print_size(", unmovable ", sum->pages[PAGE_UNMOVABLE] * page_size(), bytes);
	print_size(", kshm ", sum->pages[PAGE_KSHM] * page_size(), bytes);
	print_size("\nlongest range without unmovable pages: ", map->longest * page_size(), bytes);
	if (map->longest)
		printf(" at 0x%" PRIx64, (map->longest_end - map->longest) * page_size());
	printf("\n\n");
}

/* A power of two, so that a line begins at an address that people can read. In pages. */
static uint64_t choose_unit(const struct map *map)
{
	uint64_t pages = 1;

	while (pages * map->width * LINES < map->node_end - map->node_start)
		pages *= 2;
	return pages;
}

static void show_node(struct map *map, int node)
{
	uint64_t pages = map->unit / page_size() ?: choose_unit(map);
	uint64_t line = map->list ? pages : pages * map->width;
	struct unit units[WIDE], sum = { .node = node };
	uint64_t start, size;
	size_t i, n = line / pages;
	int kind;

	physmem_rewind(&map->mem);
	map->run = 0;
	map->longest = 0;
	if (!map->list) {
		printf("node %d", node);
		print_size(", a character is ", pages * page_size(), map->table.bytes);
		putchar('\n');
	}
	start = map->node_start - map->node_start % line;
	for (; start < map->node_end; start += line) {
		size = 0;
		for (i = 0; i < n; i++) {
			units[i].node = node;
			look(map, &units[i], start + i * pages, start + (i + 1) * pages);
			size += unit_size(&units[i]);
			for (kind = 0; kind < PAGE_KINDS; kind++)
				sum.pages[kind] += units[i].pages[kind];
		}
		if (!size)
			continue;
		if (map->list)
			table_line(&map->table, cell, units);
		else
			draw_line(map, units, n);
	}
	if (!map->list)
		print_sum(map, &sum);
}

/* Zones are in the order of nodes. */
static void show_all(struct map *map)
{
	const struct zone_span *zone = map->mem.zones, *end = zone + map->mem.nzones;

	while (zone < end) {
		int node = zone->node;

		map->node_start = zone->start;
		for (map->node_end = 0; zone < end && zone->node == node; zone++) {
			if (map->node_end < zone->end)
				map->node_end = zone->end;
		}
		show_node(map, node);
	}
}

/* --color: as of ls and others; NO_COLOR and a dumb terminal turn it off. */
static bool choose_color(const char *when)
{
	const char *term = getenv("TERM"), *no = getenv("NO_COLOR");

	if (!strcmp(when, "always"))
		return true;
	if (!strcmp(when, "never"))
		return false;
	if (strcmp(when, "auto")) {
		warnx("--color is auto, always or never");
		command_misused("map");
	}
	return isatty(STDOUT_FILENO) && !(no && *no) && term && strcmp(term, "dumb");
}

static unsigned int choose_width(void)
{
	struct winsize window;

	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) ||
	    !window.ws_col || window.ws_col > WIDE + 15)
		return WIDE;
	return NARROW;
}

static uint64_t unit_option(const char *text)
{
	uint64_t unit = size_option("map", "--unit", text);

	if (unit < page_size() || unit & (unit - 1)) {
		warnx("--unit is a power of two, at least a page");
		command_misused("map");
	}
	return unit;
}

int cmd_map(int argc, char **argv)
{
	static const struct option options[] = {
		TABLE_LONG_OPTIONS,
		{ "color", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ "list", no_argument, NULL, 'l' },
		{ "unit", required_argument, NULL, 'u' },
		{ NULL, 0, NULL, 0 }
	};
	struct map map = {
		.table = { .columns = columns, .ncolumns = ARRAY_SIZE(columns) },
	};
	const char *when = "auto";
	int c;

	table_choose(&map.table, "map", "NODE,START,SIZE,FREE,MOVABLE,UNMOVABLE,KSHM");
	while ((c = getopt_long(argc, argv, TABLE_OPTIONS "hlu:", options, NULL)) != -1) {
		switch (c) {
		case 'h':
			printf("Usage: kshmctl map [OPTION...]\n\n"
			       "Show physical memory as a picture for each NUMA node: '.' is free, 'm' has\n"
			       "movable pages, 'x' some unmovable ones, '#' mostly unmovable ones, 'K' pages\n"
			       "of buffers of kshm. A buffer needs a range without 'x', '#' and 'K'.\n\n"
			       "  -u, --unit SIZE       bytes of a character, a power of two\n"
			       "      --color WHEN      auto, always or never; auto is for a terminal\n"
			       "  -l, --list            print a table instead; so do the following, but -b\n"
			       TABLE_OPTIONS_HELP
			       "  -h, --help            print this text\n");
			table_columns_help(&map.table);
			return EXIT_SUCCESS;
		case 'c':
			when = optarg;
			break;
		case 'l':
			map.list = true;
			break;
		case 'u':
			map.unit = unit_option(optarg);
			break;
		default:
			if (!table_option(&map.table, "map", c, optarg))
				command_misused("map");
			map.list |= c != 'b';
		}
	}
	if (optind < argc) {
		warnx("'%s' is too much", argv[optind]);
		command_misused("map");
	}
	map.color = choose_color(when);
	map.width = choose_width();
	physmem_open(&map.mem);
	if (map.list)
		table_begin(&map.table, "map");
	show_all(&map);
	if (map.list)
		table_end(&map.table);
	else
		puts(". free   m movable   x some unmovable   # mostly unmovable   K kshm");
	physmem_close(&map.mem);
	return EXIT_SUCCESS;
}
