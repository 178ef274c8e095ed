# SPDX-License-Identifier: GPL-2.0-only
# kshmctl largest and create --node on two nodes with 10 GiB.
# machine: numa
# kernels: [0-9]*
# expect-log: no [0-9]+ contiguous bytes
# default-kernels: newest
set -eu
. ./lib/guest.sh
. ./lib/kshmctl.sh

load buffers=none
defragment
is "nodes and limits" "$($kshmctl largest -rn -o NODE,ADDR-BITS | tr '\n' ' ')" \
	"any any any 32 0 any 0 32 1 any 1 32 "
is "node 1 has no memory below 4 GiB" "$($kshmctl largest -rnb | tail -n 1)" "1 32 0"
check "node 1 has more than 2 GiB in one piece" \
	[ "$($kshmctl largest -rnb -o LARGEST | sed -n 5p)" -gt 2147483648 ]
gives 0 /dev/kshm0 create one --size 2M --node 1
gives 0 "one 1" list -rn -o NAME,NODE
gives 1 "kshmctl: x: no contiguous memory at such a place of any size
  see 'kshmctl largest' for each node and address limit" create x --size 4K --node 1 --addr-bits 32
got=$(TMPDIR=/mnt $kshmctl verify --device pci/0000:00:00.0 one 2>&1) && status=0 || status=$?
is "verify for a device that reaches 32 bits: exit status" "$status" 1
is "verify for a device that reaches 32 bits" "$(printf '%s\n' "$got" | tail -n 3)" \
	"FAILED   pci/0000:00:00.0 can use the buffer: its addresses have 32 bits
  create the buffer with --addr-bits 32, or with --device pci/0000:00:00.0
kshmctl: one: 1 of 7 tests failed"
gives 0 "" destroy one
unload
finish
