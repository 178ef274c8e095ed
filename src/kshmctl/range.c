// SPDX-License-Identifier: GPL-2.0-only
/*
 * Options --offset and --length: a part of a buffer.
 */
#include <err.h>
#include <inttypes.h>

#include "errors.h"
#include "range.h"
#include "util.h"

bool range_option(struct range *range, const char *command, int option, const char *value)
{
	switch (option) {
	case 'O':
		range->offset = size_option(command, "--offset", value);
		return true;
	case 'l':
		range->length = size_option(command, "--length", value);
		range->has_length = true;
		return true;
	}
	return false;
}

bool range_in_buffer(struct range *range, const char *arg, const struct buffer *buf)
{
	if (range->offset <= buf->size && !range->has_length)
		range->length = buf->size - range->offset;
	if (range->offset <= buf->size && range->length <= buf->size - range->offset)
		return true;
	warnx("%s: the range is not in the buffer", arg);
	advise("the buffer has %" PRIu64 " bytes", buf->size);
	return false;
}
