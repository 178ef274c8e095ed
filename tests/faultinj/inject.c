// SPDX-License-Identifier: GPL-2.0-only
/*
 * inject load PARAMETERS...: load the module with each of these
 * inject calls [all]: make every call to the loaded module; with buffers of all
 * kinds of sizes
 * inject carveout-calls: the same for a carveout
 *
 * Each call is repeated: the first allocation or copy from or to user space
 * fails, then the second, and so on, until there is none left to fail. Each
 * time the call must succeed nevertheless, or return the right errno and leave
 * nothing.
 */
#include "base.h"

#include <limits.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/sendfile.h>
#include <sys/uio.h>

#include "configfs.h"
#include "device.h"
#include "dmabuf.h"
#include "kernel.h"
#include "memfd.h"
#include "memory.h"

#define DIR_NAME	"f"
#define FAULTS		"/sys/kernel/debug/"
#define MANY		20000	/* more than any call has */
#define ENDS		2	/* how often the last ones are tried */
#define ENDS_ALL	4	/* the same where there is time */
#define LOST_LIMIT	256	/* pages; there are more buffers */

/* Shared by the calls. */
static int fail_fd, dev, event, pipes[2];
static char *mapping;
static char room[64 * KIB];
static const char *load_params, *attr_name, *attr_value;
static size_t size;
static const char *cache = "wb";
static bool carveout, all_buffers;
static int all_failures;

/**
 * struct call - a call in which allocations and copies can fail
 * @name:  for the titles of the results
 * @begin: called before it, or NULL
 * @call:  the call: returns -1 with errno, or anything else
 * @end:   called after a success, to restore the state before @begin, or NULL
 * @undo:  called after a failure, to undo @begin, or NULL
 * @never: the call must not fail
 * @none:  it allocates and copies nothing
 * @lazy:  it allocates and copies nothing if the buffer is a carveout
 * @claims: it creates a carveout
 * @only:  the only errno that it may return, or 0
 */
struct call {
	const char *name;
	void (*begin)(void);
	long (*call)(void);
	void (*end)(void);
	void (*undo)(void);
	bool never;
	bool none;
	bool lazy;
	bool claims;
	int only;
};

/* Whether a device has all that a live device has. */
static bool is_complete(int minor)
{
	char path[64];
	__u64 first;
	size_t i;
	int fd;

	for (i = 0; i < ARRAY_SIZE(device_attrs); i++) {
		snprintf(path, sizeof(path), "/sys/class/kshm/kshm%d/%s", minor,
			 device_attrs[i]);
		if (access(path, R_OK) || !*slurp(path))
			return false;
	}
	snprintf(path, sizeof(path), "/dev/kshm%d", minor);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return false;
	i = read(fd, &first, sizeof(first)) == sizeof(first) && !first;
	close(fd);
	return i;
}

static void put_range(const char *kind, unsigned long start,
		      unsigned long end)
{
	char path[96], text[32];

	snprintf(path, sizeof(path), FAULTS "%s/require-start", kind);
	snprintf(text, sizeof(text), "%#lx", start);
	put(path, text);
	snprintf(path, sizeof(path), FAULTS "%s/require-end", kind);
	snprintf(text, sizeof(text), "%#lx", end);
	put(path, text);
	snprintf(path, sizeof(path), FAULTS "%s/stacktrace-depth", kind);
	put(path, "64");
}

/* Only allocations and copies with an address in this range on the stack fail. */
static void only_in(unsigned long start, unsigned long end)
{
	put_range("failslab", start, end);
	put_range("fail_page_alloc", start, end);
	put_range("fail_usercopy", start, end);
}

/* Only the module's own allocations fail, not those of the loader. */
static void only_below(const char *function)
{
	unsigned long start = 0, end = 0, address;
	FILE *f = fopen("/proc/kallsyms", "re");
	char name[128], line[256];

	if (!f)
		bail("/proc/kallsyms");
	while (!end && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%lx %*c %127s", &address, name) != 2)
			continue;
		if (start && address > start)
			end = address;
		else if (!strcmp(name, function))
			start = address;
	}
	fclose(f);
	if (!end)
		bail("no function %s", function);
	only_in(start, end);
}

static void fail_all_kinds(void)
{
	put(FAULTS "failslab/verbose", "0");
	put(FAULTS "fail_page_alloc/verbose", "0");
	put(FAULTS "fail_usercopy/verbose", "0");
	put(FAULTS "failslab/ignore-gfp-wait", "N");
	put(FAULTS "fail_page_alloc/ignore-gfp-wait", "N");
	put(FAULTS "fail_page_alloc/ignore-gfp-highmem", "N");
	put(FAULTS "fail_page_alloc/min-order", "0");
	fail_fd = xopen("/proc/thread-self/fail-nth", O_RDWR);
}

static void arm(int nth)
{
	char text[16];
	int n = snprintf(text, sizeof(text), "%d", nth);

	if (pwrite(fail_fd, text, n, 0) != n)
		bail("fail-nth");
}

/* Returns whether something failed. The read itself may be what fails. */
static bool disarm(void)
{
	char text[16] = "";
	bool failed = pread(fail_fd, text, sizeof(text) - 1, 0) > 0 &&
		      atoi(text) == 0;

	while (pwrite(fail_fd, "0", 1, 0) != 1)
		;
	return failed;
}

/*
 * Whether a failed allocation or copy may return this errno. The kernel does not
 * say whether a range cannot be claimed because it is in use or for lack of
 * memory.
 */
static bool is_right(const struct call *c, int err)
{
	if (c->only)
		return err == c->only;
	return err == ENOMEM || err == EFAULT || (c->claims && err == EBUSY);
}

/*
 * One call with each of its failures. A call may need one allocation less than
 * the time before, as a slab has room left; then the last one would be missed.
 * So the last few are tried again.
 */
static void try_all(const struct call *c)
{
	int nth, failures = 0, refused = 0, strange = 0, ends = 0, before;

	for (nth = 1; nth < MANY; nth++) {
		bool failed;
		long ret;
		int err;

		if (c->begin)
			c->begin();
		before = devices();
		arm(nth);
		ret = c->call();
		err = errno;
		failed = disarm();
		failures += failed;
		if (ret != -1) {
			if (c->end)
				c->end();
			if (failed)
				continue;
			if (++ends == (all_buffers ? ENDS_ALL : ENDS))
				break;
			nth = nth > 3 ? nth - 3 : 0;
			continue;
		}
		refused++;
		if (!failed || c->never || !is_right(c, err) ||
		    devices() != before) {
			strange++;
			diag("%s, failure %d: %s, %d devices, before %d", c->name,
			     nth, strerror(err), devices(), before);
		}
		if (c->undo)
			c->undo();
		/* Without a failure the call would always fail. */
		if (!failed)
			break;
	}
	all_failures += failures;
	ok(!strange && nth < MANY &&
	   !failures == (c->none || (carveout && c->lazy)),
	   "%s%s: %d failures, %d of which made the call fail",
	   carveout ? "carveout: " : "", c->name, failures, refused);
}

/* Loading and unloading */

static long load(void)
{
	return module_load(load_params);
}

static void unload_it(void)
{
	if (module_unload())
		bail("unload");
}

static void unload_complete(void)
{
	int minor, n = devices();

	for (minor = 0; minor < n; minor++)
		if (!is_complete(minor))
			ok(false, "kshm%d is complete", minor);
	unload_it();
}

static void load_it(void)
{
	if (module_load(load_params))
		bail("load");
}

static long unload(void)
{
	return module_unload();
}

static void all_loads(char **params)
{
	static struct call call_load = {
		.call = load, .end = unload_complete,
	};
	static struct call call_unload = {
		.begin = load_it, .call = unload, .undo = unload_it,
	};
	char name[256];

	/* The first load allocates memory that the kernel keeps. */
	load_params = "buffers=none";
	load_it();
	unload_it();

	for (; *params; params++) {
		load_params = *params;
		snprintf(name, sizeof(name), "load %s", *params);
		call_load.name = name;
		call_load.claims = strchr(*params, '@');
		only_below("do_one_initcall");
		try_all(&call_load);
		snprintf(name, sizeof(name), "unload with %s", *params);
		call_unload.name = name;
		only_below("__x64_sys_delete_module");
		try_all(&call_unload);
	}
}

/* configfs */

static long dir_make(void)
{
	return mkdir(CONFIGFS "/" DIR_NAME, 0700);
}

static void dir_drop(void)
{
	buffer_drop(DIR_NAME);
}

static void dir_prepare(void)
{
	buffer_prepare(DIR_NAME, size);
	if (carveout)
		configfs_set(DIR_NAME, "phys_addr", RESERVED_TEXT);
	configfs_set(DIR_NAME, "cache", cache);
}

static long dir_set(void)
{
	return configfs_try(DIR_NAME, attr_name, attr_value) ? 0 : -1;
}

static void live_drop(void)
{
	if (!is_complete(buffer_minor(DIR_NAME)))
		ok(false, "the device is complete");
	buffer_drop(DIR_NAME);
}

static void live_prepare(void)
{
	dir_prepare();
	configfs_set(DIR_NAME, "live", "1");
}

static long live_rmdir(void)
{
	return rmdir(CONFIGFS "/" DIR_NAME);
}

/* /dev/kshmN and sysfs */

static long node_open(void)
{
	dev = open("/dev/kshm0", O_RDWR | O_CLOEXEC);
	return dev;
}

static void node_close(void)
{
	close(dev);
}

static long node_close_call(void)
{
	return close(dev);
}

static void node_prepare(void)
{
	dev = xopen("/dev/kshm0", O_RDWR);
}

static void node_map(void)
{
	node_prepare();
	mapping = map(dev, size, 0);
}

static long map_with(int flags)
{
	mapping = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | flags,
		       dev, 0);
	return mapping == MAP_FAILED ? -1 : 0;
}

static long map_lazily(void)
{
	return map_with(0);
}

static long map_populated(void)
{
	return map_with(MAP_POPULATE);
}

static void node_unmap(void)
{
	if (munmap(mapping, size))
		bail("munmap");
	node_close();
}

static long fault_all(void)
{
	size_t off;

	for (off = 0; off < size; off += PAGE)
		*(volatile char *)(mapping + off) = 0;
	return 0;
}

static long unmap(void)
{
	return munmap(mapping, size);
}

static long split_and_protect(void)
{
	return mprotect(mapping + PAGE, PAGE, PROT_READ);
}

static long do_read(void)
{
	return pread(dev, room, sizeof(room), 0);
}

static long do_write(void)
{
	return pwrite(dev, room, sizeof(room), 0);
}

static long do_readv(void)
{
	struct iovec v[2] = { { room, 5000 }, { room + 5000, 5000 } };

	return preadv(dev, v, 2, PAGE - 1);
}

static long do_seek(void)
{
	return lseek(dev, 0, SEEK_END);
}

static long do_sync(void)
{
	return fsync(dev);
}

static long do_poll(void)
{
	struct pollfd p = { .fd = dev, .events = POLLIN | POLLOUT };

	return poll(&p, 1, 0);
}

static long do_info(void)
{
	struct kshm_info i = { .struct_size = sizeof(i) };

	return ioctl(dev, KSHM_IOC_INFO, &i);
}

static long do_notify(void)
{
	return ioctl(dev, KSHM_IOC_NOTIFY, 0);
}

static long do_events(void)
{
	struct kshm_events e = { .struct_size = sizeof(e) };

	return ioctl(dev, KSHM_IOC_EVENTS, &e);
}

static long do_eventfd(void)
{
	struct kshm_eventfd arg = { .struct_size = sizeof(arg), .fd = event };

	return ioctl(dev, KSHM_IOC_EVENTFD, &arg);
}

static long do_maintain(void)
{
	struct kshm_sync arg = {
		.struct_size = sizeof(arg),
		.direction = KSHM_SYNC_FOR_CPU,
	};

	return ioctl(dev, KSHM_IOC_SYNC, &arg);
}

static void pipe_prepare(void)
{
	node_prepare();
	if (pipe(pipes))
		bail("pipe");
}

static void pipe_close(void)
{
	close(pipes[0]);
	close(pipes[1]);
	node_close();
}

static long do_splice(void)
{
	return splice(dev, NULL, pipes[1], NULL, 8 * PAGE, 0);
}

static void pipe_fill(void)
{
	pipe_prepare();
	if (write(pipes[1], room, 8 * PAGE) != (ssize_t)(8 * PAGE))
		bail("fill a pipe");
}

static long do_splice_in(void)
{
	return splice(pipes[0], NULL, dev, NULL, 8 * PAGE, 0);
}

static int exported = -1;

static long do_export(void)
{
	exported = export_try(dev, 0, PAGE);
	/* the kernel may have none, and a carveout never has one */
	return exported < 0 && errno != EOPNOTSUPP ? -1 : 0;
}

static void export_close(void)
{
	if (exported >= 0)
		close(exported);
	node_close();
}

static long do_export_mmap(void)
{
	void *p = MAP_FAILED;
	int err;

	if (do_export())
		return -1;
	if (exported < 0)
		return 0;
	p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
		 exported, 0);
	err = errno;
	close(exported);
	if (p != MAP_FAILED)
		munmap(p, PAGE);
	errno = err;
	return p == MAP_FAILED ? -1 : 0;
}

static long do_attr(void)
{
	char path[64], text[64];
	int fd, err;
	long n;

	snprintf(path, sizeof(path), "/sys/class/kshm/kshm0/%s", attr_name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	n = read(fd, text, sizeof(text));
	err = errno;
	close(fd);
	errno = err;
	return n;
}

static const struct call node_calls[] = {
	{ .name = "open", .call = node_open, .end = node_close },
	{ .name = "close",
	  .begin = node_prepare, .call = node_close_call, .never = true,
	  .none = true },
	{ .name = "mmap",
	  .begin = node_prepare, .call = map_lazily, .end = node_unmap,
	  .undo = node_close, .only = ENOMEM },
	{ .name = "mmap with MAP_POPULATE",
	  .begin = node_prepare, .call = map_populated, .end = node_unmap,
	  .undo = node_close, .only = ENOMEM },
	{ .name = "fault",
	  .begin = node_map, .call = fault_all, .end = node_unmap,
	  .undo = node_unmap, .never = true, .lazy = true },
	{ .name = "mprotect",
	  .begin = node_map, .call = split_and_protect, .end = node_unmap,
	  .undo = node_unmap, .only = ENOMEM },
	{ .name = "munmap",
	  .begin = node_map, .call = unmap, .end = node_close,
	  .undo = node_unmap, .only = ENOMEM },
	{ .name = "read",
	  .begin = node_prepare, .call = do_read, .end = node_close,
	  .undo = node_close, .only = EFAULT },
	{ .name = "readv",
	  .begin = node_prepare, .call = do_readv, .end = node_close,
	  .undo = node_close, .only = EFAULT },
	{ .name = "write",
	  .begin = node_prepare, .call = do_write, .end = node_close,
	  .undo = node_close, .only = EFAULT },
	{ .name = "lseek",
	  .begin = node_prepare, .call = do_seek, .end = node_close,
	  .never = true, .none = true },
	{ .name = "fsync",
	  .begin = node_prepare, .call = do_sync, .end = node_close,
	  .never = true, .none = true },
	{ .name = "poll",
	  .begin = node_prepare, .call = do_poll, .end = node_close,
	  .undo = node_close, .only = EFAULT },
	{ .name = "KSHM_IOC_INFO",
	  .begin = node_prepare, .call = do_info, .end = node_close,
	  .undo = node_close, .only = EFAULT },
	{ .name = "KSHM_IOC_NOTIFY",
	  .begin = node_prepare, .call = do_notify, .end = node_close,
	  .never = true, .none = true },
	{ .name = "KSHM_IOC_EVENTS",
	  .begin = node_prepare, .call = do_events, .end = node_close,
	  .undo = node_close, .only = EFAULT },
	{ .name = "KSHM_IOC_EVENTFD",
	  .begin = node_prepare, .call = do_eventfd, .end = node_close,
	  .undo = node_close, .only = EFAULT },
	{ .name = "KSHM_IOC_EXPORT",
	  .begin = node_prepare, .call = do_export, .end = export_close,
	  .undo = node_close },
	{ .name = "mmap of a dma-buf",
	  .begin = node_prepare, .call = do_export_mmap, .end = node_close,
	  .undo = node_close },
	{ .name = "KSHM_IOC_SYNC",
	  .begin = node_prepare, .call = do_maintain, .end = node_close,
	  .undo = node_close, .only = EFAULT },
	{ .name = "splice out",
	  .begin = pipe_prepare, .call = do_splice, .end = pipe_close,
	  .undo = pipe_close },
	{ .name = "splice in",
	  .begin = pipe_fill, .call = do_splice_in, .end = pipe_close,
	  .undo = pipe_close },
};

static void all_attrs(void)
{
	struct call c = { .call = do_attr };
	size_t i;

	for (i = 0; i < OWN_ATTRS; i++) {
		attr_name = device_attrs[i];
		c.name = attr_name;
		try_all(&c);
	}
}

static void all_settings(void)
{
	static const struct {
		const char *name, *value;
	} settings[] = {
		{ "size", "12K" }, { "reserve_mem", "log" }, { "cache", "wc" },
		{ "device", "pci/0000:01:00.0" },
		/* as size, in each respect that matters here */
		{ "phys_addr", RESERVED_TEXT }, { "align", "64K" },
		{ "addr_min", "16M" }, { "addr_max", "4G" }, { "keep", "1" },
		{ "node", "0" }, { "addr_bits", "32" },
	};
	size_t nr = all_buffers ? ARRAY_SIZE(settings) : 4;
	struct call c = {
		.begin = dir_prepare, .call = dir_set, .end = dir_drop,
		.undo = dir_drop,
	};
	char name[64];
	size_t i;

	size = PAGE;
	for (i = 0; i < nr; i++) {
		attr_name = settings[i].name;
		attr_value = settings[i].value;
		snprintf(name, sizeof(name), "write %s to %s", attr_value, attr_name);
		c.name = name;
		try_all(&c);
	}
	attr_name = "live";
	attr_value = "0";
	c.name = "write 0 to live";
	c.begin = live_prepare;
	try_all(&c);
}

/* Buffers of these sizes are created and removed. */
static void all_sizes(const size_t *sizes, size_t nr)
{
	struct call go_live = {
		.begin = dir_prepare, .call = dir_set, .end = live_drop,
		.undo = dir_drop, .claims = carveout,
	};
	struct call remove = {
		.begin = live_prepare, .call = live_rmdir, .undo = dir_drop,
	};
	char name[64];
	size_t i;

	attr_name = "live";
	attr_value = "1";
	for (i = 0; i < nr; i++) {
		size = sizes[i];
		snprintf(name, sizeof(name), "write 1 to live, %zu bytes, %s",
			 size, cache);
		go_live.name = name;
		try_all(&go_live);
		snprintf(name, sizeof(name), "rmdir, %zu bytes, %s", size, cache);
		remove.name = name;
		try_all(&remove);
	}
}

/* Programs use a buffer of the size that was the last one. */
static void all_uses(void)
{
	size_t i;

	live_prepare();
	for (i = 0; i < ARRAY_SIZE(node_calls); i++)
		try_all(&node_calls[i]);
	all_attrs();
	live_drop();
}

/* /dev/kshm-alloc */

static int alloc_node;

static long do_alloc(void)
{
	struct kshm_alloc a = alloc_request(size);

	dev = ioctl(alloc_node, KSHM_IOC_ALLOC, &a);
	return dev;
}

static void memfd_prepare(void)
{
	if (do_alloc() < 0)
		bail("KSHM_IOC_ALLOC");
}

static int again;

static long memfd_open(void)
{
	again = memfd_reopen(dev, O_RDWR);
	return again;
}

static void memfd_close(void)
{
	close(again);
	close(dev);
}

static void all_memfds(void)
{
	static const struct call calls[] = {
		{ .name = "KSHM_IOC_ALLOC", .call = do_alloc, .end = node_close },
		{ .name = "open a memfd again", .begin = memfd_prepare,
		  .call = memfd_open, .end = memfd_close, .undo = node_close },
		{ .name = "close a memfd", .begin = memfd_prepare,
		  .call = node_close_call, .never = true, .none = true },
	};
	size_t i;

	alloc_node = xopen(ALLOC_NODE, O_RDWR);
	size = 12 * KIB;
	for (i = 0; i < ARRAY_SIZE(calls); i++)
		try_all(&calls[i]);
	if (all_buffers) {
		size = 6 * MIB + PAGE;
		try_all(&calls[0]);
	}
	close(alloc_node);
	is(memfd_used(), 0, "bytes of memfds at the end");
}

/* linux/kshm.h, by the module kshm_client. */

static int client_do;

static long client(const char *what)
{
	return pwrite(client_do, what, strlen(what), 0) < 0 ? -1 : 0;
}

static long client_create(void)
{
	return client("create client:12K");
}

static void client_destroy(void)
{
	if (client("destroy"))
		bail("destroy");
}

static long client_find(void)
{
	return client("find " DIR_NAME);
}

static void client_put(void)
{
	if (client("put"))
		bail("put");
}

static void all_clients(void)
{
	static const struct call create = {
		.name = "kshm_create", .call = client_create,
		.end = client_destroy,
	};
	static const struct call find = {
		.name = "kshm_find", .call = client_find, .end = client_put,
	};

	client_do = xopen("/sys/module/kshm_client/parameters/do", O_WRONLY);
	try_all(&create);
	size = PAGE;
	live_prepare();
	try_all(&find);
	live_drop();
	close(client_do);
}

static void all_calls(void)
{
	static const struct call make_dir = {
		.name = "mkdir", .call = dir_make, .end = dir_drop,
	};
	/* In each list the last ones are what meets most of the code. */
	const size_t sizes[] = { PAGE, 2 * MIB, 3 * MIB, 12 * KIB,
				 6 * MIB + PAGE };
	static const size_t carveout_sizes[] = { 12 * KIB };
	const size_t wc_sizes[] = { 2 * MIB, 12 * KIB, 6 * MIB + PAGE };
	size_t skip = all_buffers ? 0 : ARRAY_SIZE(sizes) - 2;
	size_t skip_wc = all_buffers ? 0 : ARRAY_SIZE(wc_sizes) - 1;

	if (carveout) {
		all_sizes(carveout_sizes, ARRAY_SIZE(carveout_sizes));
		all_uses();
		cache = "uc";
		all_sizes(carveout_sizes, ARRAY_SIZE(carveout_sizes));
		return;
	}
	try_all(&make_dir);
	all_settings();
	all_memfds();
	all_clients();
	all_sizes(sizes + skip, ARRAY_SIZE(sizes) - skip);
	all_uses();
	cache = "wc";
	all_sizes(wc_sizes + skip_wc, ARRAY_SIZE(wc_sizes) - skip_wc);
}

int main(int argc, char **argv)
{
	long before, lost;

	event = eventfd(0, EFD_CLOEXEC);
	if (event < 0)
		bail("eventfd");
	fail_all_kinds();
	if (argc > 2 && !strcmp(argv[1], "load")) {
		before = free_pages();
		all_loads(argv + 2);
	} else {
		carveout = argc > 1 && !strcmp(argv[1], "carveout-calls");
		all_buffers = argc > 2 && !strcmp(argv[2], "all");
		only_in(0, ULONG_MAX);
		before = free_pages();
		all_calls();
	}
	lost = before - free_pages();
	diag("%d failures; %ld free pages fewer than before", all_failures,
	     lost);
	ok(lost < LOST_LIMIT, "fewer than %d pages are missing", LOST_LIMIT);
	is(devices(), load_params ? -1 : 0, "devices at the end");
	return tap_done();
}
