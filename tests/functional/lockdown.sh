# SPDX-License-Identifier: GPL-2.0-only
# A kernel that is locked down against root, as it is with Secure Boot: kshm works, but gives
# no way around the lock. It is locked after the module was loaded, as the module is not
# signed here.
# guest: lockdown
# plain: 5.10 7.3 kasan
set -eu
. ./lib.sh

lock=/sys/kernel/security/lockdown
dir=/sys/kernel/config/kshm

# level: the one in force
level() {
	sed 's/.*\[\(.*\)\].*/\1/' $lock
}

# works: buffers of RAM are made, used and taken away
works() {
	mkdir $dir/a
	echo 8M > $dir/a/size
	is "$(level): live" "$(/t/try write $dir/a/live 1)" "done"
	minor=$(sed 's/kshm//' $dir/a/dev_name)
	as_member "/dev/kshm$minor" /t/rw-errors "/dev/kshm$minor"
	run /t/zerocopy "/dev/kshm$minor"
	is "$(level): pagemap tells root an address, so phys_addr may" \
		"$(/t/hidden "$(cat "/sys/class/kshm/kshm$minor/phys_addr")" |
			grep -c phys_addr)" 1
	rmdir $dir/a
}

# carveout RESULT: what comes of a carve-out in memory that only memmap= reserves
carveout() {
	mkdir $dir/c
	echo 64K > $dir/c/size
	echo 0x30000000 > $dir/c/phys_addr
	is "$(level): a carve-out: $1" "$(/t/try write $dir/c/live 1)" "$1"
	is "$(level): its claims" "$(grep -c ' : c$' /proc/iomem)" "$2"
	rmdir $dir/c
}

[ -e $lock ] || mount -t securityfs securityfs /sys/kernel/security
load buffers=64K,old:64K@0x30010000
is "not locked at first" "$(level)" none
carveout "done" 1
for wanted in integrity confidentiality; do
	echo $wanted > $lock
	is "locked" "$(level)" $wanted
	works
	carveout EPERM 0
	is "$wanted: /dev/mem" "$(/t/try open /dev/mem)" EPERM
	is "$wanted: a carve-out from before is there" \
		"$(head -c 65536 /dev/kshm1 | wc -c)" 65536
	is "$wanted: unlocking" "$(/t/try write $lock none)" EPERM
done
unload
log_mark
refused "a module without a signature that the kernel trusts" EPERM buffers=64K
check "the log says why" sh -c "dmesg | grep -q 'Lockdown: .*unsigned module loading'"
finish
