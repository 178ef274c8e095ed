/* SPDX-License-Identifier: GPL-2.0-only */
/* Tables for people and programs, by libsmartcols. */
#ifndef KSHMCTL_TABLE_H
#define KSHMCTL_TABLE_H

#include <libsmartcols/libsmartcols.h>
#include <stdbool.h>
#include <stddef.h>

/**
 * struct table_column - a column that a user can choose
 * @name: as it is chosen
 * @help: one line for --help
 * @flags: of libsmartcols
 * @json: type in JSON; a size is a number with --bytes only
 * @size: whether it is a size
 */
struct table_column {
	const char *name;
	const char *help;
	int flags;
	int json;
	bool size;
};

/* More than any table has. */
#define TABLE_COLUMNS_MAX 20

/**
 * struct table - columns and how to print them
 * @columns: all that there are
 * @ncolumns: how many
 * @chosen: indices of those to print
 * @nchosen: how many
 * @json: --json
 * @raw: --raw
 * @noheadings: --noheadings
 * @bytes: --bytes
 * @scols: libsmartcols's part, after table_begin()
 */
struct table {
	const struct table_column *columns;
	size_t ncolumns;
	size_t chosen[TABLE_COLUMNS_MAX];
	size_t nchosen;
	bool json;
	bool raw;
	bool noheadings;
	bool bytes;
	struct libscols_table *scols;
};

/* For getopt_long(): the options that all tables have. */
#define TABLE_OPTIONS "bJnOo:r"
#define TABLE_LONG_OPTIONS \
	{ "bytes", no_argument, NULL, 'b' }, \
	{ "json", no_argument, NULL, 'J' }, \
	{ "noheadings", no_argument, NULL, 'n' }, \
	{ "output-all", no_argument, NULL, 'O' }, \
	{ "output", required_argument, NULL, 'o' }, \
	{ "raw", no_argument, NULL, 'r' }
#define TABLE_OPTIONS_HELP \
	"  -b, --bytes           print sizes in bytes\n" \
	"  -J, --json            print JSON\n" \
	"  -n, --noheadings      print no headings\n" \
	"  -o, --output COLUMNS  print these columns, separated by commas;\n" \
	"                        +COLUMNS adds them to the default\n" \
	"  -O, --output-all      print all columns\n" \
	"  -r, --raw             print columns separated by one blank\n"

/* The value of an option. False: it is not one of the above. */
bool table_option(struct table *table, const char *command, int option, const char *value);

/* Choose columns by their names; ends the program when there is no such column. */
void table_choose(struct table *table, const char *command, const char *names);

/* The columns for --help. */
void table_columns_help(const struct table *table);

void table_begin(struct table *table, const char *name);

/* A line; cell() returns the text of a column, which is freed, or NULL. */
void table_line(struct table *table,
		char *(*cell)(const struct table *table, size_t column, const void *data),
		const void *data);
void table_end(struct table *table);

#endif /* KSHMCTL_TABLE_H */
