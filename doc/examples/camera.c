// SPDX-License-Identifier: GPL-2.0-only
/*
 * A camera (V4L2) captures frames into a kshm buffer. Each frame is a dma-buf, a part of the
 * buffer, so no program copies it, and every program that maps the buffer sees it.
 *
 *     camera VIDEO DEVICE COUNT
 *
 * As many frames as fit are under way at once. Each that is done is announced by the buffer's
 * doorbell, and its offset is printed. The program that uses it must be done before the
 * camera comes to it again.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/kshm.h>
#include <linux/videodev2.h>

#define FRAMES_MAX 32

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static int queue(int video, unsigned int index, int dmabuf)
{
	struct v4l2_buffer b = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.memory = V4L2_MEMORY_DMABUF,
		.index = index,
		.m.fd = dmabuf,
	};

	return ioctl(video, VIDIOC_QBUF, &b);
}

int main(int argc, char **argv)
{
	struct kshm_info info = { .struct_size = sizeof(info) };
	struct v4l2_format format = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE };
	struct v4l2_requestbuffers request = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.memory = V4L2_MEMORY_DMABUF,
	};
	int dmabufs[FRAMES_MAX], video, fd, type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
	unsigned long size, page = sysconf(_SC_PAGESIZE);
	unsigned int i, count;

	if (argc != 4) {
		fprintf(stderr, "usage: camera VIDEO DEVICE COUNT\n");
		return 2;
	}
	count = strtoul(argv[3], NULL, 0);
	video = open(argv[1], O_RDWR);
	if (video < 0 || ioctl(video, VIDIOC_G_FMT, &format))
		die(argv[1]);
	size = (format.fmt.pix.sizeimage + page - 1) / page * page;

	fd = open(argv[2], O_RDWR);
	if (fd < 0 || ioctl(fd, KSHM_IOC_INFO, &info))
		die(argv[2]);
	request.count = info.size / size < FRAMES_MAX ? info.size / size : FRAMES_MAX;
	if (!request.count) {
		fprintf(stderr, "%s: a frame has %lu bytes\n", argv[2], size);
		return 1;
	}
	if (ioctl(video, VIDIOC_REQBUFS, &request))
		die("VIDIOC_REQBUFS");
	if (request.count > FRAMES_MAX)
		request.count = FRAMES_MAX;

	for (i = 0; i < request.count; i++) {
		struct kshm_export export = {
			.struct_size = sizeof(export),
			.offset = i * size,
			.len = size,
		};

		dmabufs[i] = ioctl(fd, KSHM_IOC_EXPORT, &export);
		if (dmabufs[i] < 0)
			die("KSHM_IOC_EXPORT");
		if (queue(video, i, dmabufs[i]))
			die("VIDIOC_QBUF");
	}
	if (ioctl(video, VIDIOC_STREAMON, &type))
		die("VIDIOC_STREAMON");
	while (count--) {
		struct v4l2_buffer b = {
			.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
			.memory = V4L2_MEMORY_DMABUF,
		};

		if (ioctl(video, VIDIOC_DQBUF, &b))
			die("VIDIOC_DQBUF");
		if (ioctl(fd, KSHM_IOC_NOTIFY, 0))
			die("KSHM_IOC_NOTIFY");
		printf("frame %u at offset %lu\n", b.sequence, b.index * size);
		if (queue(video, b.index, dmabufs[b.index]))
			die("VIDIOC_QBUF");
	}
	if (ioctl(video, VIDIOC_STREAMOFF, &type))
		die("VIDIOC_STREAMOFF");
	return 0;
}
