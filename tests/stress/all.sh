# SPDX-License-Identifier: GPL-2.0-only
# Everything at once for RACE_SECONDS, by default two minutes, or half a minute on kasan-6.1 and
# kasan-7.3.
# machine: race
# expect-log: no [0-9]+ contiguous bytes
# kernels: kasan* kcsan
# limit: 2400
set -eu
. ./lib/guest.sh

case $KSHM_KERNEL in
kasan-*) seconds=30 ;;
*) seconds=120 ;;
esac
asked=$(word race_seconds)
# 6.1 has no such file
stacks=/sys/kernel/debug/page_owner_stacks/show_stacks

# held: stacks of allocations that are in use and that the module made itself, not the kernel
# on its behalf
held() {
	awk -v RS= '/alloc_(pages|contig_(frozen_)?range)[^\n]*\n *kshm_/' $stacks
}

# page_owner of 6.1 does not count
if [ -e $stacks ]; then
	load buffers=64K,8M
	check "page_owner shows the pages of two buffers" [ "$(held | grep -c nr_base_pages)" -ge 2 ]
	unload
else
	skip "page_owner shows the pages of two buffers" "this kernel's page_owner does not count"
fi
load buffers=none
run stress/all "${asked:-$seconds}" /mnt
[ ! -e $stacks ] || is "page_owner shows no pages of the module in the end" "$(held)" ""
unload
finish
