# SPDX-License-Identifier: GPL-2.0-only
# KSHM_IOC_EXPORT with wrong arguments, and for a carveout.
# machine: carveout
set -eu
. ./lib/guest.sh

load "buffers=12K,c:64K@$(at 0)"
for program in errors errors-32; do
	run dmabuf/$program /dev/kshm0
	run dmabuf/$program /dev/kshm1 carveout
done
unload
finish
