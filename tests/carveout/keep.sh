# SPDX-License-Identifier: GPL-2.0-only
# With keep a carveout has the contents that were there before, without it zeros.
# machine: carveout
# expect-log: buffers=:
set -eu
. ./lib/guest.sh

mib=$((1 << 20))
log=/sys/kernel/config/kshm/log

load "buffers=log:16M@$(at 0)"
check "buffers= without keep: zeros" pattern zero /dev/kshm0 0
pattern fill /dev/kshm0 1
unload
load "buffers=log:16M@$(at 0)/keep=1"
check "buffers= with keep: the pattern of the buffer before" pattern check /dev/kshm0 1
unload
load "buffers=log:16M@$(at 0)/keep=1"
check "buffers= with keep, a second time: the same pattern" pattern check /dev/kshm0 1
unload
load "buffers=log:16M@$(at 0)/keep=0"
check "buffers= with keep=0: zeros" pattern zero /dev/kshm0 0
pattern fill /dev/kshm0 2
unload

load "buffers=part:4M@$(at $((4 * mib)))"
unload
load "buffers=log:16M@$(at 0)/keep=1"
check "memory before a part without keep: the pattern" pattern check /dev/kshm0 2 0 4096
check "a part without keep: zeros" pattern zero /dev/kshm0 0 4096 8192
check "memory after a part without keep: the pattern" pattern check /dev/kshm0 2 8192 16384
unload

load buffers=none
mkdir $log
is "configfs: keep of a new directory" "$(cat $log/keep)" 0
is "configfs: keep=2" "$(xcall write $log/keep 2)" EINVAL
echo 16M >$log/size
echo 1 >$log/keep
is "configfs: keep without phys_addr" "$(xcall write $log/live 1)" EINVAL
at 0 >$log/phys_addr
is "configfs: keep with phys_addr" "$(xcall write $log/live 1)" success
is "configfs: keep" "$(cat $log/keep)" 1
is "configfs: keep while live" "$(xcall write $log/keep 0)" EBUSY
pattern fill /dev/kshm0 3
rmdir $log
mkdir $log
echo 16M >$log/size
at 0 >$log/phys_addr
echo 1 >$log/keep
echo 1 >$log/live
check "configfs with keep: the pattern of the directory before" pattern check /dev/kshm0 3
echo 0 >$log/live
echo 0 >$log/keep
echo 1 >$log/live
check "configfs without keep: zeros" pattern zero /dev/kshm0 0
rmdir $log
unload

# keep takes nothing away from others.
refused "keep in System RAM" EBUSY "buffers=4K@$(ram 0x1000000)/keep=1"
refused "keep for a page of System RAM and a page after it" EBUSY \
	"buffers=8K@$(at -4096)/keep=1"
if [ "$(uname -m)" = x86_64 ]; then
	refused "keep in the registers of the I/O APIC" EBUSY buffers=4K@0xfec00000/keep=1
fi
device=$(sed -n 's/^ *\([0-9a-f]*\)-.* : virtio-pci.*/\1/p' /proc/iomem | head -n 1)
refused "keep in registers that a driver has claimed" EBUSY "buffers=4K@0x$device/keep=1"
finish
