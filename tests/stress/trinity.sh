# SPDX-License-Identifier: GPL-2.0-only
# A member of the group makes TRINITY_CALLS random system calls on a device, by default 5000.
# Only calls that take a file or a mapping: others find bugs of other subsystems.
# machine: trinity
# kernels: kasan*
# default-kernels: none
# limit: 1200
set -eu
. ./lib/guest.sh

load buffers=64K
udevadm settle
group=$(sed -n 's/^kshm:[^:]*:\([0-9]*\):.*/\1/p' /etc/group)
is "mode and group of /dev/kshm0" "$(stat -c '%a %g' /dev/kshm0)" "660 $group"

calls=
for call in read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 \
	lseek mmap munmap mprotect madvise mremap msync mincore mlock munlock ioctl \
	newfstat fsync fdatasync ftruncate fadvise64 sync_file_range poll \
	ppoll select splice tee vmsplice sendfile copy_file_range dup dup2 fcntl flock \
	remap_file_pages process_vm_readv; do
	calls="$calls -c $call"
done
# it may open the device ("pseudo") and pipes for splice
others=sockets,perf,epoll,eventfd,timerfd,testfile,memfd,drm

work=/tmp/trinity
mkdir $work $work/cwd
at_exit "rm -r $work"
chown "$member_uid" $work/cwd
# Its files are in memory: they must not fill it. fallocate would, and is refused for devices.
ulimit -f 16384
# It opens files with random flags, and may have no success with the device.
for _ in 1 2 3; do
	touch $work/runs
	while [ -e $work/runs ]; do
		cat /sys/class/kshm/kshm0/openers
		sleep 0.2
	done >$work/openers &
	status=0
	(
		cd $work/cwd
		# shellcheck disable=SC2086 # a list of words
		exec runas "$member_uid" "$group" trinity -V /dev/kshm0 -C 2 -q -l off \
			-N "$(word trinity_calls)" --disable-fds=$others $calls
	) >$work/log 2>&1 || status=$?
	rm $work/runs
	wait
	tail -n 5 $work/log | sed 's/^/# /'
	[ $status = 0 ] || break
	! grep -q '^[1-9]' $work/openers || break
done
is "exit status of trinity" "$status" 0
check "trinity made calls" grep -qE 'Ran [0-9]{4,} syscalls' $work/log
check "trinity had the device open" grep -q '^[1-9]' $work/openers
is "openers after trinity" "$(cat /sys/class/kshm/kshm0/openers)" 0
is "mappings after trinity" "$(cat /sys/class/kshm/kshm0/mappings)" 0
unload
finish
