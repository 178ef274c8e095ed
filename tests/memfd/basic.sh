# SPDX-License-Identifier: GPL-2.0-only
# Contiguous memfds: regular files with the size of their buffer, freed with their last user;
# wrong calls have their errno; root sets a limit for their sum.
# machine: basic
# default-kernels: oldest 6.12 newest kasan
# expect-log: .* invalid for parameter .alloc_limit'
set -eu
. ./lib/guest.sh

limit=/sys/class/kshm-alloc/kshm-alloc/limit
used=/sys/class/kshm-alloc/kshm-alloc/used

load buffers=64K
is "type, owner and mode of /dev/kshm-alloc" "$(stat -c '%F %u:%g %a' /dev/kshm-alloc)" \
	"character special file 0:0 600"
is "modes of limit and used" "$(stat -c %a $limit $used | tr '\n' ' ')" "644 444 "
half=$(awk '/^MemTotal:/ { print $2 * 512 }' /proc/meminfo)
check "limit is about half of the memory: $(cat $limit)" \
	test $(($(cat $limit) * 10)) -gt $((half * 9)) -a $(($(cat $limit) * 10)) -lt $((half * 13))
for program in basic basic-32 errors errors-32; do
	run memfd/$program
done

for value in x -1 1Q '1 M' 0x; do
	is "limit $value" "$(xcall write $limit "$value")" EINVAL
done
is "limit 2^63" "$(xcall write $limit 8589934592G)" ERANGE
is "limit 4M" "$(xcall write $limit '4M\n')" success
is "limit reads" "$(cat $limit)" 4194304
is "4 MiB" "$(with-memfd 4194304 cat $used)" 4194304
is "a byte more" "$(with-memfd 4194305 true)" EDQUOT
is "a page beside 4 MiB" "$(with-memfd 4194304 with-memfd 1 true)" EDQUOT
is "3 MiB and 1 MiB" "$(with-memfd 3145728 with-memfd 1048576 cat $used)" 4194304
echo 0 >$limit
is "a page with limit 0" "$(with-memfd 1 true)" EDQUOT
is "used afterwards" "$(cat $used)" 0
unload

load buffers=64K alloc_limit=64K
is "alloc_limit=64K" "$(cat $limit)" 65536
unload
refused "alloc_limit=x" EINVAL alloc_limit=x
refused "alloc_limit=1E" EINVAL alloc_limit=1E
finish
