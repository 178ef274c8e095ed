// SPDX-License-Identifier: GPL-2.0-only
/*
 * Why a buffer could not be created, and what would work.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "errors.h"
#include "explain.h"
#include "util.h"

static const char free_memory[] =
	"free memory, then try again: sync; echo 2 >/proc/sys/vm/drop_caches";

void explain_mkdir(const struct request *req, const char *where, int error)
{
	switch (error) {
	case EEXIST:
		warnx("%s%s: a buffer of this name exists already", where, req->name);
		advise("'kshmctl destroy %s' removes it; 'kshmctl list' shows all", req->name);
		break;
	case EINVAL:
	case ENAMETOOLONG:
		warnx("%s%s: not a name for a buffer", where, req->name);
		advise("a name has 1 to 31 of A-Z a-z 0-9 _ . - and is not kshm with a number");
		break;
	case EAGAIN:
		warnx("%s%s: the module is still being loaded", where, req->name);
		advise("try again");
		break;
	default:
		errno = error;
		warn("%s%s", where, req->name);
	}
}

void explain_attr(const struct request *req, enum config_attr attr, const char *where, int error)
{
	const struct config_attr_info *info = &config_attrs[attr];

	if (error == EINVAL || error == ERANGE) {
		warnx("%s%s: %s cannot be '%s'", where, req->name, info->name, req->value[attr]);
		advise("%s is %s", info->name, info->rule);
	} else if (error == ENOENT) {
		warnx("%s%s: the module that is loaded has no %s", where, req->name, info->name);
		advise("load the installed one: modprobe -r kshm && modprobe kshm");
	} else {
		errno = error;
		warn("%s%s: %s", where, req->name, info->name);
	}
}

/* The command that would create the buffer with another size. */
static char *command(const struct request *req, const char *size)
{
	char *text = xasprintf("kshmctl create %s --size %s", req->name, size);
	int i;

	for (i = ATTR_SIZE + 1; i < NATTRS; i++) {
		char *longer;

		if (!req->value[i])
			continue;
		if (i == ATTR_KEEP)
			longer = xasprintf("%s --keep", text);
		else
			longer = xasprintf("%s --%s %s", text, config_attrs[i].option,
					   req->value[i]);
		free(text);
		text = longer;
	}
	return text;
}

/* The largest size that would succeed now, or 0. */
static uint64_t largest(const char *name)
{
	uint64_t size;
	char text[32];

	if (config_read(name, "largest", text, sizeof(text)) || !parse_size(text, &size))
		return 0;
	return size;
}

static bool limited(const struct request *req)
{
	return req->value[ATTR_NODE] || req->value[ATTR_ADDR_BITS] || req->value[ATTR_ALIGN] ||
	       req->value[ATTR_ADDR_MIN] || req->value[ATTR_ADDR_MAX];
}

static void explain_memory(const struct request *req, const char *where)
{
	uint64_t possible = largest(req->name);
	char *wanted, *size, *exact, *line;
	uint64_t bytes = 0;

	if (req->value[ATTR_SIZE])
		parse_size(req->value[ATTR_SIZE], &bytes);
	wanted = format_exact(bytes);
	if (possible >= bytes && bytes) {
		warnx("%s%s: no %s of contiguous memory at this moment", where, req->name, wanted);
		advise("memory has become free since; try again");
	} else if (possible) {
		size = format_size(possible, false);
		exact = format_exact(possible);
		line = command(req, exact);
		warnx("%s%s: no %s of contiguous memory%s; the largest size now is %s", where,
		      req->name, wanted, limited(req) ? " at such a place" : "", size);
		advise("%s", line);
		advise("or %s", free_memory);
		free(line);
		free(exact);
		free(size);
	} else {
		warnx("%s%s: no contiguous memory%s of any size", where, req->name,
		      limited(req) ? " at such a place" : "");
		if (limited(req))
			advise("see 'kshmctl largest' for each node and address limit");
		else
			advise("%s", free_memory);
	}
	free(wanted);
}

static void explain_invalid(const struct request *req, const char *where)
{
	if (!req->value[ATTR_SIZE])
		warnx("%s%s: a size is missing", where, req->name);
	else if (req->value[ATTR_PHYS_ADDR] && req->value[ATTR_RESERVE_MEM])
		warnx("%s%s: phys_addr and reserve_mem exclude each other", where, req->name);
	else if ((req->value[ATTR_PHYS_ADDR] || req->value[ATTR_RESERVE_MEM]) && limited(req))
		warnx("%s%s: a fixed place excludes addr_bits, align, addr_min, addr_max and node",
		      where, req->name);
	else if (req->value[ATTR_RESERVE_MEM])
		warnx("%s%s: the reservation '%s' is smaller than the size, or in ZONE_MOVABLE",
		      where, req->name, req->value[ATTR_RESERVE_MEM]);
	else if (req->value[ATTR_PHYS_ADDR])
		warnx("%s%s: the range is not completely in the physical address space", where,
		      req->name);
	else if (req->value[ATTR_KEEP])
		warnx("%s%s: keep needs phys_addr or reserve_mem", where, req->name);
	else
		warnx("%s%s: the range from addr_min to addr_max is smaller than the size", where,
		      req->name);
}

/* What is wrong with the device. Returns false for another error. */
static bool explain_device(const struct request *req, const char *where, int error)
{
	const char *device = req->value[ATTR_DEVICE], *slash;

	slash = device ? strchr(device, '/') : NULL;
	if (!slash)
		return false;
	switch (error) {
	case ENODEV:
		if (strncmp(device, "pci/", 4) && strncmp(device, "platform/", 9)) {
			warnx("%s%s: %s is not a device of the bus pci or platform", where,
			      req->name, device);
			advise("see 'ls /sys/bus/pci/devices /sys/bus/platform/devices'");
		} else {
			warnx("%s%s: there is no device %s", where, req->name, device);
			advise("see 'ls /sys/bus/%.*s/devices'", (int)(slash - device), device);
		}
		return true;
	case EBUSY:
		if (req->value[ATTR_PHYS_ADDR] || req->value[ATTR_RESERVE_MEM])
			return false;
		warnx("%s%s: a driver such as vfio-pci manages the DMA of %s", where, req->name,
		      device);
		break;
	case EIO:
		warnx("%s%s: %s cannot do DMA with this memory", where, req->name, device);
		break;
	case EOPNOTSUPP:
		warnx("%s%s: %s does not reach this memory as one range, without copying", where,
		      req->name, device);
		break;
	default:
		return false;
	}
	advise("the log says more: dmesg | grep 'kshm: %s'", device);
	return true;
}

static void explain_busy(const struct request *req, const char *where)
{
	if (req->value[ATTR_RESERVE_MEM]) {
		warnx("%s%s: another buffer or a transfer still uses the reservation '%s'", where,
		      req->name, req->value[ATTR_RESERVE_MEM]);
		advise("dmesg | grep kshm");
	} else if (req->value[ATTR_PHYS_ADDR]) {
		warnx("%s%s: the range at %s is System RAM, belongs to a driver, or is no memory",
		      where, req->name, req->value[ATTR_PHYS_ADDR]);
		advise("see 'cat /proc/iomem'; a PCI BAR needs --keep");
	} else {
		warnx("%s%s: memory went offline, or another program uses the directory", where,
		      req->name);
		advise("try again");
	}
}

void explain_live(const struct request *req, const char *where, int error)
{
	if (explain_device(req, where, error))
		return;
	switch (error) {
	case ENOMEM:
		explain_memory(req, where);
		break;
	case EINVAL:
		explain_invalid(req, where);
		break;
	case EBUSY:
		explain_busy(req, where);
		break;
	case EEXIST:
		warnx("%s%s: a buffer of this name exists already", where, req->name);
		advise("choose another name; 'kshmctl info %s' shows who made that one",
		       req->name);
		break;
	case ENOENT:
		warnx("%s%s: there is no reservation '%s'", where, req->name,
		      req->value[ATTR_RESERVE_MEM] ?: "");
		advise("add reserve_mem=SIZE:ALIGN:%s to the kernel's command line, and restart",
		       req->value[ATTR_RESERVE_MEM] ?: "NAME");
		break;
	case EOPNOTSUPP:
		if (req->value[ATTR_RESERVE_MEM]) {
			warnx("%s%s: this kernel has no reserve_mem=", where, req->name);
			advise("it is in Linux 6.11 and later");
		} else {
			warnx("%s%s: this machine cannot give the memory the cache mode %s", where,
			      req->name, req->value[ATTR_CACHE] ?: "wb");
			advise("use --cache wb");
		}
		break;
	case EPERM:
		warnx("%s%s: the kernel is locked down (Secure Boot)", where, req->name);
		advise("it refuses memory at a fixed place:");
		advise("use a buffer of ordinary memory, without %s",
		       req->value[ATTR_RESERVE_MEM] ? "reserve_mem" : "phys_addr");
		break;
	case ENOSPC:
		warnx("%s%s: there are 1024 buffers already", where, req->name);
		advise("remove some: kshmctl destroy NAME");
		break;
	case EIO:
		warnx("%s%s: the reservation has a memory error", where, req->name);
		advise("dmesg | grep kshm");
		break;
	default:
		errno = error;
		warn("%s%s", where, req->name);
	}
}
