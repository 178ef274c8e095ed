# SPDX-License-Identifier: GPL-2.0-only
# With the memory full of page cache 512 MiB come, and no program is hurt.
# With KASAN there is memory that cannot be moved everywhere, so that it may not come.
# guest: big
# log: no [0-9]+ contiguous bytes
# kernels: 5.10 6.1 6.12 7.2 7.3
# plain: 5.10 6.12 7.3
# limit: 600
set -eu
. ./lib.sh

dir=/sys/kernel/config/kshm/a
full=153600 # kB: no more than so much is free

meminfo() {
	sed -n "s/^$1: *\([0-9]*\) kB/\1/p" /proc/meminfo
}

# Read a file that was not read before until little memory is free.
fill_up() {
	while [ "$(meminfo MemFree)" -ge $full ]; do
		dd if=/mnt/sparse of=/dev/null bs=1M skip=$cached count=256 2>/dev/null
		cached=$((cached + 256))
	done
}

# a hundred MiB that are not on the disk yet, and files that need slab
dirty() {
	dd if=/dev/zero of=/mnt/dirty bs=1M count=100 2>/dev/null
	mkdir -p /mnt/small
	for n in 1 2 3 4 5 6 7 8 9; do
		echo $n > /mnt/small/$n.$tried
	done
}

now() {
	read -r uptime _ < /proc/uptime
	echo "${uptime%.*}${uptime#*.}"
}

load buffers=none
mkdir $dir
echo 512M > $dir/size
mkdir /tmp/files
mount -t tmpfs -o size=200M tmpfs /tmp/files
mkfifo /tmp/ready
/t/watch 128 /tmp/files/watched > /tmp/ready &
watcher=$!
exec 3< /tmp/ready
read -r line <&3
is "a program looks at its memory and a file" "$line" ready

truncate -s 16G /mnt/sparse
cached=0
fill_up
log_mark
tried=0 got=0
# Four of four will do; with a failure among them it must be nine of ten.
while [ $tried -lt 4 ] || { [ $got -lt $tried ] && [ $tried -lt 10 ]; }; do
	tried=$((tried + 1))
	fill_up
	[ $((tried % 2)) -eq 0 ] || dirty
	free=$(meminfo MemFree)
	before=$(now)
	result=$(/t/try write $dir/live 1)
	diag "try $tried: $result, $((($(now) - before) * 10)) ms," \
		"$((free / 1024)) MiB were free, $(($(meminfo Cached) / 1024)) MiB are cached now"
	[ "$result" != "done" ] || got=$((got + 1))
	echo 0 > $dir/live
done
check "512 MiB came $got of $tried times" [ $((got * 10)) -ge $((tried * 9)) ]
is "nothing ran out of memory" \
	"$(log_since | grep -c -i -e 'out of memory' -e 'oom')" 0
log_since | grep 'kshm: ' | sed 's/^/# /' || true

kill $watcher
status=0
wait $watcher || status=$?
read -r line <&3
diag "the program: $line"
is "the program noticed nothing" $status 0
exec 3<&-
umount /tmp/files
rm -r /mnt/sparse /mnt/dirty /mnt/small /tmp/ready
rmdir $dir
unload
finish
