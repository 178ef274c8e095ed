# SPDX-License-Identifier: GPL-2.0-only
# Number TAP lines that have no numbers, add the plan and the closing line. Exits 1 when
# something failed or nothing was tested. What failed is said once more at the end, with the
# two lines after it that tell why.

/^#/ && why {
	bad[failed] = bad[failed] "\n#   " $0
	why--
}
/^(not )?ok/ {
	why = 0
}
/^not ok/ {
	failed++
	sub(/^not ok/, "not ok " ++count)
	bad[failed] = $0
	why = 2
}
/^ok/ {
	sub(/^ok/, "ok " ++count)
	if (/# SKIP/)
		skipped++
	else
		passed++
}
{
	print
	fflush()
}
END {
	print "1.." count + 0
	if (failed)
		print "# failed:"
	for (i = 1; i <= failed; i++)
		print "#   " bad[i]
	printf "%d passed, %d failed", passed, failed
	if (skipped)
		printf ", %d skipped", skipped
	print ""
	exit failed || !count
}
