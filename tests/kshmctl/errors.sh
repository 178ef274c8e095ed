# SPDX-License-Identifier: GPL-2.0-only
# kshmctl tells apart why the module, a device or configfs cannot be used, and says what to do.
# machine: basic
# kernels: [0-9]* realloc* kasan*
# default-kernels: newest
set -eu
. ./lib/guest.sh
. ./lib/kshmctl.sh

release=$(uname -r)
modules=/lib/modules/$release
conf=/usr/src/kshm-0.1.0/dkms.conf
mkdir -p /etc
at_exit "rm -rf /lib/modules /usr/src /var/lib/dkms /etc/group /etc/passwd /etc/debian_version"
at_exit "rm -f /bin/dkms"

gives 1 "kshmctl: the kernel module kshm is not installed
  install the package kshm-dkms, or run 'make install' in kshm's source" list

# The package is installed, but there is no module.
mkdir -p "${conf%/*}"
echo 'BUILD_EXCLUSIVE_KERNEL="^(1\.[0-9]+)\."' >$conf
gives 1 "kshmctl: kshm is not built for this kernel, $release: this version was not tested on it
  install a newer version of kshm-dkms,
  or try it on this kernel: kshm-admit,
  or boot a kernel that BUILD_EXCLUSIVE_KERNEL in $conf names" info
mkdir -p /etc/kshm
at_exit "rm -r /etc/kshm"
printf '1.2\n%s\n' "$(echo "$release" | sed 's/^\([0-9]*\.[0-9]*\).*/\1/')" >/etc/kshm/kernels
gives 1 "kshmctl: kshm is not built for this kernel, $release: its headers are missing
  install the package kernel-devel of this version
  then: modprobe kshm" info
rm /etc/kshm/kernels
echo 'BUILD_EXCLUSIVE_KERNEL="^([0-9]+\.[0-9]+)\."' >$conf
gives 1 "kshmctl: kshm is not built for this kernel, $release: its headers are missing
  install the package kernel-devel of this version
  then: modprobe kshm" create a --size 4K
touch /etc/debian_version
gives 1 "kshmctl: kshm is not built for this kernel, $release: its headers are missing
  apt install linux-headers-$release
  then: modprobe kshm" largest
mkdir -p "$modules/build/include" /var/lib/dkms/kshm/0.1.0/build
printf 'CC file.o\nfile.c:1:2: error: no\nfile.c:3:4: error: no\n' >/var/lib/dkms/kshm/0.1.0/build/make.log
printf '#!/bin/sh\n[ "$*" = "status -m kshm" ] && echo "kshm/0.1.0: added"\n' >/bin/dkms
chmod 755 /bin/dkms
gives 1 "kshmctl: kshm is not built for this kernel, $release
  dkms status: kshm/0.1.0: added
  /var/lib/dkms/kshm/0.1.0/build/make.log: file.c:1:2: error: no
  dkms autoinstall, then: modprobe kshm" verify

# There is a module, which is not loaded.
printf 'kernel/fs/a.ko: kernel/b.ko\nupdates/dkms/kshm.ko.xz: kernel/fs/configfs/configfs.ko\n' >"$modules/modules.dep"
gives 1 "kshmctl: kshm is not loaded
  modprobe kshm
  if this fails, 'dmesg | grep kshm' says why" read /dev/kshm0

# The device.
load buffers=64K
printf 'root:x:0:\nkshm:x:%s:\n' "$member_gid" >/etc/group
printf 'root:x:0:0::/:/bin/sh\nann:x:%s:%s::/:/bin/sh\n' "$outsider_uid" "$outsider_gid" >/etc/passwd

# user OUTPUT ARG...: run as a user who is not in the group
user() {
	user_want=$1
	shift
	is "$* as a user" "$(runas "$outsider_uid" "$outsider_gid" $kshmctl "$@" 2>&1)" "$user_want"
}

user "kshmctl: /dev/kshm0: Permission denied
  udev has not given the device to the group kshm yet:
  sudo udevadm control --reload && sudo udevadm trigger -s kshm" read kshm0
chgrp "$member_gid" /dev/kshm0
user "kshmctl: /dev/kshm0: Permission denied
  ann is not in the group kshm:
  sudo adduser ann kshm, then log out and in again" write kshm0
printf 'root:x:0:\nkshm:x:%s:bob,ann\n' "$member_gid" >/etc/group
user "kshmctl: /dev/kshm0: Permission denied
  ann is in the group kshm, but this session began before that:
  log out and in again" notify kshm0
is "a member of the group, and the node is not for it" \
	"$(runas "$member_uid" "$member_gid" $kshmctl wait /dev/kshm0 2>&1)" "kshmctl: /dev/kshm0: Permission denied
  the access rights of the node do not allow it: ls -lL /dev/kshm0"
user "kshmctl: only root can create and remove buffers
  use sudo" create a --size 4K
user "kshmctl: only root can create and remove buffers
  use sudo" destroy kshm0
user "kshmctl: only root can create and remove buffers
  use sudo" save
mv /dev/kshm0 /dev/hidden
gives 1 "kshmctl: /dev/kshm0: No such file or directory
  the node is missing; a container must be given the device" fill kshm0
mv /dev/hidden /dev/kshm0

umount /sys/kernel/config
for command in "create a --size 4K" "destroy a" largest save restore verify; do
	# shellcheck disable=SC2086 # words
	gives 1 "kshmctl: configfs is not mounted, so buffers cannot be created or removed
  mount -t configfs none /sys/kernel/config" $command
done
mount -t configfs configfs /sys/kernel/config
unload
finish
