# SPDX-License-Identifier: GPL-2.0-only
# Trace events tell what was asked for, tried, allocated, mapped and freed; dynamic debug
# tells why a request was refused.
# machine: basic
# expect-log: no [0-9]+ contiguous bytes|a: no size
set -eu
. ./lib/guest.sh

dir=/sys/kernel/config/kshm/a
trace=/tmp/tracefs
control=/proc/dynamic_debug/control

# traced TITLE COUNT EVENT FIELDS: this number of lines of this event have these fields, a
# regular expression; shows what the event said otherwise
traced() {
	count=$(grep -cE " $3: $4\$" $trace/trace || :)
	is "$1" "$count" "$2"
	[ "$count" = "$2" ] || diag "$(grep " $3: " $trace/trace)"
}

mounted -t tracefs tracefs $trace
load buffers=none
is "events" "$(cd $trace/events/kshm && echo kshm_*)" \
	"kshm_alloc kshm_device_add kshm_device_remove kshm_fault kshm_free kshm_scan kshm_window"
at_exit "echo >$trace/trace"
echo 1 >$trace/events/kshm/enable

defragment
mkdir $dir
echo 6M >$dir/size
echo 1 >$dir/live
phys=$(cat /sys/class/kshm/kshm0/phys_addr)
pfn=$(printf '0x%x' $((phys / 4096)))
traced "the scan" 1 kshm_scan 'nr_pages=1536 longest=[0-9]+ usecs=[0-9]+'
traced "the window that was allocated" 1 kshm_window \
	"pfn=$pfn nr_pages=1536 cost=[0-9]+ err=0"
traced "the allocation" 1 kshm_alloc \
	"size=6291456 align=0 addr_bits=0 node=-1 err=0 phys=$phys usecs=[0-9]+"
traced "the new device" 1 kshm_device_add "kshm0 name=a size=6291456 phys=$phys"

check "a program writes to the mapped buffer" pattern fill /dev/kshm0 1
traced "one fault for each 2 MiB" 3 kshm_fault \
	'address=0x[0-9a-f]+ pgoff=(0|512|1024) bytes=2097152 ret=0x0'
traced "no fault but those of 2 MiB" 3 kshm_fault '.*'

echo 0 >$dir/live
traced "the removed device" 1 kshm_device_remove "kshm0 name=a size=6291456 phys=$phys"
traced "the free memory" 1 kshm_free "size=6291456 phys=$phys"

echo 1024G >$dir/size
is "1 TiB" "$(xcall write $dir/live 1)" ENOMEM
traced "an allocation that failed" 1 kshm_alloc \
	'size=1099511627776 align=0 addr_bits=0 node=-1 err=-12 phys=0x0 usecs=[0-9]+'
echo 0 >$trace/events/kshm/enable
rmdir $dir

mkdir $dir
log_mark
is "without a size" "$(xcall write $dir/live 1)" EINVAL
is "nobody asked why" "$(log_since | grep -c kshm)" 0
if [ -w $control ]; then
	echo 'module kshm +p' >$control
	log_mark
	is "again" "$(xcall write $dir/live 1)" EINVAL
	is "dynamic debug says why" "$(log_since | sed -n 's/.*\(kshm: .*\)/\1/p')" "kshm: a: no size"
else
	skip "dynamic debug says why" "the kernel has no dynamic debug"
fi
rmdir $dir
unload
finish
