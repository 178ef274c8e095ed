// SPDX-License-Identifier: GPL-2.0-only
/*
 * messages DEVICE SIDE: pass messages to another guest and back through memory
 * that both have mapped. Side 0 sends and waits for the answer; side 1 waits
 * and answers. A message is complete when its number is written.
 */
#include "base.h"

#include "clock.h"
#include "device.h"
#include "pattern.h"

#define MESSAGES	100
#define WORDS		1000
#define LIMIT		600	/* seconds to wait for a message */

struct mailbox {
	__u64 number;
	__u64 words[WORDS];
	char space[128 * KIB];
};

static void send_message(struct mailbox *box, __u64 number, __u64 seed)
{
	fill(box->words, sizeof(box->words), seed + number);
	__atomic_store_n(&box->number, number, __ATOMIC_RELEASE);
}

static bool received(struct mailbox *box, __u64 number, __u64 seed)
{
	long long start = now_ms();

	while (__atomic_load_n(&box->number, __ATOMIC_ACQUIRE) != number) {
		if (now_ms() - start > LIMIT * 1000) {
			diag("no message %llu after %d s", number, LIMIT);
			return false;
		}
		nap_ms(1);
	}
	return filled(box->words, sizeof(box->words), seed + number);
}

int main(int argc, char **argv)
{
	struct mailbox *box;
	bool good = true;
	__u64 i;
	int side, fd;

	if (argc != 3)
		return 2;
	side = atoi(argv[2]);
	fd = xopen(argv[1], O_RDWR);
	box = map(fd, 2 * sizeof(*box), 0);
	for (i = 1; good && i <= MESSAGES; i++) {
		if (side == 0) {
			send_message(&box[0], i, 1000);
			good = received(&box[1], i, 2000);
		} else {
			good = received(&box[0], i, 1000);
			send_message(&box[1], i, 2000);
		}
	}
	is(i - 1, MESSAGES, "messages");
	ok(good, "every message has the bytes that were sent");
	return tap_done();
}
