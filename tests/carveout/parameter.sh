# SPDX-License-Identifier: GPL-2.0-only
# buffers=SIZE@ADDRESS in memory that memmap= reserves: claimed, bounded, shared.
# machine: carveout
# expect-log: buffers=: |kshm0: "
set -eu
. ./lib/guest.sh

mib=$((1 << 20))
end=$((64 * mib))

# claimed NAME: the ranges with this name in /proc/iomem
claimed() {
	sed -n "s/^ *\([0-9a-f-]*\) : $1\$/\1/p" /proc/iomem
}

# range FROM TO: as /proc/iomem prints it
range() {
	printf '%x-%x' $((KSHM_RESERVED + $1)) $((KSHM_RESERVED + $2 - 1))
}

# busy TITLE PARAMETER: refused with EBUSY, and nothing stays claimed
busy() {
	before=$(cat /proc/iomem)
	refused "$1" EBUSY "buffers=$2"
	is "$1: /proc/iomem is unchanged" "$(cat /proc/iomem)" "$before"
}

# fits TITLE PARAMETER SIZE
fits() {
	load "buffers=$2"
	is "$1" "$(cat /sys/class/kshm/kshm0/size)" "$3"
	unload
}

load "buffers=video:16M@$(at 0),4M@$(at $((16 * mib))),ram:1M"
is "/proc/iomem has a carveout by its name" "$(claimed video)" "$(range 0 $((16 * mib)))"
is "/proc/iomem has a carveout without a name as kshm1" "$(claimed kshm1)" \
	"$(range $((16 * mib)) $((20 * mib)))"
is "/proc/iomem has no buffer of RAM" "$(claimed ram)" ""
run carveout/access /dev/kshm0 "$(at 0)" 16777216
run carveout/access /dev/kshm1 "$(at $((16 * mib)))" 4194304
# only x86 lets /dev/mem read what the kernel does not map
case $(uname -m) in
x86_64) run carveout/devmem refused /dev/kshm0 ;;
*) run carveout/devmem beyond /dev/kshm0 ;;
esac
run carveout/devmem refused /dev/kshm2
unload
is "/proc/iomem has no claim after unload" "$(claimed video)" ""

# Both ends of what the kernel does not manage.
fits "size of all reserved memory" "64M@$(at 0)" $end
fits "size of the last page" "4K@$(at $((end - 4096)))" 4096
fits "size of 5000 bytes" "5000@$(at 0)" 8192
busy "last page of reserved memory and the page after it" "8K@$(at $((end - 4096)))"
busy "page before reserved memory and its first page" "8K@$(at -4096)"
busy "page before reserved memory" "4K@$(at -4096)"
busy "page after reserved memory" "4K@$(at $end)"
busy "range that contains reserved memory" "128M@$(at $((-16 * mib)))"

load "buffers=a:4M@$(at 0),b:4M@$(at $((4 * mib)))"
is "adjacent carveouts: the first" "$(claimed a)" "$(range 0 $((4 * mib)))"
is "adjacent carveouts: the second" "$(claimed b)" "$(range $((4 * mib)) $((8 * mib)))"
unload
busy "the same range twice" "a:4M@$(at 0),b:4M@$(at 0)"
busy "the second overlaps the last page of the first" \
	"a:4M@$(at 0),b:4M@$(at $((4 * mib - 4096)))"
busy "the second begins before the first and overlaps it" "a:4M@$(at $((4 * mib))),b:8M@$(at 0)"
busy "the second entry is in System RAM" "a:4M@$(at 0),b:4K@$(ram 0x1000000)"

if [ "$(uname -m)" = x86_64 ]; then
	busy "registers of the I/O APIC" 4K@0xfec00000
else
	busy "an address where nothing is" 4K@0x30000000
fi
if grep -q HPET /proc/iomem; then
	busy "registers of the HPET" 4K@0xfed00000
else
	skip "registers of the HPET" "/proc/iomem has none"
fi
device=$(sed -n 's/^ *\([0-9a-f]*\)-.* : virtio-pci.*/\1/p' /proc/iomem | head -n 1)
check "a driver has claimed registers at 0x$device" [ -n "$device" ]
busy "registers that another driver has claimed" "4K@0x$device"
beyond=EINVAL
[ "$(uname -m)" = x86_64 ] || beyond=EBUSY
refused "an address that the processor does not have" $beyond \
	buffers=4K@0x10000000000000

load log_at_unload=32 "buffers=v:4K@$(at 0)"
putstr /dev/kshm0 'from a carveout'
log_mark
unload
is "log_at_unload of a carveout: lines in the log" \
	"$(log_since | grep -cF 'kshm: kshm0: "from a carveout"')" 1
finish
