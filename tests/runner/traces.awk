# SPDX-License-Identifier: GPL-2.0-only
# The functions of the first two call traces of a kernel's log, each in one line.

/Call Trace/ {
	traces++
	functions = 0
}
traces && traces <= 2 && functions < 16 && !/ \? / && match($0, /[A-Za-z_][A-Za-z0-9_.]*\+0x[0-9a-f]+\//) {
	if (/RIP:|Code:/)
		next
	name = substr($0, RSTART, RLENGTH)
	sub(/\+0x.*/, "", name)
	trace[traces] = trace[traces] " " name
	functions++
}
END {
	for (i = 1; i <= 2 && i <= traces; i++)
		print "call trace " i ":" trace[i]
}
