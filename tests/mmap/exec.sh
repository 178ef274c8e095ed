# SPDX-License-Identifier: GPL-2.0-only
# Code in a buffer does not run.
# machine: carveout
set -eu
. ./lib/guest.sh

# On a noexec mount, as /dev may be, the VFS refuses PROT_EXEC before the driver does.
load "buffers=64K,2M,64K@$(at 0)"
for n in 0 1 2; do
	minor $n /tmp/kshm$n
	as_member /tmp/kshm$n mmap/exec /tmp/kshm$n
	as_member /tmp/kshm$n mmap/exec-32 /tmp/kshm$n
done
unload
finish
