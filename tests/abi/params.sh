# SPDX-License-Identifier: GPL-2.0-only
# The module parameter buffers=: valid and invalid values; a refused load leaves nothing.
# machine: basic
# default-kernels: oldest
# expect-log: buffers=: |`(-1|maybe)|no [0-9]+ contiguous bytes
set -eu
. ./lib/guest.sh

# All devices as NAME:SIZE, in order.
devices() {
	devices_n=0
	while [ -e "/sys/class/kshm/kshm$devices_n" ]; do
		printf '%s%s:%s' "${devices_sep-}" \
			"$(cat "/sys/class/kshm/kshm$devices_n/name")" \
			"$(cat "/sys/class/kshm/kshm$devices_n/size")"
		devices_sep=' '
		devices_n=$((devices_n + 1))
	done
}

# makes PARAMETER DEVICES
makes() {
	load "$1"
	is "devices of $1" "$(devices)" "$2"
	unload
}

# places PARAMETER ALIGN MIN END: the first buffer starts at a multiple of ALIGN, at MIN or
# higher, and ends at END or lower
places() {
	load "$1"
	start=$(($(cat /sys/class/kshm/kshm0/phys_addr)))
	end=$((start + $(cat /sys/class/kshm/kshm0/size)))
	check "$1: starts at a multiple of $2" [ $((start % $2)) = 0 ]
	check "$1: starts at $3 or higher" [ $start -ge "$3" ]
	check "$1: ends at $4 or lower" [ $end -le "$4" ]
	unload
}

nothing_left() {
	[ ! -e /sys/class/kshm ] && [ ! -e /sys/module/kshm ] &&
		! ls /dev/kshm* 2> /dev/null &&
		! grep -w kshm /proc/devices && ! grep -w kshm /proc/iomem
}

# bad ERRNO ENTRY TEXT PARAMETER: refused with a line that names the entry
bad() {
	log_mark
	refused "load with $4" "$1" "$4"
	if log_since | grep -qF "kshm: buffers=: entry $2 \"$3\": "; then
		ok "$4: a line in the log names entry $2"
	else
		not_ok "$4: a line in the log names entry $2"
		diag "$(log_since)"
	fi
	if [ "$1" = ENOMEM ]; then
		is "$4: a line in the log says the largest size" \
			"$(log_since | grep -c 'largest size.* is [0-9]*$')" 1
		is "$4: lines of kshm in the log" "$(log_since | grep -c kshm)" 2
	else
		is "$4: lines of kshm in the log" "$(log_since | grep -c kshm)" 1
	fi
	nothing_left || not_ok "$4: nothing is left"
}

# Waiting for RCU is most of the time that loading takes.
setting /sys/kernel/rcu_expedited 1

makes buffers=64K kshm0:65536
makes buffers=65536 kshm0:65536
makes buffers=0x10000 kshm0:65536
makes buffers=64k kshm0:65536
makes buffers=1m kshm0:1048576
makes buffers=0x8K kshm0:8192
makes buffers=1 kshm0:4096
makes buffers=4095 kshm0:4096
makes buffers=4096 kshm0:4096
makes buffers=4097 kshm0:8192
makes buffers=5000 kshm0:8192
makes buffers=4K,8K,12K "kshm0:4096 kshm1:8192 kshm2:12288"
makes buffers=a:4K,8K,b:12K "a:4096 kshm1:8192 b:12288"
makes buffers=A-b_c.9:4K A-b_c.9:4096
makes buffers=abcdefghijklmnopqrstuvwxyz01234:4K \
	abcdefghijklmnopqrstuvwxyz01234:4096
makes buffers=kshm:4K kshm:4096
makes buffers=kshm0x:4K kshm0x:4096
makes buffers=none:4K none:4096
makes buffers=none ""
makes buffers=4K/addr_bits=32 kshm0:4096
makes "buffers=a:4K/align=64K,8K/addr_max=$(ram 0x20000000)/addr_min=$(ram 0x1000000),b:4K/node=0" \
	"a:4096 kshm1:8192 b:4096"
makes buffers=4K/node=-1/addr_bits=0/align=0/addr_min=0/addr_max=0/cache=wb/keep=0 kshm0:4096
makes buffers=4K/addr_bits=24/addr_bits=32 kshm0:4096

bits=$(ram_bits 0x20000000)
places "buffers=cap:64M/addr_bits=$bits/align=64M" $((64 << 20)) 0 $((1 << bits))
places "buffers=64K/align=16M/addr_min=$(ram 0x2000000)" $((16 << 20)) \
	$((KSHM_RAM + (32 << 20))) $((KSHM_RAM + (1 << 30)))
places "buffers=8M/addr_min=$(ram 0x10000000)/addr_max=$(ram 0x1fffffff)" \
	$((2 << 20)) $((KSHM_RAM + (1 << 28))) $((KSHM_RAM + (1 << 29)))

# Only x86 knows the last address that the processor has.
beyond=EINVAL
[ "$(uname -m)" = x86_64 ] || beyond=EBUSY
bad EINVAL 1 "" buffers=
bad EINVAL 1 0 buffers=0
bad EINVAL 1 0K buffers=0K
bad EINVAL 1 -1 buffers=-1
bad EINVAL 1 +4K buffers=+4K
bad EINVAL 1 K buffers=K
bad EINVAL 1 abc buffers=abc
bad EINVAL 1 4KB buffers=4KB
bad EINVAL 1 4KK buffers=4KK
bad EINVAL 1 4T buffers=4T
bad EINVAL 1 1.5M buffers=1.5M
bad EINVAL 1 0x buffers=0x
bad EINVAL 1 "4 K" 'buffers="4 K"'
# a newline in the number
nl='
'
bad EINVAL 1 '4\n' "buffers=\"4$nl\""
bad EINVAL 1 '4\nM' "buffers=\"4${nl}M\""
bad EINVAL 1 9223372036854775807 buffers=9223372036854775807
bad EINVAL 1 18446744073709551615 buffers=18446744073709551615
bad EINVAL 1 18446744073709551616 buffers=18446744073709551616
bad EINVAL 1 18446744073709555712 buffers=18446744073709555712
bad EINVAL 1 17179869185G buffers=17179869185G
bad EINVAL 1 8589934592G buffers=8589934592G
bad EINVAL 2 "" buffers=4K,
bad EINVAL 1 "" buffers=,4K
bad EINVAL 2 "" buffers=4K,,4K
bad EINVAL 2 none buffers=4K,none
bad EINVAL 1 none buffers=none,4K

bad EINVAL 1 :4K buffers=:4K
bad EINVAL 1 a: buffers=a:
bad EINVAL 1 a:b:4K buffers=a:b:4K
bad EINVAL 1 a/b:4K buffers=a/b:4K
bad EINVAL 1 .:4K buffers=.:4K
bad EINVAL 1 ..:4K buffers=..:4K
bad EINVAL 1 "a b:4K" 'buffers="a b:4K"'
bad EINVAL 1 kshm0:4K buffers=kshm0:4K
bad EINVAL 3 kshm12:4K buffers=4K,4K,kshm12:4K
bad EINVAL 1 abcdefghijklmnopqrstuvwxyz012345:4K \
	buffers=abcdefghijklmnopqrstuvwxyz012345:4K
bad EINVAL 2 a:8K buffers=a:4K,a:8K
bad EINVAL 3 a:4K buffers=a:4K,b:4K,a:4K,b:4K

bad EINVAL 1 4K@ buffers=4K@
bad EINVAL 1 "@$(at 0)" "buffers=@$(at 0)"
bad EINVAL 1 4K@x buffers=4K@x
bad EINVAL 1 "4K@$(at 1)" "buffers=4K@$(at 1)"
bad EINVAL 1 "4K@$(at 2048)" "buffers=4K@$(at 2048)"
bad EINVAL 1 "4K@@$(at 0)" "buffers=4K@@$(at 0)"
bad EINVAL 1 "4K@$(at 0)@1" "buffers=4K@$(at 0)@1"
bad EINVAL 1 4K@0x10000000000000000 buffers=4K@0x10000000000000000
bad "$beyond" 1 4K@0xfffffffffffff000 buffers=4K@0xfffffffffffff000
bad EINVAL 1 8K@0xfffffffffffff000 buffers=8K@0xfffffffffffff000
bad EBUSY 1 "4K@$(ram 0)" "buffers=4K@$(ram 0)"
bad EBUSY 2 "a:4K@$(ram 0x1000000)" "buffers=4K,a:4K@$(ram 0x1000000)"
bad EBUSY 1 "4G@$(ram 0x1000000)" "buffers=4G@$(ram 0x1000000)"

bad EINVAL 1 4K/ buffers=4K/
bad EINVAL 1 4K/align buffers=4K/align
bad EINVAL 1 4K/=64K buffers=4K/=64K
bad EINVAL 1 4K/align= buffers=4K/align=
bad EINVAL 1 4K//align=64K buffers=4K//align=64K
bad EINVAL 1 4K/align=64K/ buffers=4K/align=64K/
bad EINVAL 2 a:4K/color=red buffers=4K,a:4K/color=red
bad EINVAL 1 4K/ALIGN=64K buffers=4K/ALIGN=64K
bad EINVAL 1 4K/align_of_this_buffer=64K buffers=4K/align_of_this_buffer=64K
bad EINVAL 1 4K/size=8K buffers=4K/size=8K
bad EINVAL 1 "4K/phys_addr=$(at 0)" "buffers=4K/phys_addr=$(at 0)"
bad EINVAL 1 /align=64K buffers=/align=64K
bad EINVAL 1 align=64K buffers=align=64K
bad EINVAL 1 "4K/align=64K@$(at 0)" "buffers=4K/align=64K@$(at 0)"
bad EINVAL 1 4K/align=3M buffers=4K/align=3M
bad EINVAL 1 4K/align=17179869184G buffers=4K/align=17179869184G
bad EINVAL 1 4K/node=7 buffers=4K/node=7
bad EINVAL 1 4K/node=-2 buffers=4K/node=-2
bad EINVAL 1 4K/addr_bits=23 buffers=4K/addr_bits=23
bad EINVAL 1 4K/addr_bits=65 buffers=4K/addr_bits=65
bad EINVAL 1 4K/addr_min=x buffers=4K/addr_min=x
bad EINVAL 1 4K/addr_max=18446744073709551616 buffers=4K/addr_max=18446744073709551616
bad EINVAL 1 4K/keep=2 buffers=4K/keep=2
bad EINVAL 1 4K/cache=wt buffers=4K/cache=wt
bad EINVAL 1 4K/keep=1 buffers=4K/keep=1
bad EINVAL 1 4K/reserve_mem= buffers=4K/reserve_mem=
bad EINVAL 1 4K/reserve_mem=1234567890123456 buffers=4K/reserve_mem=1234567890123456
bad EINVAL 1 "4K@$(at 0)/reserve_mem=log" "buffers=4K@$(at 0)/reserve_mem=log"
bad EINVAL 1 "4K@$(at 0)/keep=yes" "buffers=4K@$(at 0)/keep=yes"
bad EINVAL 1 "4K@$(at 0)/align=64K" "buffers=4K@$(at 0)/align=64K"
bad EINVAL 1 "4K@$(at 0)/node=0" "buffers=4K@$(at 0)/node=0"
bad EINVAL 1 "4K@$(at 0)/addr_bits=32" "buffers=4K@$(at 0)/addr_bits=32"
bad EINVAL 1 "4K@$(at 0)/addr_min=1" "buffers=4K@$(at 0)/addr_min=1"
bad EINVAL 1 "4K@$(at 0)/addr_max=4G" "buffers=4K@$(at 0)/addr_max=4G"
bad EINVAL 1 1M/addr_min=64M/addr_max=0x40ffffe buffers=1M/addr_min=64M/addr_max=0x40ffffe
bad EINVAL 1 1M/addr_min=65M/addr_max=64M buffers=1M/addr_min=65M/addr_max=64M
bad EINVAL 1 1M/addr_max=1 buffers=1M/addr_max=1
bad EBUSY 1 "4K@$(ram 0x1000000)/keep=1" "buffers=4K@$(ram 0x1000000)/keep=1"
bad ENOMEM 1 4K/addr_min=1024G buffers=4K/addr_min=1024G

bad ENOMEM 1 4294971392 buffers=4294971392
bad ENOMEM 2 a:8G buffers=4M,a:8G,4M
bad ENOMEM 1 8589934591G buffers=8589934591G

# A name is escaped in the log: it cannot make a line of its own.
bad EINVAL 1 'a\nb:4K' "buffers=\"a
b:4K\""

refused "load with restrict_phys_addr=maybe" EINVAL restrict_phys_addr=maybe
refused "load with log_at_unload=-1" EINVAL log_at_unload=-1

many=$(yes 1 | head -n 1024 | tr '\n' , | sed 's/,$//')
load "buffers=$many"
is "devices of 1024 entries" "$(echo /sys/class/kshm/* | wc -w)" 1024
is "bytes that can be read from the last one" "$(head -c 5000 /dev/kshm1023 | wc -c)" 4096
unload
log_mark
refused "load with 1025 entries" ENOSPC "buffers=$many,1"
is "1025 entries: lines in the log" "$(log_since | grep -c 'kshm: buffers=: ')" 1
check "1025 entries: nothing is left" nothing_left
finish
