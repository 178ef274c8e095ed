# SPDX-License-Identifier: GPL-2.0-only
# kshmctl on a kernel that is locked down, as with Secure Boot: the module is refused; with the
# module loaded before, memory at a fixed place is refused.
# machine: lockdown-kshmctl
# kernels: [0-9]*
# leaves: ^/sys/kernel/(security/lockdown|debug/)
# default-kernels: newest
set -eu
. ./lib/guest.sh
. ./lib/kshmctl.sh

modules=/lib/modules/$(uname -r)
mkdir -p "$modules"
at_exit "rm -rf /lib/modules"
echo 'updates/dkms/kshm.ko:' >"$modules/modules.dep"

load buffers=none
gives 0 /dev/kshm0 create a --size 64K --phys "$(at 0)"
gives 0 "" destroy a
echo integrity >/sys/kernel/security/lockdown
gives 1 "kshmctl: a: the kernel is locked down (Secure Boot)
  it refuses memory at a fixed place:
  use a buffer of ordinary memory, without phys_addr" create a --size 64K --phys "$(at 0)"
gives 0 /dev/kshm0 create a --size 64K
gives 0 "" destroy a
unload

gives 1 "kshmctl: kshm is not loaded; this kernel loads only modules that it trusts
  modprobe kshm
  if this says 'Key was rejected by service' (Secure Boot):
  mokutil --import /var/lib/dkms/mok.pub
  restart, and choose 'Enroll MOK' in the blue screen
  then: modprobe kshm" list
refused "load a module without a signature" EPERM buffers=64K
gives 1 "kshmctl: the kernel has refused a module whose key it does not trust (Secure Boot)
  enrol the key that signs kshm:
  mokutil --import /var/lib/dkms/mok.pub
  restart, and choose 'Enroll MOK' in the blue screen
  then: modprobe kshm" list
finish
