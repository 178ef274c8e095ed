# SPDX-License-Identifier: GPL-2.0-only
# A kernel's log without KCSAN's reports in which the module does not appear: the kernel has
# races of its own. Lines left out are empty, so that the others keep their numbers.

function end_report(i) {
	for (i = 0; i < lines; i++)
		print(foreign && !ours ? "" : report[i])
	lines = 0
}
!lines && !/=====================/ {
	print
	next
}
!lines {
	foreign = ours = 0
}
{
	report[lines++] = $0
}
/BUG: KCSAN/ {
	foreign = 1
}
/\[kshm\]/ {
	ours = 1
}
lines > 1 && /=====================/ {
	end_report()
}
END {
	end_report()
}
