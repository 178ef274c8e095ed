# SPDX-License-Identifier: GPL-2.0-only
# A kernel module makes buffers and takes them away while programs use them.
# machine: basic
# default-kernels: newest kasan
set -eu
. ./lib/guest.sh

load buffers=64K
insmod clients/kshm_client.ko
run kapi/race 100
rmmod kshm_client
unload
finish
