# SPDX-License-Identifier: GPL-2.0-only
# The device of a buffer, behind an IOMMU of AMD, goes or changes its driver: all that device/gone
# shows.
# machine: device-amd-iommu
# kernels: full-7*
# default-kernels: none
# expect-log: pci/.*: a driver such as vfio-pci manages its DMA
set -eu
. ./device/gone.sh
