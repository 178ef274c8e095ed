// SPDX-License-Identifier: GPL-2.0-only
/*
 * capture VIDEO: the kernel's test driver of a camera, vivid, captures frames
 * into dma-bufs of a buffer. Each frame must be the one that it captures into its
 * own memory. kshm is loaded, without a buffer.
 */
#include "base.h"

#include <linux/videodev2.h>
#include <poll.h>

#include "configfs.h"
#include "dmabuf.h"
#include "pattern.h"

#define FRAMES	3	/* buffers of the driver */
#define ROUNDS	9	/* frames to compare */
#define GAP	PAGE	/* between the parts of the buffer */

static int video;

/* ioctl() of the camera, which must succeed. */
static void camera(unsigned long cmd, void *arg, const char *what)
{
	if (ioctl(video, cmd, arg))
		bail("%s", what);
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

/* Returns the size of a frame. */
static size_t choose_format(void)
{
	struct v4l2_format f = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE };

	f.fmt.pix.width = 640;
	f.fmt.pix.height = 360;
	f.fmt.pix.pixelformat = V4L2_PIX_FMT_YUYV;
	f.fmt.pix.field = V4L2_FIELD_NONE;
	camera(VIDIOC_S_FMT, &f, "VIDIOC_S_FMT");
	diag("%ux%u, %u bytes", f.fmt.pix.width, f.fmt.pix.height,
	     f.fmt.pix.sizeimage);
	return f.fmt.pix.sizeimage;
}

static unsigned int request(__u32 memory, unsigned int count)
{
	struct v4l2_requestbuffers r = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = memory,
		.count = count,
	};

	camera(VIDIOC_REQBUFS, &r, "VIDIOC_REQBUFS");
	return r.count;
}

static void stream(bool on)
{
	int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;

	camera(on ? VIDIOC_STREAMON : VIDIOC_STREAMOFF, &type, "STREAMON");
}

static int queue(__u32 memory, unsigned int index, int fd)
{
	struct v4l2_buffer b = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = memory,
		.index = index,
	};

	if (memory == V4L2_MEMORY_DMABUF)
		b.m.fd = fd;
	return ioctl(video, VIDIOC_QBUF, &b);
}

/* The index of the next frame. */
static unsigned int dequeue(__u32 memory)
{
	struct v4l2_buffer b = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = memory,
	};
	struct pollfd p = { .fd = video, .events = POLLIN };

	if (poll(&p, 1, 20000) != 1)
		bail("no frame within 20 s");
	camera(VIDIOC_DQBUF, &b, "VIDIOC_DQBUF");
	if (b.flags & V4L2_BUF_FLAG_ERROR)
		ok(false, "frame %u has no error", b.sequence);
	return b.index;
}

/* A frame in memory of the driver. */
static char *reference(size_t size)
{
	struct v4l2_buffer b = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP,
	};
	char *copy = anon(size), *p;

	request(V4L2_MEMORY_MMAP, 1);
	camera(VIDIOC_QUERYBUF, &b, "VIDIOC_QUERYBUF");
	p = mmap(NULL, b.length, PROT_READ, MAP_SHARED, video, b.m.offset);
	if (p == MAP_FAILED)
		bail("mmap of the camera");
	if (queue(V4L2_MEMORY_MMAP, 0, -1))
		bail("VIDIOC_QBUF");
	stream(true);
	dequeue(V4L2_MEMORY_MMAP);
	memcpy(copy, p, size);
	stream(false);
	munmap(p, b.length);
	request(V4L2_MEMORY_MMAP, 0);
	return copy;
}

/* @p has the parts, a gap before each of them. */
static void capture(char *p, const int *dmabuf, size_t len, const char *want,
		    size_t size)
{
	int bad = 0, round;
	unsigned int i;

	is(request(V4L2_MEMORY_DMABUF, FRAMES), FRAMES, "VIDIOC_REQBUFS with dma-bufs");
	for (i = 0; i < FRAMES; i++)
		is(queue(V4L2_MEMORY_DMABUF, i, dmabuf[i]), 0, "VIDIOC_QBUF %u", i);
	stream(true);
	for (round = 0; round < ROUNDS; round++) {
		char *frame;

		i = dequeue(V4L2_MEMORY_DMABUF);
		frame = p + i * (GAP + len) + GAP;
		if (dmabuf_sync(dmabuf[i], DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW))
			bail("DMA_BUF_IOCTL_SYNC");
		if (memcmp(frame, want, size))
			bad++;
		memset(frame, 0x77, size);
		if (dmabuf_sync(dmabuf[i], DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW) ||
		    queue(V4L2_MEMORY_DMABUF, i, dmabuf[i]))
			bail("VIDIOC_QBUF");
	}
	stream(false);
	request(V4L2_MEMORY_DMABUF, 0);
	is(bad, 0, "of %d captured frames, those that differ from the driver's own",
	   ROUNDS);
	for (bad = 0, i = 0; i < FRAMES; i++)
		bad += !all_bytes_are(p + i * (GAP + len), GAP, 0x55);
	is(bad, 0, "gaps between the frames that were written to");
}

static void refuses(int dev, size_t len)
{
	char path[32];
	int fd, dmabuf;

	request(V4L2_MEMORY_DMABUF, 1);
	snprintf(path, sizeof(path), "/dev/kshm%d", buffer_minor("a"));
	fd = xopen(path, O_RDONLY);
	dmabuf = export(fd, 0, len);
	ok(queue(V4L2_MEMORY_DMABUF, 0, dmabuf), "a read-only dma-buf is refused");
	close(dmabuf);
	close(fd);
	dmabuf = export(dev, 0, PAGE);
	ok(queue(V4L2_MEMORY_DMABUF, 0, dmabuf), "one that is too small is refused");
	close(dmabuf);
	request(V4L2_MEMORY_DMABUF, 0);
}

int main(int argc, char **argv)
{
	size_t size, len, total;
	int dmabuf[FRAMES], dev;
	char *p, *want;
	unsigned int i;

	if (argc != 2)
		return 2;
	video = xopen(argv[1], O_RDWR);
	size = choose_format();
	remove_text();
	len = (size + PAGE - 1) & ~(PAGE - 1);
	total = FRAMES * (GAP + len);
	want = reference(size);
	ok(!all_bytes_are(want, size, *want), "the driver's own frame has a picture");

	dev = buffer_make("a", total);
	p = map(dev, total, 0);
	memset(p, 0x55, total);
	for (i = 0; i < FRAMES; i++)
		dmabuf[i] = export(dev, i * (GAP + len) + GAP, len);
	capture(p, dmabuf, len, want, size);
	refuses(dev, len);
	for (i = 0; i < FRAMES; i++)
		close(dmabuf[i]);
	close(video);
	munmap(p, total);
	close(dev);
	buffer_drop("a");
	return tap_done();
}
