// SPDX-License-Identifier: GPL-2.0-only
/* dirty: leave all but 64 MiB of the free memory full of something. */
#include "guest.h"

#include "configfs.h"

int main(void)
{
	size_t len = (free_memory() - 64 * MIB) & -HUGE;
	char *p = anon(len);

	madvise(p, len, MADV_HUGEPAGE);
	memset(p, 0xa5, len);
	return 0;
}
