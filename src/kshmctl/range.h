/* SPDX-License-Identifier: GPL-2.0-only */
/* Options --offset and --length: a part of a buffer. */
#ifndef KSHMCTL_RANGE_H
#define KSHMCTL_RANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "buffer.h"

/**
 * struct range - a part of a buffer
 * @offset: of its first byte
 * @length: bytes
 * @has_length: otherwise it goes to the end of the buffer
 */
struct range {
	uint64_t offset;
	uint64_t length;
	bool has_length;
};

#define RANGE_OPTIONS "l:O:"
#define RANGE_LONG_OPTIONS \
	{ "length", required_argument, NULL, 'l' }, \
	{ "offset", required_argument, NULL, 'O' }
#define RANGE_OPTIONS_HELP \
	"  -O, --offset OFFSET  begin at this byte of the buffer\n" \
	"  -l, --length LENGTH  as many bytes; otherwise to the end\n"

/* The value of an option. False: it is not one of the above. */
bool range_option(struct range *range, const char *command, int option, const char *value);

/* Complete the range; says so and returns false if it is not in the buffer. */
bool range_in_buffer(struct range *range, const char *arg, const struct buffer *buf);

#endif /* KSHMCTL_RANGE_H */
