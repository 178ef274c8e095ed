# SPDX-License-Identifier: GPL-2.0-only
# A 32-bit program gets and does the same as a 64-bit one.
# machine: basic
set -eu
. ./lib/guest.sh

load buffers=one:64K,two:4M
for file in /dev/kshm0 /dev/kshm1; do
	is "$file: KSHM_IOC_INFO gives both programs the same values" \
		"$(abi/compat32-32 info $file)" "$(abi/compat32 info $file)"
	is "$file: KSHM_IOC_INFO gives both programs the same bytes" \
		"$(abi/compat32-32 bytes $file)" "$(abi/compat32 bytes $file)"
	run abi/compat32 share $file
	run abi/compat32-32 share $file
	is "$file: a 64-bit program reads what a 32-bit one wrote" \
		"$(abi/compat32 sum $file)" "$(abi/compat32-32 sum $file)"
done
unload
finish
