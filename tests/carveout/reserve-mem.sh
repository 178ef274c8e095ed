# SPDX-License-Identifier: GPL-2.0-only
# A buffer in memory that reserve_mem= has reserved: used as memory of the page allocator is,
# kept, refused while in use.
# machine: reserve-mem
# kernels: 6.12 7.* kasan kasan-7.3
# default-kernels: 6.12 newest
# expect-log: (no )?reservation "|buffers=:
# limit: 600
set -eu
. ./lib/guest.sh

mib=$((1 << 20))
log=/sys/kernel/config/kshm/log

# The machine's command line has reserve_mem=4M:2M:log and reserve_mem=12345:64:odd.
load buffers=video:4M/reserve_mem=log
is "backing" "$(cat /sys/class/kshm/kshm0/backing)" reserved
is "size" "$(cat /sys/class/kshm/kshm0/size)" $((4 * mib))
is "alignment" $(($(cat /sys/class/kshm/kshm0/phys_addr) % (2 * mib))) 0
is "node" "$(cat /sys/class/kshm/kshm0/node)" 0
for program in file/rw file/uring mmap/basic mmap/madvise mmap/share mmap/threads mmap/procfs \
	gup/zerocopy abi/errno-mmap; do
	run $program /dev/kshm0
done
pattern fill /dev/kshm0 1
unload

load buffers=4M/reserve_mem=log/keep=1
check "keep after the module was loaded again: the pattern" pattern check /dev/kshm0 1
unload
load buffers=1M/reserve_mem=log/keep=1
check "keep with a smaller size: the pattern" pattern check /dev/kshm0 1
unload
load buffers=1M/reserve_mem=log
check "without keep: zeros" pattern zero /dev/kshm0 0
unload
load buffers=4M/reserve_mem=log/keep=1
check "memory after a smaller buffer without keep: the pattern" \
	pattern check /dev/kshm0 1 1024 4096
unload

log_mark
refused "a name that nothing was reserved for" ENOENT buffers=4K/reserve_mem=lo
is "the log says what to do" "$(log_since | grep -c 'add reserve_mem=SIZE:ALIGN:lo to')" 1
log_mark
refused "a page more than the reservation has" EINVAL buffers=4100K/reserve_mem=log
is "the log says how much it has" "$(log_since | grep -c "\"log\" has only $((4 * mib)) bytes")" 1
log_mark
refused "two buffers in one reservation" EBUSY buffers=a:4M/reserve_mem=log,b:4K/reserve_mem=log
is "the log says that another buffer uses it" "$(log_since | grep -c '"log": another buffer')" 1
refused "a name and an address" EINVAL "buffers=4K@$KSHM_RESERVED/reserve_mem=log"
for key in node=0 addr_bits=32 align=4K addr_min=4K addr_max=4G; do
	refused "a name and $key" EINVAL buffers=4K/reserve_mem=log/$key
done

# Its memory neither begins nor ends with a page.
load buffers=8K/reserve_mem=odd,4M/reserve_mem=log
is "the address is that of a page" $(($(cat /sys/class/kshm/kshm0/phys_addr) % 4096)) 0
check "the buffer is zeroed" pattern zero /dev/kshm0 0
unload
refused "more than its whole pages" EINVAL buffers=16K/reserve_mem=odd

load buffers=none
mkdir $log
echo 4M >$log/size
echo log >$log/reserve_mem
is "largest" "$(cat $log/largest)" 0
is "live=1" "$(xcall write $log/live 1)" success
is "reserve_mem" "$(cat $log/reserve_mem)" log
is "reserve_mem while live" "$(xcall write $log/reserve_mem odd)" EBUSY
is "dev_name" "$(cat $log/dev_name)" kshm0
echo 0 >$log/live
echo >$log/reserve_mem
is "live=1 without reserve_mem" "$(xcall write $log/live 1)" success
check "another backing without reserve_mem" [ "$(cat /sys/class/kshm/kshm0/backing)" != reserved ]
rmdir $log
run carveout/reserve-mem log $((4 * mib))
unload
finish
