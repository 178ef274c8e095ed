// SPDX-License-Identifier: GPL-2.0-only
/*
 * Send what is in a kshm buffer of this machine to one of another machine, by RDMA.
 *
 *     rdma RDMA-DEVICE DEVICE PORT			the machine that is written to
 *     rdma RDMA-DEVICE DEVICE PORT ADDRESS		the machine that writes
 *
 * for instance rdma rxe0 /dev/kshm0 7471, and on the other machine
 * rdma rxe0 /dev/kshm0 7471 192.0.2.1. The first one tells the second one by TCP where
 * its buffer is. Then the adapter of the second one writes to it and reads it back;
 * no program of the first machine takes part in that.
 *
 * It is for adapters with RoCE v2 and IPv4, such as rxe, which needs no hardware. See
 * rdma.md.
 */
#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <infiniband/verbs.h>

#define ADAPTER_PORT	1
#define PIECE		(1 << 20)	/* bytes of one request */
#define ACCESS		(IBV_ACCESS_LOCAL_WRITE | IBV_ACCESS_REMOTE_WRITE | \
			 IBV_ACCESS_REMOTE_READ)

/* What the machines tell each other, big-endian. */
struct hello {
	union ibv_gid gid;	/* address of the adapter */
	uint64_t address;	/* of the buffer, for the other machine */
	uint64_t size;
	uint32_t key;		/* the other machine must name it to access the buffer */
	uint32_t qp;		/* number of the queue pair */
};

static struct ibv_context *adapter;
static struct ibv_pd *domain;
static struct ibv_cq *done;
static struct ibv_qp *qp;

static void fail(const char *what)
{
	fprintf(stderr, "%s\n", what);
	exit(1);
}

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void open_adapter(const char *name)
{
	struct ibv_device **list = ibv_get_device_list(NULL);
	struct ibv_qp_init_attr init = {
		.qp_type = IBV_QPT_RC,
		.cap = { .max_send_wr = 1, .max_recv_wr = 1, .max_send_sge = 1,
			 .max_recv_sge = 1 },
	};
	int i;

	for (i = 0; list && list[i]; i++) {
		if (!strcmp(ibv_get_device_name(list[i]), name))
			adapter = ibv_open_device(list[i]);
	}
	if (!adapter)
		fail("no such RDMA device");
	domain = ibv_alloc_pd(adapter);
	if (!domain)
		die("ibv_alloc_pd");
	done = ibv_create_cq(adapter, 1, NULL, NULL, 0);
	if (!done)
		die("ibv_create_cq");
	init.send_cq = done;
	init.recv_cq = done;
	qp = ibv_create_qp(domain, &init);
	if (!qp)
		die("ibv_create_qp");
}

/* The adapter's first IPv4 address for RoCE v2. */
static int find_gid(union ibv_gid *gid)
{
	static const uint8_t prefix[12] = { [10] = 0xff, [11] = 0xff };
	struct ibv_gid_entry entry;
	int i;

	for (i = 0; !ibv_query_gid_ex(adapter, ADAPTER_PORT, i, &entry, 0); i++) {
		if (entry.gid_type == IBV_GID_TYPE_ROCE_V2 &&
		    !memcmp(entry.gid.raw, prefix, sizeof(prefix))) {
			*gid = entry.gid;
			return i;
		}
	}
	fail("the RDMA device has no IPv4 address");
	return -1;
}

/* Connect the queue pair with that of the other machine. */
static void connect_qp(const struct hello *peer, int gid_index)
{
	struct ibv_qp_attr attr = {
		.qp_state = IBV_QPS_INIT,
		.port_num = ADAPTER_PORT,
		.qp_access_flags = ACCESS,
	};

	if (ibv_modify_qp(qp, &attr, IBV_QP_STATE | IBV_QP_PKEY_INDEX |
			  IBV_QP_PORT | IBV_QP_ACCESS_FLAGS))
		die("ibv_modify_qp to INIT");

	attr.qp_state = IBV_QPS_RTR;
	attr.path_mtu = IBV_MTU_1024;
	attr.dest_qp_num = be32toh(peer->qp);
	attr.max_dest_rd_atomic = 1;
	attr.min_rnr_timer = 12;
	attr.ah_attr.is_global = 1;
	attr.ah_attr.port_num = ADAPTER_PORT;
	attr.ah_attr.grh.dgid = peer->gid;
	attr.ah_attr.grh.sgid_index = gid_index;
	attr.ah_attr.grh.hop_limit = 64;
	if (ibv_modify_qp(qp, &attr, IBV_QP_STATE | IBV_QP_AV | IBV_QP_PATH_MTU |
			  IBV_QP_DEST_QPN | IBV_QP_RQ_PSN |
			  IBV_QP_MAX_DEST_RD_ATOMIC | IBV_QP_MIN_RNR_TIMER))
		die("ibv_modify_qp to RTR");

	attr.qp_state = IBV_QPS_RTS;
	attr.timeout = 18;	/* 4 microseconds << 18, a second; 7 times that */
	attr.retry_cnt = 7;
	attr.rnr_retry = 7;
	attr.max_rd_atomic = 1;
	if (ibv_modify_qp(qp, &attr, IBV_QP_STATE | IBV_QP_TIMEOUT |
			  IBV_QP_RETRY_CNT | IBV_QP_RNR_RETRY | IBV_QP_SQ_PSN |
			  IBV_QP_MAX_QP_RD_ATOMIC))
		die("ibv_modify_qp to RTS");
}

/* The adapter copies between @mr and the memory of the other machine. */
static void transfer(enum ibv_wr_opcode opcode, const struct ibv_mr *mr,
		     const struct hello *peer, uint64_t size)
{
	uint64_t offset, len;

	for (offset = 0; offset < size; offset += len) {
		struct ibv_sge local = {
			.addr = (uintptr_t)mr->addr + offset,
			.lkey = mr->lkey,
		};
		struct ibv_send_wr request = {
			.opcode = opcode,
			.send_flags = IBV_SEND_SIGNALED,
			.sg_list = &local,
			.num_sge = 1,
			.wr.rdma.remote_addr = be64toh(peer->address) + offset,
			.wr.rdma.rkey = be32toh(peer->key),
		}, *bad;
		struct ibv_wc wc;
		int n;

		len = size - offset < PIECE ? size - offset : PIECE;
		local.length = len;
		errno = ibv_post_send(qp, &request, &bad);
		if (errno)
			die("ibv_post_send");
		do {
			n = ibv_poll_cq(done, 1, &wc);
		} while (!n);
		if (n < 0)
			fail("ibv_poll_cq fails");
		if (wc.status != IBV_WC_SUCCESS)
			fail(ibv_wc_status_str(wc.status));
	}
}

/* A TCP connection to @host, or from whoever comes. */
static int connect_tcp(const char *host, const char *port)
{
	struct sockaddr_in where = {
		.sin_family = AF_INET,
		.sin_port = htobe16(strtoul(port, NULL, 0)),
	};
	int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;

	if (fd < 0)
		die("socket");
	if (host) {
		if (inet_pton(AF_INET, host, &where.sin_addr) != 1)
			fail("not an IPv4 address");
		if (connect(fd, (struct sockaddr *)&where, sizeof(where)))
			die(host);
		return fd;
	}
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) ||
	    bind(fd, (struct sockaddr *)&where, sizeof(where)) || listen(fd, 1))
		die("listen");
	printf("waiting for the other machine\n");
	fflush(stdout);
	fd = accept(fd, NULL, NULL);
	if (fd < 0)
		die("accept");
	return fd;
}

static void send_hello(int tcp, const struct hello *hello)
{
	if (write(tcp, hello, sizeof(*hello)) != sizeof(*hello))
		die("write to the other machine");
}

static int receive_hello(int tcp, struct hello *hello)
{
	return recv(tcp, hello, sizeof(*hello), MSG_WAITALL) == sizeof(*hello);
}

/* Write the buffer to that of the other machine, and read that back. */
static void send_buffer(const struct ibv_mr *mr, const struct hello *peer)
{
	uint64_t size = be64toh(peer->size);
	struct ibv_mr *back;
	char *copy;

	if (size > mr->length)
		size = mr->length;
	copy = malloc(size);
	if (!copy)
		die("malloc");
	back = ibv_reg_mr(domain, copy, size, IBV_ACCESS_LOCAL_WRITE);
	if (!back)
		die("ibv_reg_mr");

	transfer(IBV_WR_RDMA_WRITE, mr, peer, size);
	transfer(IBV_WR_RDMA_READ, back, peer, size);
	if (memcmp(copy, mr->addr, size))
		fail("not what was written");
	printf("%llu bytes written and read back\n", (unsigned long long)size);
	ibv_dereg_mr(back);
	free(copy);
}

int main(int argc, char **argv)
{
	const char *host = argc == 5 ? argv[4] : NULL;
	struct hello hello = { 0 }, peer;
	int gid_index, fd, tcp;
	struct ibv_mr *mr;
	char *memory;
	off_t size;

	if (argc != 4 && argc != 5) {
		fprintf(stderr, "usage: rdma RDMA-DEVICE DEVICE PORT [ADDRESS]\n");
		return 2;
	}
	open_adapter(argv[1]);
	gid_index = find_gid(&hello.gid);

	fd = open(argv[2], O_RDWR);
	if (fd < 0)
		die(argv[2]);
	size = lseek(fd, 0, SEEK_END);
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED)
		die("mmap");
	close(fd);
	/* ENOMEM: see the limit of locked memory, ulimit -l. */
	mr = ibv_reg_mr(domain, memory, size, ACCESS);
	if (!mr)
		die("ibv_reg_mr");
	printf("%s has the %llu bytes of %s at 0x%llx, key 0x%x\n", argv[1],
	       (unsigned long long)size, argv[2],
	       (unsigned long long)(uintptr_t)memory, mr->rkey);
	/* The adapter uses the memory; it needs neither file nor mapping any more. */
	if (!host)
		munmap(memory, size);

	hello.address = htobe64((uintptr_t)memory);
	hello.size = htobe64(size);
	hello.key = htobe32(mr->rkey);
	hello.qp = htobe32(qp->qp_num);
	tcp = connect_tcp(host, argv[3]);
	/* The one that is written to must be ready before the other one writes. */
	if (host)
		send_hello(tcp, &hello);
	if (!receive_hello(tcp, &peer))
		fail("the other machine has not answered");
	connect_qp(&peer, gid_index);
	if (host) {
		send_buffer(mr, &peer);
	} else {
		send_hello(tcp, &hello);
		/* until the other one ends */
		if (receive_hello(tcp, &peer))
			fail("the other machine says too much");
		printf("the other machine has finished\n");
	}
	return ibv_destroy_qp(qp) || ibv_dereg_mr(mr);
}
