# SPDX-License-Identifier: GPL-2.0-only
# fork, munmap, mprotect, mremap and mlock of a mapping leave its bytes intact.
# machine: basic
# default-kernels: [0-9]* realloc* kasan*
set -eu
. ./lib/guest.sh

load buffers=64K,2M,4M
for file in /dev/kshm0 /dev/kshm1 /dev/kshm2; do
	run mmap/basic $file
done
unload
finish
