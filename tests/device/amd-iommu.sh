# SPDX-License-Identifier: GPL-2.0-only
# A buffer is attached to a device behind an IOMMU of AMD: all that device/iommu shows.
# machine: device-amd-iommu
# kernels: full-7*
# default-kernels: none
# expect-log: pci/.*: (not mapped as one range|cannot be mapped)
set -eu
. ./device/iommu.sh
