// SPDX-License-Identifier: GPL-2.0-only
/* Memory that programs read and write, and invalid addresses. */
#include "fuzz.h"

#include <setjmp.h>
#include <signal.h>

/* There is a hole after it. */
char *scratch;

static sigjmp_buf fault_env;
static volatile sig_atomic_t may_fault;

static void on_fault(int sig)
{
	if (!may_fault) {
		signal(sig, SIG_DFL);
		return;
	}
	siglongjmp(fault_env, sig);
}

/**
 * scratch_open() - allocate the memory; catch signals of faults
 */
void scratch_open(void)
{
	struct sigaction act = { .sa_handler = on_fault, .sa_flags = SA_NODEFER };

	scratch = anon(SCRATCH + PAGE);
	memset(scratch, 0xa5, SCRATCH);
	if (mprotect(scratch + SCRATCH, PAGE, PROT_NONE))
		bail("mprotect");
	sigaction(SIGSEGV, &act, NULL);
	sigaction(SIGBUS, &act, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/**
 * scratch_get() - get an address for a call to read or write
 * @kind: valid, valid for the first bytes only, invalid, or in a mapping of a
 *	  device
 * @len:  in: bytes wanted; out: bytes that are there, not more than wanted
 *
 * Return: the address.
 */
char *scratch_get(__u64 kind, __u64 *len)
{
	char *addr;

	switch (kind & 7) {
	case 4:
		return scratch + SCRATCH - 100;
	case 5:
		return NULL;
	case 6:
		return (char *)0xffff888001000000ULL;
	case 7:
		/* Not beyond it: that is not the device's memory. */
		addr = map_any(len);
		if (addr)
			return addr;
		break;
	}
	if (*len > SCRATCH - 8)
		*len = SCRATCH - 8;
	return scratch;
}

/**
 * touch_byte() - read or write a byte that may be unmapped
 * @addr:  its address
 * @write: write instead of read
 * @value: the byte
 *
 * An access that the mapping allows must succeed. No mapping goes beyond its
 * buffer, so SIGBUS is always a bug.
 *
 * Return: whether it succeeded.
 */
bool touch_byte(char *addr, bool write, __u8 *value)
{
	int sig = sigsetjmp(fault_env, 0);

	if (sig) {
		may_fault = 0;
		if (sig == SIGBUS)
			report_bug("SIGBUS at %p", addr);
		return false;
	}
	may_fault = 1;
	if (write)
		__atomic_store_n(addr, *value, __ATOMIC_RELAXED);
	else
		*value = __atomic_load_n(addr, __ATOMIC_RELAXED);
	may_fault = 0;
	return true;
}
