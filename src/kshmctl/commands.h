/* SPDX-License-Identifier: GPL-2.0-only */
/* The commands of kshmctl, and what all of them use to end. */
#ifndef KSHMCTL_COMMANDS_H
#define KSHMCTL_COMMANDS_H

#include <stdnoreturn.h>

/* Exit status when the command line is wrong; EXIT_FAILURE is for all else. */
#define EXIT_USAGE 2

/* Each is given its own name as argv[0] and returns the exit status. */
int cmd_create(int argc, char **argv);
int cmd_destroy(int argc, char **argv);
int cmd_fill(int argc, char **argv);
int cmd_info(int argc, char **argv);
int cmd_largest(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_map(int argc, char **argv);
int cmd_notify(int argc, char **argv);
int cmd_read(int argc, char **argv);
int cmd_restore(int argc, char **argv);
int cmd_save(int argc, char **argv);
int cmd_verify(int argc, char **argv);
int cmd_wait(int argc, char **argv);
int cmd_write(int argc, char **argv);

/* --help of a command: print the text and exit with success. */
noreturn void command_help(const char *text);

/* The command line is wrong, and a message has said why: exit with 2. */
noreturn void command_misused(const char *command);

#endif /* KSHMCTL_COMMANDS_H */
