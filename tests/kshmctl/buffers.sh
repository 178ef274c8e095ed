# SPDX-License-Identifier: GPL-2.0-only
# kshmctl list, info, create, destroy and largest: tables, JSON, users, what would work.
# machine: basic
# kernels: [0-9]* realloc* kasan*
# expect-log: no [0-9]+ contiguous bytes|this kernel has no reserve_mem=|no reservation "
# default-kernels: newest
set -eu
. ./lib/guest.sh
. ./lib/kshmctl.sh

config=/sys/kernel/config/kshm

# phys DEVICE
phys() {
	cat "/sys/class/kshm/$1/phys_addr"
}

created() {
	gives 0 /dev/kshm2 create a --size 64K
	gives 0 /dev/kshm3 create low -s 2M --addr-bits 32 --align 4M --addr-min 64M \
		--addr-max 0x3fffffff --node 0 --cache uc
	is "attributes of low" "$(cd $config/low && cat size addr_bits align addr_min addr_max node cache)" \
		"2097152
32
4194304
0x4000000
0x3fffffff
0
uc"
	is "low is a multiple of 4 MiB" $(($(phys kshm3) % 4194304)) 0
	check "the node can be used at once" [ -c /dev/kshm3 ]
}

tables() {
	is "list --raw with chosen columns" \
		"$($kshmctl list -r -o name,DEVICE,path,SIZE,NODE,BACKING,CACHE,FOLIO,SOURCE |
		sed '/^low/s/ pages\| contig/ KIND/')" \
		"NAME DEVICE PATH SIZE NODE BACKING CACHE FOLIO SOURCE
kshm0 kshm0 /dev/kshm0 1M 0 pages wb 4K parameter
video kshm1 /dev/kshm1 4M 0 pages wb 2M parameter
a kshm2 /dev/kshm2 64K 0 pages wb 4K configfs
low kshm3 /dev/kshm3 2M 0 KIND uc 2M configfs"
	is "list of two buffers, by name and by node" \
		"$($kshmctl list -n -b -o SIZE,NAME video /dev/kshm0)" "4194304 video
1048576 kshm0"
	is "headings of list" "$($kshmctl list | head -n 1 | tr -s ' ')" \
		"NAME DEVICE SIZE PHYS-ADDR NODE BACKING CACHE USERS"
	is "headings of list -o +EVENTS" "$($kshmctl list -o +events | head -n 1 | tr -s ' ')" \
		"NAME DEVICE SIZE PHYS-ADDR NODE BACKING CACHE USERS EVENTS"
	is "JSON of list" "$(json list -J a)" \
		"{\"buffers\":[{\"name\":\"a\",\"device\":\"kshm2\",\"size\":\"64K\",\"phys-addr\":\"$(phys kshm2)\",\"node\":0,\"backing\":\"pages\",\"cache\":\"wb\",\"users\":[]}]}"
	is "JSON of info, in bytes" "$(json info --json --bytes kshm2)" \
		"{\"buffers\":[{\"name\":\"a\",\"device\":\"kshm2\",\"size\":65536,\"phys-addr\":\"$(phys kshm2)\",\"node\":0,\"backing\":\"pages\",\"cache\":\"wb\",\"users\":[],\"path\":\"/dev/kshm2\",\"folio\":4096,\"openers\":0,\"mappings\":0,\"events\":0,\"attached\":null,\"dma-addr\":null,\"source\":\"configfs\",\"maj:min\":\"$(cat /sys/class/kshm/kshm2/dev)\"}]}"
	is "info of a buffer" "$($kshmctl info a | tr -s ' ')" "NAME a
DEVICE kshm2
PATH /dev/kshm2
SIZE 64K
PHYS-ADDR $(phys kshm2)
NODE 0
BACKING pages
CACHE wb
FOLIO 4K
OPENERS 0
MAPPINGS 0
EVENTS 0
ATTACHED -
DMA-ADDR -
SOURCE configfs
MAJ:MIN $(cat /sys/class/kshm/kshm2/dev)
USERS -"
	gives 1 "kshmctl: nobody: there is no such buffer
  see 'kshmctl list' for the buffers that there are
a" list -rn -o NAME a nobody
	minor 2 /tmp/node
	gives 0 a list -rn -o NAME /tmp/node
	gives 1 "kshmctl: /dev/null: not a device of kshm, or it was removed" info /dev/null
	gives 1 "kshmctl: /t: not a device of kshm" info /t
	gives 1 "kshmctl: /dev/kshm99: No such file or directory
  see 'kshmctl list' for the buffers that there are" info /dev/kshm99
}

# The processes that have a buffer open, or only mapped, also as a user without privilege.
users() {
	sleep 1000 <>/dev/kshm2 &
	first=$!
	chgrp "$member_gid" /dev/kshm2
	chmod 660 /dev/kshm2
	runas "$member_uid" "$member_gid" tools/map /dev/kshm2 &
	second=$!
	at_exit "kill $first $second 2>/dev/null"
	check "a process has the buffer open, another has it mapped" until_true mappings kshm2 1
	gives 0 "$first,$second" list -rn -o USERS a
	is "users in JSON" "$(json list -J -o USERS,NAME a)" \
		"{\"buffers\":[{\"users\":[$first,$second],\"name\":\"a\"}]}"
	is "users that a user without privilege sees: his own" \
		"$(runas "$member_uid" "$member_gid" $kshmctl list -rn -o USERS a)" "$second"
	kill $first $second
	wait $first $second 2>/dev/null || :
	check "the processes have ended" until_true uses kshm2 0
	gives 0 "" list -rn -o USERS a
}

largest() {
	defragment
	is "headings of largest" "$($kshmctl largest | head -n 1 | tr -s ' ')" \
		"NODE ADDR-BITS LARGEST"
	is "nodes and limits of largest" "$($kshmctl largest -rn -o node,addr-bits | tr '\n' ' ')" \
		"any any any 32 0 any 0 32 "
	size=$($kshmctl largest -rnb -o LARGEST | head -n 1)
	check "largest: more than 128 MiB" [ "$size" -gt 134217728 ]
	check "JSON of largest has a number" sh -c \
		"$kshmctl largest -Jb | tr -d ' \n' | grep -qE '^\{\"largest\":\[\{\"node\":\"any\",\"addr-bits\":\"any\",\"largest\":[0-9]+\},'"
	is "largest leaves no directory" "$(ls $config)" "a
low"
	gives 1 "kshmctl: --align is a power of two, as 64M" largest --align 3
}

# The message names a size; the command that it tells does work.
too_large() {
	got=$($kshmctl create big --size 1T --addr-bits 32 2>&1) && status=0 || status=$?
	is "create of 1T: exit status" "$status" 1
	is "create of 1T: what is wrong" "$(printf '%s\n' "$got" | sed -n '1s/is [0-9.]*M$/is SIZE/p')" \
		"kshmctl: big: no 1T of contiguous memory at such a place; the largest size now is SIZE"
	try=$(printf '%s\n' "$got" | sed -n 2p)
	is "create of 1T: what would work" "$(echo "$try" | sed 's/--size [0-9]*[KM]/--size SIZE/')" \
		"  kshmctl create big --size SIZE --addr-bits 32"
	is "create of 1T: what else" "$(printf '%s\n' "$got" | sed -n 3p)" \
		"  or free memory, then try again: sync; echo 2 >/proc/sys/vm/drop_caches"
	check "create of 1T leaves no directory" [ ! -e $config/big ]
	# shellcheck disable=SC2086 # words of a command
	# the kernel may take a page meanwhile; then it tells a smaller size
	for _ in 1 2 3 4 5; do
		got=$(sh -c "kshmctl() { $kshmctl \"\$@\"; }; $try" 2>&1) && break
		try=$(printf '%s\n' "$got" | sed -n 2p)
	done
	check "the command that it tells works: $got" [ -d $config/big ]
	gives 0 "" destroy big
}

not_created() {
	gives 1 "kshmctl: a: a buffer of this name exists already
  'kshmctl destroy a' removes it; 'kshmctl list' shows all" create a --size 4K
	gives 1 "kshmctl: video: a buffer of this name exists already
  choose another name; 'kshmctl info video' shows who made that one" create video --size 4K
	gives 1 "kshmctl: kshm7: not a name for a buffer
  a name has 1 to 31 of A-Z a-z 0-9 _ . - and is not kshm with a number" create kshm7 --size 4K
	gives 1 "kshmctl: a/b: not a name for a buffer
  a name has 1 to 31 of A-Z a-z 0-9 _ . - and is not kshm with a number" create a/b --size 4K
	gives 1 "kshmctl: x: size cannot be '0'
  size is a size, as 64M, that is not 0" create x --size 0
	gives 1 "kshmctl: x: addr_bits cannot be '12'
  addr_bits is 0, or 24 to 64" create x --size 4K --addr-bits 12
	gives 1 "kshmctl: x: node cannot be '7'
  node is a NUMA node that has memory, or -1" create x --size 4K --node 7
	gives 1 "kshmctl: x: cache cannot be 'wt'
  cache is wb, wc or uc" create x --size 4K --cache wt
	gives 1 "kshmctl: x: align cannot be '3145728'
  align is a power of two, as 64M" create x --size 4K --align 3M
	gives 1 "kshmctl: x: the range from addr_min to addr_max is smaller than the size" \
		create x --size 4M --addr-min 16M --addr-max 17M
	gives 1 "kshmctl: x: keep needs phys_addr or reserve_mem" create x --size 4K --keep
	gives 1 "kshmctl: x: phys_addr and reserve_mem exclude each other" \
		create x --size 4K --phys 4G --reserve-mem y
	gives 1 "kshmctl: x: a fixed place excludes addr_bits, align, addr_min, addr_max and node" \
		create x --size 4K --phys 4G --node 0
	gives 1 "kshmctl: x: phys_addr cannot be '0x3'
  phys_addr is a multiple of the page size" create x --size 4K --phys 3
	gives 1 "kshmctl: x: the range at 0x2000000 is System RAM, belongs to a driver, or is no memory
  see 'cat /proc/iomem'; a PCI BAR needs --keep" create x --size 4K --phys 32M
	if has_reserve_mem; then
		gives 1 "kshmctl: x: there is no reservation 'y'
  add reserve_mem=SIZE:ALIGN:y to the kernel's command line, and restart" \
			create x --size 4K --reserve-mem y
	else
		gives 1 "kshmctl: x: this kernel has no reserve_mem=
  it is in Linux 6.11 and later" create x --size 4K --reserve-mem y
	fi
	is "failed commands leave no directory" "$(ls $config)" "a
low"
}

destroyed() {
	gives 1 "kshmctl: video: the buffer is in the module parameter buffers=
  it stays until the module is unloaded: modprobe -r kshm
  files in /etc/modprobe.d set the parameter
kshmctl: nobody: there is no such buffer
  see 'kshmctl list' for the buffers that there are" destroy video nobody /dev/kshm2
	insmod clients/kshm_upper.ko
	is "source of a buffer of another module" "$($kshmctl list -rn -o SOURCE upper)" module
	gives 1 "kshmctl: upper: another kernel module has created the buffer, and removes it
  unload that module; 'lsmod' shows which ones use kshm" destroy upper
	rmmod kshm_upper
	check "the other buffer is removed nevertheless" [ ! -e $config/a ]
	mkdir $config/pending
	gives 1 "kshmctl: pending: the buffer has a directory in configfs, but is not live
  'kshmctl destroy pending' removes the directory" list pending
	gives 0 "" destroy pending
	mkdir $config/pending
	gives 0 "" destroy --all
	is "directories after destroy --all" "$(ls $config)" ""
	gives 0 "kshm0
video" list -rn -o NAME
}

load buffers=1M,video:4M
created
tables
users
largest
too_large
not_created
destroyed
unload
load buffers=none
is "JSON without a buffer" "$(json list -J)" '{"buffers":[]}'
gives 0 "" list -n
gives 0 "" info
unload
load buffers=4K restrict_phys_addr=1
is "the physical address is hidden from a user" \
	"$(runas "$outsider_uid" "$outsider_gid" $kshmctl list -J -o NAME,PHYS-ADDR | tr -d ' \n')" \
	'{"buffers":[{"name":"kshm0","phys-addr":null}]}'
unload
finish
