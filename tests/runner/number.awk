# SPDX-License-Identifier: GPL-2.0-only
# Number the TAP lines of all tasks anew, add the plan and the closing line. Exits 1 when
# something failed or nothing was tested. Failures are listed again at the end, each with the
# two lines after it that say why.

/^1\.\.[1-9]/ || /^KTAP version/ {
	next
}
/^#/ && why {
	bad[failed] = bad[failed] "\n#   " $0
	why--
}
/^(not )?ok/ {
	why = 0
}
/^not ok/ {
	failed++
	sub(/^not ok( [0-9]+)?/, "not ok " ++count)
	bad[failed] = $0
	why = 2
}
/^ok/ {
	sub(/^ok( [0-9]+)?/, "ok " ++count)
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
