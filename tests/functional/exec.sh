# SPDX-License-Identifier: GPL-2.0-only
# Code in a buffer does not run.
# guest: carveout
set -eu
. ./lib.sh

# The nodes go to the root file system: on some systems /dev is mounted noexec.
load buffers=64K,2M,64K@0x30000000
IFS=: read -r major minor < /sys/class/kshm/kshm0/dev
for n in 0 1 2; do
	mknod /tmp/kshm$n c "$major" $((minor + n))
	as_member /tmp/kshm$n /t/exec /tmp/kshm$n
	as_member /tmp/kshm$n /t/exec-32 /tmp/kshm$n
	rm /tmp/kshm$n
done
unload
finish
