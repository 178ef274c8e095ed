# SPDX-License-Identifier: GPL-2.0-only
# Everything at once, for a while: RACE_SECONDS, two minutes unless said.
# guest: race
# log: no [0-9]+ contiguous bytes
# kernels: kasan kcsan
# limit: 2400
set -eu
. ./lib.sh

seconds=$(sed -n 's/.*race_seconds=\([0-9]*\).*/\1/p' /proc/cmdline)
load buffers=none
run /t/race "${seconds:-120}" /mnt
# who asked for the pages that are in use, as far as it was the module itself and not the
# kernel on its behalf
stacks=/sys/kernel/debug/page_owner_stacks/show_stacks
check "the kernel knows of pages" grep -q '^nr_base_pages: [1-9]' $stacks
is "no page of a buffer is left" "$(awk -v RS= '/kshm_/ && !/allocate_slab|pte_alloc|pmd_alloc/' $stacks)" ""
unload
finish
