# SPDX-License-Identifier: GPL-2.0-only
# Another driver uses dma-bufs of a buffer: its device gets one contiguous range, or pieces where
# it wants them; device, kernel and programs see the same bytes; a read-only one is not written.
# machine: basic
# kernels: [0-9]* realloc* arm64* kasan* full-*
# default-kernels: 6.1 newest kasan
set -eu
. ./lib/guest.sh

load buffers=none
if [ -e clients/kshm_importer.ko ]; then
	insmod clients/kshm_importer.ko
	run dmabuf/import
	# elsewhere only carveouts have it, which are no dma-bufs
	[ "$(uname -m)" != x86_64 ] || run dmabuf/import wc
	rmmod kshm_importer
else
	check "the kernel has no dma-buf" test -z "$(grep ' dma_buf_get$' /proc/kallsyms)"
fi
unload
finish
