// SPDX-License-Identifier: GPL-2.0-only
/*
 * camera ROUNDS VIDEO DEVICE ALLOCATORS: how fast the kernel's test driver of a
 * camera, vivid, captures into dma-bufs of a buffer, and into its own memory. The
 * program sleeps until there is a frame, and gives it back. ALLOCATORS, the
 * parameter of vivid, is for the results.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <linux/kshm.h>
#include <linux/v4l2-dv-timings.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench.h"

#define BUFFERS	4
#define FRAMES	50	/* that are measured */
#define PAGE	4096UL
#define THREAD	"vivid-000-vid-c"	/* of the driver, which captures */

/* So many that the camera is never done in time. */
static struct v4l2_dv_timings timings = V4L2_DV_BT_CEA_3840X2160P60;

/**
 * struct frames - a way to have memory for frames
 * @name:   as in the results
 * @memory: V4L2_MEMORY_*
 * @fd:     dma-bufs, or none
 * @map:    the memory
 */
struct frames {
	const char *name;
	uint32_t memory;
	int fd[BUFFERS];
	void *map[BUFFERS];
};

static int video;
static size_t size, room;	/* of a frame, and in whole pages */

/* ioctl() of the camera, which must succeed. */
static void camera(unsigned long cmd, void *arg, const char *what)
{
	if (ioctl(video, cmd, arg))
		die(what);
}

/* Without the text, which has the number of the frame, all frames are the same. */
static void remove_text(void)
{
	struct v4l2_queryctrl q = { .id = V4L2_CTRL_FLAG_NEXT_CTRL };
	struct v4l2_control c = { .value = 2 };

	while (!ioctl(video, VIDIOC_QUERYCTRL, &q)) {
		if (!strcmp((char *)q.name, "OSD Text Mode"))
			c.id = q.id;
		q.id |= V4L2_CTRL_FLAG_NEXT_CTRL;
	}
	camera(VIDIOC_S_CTRL, &c, "OSD Text Mode");
}

static void choose_format(void)
{
	struct v4l2_format f = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE };

	camera(VIDIOC_S_DV_TIMINGS, &timings, "VIDIOC_S_DV_TIMINGS");
	f.fmt.pix.width = timings.bt.width;
	f.fmt.pix.height = timings.bt.height;
	f.fmt.pix.pixelformat = V4L2_PIX_FMT_XBGR32;
	f.fmt.pix.field = V4L2_FIELD_NONE;
	camera(VIDIOC_S_FMT, &f, "VIDIOC_S_FMT");
	if (f.fmt.pix.width != timings.bt.width ||
	    f.fmt.pix.height != timings.bt.height ||
	    f.fmt.pix.pixelformat != V4L2_PIX_FMT_XBGR32) {
		errno = EINVAL;
		die("format");
	}
	size = f.fmt.pix.sizeimage;
	room = (size + PAGE - 1) & ~(PAGE - 1);
}

static void request(uint32_t memory, unsigned int count)
{
	struct v4l2_requestbuffers r = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = memory,
		.count = count,
	};

	camera(VIDIOC_REQBUFS, &r, "VIDIOC_REQBUFS");
	if (r.count != count) {
		errno = ENOMEM;
		die("VIDIOC_REQBUFS");
	}
}

static void stream(bool on)
{
	int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;

	camera(on ? VIDIOC_STREAMON : VIDIOC_STREAMOFF, &type, "STREAMON");
}

static void map_own(struct frames *frames)
{
	unsigned int i;

	for (i = 0; i < BUFFERS; i++) {
		struct v4l2_buffer b = {
			.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
			.memory = V4L2_MEMORY_MMAP, .index = i,
		};

		camera(VIDIOC_QUERYBUF, &b, "VIDIOC_QUERYBUF");
		frames->map[i] = mmap(NULL, room, PROT_READ, MAP_SHARED, video,
				      b.m.offset);
		if (frames->map[i] == MAP_FAILED)
			die("mmap of the camera");
	}
}

static void unmap_own(struct frames *frames)
{
	unsigned int i;

	for (i = 0; i < BUFFERS; i++)
		munmap(frames->map[i], room);
}

static void export_all(struct frames *frames, const char *device)
{
	int fd = open(device, O_RDWR);
	char *map;
	unsigned int i;

	if (fd < 0)
		die(device);
	map = mmap(NULL, BUFFERS * room, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		die(device);
	for (i = 0; i < BUFFERS; i++) {
		struct kshm_export arg = {
			.struct_size = sizeof(arg), .offset = i * room,
			.len = room,
		};

		frames->fd[i] = ioctl(fd, KSHM_IOC_EXPORT, &arg);
		if (frames->fd[i] < 0)
			die("KSHM_IOC_EXPORT");
		frames->map[i] = map + i * room;
	}
	close(fd);
}

static void queue(const struct frames *frames, unsigned int index)
{
	struct v4l2_buffer b = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = frames->memory,
		.index = index,
	};

	if (frames->memory == V4L2_MEMORY_DMABUF)
		b.m.fd = frames->fd[index];
	camera(VIDIOC_QBUF, &b, "VIDIOC_QBUF");
}

static void sync_frame(int fd, uint64_t flags)
{
	struct dma_buf_sync sync = { .flags = flags | DMA_BUF_SYNC_READ };

	if (ioctl(fd, DMA_BUF_IOCTL_SYNC, &sync))
		die("DMA_BUF_IOCTL_SYNC");
}

/* The next frame; its number counts those that the camera skips. */
static struct v4l2_buffer dequeue(const struct frames *frames)
{
	struct v4l2_buffer b = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = frames->memory,
	};
	struct pollfd p = { .fd = video, .events = POLLIN };

	errno = ETIMEDOUT;
	if (poll(&p, 1, 20000) != 1)
		die("a frame");
	camera(VIDIOC_DQBUF, &b, "VIDIOC_DQBUF");
	errno = EIO;
	if (b.flags & V4L2_BUF_FLAG_ERROR)
		die("a frame");
	return b;
}

/* As for a program that reads it. What it does then is not measured. */
static struct v4l2_buffer capture(const struct frames *frames)
{
	struct v4l2_buffer b = dequeue(frames);

	if (frames->memory == V4L2_MEMORY_DMABUF) {
		sync_frame(frames->fd[b.index], DMA_BUF_SYNC_START);
		sync_frame(frames->fd[b.index], DMA_BUF_SYNC_END);
	}
	queue(frames, b.index);
	return b;
}

/* Nanoseconds that a process has run, 0 if it is not the driver's thread. */
static uint64_t thread_time(const char *pid)
{
	char path[300], name[32] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%s/comm", pid);
	file = fopen(path, "r");
	if (!file)
		return 0;
	if (!fgets(name, sizeof(name), file))
		name[0] = '\0';
	fclose(file);
	if (strncmp(name, THREAD, strlen(THREAD)))
		return 0;
	snprintf(path, sizeof(path), "/proc/%s/schedstat", pid);
	return read_number(path, "");
}

/* The same, of the driver's thread, while it captures. */
static uint64_t driver_now(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	uint64_t ran = 0;

	if (!proc)
		die("/proc");
	while (!ran) {
		errno = ESRCH;
		entry = readdir(proc);
		if (!entry)
			die(THREAD);
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			ran = thread_time(entry->d_name);
	}
	closedir(proc);
	return ran;
}

static void say(const char *line, const char *allocators,
		const struct frames *frames, double value)
{
	char name[64];

	snprintf(name, sizeof(name), "%s-%s", line, allocators);
	figure(name, frames->name, size, value);
}

static void measure(const struct frames *frames, const char *allocators)
{
	struct v4l2_buffer first, last;
	uint64_t begin, ran;
	unsigned int i;
	int skipped;
	double took;

	for (i = 0; i < BUFFERS; i++)
		queue(frames, i);
	stream(true);
	/* All of them have been written to once. */
	for (i = 0; i < 2 * BUFFERS; i++)
		first = capture(frames);
	ran = driver_now();
	begin = now();
	for (i = 0; i < FRAMES; i++)
		last = capture(frames);
	took = now() - begin;
	ran = driver_now() - ran;
	say("frames", allocators, frames, FRAMES * 1e9 / took);
	say("frame", allocators, frames, (double)ran / FRAMES);
	skipped = last.sequence - first.sequence - FRAMES;
	say("skipped", allocators, frames, (double)skipped / FRAMES);
	stream(false);
}

int main(int argc, char **argv)
{
	struct frames own = { .name = "own", .memory = V4L2_MEMORY_MMAP };
	struct frames kshm = { .name = "kshm", .memory = V4L2_MEMORY_DMABUF };
	void *picture;
	int rounds;

	if (argc != 5)
		return 2;
	video = open(argv[2], O_RDWR);
	if (video < 0)
		die(argv[2]);
	choose_format();
	remove_text();
	picture = malloc(size);
	if (!picture)
		die("malloc");
	export_all(&kshm, argv[3]);
	for (rounds = atoi(argv[1]); rounds; rounds--) {
		request(V4L2_MEMORY_MMAP, BUFFERS);
		map_own(&own);
		measure(&own, argv[4]);
		memcpy(picture, own.map[0], size);
		unmap_own(&own);
		request(V4L2_MEMORY_MMAP, 0);

		request(V4L2_MEMORY_DMABUF, BUFFERS);
		measure(&kshm, argv[4]);
		request(V4L2_MEMORY_DMABUF, 0);
		errno = EILSEQ;
		if (memcmp(picture, kshm.map[0], size))
			die("the picture in the buffer");
	}
	return 0;
}
