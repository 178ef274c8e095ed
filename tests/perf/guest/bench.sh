# SPDX-License-Identifier: GPL-2.0-only
# Every measurement, in one guest. Those that need untouched memory come first, those that
# fill the page cache last.
# limit: 5400
# expect-log: no [0-9]+ contiguous bytes

set -eu
ways='kshm remap hugetlb memfd dma-heap thp'
# shellcheck source=/dev/null # written by tests/perf/bench
. /t/settings
: "${rounds:?}"

insmod /t/kshm.ko buffers=none
insmod /t/remap.ko

# These depend on long ranges of untouched memory.
largest fresh
take fresh kshm 10 1G
access kshm "$rounds" 1G
for way in $ways; do
	case $way in
	memfd) many=1 ;;
	*) many=$rounds ;;
	esac
	map "$way" "$rounds" 2M 4M 16M 64M 256M
	map "$way" "$many" 1G
	access "$way" "$rounds" 64M
	# as kshm
	[ "$way" != remap ] || continue
	take fresh "$way" "$rounds" 4M 16M 64M 256M
	[ "$way" = kshm ] || take fresh "$way" "$many" 1G
done

# shellcheck disable=SC2086 # a list of ways
direct /mnt/direct $((10 * rounds)) 32M $ways
rm /mnt/direct
copy "$rounds" 16M kshm memfd

# full WAY ROUNDS SIZE: allocate after all free memory has become page cache
full() {
	round=0
	while [ $round -lt "$2" ]; do
		fill /mnt
		take full "$1" 1 "$3"
		round=$((round + 1))
	done
}
full kshm 10 512M
for way in kshm hugetlb dma-heap; do
	full $way "$rounds" 4M
	full $way "$rounds" 64M
	[ $way = kshm ] || full $way "$rounds" 512M
done
fill /mnt
largest full
rm /mnt/hole.*

rmmod remap kshm
echo "ok 1 - measured"
echo "1..1"
