# SPDX-License-Identifier: GPL-2.0-only
# Every measurement, in one guest. What wants untouched memory comes first, what fills
# the page cache last.
# limit: 5400

set -eu
ways='kshm remap hugetlb memfd dma-heap thp'
sizes='2M 4M 16M 64M 256M 1G'
# shellcheck source=/dev/null # written by tests/bench/bench
. /t/settings

# The cache takes all that is free: holes of a large file are read as pages of zeroes.
fill_cache() {
	cat /mnt/holes >/dev/null
}

insmod /t/kshm.ko buffers=none
insmod /t/remap.ko

largest fresh
take fresh kshm 10 1G
for way in kshm hugetlb memfd dma-heap thp; do
	# shellcheck disable=SC2086 # a list of sizes
	take fresh "$way" "$rounds" $sizes
done

for way in $ways; do
	# shellcheck disable=SC2086
	map "$way" "$rounds" $sizes
	access "$way" "$rounds" 256M
done

# shellcheck disable=SC2086 # a list of ways
direct /mnt/direct $((3 * rounds)) 32M $ways
rm /mnt/direct
copy "$rounds" 64M kshm memfd

busybox truncate -s 4G /mnt/holes
for way in kshm hugetlb dma-heap; do
	for size in 4M 64M 512M; do
		round=0
		while [ $round -lt 10 ]; do
			fill_cache
			take full "$way" 1 "$size"
			round=$((round + 1))
		done
	done
done
fill_cache
largest full

rmmod remap
echo "ok 1 - measured"
echo "1..1"
