# SPDX-License-Identifier: GPL-2.0-only
# A part of a buffer as a dma-buf: it has the bytes of the device, and is mapped in the same way;
# it has the mode of the file, holds the memory and the module, and leaves nothing. A kernel
# without dma-buf refuses.
# machine: basic
# kernels: [0-9]* realloc* arm64* kasan* full-*
# default-kernels: oldest newest kasan
set -eu
. ./lib/guest.sh

load buffers=none
run dmabuf/basic
run dmabuf/basic-32
unload
finish
