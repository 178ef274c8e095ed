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

# node NAME: the device of a buffer
node() {
	for name in /sys/class/kshm/*/name; do
		[ "$(cat "$name")" != "$1" ] || basename "${name%/name}"
	done
}

# With the compiler for BPF, as almost everywhere.
echo 1 >/proc/sys/net/core/bpf_jit_enable
insmod /t/clients/kshm_records.ko
insmod /t/clients/relay_records.ko
records "$rounds" "/dev/$(node records)"
rmmod relay_records kshm_records

# each record goes to the program and back
insmod /t/clients/kshm_stream.ko
for _ in $(seq "$rounds"); do
	stream "/dev/$(node stream)" 2 |
		sed -n 's/.* 0 errors, \([0-9]*\) records.*/\1/p' |
		awk '{ print "raw records kshm-back 0", $1; print "raw record kshm-back 0", 1e9 / $1 }'
done
rmmod kshm_stream

for way in kshm-memfd kshm hugetlb dma-heap memfd; do
	take fresh "$way" "$rounds" 2M 256M
done
rmmod kshm
echo "ok 1 - measured"
echo "1..1"
