# SPDX-License-Identifier: GPL-2.0-only
# A buffer in memory that memmap= keeps from the kernel: claimed, bounded, shared.
# guest: carveout
# log: buffers=: |kshm0: "
set -eu
. ./lib.sh

# The lines of /proc/iomem for one name.
claimed() {
	sed -n "s/^ *\([0-9a-f-]*\) : $1\$/\1/p" /proc/iomem
}

# taken TEXT PARAMETER: refused with EBUSY, and all claims are dropped
taken() {
	before=$(cat /proc/iomem)
	refused "$1" EBUSY "buffers=$2"
	[ "$(cat /proc/iomem)" = "$before" ] || not_ok "$1: a claim is left"
}

# fits TEXT PARAMETER SIZE
fits() {
	load "buffers=$2"
	is "$1" "$(cat /sys/class/kshm/kshm0/size)" "$3"
	unload
}

load buffers=video:16M@0x30000000,4M@0x31000000,ram:1M
is "/proc/iomem shows the claim" "$(claimed video)" 30000000-30ffffff
is "also without a name" "$(claimed kshm1)" 31000000-313fffff
is "but not for other memory" "$(claimed ram)" ""
run /t/carveout /dev/kshm0 0x30000000 16777216
run /t/carveout /dev/kshm1 0x31000000 4194304
run /t/devmem refused /dev/kshm0
run /t/devmem refused /dev/kshm2
unload
is "the claim ends with the buffer" "$(claimed video)" ""

# Both ends of what the kernel does not manage: 0x30000000 to 0x33ffffff.
fits "all of it" 64M@0x30000000 67108864
fits "its last page" 4K@0x33fff000 4096
fits "some bytes are whole pages" 5000@0x30000000 8192
taken "a page too much behind" 8K@0x33fff000
taken "a page too much before" 8K@0x2ffff000
taken "the page before" 4K@0x2ffff000
taken "the page behind" 4K@0x34000000
taken "more than all of it" 128M@0x2f000000

load buffers=a:4M@0x30000000,b:4M@0x30400000
is "neighbours: the first" "$(claimed a)" 30000000-303fffff
is "neighbours: the second" "$(claimed b)" 30400000-307fffff
unload
taken "the same twice" a:4M@0x30000000,b:4M@0x30000000
taken "overlap by a page" a:4M@0x30000000,b:4M@0x303ff000
taken "overlap from before" a:4M@0x30400000,b:8M@0x30000000
taken "nothing stays claimed when a later entry fails" \
	a:4M@0x30000000,b:4K@0x1000000

taken "the I/O APIC's registers" 4K@0xfec00000
! grep -q 'HPET' /proc/iomem || taken "the HPET's registers" 4K@0xfed00000
device=$(sed -n 's/^ *\([0-9a-f]*\)-.* : virtio-pci.*/\1/p' /proc/iomem | head -n 1)
check "a device has registers at 0x$device" [ -n "$device" ]
taken "another driver's registers" "4K@0x$device"
refused "behind what the processor can address" EINVAL \
	buffers=4K@0x10000000000000

load log_at_unload=32 buffers=v:4K@0x30000000
/t/shout /dev/kshm0 'from a carve-out'
log_mark
unload
check "the log shows it at unload" sh -c \
	"dmesg | tail -n 1 | grep -qF 'kshm: kshm0: \"from a carve-out\"'"
finish
