# SPDX-License-Identifier: GPL-2.0-only
# A user of the group kshm throws random system calls at a device: TRINITY_CALLS, 5000
# unless said. Only those that take a file or a mapping: all others find faults of others.
# guest: trinity
# kernels: kasan
# limit: 1200
set -eu
. ./lib.sh

calls=$(sed -n 's/.*trinity_calls=\([0-9]*\).*/\1/p' /proc/cmdline)
load buffers=64K
udevadm settle
group=$(sed -n 's/^kshm:[^:]*:\([0-9]*\):.*/\1/p' /etc/group)
is "the node is for the group" "$(stat -c '%a %g' /dev/kshm0)" "660 $group"

aimed=
for call in read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 \
	lseek mmap munmap mprotect madvise mremap msync mincore mlock munlock ioctl \
	newfstat fsync fdatasync ftruncate fadvise64 sync_file_range poll \
	ppoll select splice tee vmsplice sendfile copy_file_range dup dup2 fcntl flock \
	remap_file_pages process_vm_readv; do
	aimed="$aimed -c $call"
done
mkdir -p /tmp/trinity
chown "$member_uid" /tmp/trinity
cd /tmp/trinity
rc=0
# its own files lie in memory, which is not to be full of them; for that fallocate is left
# out, which the kernel refuses for devices anyway
ulimit -f 16384
# of files it has only the device ("pseudo"), and pipes for splice
others=sockets,perf,epoll,eventfd,timerfd,testfile,memfd,drm
touch /tmp/trinity.runs
while [ -e /tmp/trinity.runs ]; do
	cat /sys/class/kshm/kshm0/openers
	sleep 0.2
done > /tmp/trinity.users &
# shellcheck disable=SC2086 # a list of words
/t/as "$member_uid" "$group" trinity -V /dev/kshm0 -C 2 -q -l off -N "$calls" \
	--disable-fds=$others $aimed > /tmp/trinity.log 2>&1 || rc=$?
rm /tmp/trinity.runs
wait
cd /t
tail -n 5 /tmp/trinity.log | sed 's/^/# /'
is "trinity ends well" "$rc" 0
check "it made calls" grep -qE 'Ran [0-9]{4,} syscalls' /tmp/trinity.log
check "it had the device open" grep -q '^[1-9]' /tmp/trinity.users
is "nobody has the device open" "$(cat /sys/class/kshm/kshm0/openers)" 0
is "nobody has it mapped" "$(cat /sys/class/kshm/kshm0/mappings)" 0
unload
finish
