# SPDX-License-Identifier: GPL-2.0-only
# The module parameter buffers=: what it takes, what it refuses, and that nothing
# is left of a refused load.
# guest: basic
# log: buffers=: |`(-1|maybe)|no [0-9]+ contiguous bytes
# plain: 5.10 7.3 kasan
set -eu
. ./lib.sh

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
	is "$1" "$(devices)" "$2"
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
	refused "$4 is refused" "$1" "$4"
	if log_since | grep -qF "kshm: buffers=: entry $2 \"$3\": "; then
		ok "$4: one line names the entry"
	else
		not_ok "$4: one line names the entry"
		diag "$(log_since)"
	fi
	if [ "$1" = ENOMEM ]; then
		is "$4: and one what would succeed" \
			"$(log_since | grep -c 'largest size.* is [0-9]*$')" 1
		is "$4: no more lines" "$(log_since | grep -c kshm)" 2
	else
		is "$4: no more lines" "$(log_since | grep -c kshm)" 1
	fi
	nothing_left || not_ok "$4: something is left"
}

# Waiting for other processors is most of the time that loading takes.
echo 1 > /sys/kernel/rcu_expedited

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
bad EINVAL 1 @0x30000000 buffers=@0x30000000
bad EINVAL 1 4K@x buffers=4K@x
bad EINVAL 1 4K@0x30000001 buffers=4K@0x30000001
bad EINVAL 1 4K@0x30000800 buffers=4K@0x30000800
bad EINVAL 1 4K@@0x30000000 buffers=4K@@0x30000000
bad EINVAL 1 4K@0x30000000@1 buffers=4K@0x30000000@1
bad EINVAL 1 4K@0x10000000000000000 buffers=4K@0x10000000000000000
bad EINVAL 1 4K@0xfffffffffffff000 buffers=4K@0xfffffffffffff000
bad EINVAL 1 8K@0xfffffffffffff000 buffers=8K@0xfffffffffffff000
bad EBUSY 1 4K@0 buffers=4K@0
bad EBUSY 2 a:4K@0x1000000 buffers=4K,a:4K@0x1000000
bad EBUSY 1 4G@0x1000000 buffers=4G@0x1000000

bad ENOMEM 1 4294971392 buffers=4294971392
bad ENOMEM 2 a:8G buffers=4M,a:8G,4M
bad ENOMEM 1 8589934591G buffers=8589934591G

# What a name looks like in the log cannot break the line.
bad EINVAL 1 'a\nb:4K' "buffers=\"a
b:4K\""

refused "an unknown parameter value" EINVAL restrict_phys_addr=maybe
refused "a number of bytes below 0" EINVAL log_at_unload=-1

many=$(yes 1 | head -n 1024 | tr '\n' , | sed 's/,$//')
if /t/modctl load "buffers=$many" > /tmp/error; then
	is "1024 buffers" "$(echo /sys/class/kshm/* | wc -w)" 1024
	is "the last one is there" "$(head -c 5000 /dev/kshm1023 | wc -c)" 4096
	unload
else
	not_ok "1024 buffers"
	diag "$(cat /tmp/error)"
fi
log_mark
refused "1025 buffers are refused" ENOSPC "buffers=$many,1"
is "one line says so" "$(log_since | grep -c 'kshm: buffers=: ')" 1
check "nothing is left" nothing_left
finish
