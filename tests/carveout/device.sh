# SPDX-License-Identifier: GPL-2.0-only
# A carveout in a BAR of a PCI device: only with keep, and nothing is written there.
# machine: ivshmem
# default-kernels: newest
# expect-log: buffers=:
set -eu
. ./lib/guest.sh

# pci_device VENDOR DEVICE: its directory in sysfs
pci_device() {
	for pci in /sys/bus/pci/devices/*; do
		if [ "$(cat "$pci/vendor") $(cat "$pci/device")" = "$1 $2" ]; then
			echo "$pci"
		fi
	done
}

# bar DIRECTORY N: the address of BAR N
bar() {
	sed -n "$(($2 + 1))s/ .*//p" "$1/resource" | sed 's/0x0*/0x/'
}

# busy TITLE PARAMETER: refused with EBUSY, nothing stays claimed, the file is as it was
busy() {
	before=$(cat /proc/iomem)
	refused "$1" EBUSY "buffers=$2"
	is "$1: /proc/iomem is unchanged" "$(cat /proc/iomem)" "$before"
	check "$1: the shared memory is unchanged" pattern check "$shm/resource2" 1
}

shm=$(pci_device 0x1af4 0x1110)
edu=$(pci_device 0x1234 0x11e8)
check "the machine has ivshmem" [ -n "$shm" ]
check "the machine has edu" [ -n "$edu" ]
echo 1 >"$shm/enable"
memory=$(bar "$shm" 2)
registers=$(bar "$edu" 0)
middle=$(printf '0x%x' $((memory + (2 << 20))))
end=$(printf '0x%x' $((memory + (4 << 20) - 4096)))

# Programs with the file of the host mapped see these bytes.
pattern fill "$shm/resource2" 1
busy "a BAR without keep" "shm:4M@$memory"
busy "a page of a BAR without keep" "4K@$middle"
busy "the end of a BAR and a page after it, without keep" "8K@$end"
busy "the end of a BAR and a page after it, with keep" "8K@$end/keep=1"
busy "registers without keep" "4K@$registers"
window=$(sed -n 's/^\([0-9a-f]*\)-.* : \(PCI Bus 0000:00\|pcie@[0-9a-f]*\)$/\1/p' /proc/iomem |
	tail -n 1)
check "the machine has a PCI window" [ -n "$window" ]
busy "a PCI window without keep" "4K@0x$window"

load buffers=none
mkdir /sys/kernel/config/kshm/shm
echo 4M >/sys/kernel/config/kshm/shm/size
echo "$memory" >/sys/kernel/config/kshm/shm/phys_addr
is "configfs: a BAR without keep" \
	"$(xcall write /sys/kernel/config/kshm/shm/live 1)" EBUSY
check "configfs: the shared memory is unchanged" pattern check "$shm/resource2" 1
echo 1 >/sys/kernel/config/kshm/shm/keep
is "configfs: a BAR with keep" "$(xcall write /sys/kernel/config/kshm/shm/live 1)" success
check "configfs: the bytes of the shared memory" pattern check /dev/kshm0 1
rmdir /sys/kernel/config/kshm/shm
unload

load "buffers=shm:4M@$memory/keep=1"
is "backing of a BAR with keep" "$(cat /sys/class/kshm/kshm0/backing)" carveout
is "address of a BAR with keep" "$(cat /sys/class/kshm/kshm0/phys_addr)" "$memory"
check "a BAR with keep has the bytes of the shared memory" pattern check /dev/kshm0 1
pattern fill /dev/kshm0 2
dd if=/dev/kshm0 of=/tmp/shm bs=64k 2>/dev/null
dd if=/dev/kshm0 bs=64k 2>/dev/null | cmp - /tmp/shm
unload
check "the shared memory has what was written" pattern check "$shm/resource2" 2
load "buffers=shm:4M@$memory/keep=1"
dd if=/tmp/shm bs=64k 2>/dev/null | tr '\000-\377' '\001-\377\000' >/tmp/changed
dd if=/tmp/changed of=/dev/kshm0 bs=64k conv=notrunc 2>/dev/null
check "read after write" cmp /dev/kshm0 /tmp/changed
unload
rm /tmp/shm /tmp/changed

load "buffers=edu:1M@$registers/keep=1"
is "address of registers with keep" "$(cat /sys/class/kshm/kshm0/phys_addr)" "$registers"
unload
finish
