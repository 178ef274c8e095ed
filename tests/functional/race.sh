# SPDX-License-Identifier: GPL-2.0-only
# Everything at once, for a while: RACE_SECONDS, two minutes unless said.
# guest: race
# log: no [0-9]+ contiguous bytes
# kernels: kasan kcsan
# limit: 2400
set -eu
. ./lib.sh

stacks=/sys/kernel/debug/page_owner_stacks/show_stacks

# held: who asked for pages that are in use, as far as it was the module itself and not the
# kernel on its behalf
held() {
	awk -v RS= '/alloc_(pages|contig_range)[^\n]*\n *kshm_/' $stacks
}

load buffers=64K,8M
check "the kernel knows of the pages of two buffers" [ "$(held | grep -c nr_base_pages)" -ge 2 ]
unload
seconds=$(sed -n 's/.*race_seconds=\([0-9]*\).*/\1/p' /proc/cmdline)
load buffers=none
run /t/race "${seconds:-120}" /mnt
is "and of none in the end" "$(held)" ""
unload
finish
