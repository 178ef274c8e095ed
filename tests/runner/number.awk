# SPDX-License-Identifier: GPL-2.0-only
# Number the TAP lines of all tasks anew, add the plan and the closing line. Exits 1 when
# something failed or nothing was tested. Failures are listed again at the end, each with the
# lines around it that say why: up to twenty before it and two after it.

/^1\.\.[1-9]/ || /^KTAP version/ {
	next
}
/^#/ && why {
	bad[failed] = bad[failed] "\n#   " $0
	why--
}
/^#/ {
	before[++lines] = $0
}
/^(not )?ok/ {
	why = 0
}
/^not ok/ {
	failed++
	sub(/^not ok( [0-9]+)?/, "not ok " ++count)
	bad[failed] = $0
	for (i = lines; i && i > lines - 20; i--)
		bad[failed] = before[i] "\n#   " bad[failed]
	why = 2
}
/^(not )?ok/ {
	lines = 0
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
