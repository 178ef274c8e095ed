# SPDX-License-Identifier: GPL-2.0-only
# A container gets one buffer, as doc/access.md says, and no other.
# machine: languages
# default-kernels: none
# limit: 600
set -eu
. ./lib/guest.sh

root=/tmp/container
load buffers=64K,video:64K
mkdir -p $root/bin $root/dev $root/proc $root/sys $root/etc $root/tmp $root/run /dev/kshm-by-name
at_exit "rm -rf $root /dev/kshm-by-name /dev/shm/libpod_lock"
cp /t/busybox $root/bin/
# the link that udev makes
ln -s ../kshm1 /dev/kshm-by-name/video
echo "for the container" >/dev/kshm1

# The command of the page, without what this guest does not have: a network, systemd, an image,
# and overlayfs.
command=$(sed -n 's/^    sudo \(podman run .*\) IMAGE$/\1/p' access.md)
check "doc/access.md has the command: $command" [ -n "$command" ]
# inside COMMAND...: in the container
# shellcheck disable=SC2086 # lists of words
inside() {
	${command%%run*}--storage-driver vfs run --rm --network none --cgroups disabled --log-driver none \
		${command#*run} --rootfs $root /bin/busybox "$@" 2>&1 || :
}

is "the program reads" "$(inside head -n 1 /dev/video-memory)" "for the container"
is "the program writes" "$(inside sh -c 'echo answer >/dev/video-memory')" ""
is "what it has written" "$(head -n 1 /dev/kshm1)" answer
is "it has no other buffer" "$(inside ls /dev | grep kshm)" ""
number=$(cat /sys/class/kshm/kshm0/dev)
is "mknod of the other one" "$(inside mknod /tmp/other c "${number%:*}" "${number#*:}")" \
	"mknod: /tmp/other: Operation not permitted"
unload
finish
