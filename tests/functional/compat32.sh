# SPDX-License-Identifier: GPL-2.0-only
# A 32-bit program sees and does the same as a 64-bit one.
# guest: basic
set -eu
. ./lib.sh

load buffers=one:64K,two:4M
for file in /dev/kshm0 /dev/kshm1; do
	is "$file: INFO of both programs" "$(/t/compat32-32 info $file)" \
		"$(/t/compat32 info $file)"
	is "$file: each byte of INFO" "$(/t/compat32-32 bytes $file)" \
		"$(/t/compat32 bytes $file)"
	run /t/compat32 share $file
	run /t/compat32-32 share $file
	is "the 64-bit program reads what the 32-bit one wrote" \
		"$(/t/compat32 sum $file)" "$(/t/compat32-32 sum $file)"
done
unload
finish
