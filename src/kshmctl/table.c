// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tables for people and programs, by libsmartcols.
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "commands.h"
#include "table.h"
#include "util.h"

static void choose(struct table *table, size_t column)
{
	size_t i;

	for (i = 0; i < table->nchosen; i++) {
		if (table->chosen[i] == column)
			return;
	}
	table->chosen[table->nchosen++] = column;
}

void table_choose(struct table *table, const char *command, const char *names)
{
	char *copy, *name, *rest;
	size_t i;

	if (*names == '+')
		names++;
	else
		table->nchosen = 0;
	copy = xstrdup(names);
	for (name = strtok_r(copy, ",", &rest); name; name = strtok_r(NULL, ",", &rest)) {
		for (i = 0; i < table->ncolumns; i++) {
			if (!strcasecmp(table->columns[i].name, name))
				break;
		}
		if (i == table->ncolumns) {
			warnx("there is no column '%s'", name);
			command_misused(command);
		}
		choose(table, i);
	}
	free(copy);
	if (!table->nchosen) {
		warnx("no column is named");
		command_misused(command);
	}
}

bool table_option(struct table *table, const char *command, int option, const char *value)
{
	size_t i;

	switch (option) {
	case 'b':
		table->bytes = true;
		break;
	case 'J':
		table->json = true;
		break;
	case 'n':
		table->noheadings = true;
		break;
	case 'O':
		for (i = 0; i < table->ncolumns; i++)
			choose(table, i);
		break;
	case 'o':
		table_choose(table, command, value);
		break;
	case 'r':
		table->raw = true;
		break;
	default:
		return false;
	}
	if (table->json && table->raw) {
		warnx("--json and --raw exclude each other");
		command_misused(command);
	}
	return true;
}

void table_columns_help(const struct table *table)
{
	size_t i;

	printf("\nColumns:\n");
	for (i = 0; i < table->ncolumns; i++)
		printf("  %-9s %s\n", table->columns[i].name, table->columns[i].help);
}

static void add_column(struct table *table, const struct table_column *column)
{
	struct libscols_column *scols;
	int json = column->json;

	scols = scols_table_new_column(table->scols, column->name, 0, column->flags);
	if (!scols)
		err(EXIT_FAILURE, "libsmartcols");
	if (!table->json)
		return;
	if (column->size && table->bytes)
		json = SCOLS_JSON_NUMBER;
	if (scols_column_set_json_type(scols, json))
		errx(EXIT_FAILURE, "libsmartcols");
}

void table_begin(struct table *table, const char *name)
{
	size_t i;

	table->scols = scols_new_table();
	if (!table->scols)
		err(EXIT_FAILURE, "libsmartcols");
	scols_table_enable_json(table->scols, table->json);
	scols_table_enable_raw(table->scols, table->raw);
	scols_table_enable_noheadings(table->scols, table->noheadings);
	if (scols_table_set_name(table->scols, name))
		err(EXIT_FAILURE, "libsmartcols");
	for (i = 0; i < table->nchosen; i++)
		add_column(table, &table->columns[table->chosen[i]]);
}

void table_line(struct table *table,
		char *(*cell)(const struct table *table, size_t column, const void *data),
		const void *data)
{
	struct libscols_line *line = scols_table_new_line(table->scols, NULL);
	size_t i;

	if (!line)
		err(EXIT_FAILURE, "libsmartcols");
	for (i = 0; i < table->nchosen; i++) {
		char *text = cell(table, table->chosen[i], data);

		if (text && scols_line_refer_data(line, i, text))
			err(EXIT_FAILURE, "libsmartcols");
	}
}

void table_end(struct table *table)
{
	if (scols_print_table(table->scols))
		errx(EXIT_FAILURE, "the table cannot be printed");
	scols_unref_table(table->scols);
}
