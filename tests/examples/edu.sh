# SPDX-License-Identifier: GPL-2.0-only
# A program drives a device with a buffer and waits for its interrupts by uio_pci_generic, as
# doc/iommu.md says, with and without an IOMMU.
# machine: device device-iommu
# kernels: [0-9]* realloc* arm64* kasan-*
# default-kernels: newest
set -eu
. ./lib/guest.sh
. ./lib/edu.sh
. ./lib/memory.sh

# shellcheck disable=SC2046 # directories
set -- $(edu_devices)
edu=$1
address=${edu##*/}
is "load uio_pci_generic" "$(insert uio_pci_generic 2>&1)" ""
at_exit "remove uio_pci_generic"
load buffers=none
echo uio_pci_generic >"$edu/driver_override"
echo "$address" >/sys/bus/pci/drivers_probe
at_exit "echo >$edu/driver_override; echo $address >$edu/driver/unbind"
uio=$(ls "$edu/uio")

prepare a 1M "pci/$address"
is "attach" "$(live a)" success
copied="$address has the 1048576 bytes of $(node a) at $(sysfs a dma_addr) and copied 256 of them"
status=0
examples/edu "$address" "$(node a)" >/tmp/out 2>&1 || status=$?
is "by polling" "$status $(cat /tmp/out)" "0 $copied"
is "by polling: interrupts" "$(cat "$edu/uio/$uio/event")" 0
status=0
examples/edu "$address" "$(node a)" "/dev/$uio" >/tmp/out 2>&1 || status=$?
is "by interrupts" "$status $(cat /tmp/out)" "0 interrupt 1
interrupt 2
$copied"
is "by interrupts: what the driver has counted" "$(cat "$edu/uio/$uio/event")" 2
rm /tmp/out
rmdir $kshm_dir/a
unload
finish
