# SPDX-License-Identifier: GPL-2.0-only
# How fast the users of a buffer wake each other and stream records, and what a buffer of one
# program costs, beside other ways.
# limit: 1800
set -eu
# shellcheck source=/dev/null # written by tests/perf/bench
. /t/settings
: "${rounds:?}"

insmod /t/kshm.ko buffers=64K alloc_limit=2G
talk $((2000 * rounds)) /dev/kshm0

insmod /t/clients/kshm_stream.ko
for name in /sys/class/kshm/*/name; do
	[ "$(cat "$name")" != stream ] || device=/dev/$(basename "${name%/name}")
done
# each record goes to the program and back
stream "$device" 5 | sed -n 's/.* errors, \([0-9]*\) records.*/raw records kshm 0 \1/p'
rmmod kshm_stream

for way in kshm-memfd kshm hugetlb dma-heap memfd; do
	take fresh "$way" "$rounds" 2M 256M
done
rmmod kshm
echo "ok 1 - measured"
echo "1..1"
