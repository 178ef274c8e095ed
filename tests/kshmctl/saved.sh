# SPDX-License-Identifier: GPL-2.0-only
# kshmctl save and restore: all attributes survive; a buffer that fails stops no other.
# machine: carveout
# kernels: [0-9]* realloc* kasan*
# expect-log: no [0-9]+ contiguous bytes|this kernel has no reserve_mem=|no reservation "
# default-kernels: newest
set -eu
. ./lib/guest.sh
. ./lib/kshmctl.sh

config=/sys/kernel/config/kshm
file=/tmp/buffers.conf

load buffers=none
at_exit "rm -f $file $file.new"
mkdir -p /etc
at_exit "rm -rf /etc/kshm"
$kshmctl create b.1 --size 64K --addr-bits 32 --align 1M --addr-min 16M --addr-max 1G --node 0
$kshmctl create c --size 2M --cache wc
$kshmctl create old --size 64K --phys "$(at 0)" --keep
mkdir $config/pending
saved="# Buffers of kshm: NAME KEY=VALUE..., see kshmctl(8).
b.1 size=64K node=0 addr_bits=32 align=1M addr_min=0x1000000 addr_max=0x40000000
c size=2M cache=wc
old size=64K phys_addr=$(at 0) keep=1"
gives 0 "$saved" save -f -
gives 0 "" save --file $file
is "the file" "$(cat $file)" "$saved"
is "mode of the file" "$(stat -c %a $file)" 644
gives 0 "" save
is "the default file" "$(cat /etc/kshm/buffers.conf)" "$saved"
gives 0 "# Buffers of kshm: NAME KEY=VALUE..., see kshmctl(8).
c size=2M cache=wc" save -f - c
gives 1 "kshmctl: pending: there is no live buffer of this name in configfs
kshmctl: $file is left as it was" save -f $file c pending
is "the file after a failure" "$(cat $file)" "$saved"
check "no half file is left" [ ! -e $file.new ]
gives 1 "kshmctl: /proc/none: No such file or directory" save -f /proc/none/none

gives 0 "b.1 is there already
c is there already
old is there already" restore
$kshmctl destroy --all
gives 0 "b.1 /dev/kshm0
c /dev/kshm1
old /dev/kshm2" restore
gives 0 "$saved" save -f -
$kshmctl destroy --all

cat >$file <<'END'
# a comment, and an empty line

a size=64K color=red
b size=1T addr_bits=32 # too much
	c   size=64K	node=0
d size=64K size=128K
e size=64Q
f size
g
h/i size=4K
j size=4K addr_bits=3
k size=8K
k size=16K
l size=0x1000
END
got=$($kshmctl restore -f $file 2>&1) && status=0 || status=$?
is "exit status when some buffers fail" "$status" 1
is "messages when some buffers fail" \
	"$(printf '%s\n' "$got" | grep -v '^  ' | sed 's/is [0-9.]*M$/is SIZE/')" \
	"kshmctl: $file:3: a: 'color' is not a key with a value, as size=64M
kshmctl: $file:4: b: no 1T of contiguous memory at such a place; the largest size now is SIZE
c /dev/kshm0
kshmctl: $file:6: d: size is there twice
kshmctl: $file:7: e: size cannot be '64Q'
kshmctl: $file:8: f: 'size' is not a key with a value, as size=64M
kshmctl: $file:9: g: a size is missing
kshmctl: $file:10: h/i: not a name for a buffer
kshmctl: $file:11: j: addr_bits cannot be '3'
k /dev/kshm1
k is there already
l /dev/kshm2"
gives 0 "c 64K
k 8K
l 4K" list -rn -o NAME,SIZE
is "directories after failures" "$(cd $config && echo ./*)" "./c ./k ./l"
$kshmctl destroy --all
rm $file
gives 1 "kshmctl: $file: No such file or directory" restore -f $file

# A name of a reservation can have any character that can be printed.
printf 'r size=4K reserve_mem=a\\ b\\#\\\\c\n' >$file
is "a name with a blank, a hash and a backslash" \
	"$($kshmctl restore -f $file 2>&1 | grep -c -e "no reservation 'a b#.c'" -e 'has no reserve_mem=')" 1
unload
finish
