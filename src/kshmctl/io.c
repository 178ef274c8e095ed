// SPDX-License-Identifier: GPL-2.0-only
/*
 * kshmctl read, kshmctl write, kshmctl fill: the bytes of a buffer.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buffer.h"
#include "commands.h"
#include "errors.h"
#include "progress.h"
#include "range.h"
#include "util.h"

#define CHUNK (1U << 20)

static const struct option io_options[] = {
	RANGE_LONG_OPTIONS,
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 }
};

/* Write all of it, to a pipe, too. */
static bool write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t done = write(fd, data, len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		data += done;
		len -= done;
	}
	return true;
}

static bool pwrite_all(int fd, const char *data, size_t len, uint64_t offset)
{
	while (len) {
		ssize_t done = pwrite(fd, data, len, offset);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		data += done;
		offset += done;
		len -= done;
	}
	return true;
}

static bool copy_out(int fd, const char *arg, const struct range *range, int out,
		     const char *file)
{
	char *data = xrealloc(NULL, CHUNK, 1);
	uint64_t done = 0;
	bool good = true;

	progress_begin(arg, range->length);
	while (done < range->length) {
		size_t want = range->length - done < CHUNK ? range->length - done : CHUNK;
		ssize_t got = pread(fd, data, want, range->offset + done);

		if (got < 0 && errno == EINTR)
			continue;
		good = got > 0;
		if (!good) {
			progress_end();
			warn("%s: byte %" PRIu64, arg, range->offset + done);
			break;
		}
		good = write_all(out, data, got);
		if (!good) {
			progress_end();
			warn("%s", file);
			break;
		}
		done += got;
		progress(done);
	}
	progress_end();
	free(data);
	return good;
}

int cmd_read(int argc, char **argv)
{
	struct range range = { 0 };
	const char *file = NULL;
	struct buffer buf;
	int c, fd, out;
	bool good;

	while ((c = getopt_long(argc, argv, RANGE_OPTIONS "h", io_options, NULL)) != -1) {
		if (c == 'h')
			command_help("Usage: kshmctl read BUFFER [FILE] [OPTION...]\n\n"
				     "Copy bytes of a buffer to a file or to standard output.\n\n"
				     RANGE_OPTIONS_HELP
				     "  -h, --help           print this text\n");
		if (!range_option(&range, "read", c, optarg))
			command_misused("read");
	}
	if (argc - optind < 1 || argc - optind > 2) {
		warnx(argc == optind ? "a buffer is missing" : "there are too many arguments");
		command_misused("read");
	}
	if (argc - optind == 2 && strcmp(argv[optind + 1], "-"))
		file = argv[optind + 1];
	fd = buffer_open(argv[optind], O_RDONLY, &buf);
	if (fd < 0 || !range_in_buffer(&range, argv[optind], &buf))
		return EXIT_FAILURE;
	out = file ? open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666) : STDOUT_FILENO;
	if (out < 0)
		err(EXIT_FAILURE, "%s", file);
	good = copy_out(fd, argv[optind], &range, out, file ?: "standard output");
	if (file && close(out)) {
		warn("%s", file);
		good = false;
	}
	close(fd);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Copies until the end of the file or of the range, whichever comes first. */
static bool copy_in(int fd, const char *arg, const struct range *range, int in, const char *file)
{
	char *data = xrealloc(NULL, CHUNK, 1);
	uint64_t done = 0, left;
	bool good = true;
	ssize_t got;

	progress_begin(arg, range->length);
	for (;;) {
		left = range->length - done;
		/* One byte more tells whether there is more. */
		got = read(in, data, left < CHUNK && !range->has_length ? left + 1 :
				     left < CHUNK ? left : CHUNK);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		if ((uint64_t)got > left) {
			progress_end();
			warnx("%s: %s does not fit into the buffer, its end was not written", arg,
			      file);
			advise("the buffer has %" PRIu64 " bytes from there on", range->length);
			good = false;
			got = left;
		}
		if (!pwrite_all(fd, data, got, range->offset + done)) {
			progress_end();
			warn("%s", arg);
			good = false;
		}
		if (!good)
			break;
		done += got;
		progress(done);
	}
	progress_end();
	if (good && got < 0) {
		warn("%s", file);
		good = false;
	} else if (good && range->has_length && done < range->length) {
		warnx("%s: %s has only %" PRIu64 " bytes", arg, file, done);
		good = false;
	}
	free(data);
	return good;
}

int cmd_write(int argc, char **argv)
{
	struct range range = { 0 };
	const char *file = NULL;
	struct buffer buf;
	int c, fd, in;
	bool good;

	while ((c = getopt_long(argc, argv, RANGE_OPTIONS "h", io_options, NULL)) != -1) {
		if (c == 'h')
			command_help("Usage: kshmctl write BUFFER [FILE] [OPTION...]\n\n"
				     "Copy a file or standard input to a buffer.\n\n"
				     "  -O, --offset OFFSET  begin at this byte of the buffer\n"
				     "  -l, --length LENGTH  as many bytes; otherwise the whole file\n"
				     "  -h, --help           print this text\n");
		if (!range_option(&range, "write", c, optarg))
			command_misused("write");
	}
	if (argc - optind < 1 || argc - optind > 2) {
		warnx(argc == optind ? "a buffer is missing" : "there are too many arguments");
		command_misused("write");
	}
	if (argc - optind == 2 && strcmp(argv[optind + 1], "-"))
		file = argv[optind + 1];
	fd = buffer_open(argv[optind], O_WRONLY, &buf);
	if (fd < 0 || !range_in_buffer(&range, argv[optind], &buf))
		return EXIT_FAILURE;
	in = file ? open(file, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	if (in < 0)
		err(EXIT_FAILURE, "%s", file);
	good = copy_in(fd, argv[optind], &range, in, file ?: "standard input");
	if (file)
		close(in);
	close(fd);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

static bool fill(const char *arg, struct range range, int byte)
{
	struct buffer buf;
	uint64_t done, n;
	bool good = true;
	char *data;
	int fd;

	fd = buffer_open(arg, O_WRONLY, &buf);
	if (fd < 0)
		return false;
	if (!range_in_buffer(&range, arg, &buf)) {
		close(fd);
		return false;
	}
	data = xrealloc(NULL, CHUNK, 1);
	memset(data, byte, CHUNK);
	progress_begin(arg, range.length);
	for (done = 0; good && done < range.length; done += n) {
		n = range.length - done < CHUNK ? range.length - done : CHUNK;
		good = pwrite_all(fd, data, n, range.offset + done);
		if (!good) {
			progress_end();
			warn("%s", arg);
		}
		progress(done);
	}
	progress_end();
	free(data);
	close(fd);
	return good;
}

int cmd_fill(int argc, char **argv)
{
	static const struct option options[] = {
		RANGE_LONG_OPTIONS,
		{ "byte", required_argument, NULL, 'b' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 }
	};
	int c, byte = 0, status = EXIT_SUCCESS;
	struct range range = { 0 };

	while ((c = getopt_long(argc, argv, RANGE_OPTIONS "b:h", options, NULL)) != -1) {
		if (c == 'h')
			command_help("Usage: kshmctl fill BUFFER... [OPTION...]\n\n"
				     "Fill buffers with one byte, zero by default.\n\n"
				     "  -b, --byte BYTE      the byte, 0 to 255 or 0x00 to 0xff\n"
				     RANGE_OPTIONS_HELP
				     "  -h, --help           print this text\n");
		if (c == 'b')
			byte = number_option("fill", "--byte", optarg, 255);
		else if (!range_option(&range, "fill", c, optarg))
			command_misused("fill");
	}
	if (optind == argc) {
		warnx("a buffer is missing");
		command_misused("fill");
	}
	for (; optind < argc; optind++) {
		if (!fill(argv[optind], range, byte))
			status = EXIT_FAILURE;
	}
	return status;
}
