# SPDX-License-Identifier: GPL-2.0-only
# A buffer of 512 MiB while the page cache fills the memory; no program loses data.
# KASAN's own memory, which cannot be migrated, leaves no such range.
# machine: half
# expect-log: no [0-9]+ contiguous bytes
# kernels: [0-9]* realloc*
# default-kernels: oldest newest
# limit: 600
set -eu
. ./lib/guest.sh

dir=/sys/kernel/config/kshm/a
full=153600 # kB: the memory is full when less is free

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

# 100 MiB that wait for writeback, and files, whose inodes are in slabs
dirty() {
	dd if=/dev/zero of=/mnt/dirty bs=1M count=100 conv=notrunc 2>/dev/null
	for n in 1 2 3 4 5 6 7 8 9; do
		echo $n > /mnt/small/$n.$tried
	done
}

# Metadata in the journal cannot be migrated, and would divide full memory at places of
# chance (alloc/metadata is about that). So what the attempts need of it is read before.
prepare_metadata() {
	mkdir /mnt/small
	for tried in 1 2 3 4 5 6 7 8 9 10; do
		dirty
	done
	rm /mnt/small/*
	sync
}

now() {
	read -r uptime _ < /proc/uptime
	echo "${uptime%.*}${uptime#*.}"
}

load buffers=none
mkdir $dir
echo 512M > $dir/size
mounted -t tmpfs -o size=200M tmpfs /tmp/files
mkfifo /tmp/ready
at_exit "rm -rf /mnt/sparse /mnt/dirty /mnt/small /tmp/ready"
memverify 128 /tmp/files/watched > /tmp/ready &
watcher=$!
exec 3< /tmp/ready
read -r line <&3
is "a program verifies its memory and a file all the time" "$line" ready

prepare_metadata
truncate -s 16G /mnt/sparse
cached=0
fill_up
log_mark
tried=0 got=0
summary=
# All of the first four attempts, or nine of ten.
while [ $tried -lt 4 ] || { [ $got -lt $tried ] && [ $tried -lt 10 ]; }; do
	tried=$((tried + 1))
	fill_up
	[ $((tried % 2)) -eq 0 ] || dirty
	free=$(meminfo MemFree)
	before=$(now)
	result=$(xcall write $dir/live 1)
	took=$((($(now) - before) * 10))
	summary="$summary $result/$took"
	diag "attempt $tried: $result, $took ms," \
		"$((free / 1024)) MiB were free, $(($(meminfo Cached) / 1024)) MiB are cached now"
	[ "$result" != success ] || got=$((got + 1))
	echo 0 > $dir/live
done
check "$got of $tried attempts succeed" [ $((got * 10)) -ge $((tried * 9)) ]
diag "each result and its ms:$summary"
is "lines of the OOM killer in the log" \
	"$(log_since | grep -c -i -e 'out of memory' -e 'oom')" 0
log_since | grep 'kshm: ' | sed 's/^/# /' || true

kill $watcher
status=0
wait $watcher || status=$?
read -r line <&3
diag "the program: $line"
is "exit status of the program, which fails on changed data" $status 0
exec 3<&-
rm /tmp/files/*
rmdir $dir
unload
finish
