# SPDX-License-Identifier: GPL-2.0-only
# On a kernel that is locked down against root, as with Secure Boot, kshm works, but is no way
# around the lockdown. It is locked down after the module was loaded, as kshm has no signature
# here.
# machine: lockdown
# kernels: [0-9]*
# expect-log: this kernel has no reserve_mem=|no reservation "
# leaves: ^/sys/kernel/(security/lockdown|debug/)
# default-kernels: newest
set -eu
. ./lib/guest.sh

lock=/sys/kernel/security/lockdown
dir=/sys/kernel/config/kshm

# level: the current one
level() {
	sed 's/.*\[\(.*\)\].*/\1/' $lock
}

# ram_works: buffers of RAM are made, used and removed
ram_works() {
	mkdir $dir/a
	echo 8M >$dir/a/size
	is "$(level): live=1 for RAM" "$(xcall write $dir/a/live 1)" success
	minor=$(sed 's/kshm//' $dir/a/dev_name)
	as_member "/dev/kshm$minor" abi/errno-rw "/dev/kshm$minor"
	run gup/zerocopy "/dev/kshm$minor"
	is "$(level): root reads the physical address in sysfs, as in pagemap" \
		"$(find-address "$(cat "/sys/class/kshm/kshm$minor/phys_addr")" |
			grep -c phys_addr)" 1
	rmdir $dir/a
}

# carveout RESULT CLAIMS: make one in memory that only memmap= reserves
carveout() {
	mkdir $dir/c
	echo 64K >$dir/c/size
	at 0 >$dir/c/phys_addr
	is "$(level): live=1 for a carveout" "$(xcall write $dir/c/live 1)" "$1"
	is "$(level): claims in /proc/iomem" "$(grep -c ' : c$' /proc/iomem)" "$2"
	rmdir $dir/c
}

# reservation RESULT: use one that there is not
reservation() {
	mkdir $dir/r
	echo 64K >$dir/r/size
	echo log >$dir/r/reserve_mem
	is "$(level): live=1 with reserve_mem" "$(xcall write $dir/r/live 1)" "$1"
	rmdir $dir/r
}

load "buffers=64K,old:64K@$(at 65536)"
is "lockdown at boot" "$(level)" none
carveout success 1
if has_reserve_mem; then
	reservation ENOENT
else
	reservation EOPNOTSUPP
fi
for wanted in integrity confidentiality; do
	echo $wanted >$lock
	is "lockdown" "$(level)" $wanted
	ram_works
	carveout EPERM 0
	reservation EPERM
	is "$wanted: open /dev/mem" "$(xcall open /dev/mem)" EPERM
	is "$wanted: bytes of a carveout from before" "$(head -c 65536 /dev/kshm1 | wc -c)" 65536
	is "$wanted: write none to lockdown" "$(xcall write $lock none)" EPERM
done
unload
log_mark
refused "load a module without a signature" EPERM buffers=64K
is "lines of the kernel that say why" \
	"$(log_since | grep -c 'Lockdown: .*unsigned module loading')" 1
finish
