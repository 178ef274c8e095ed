# SPDX-License-Identifier: GPL-2.0-only
# A guest's second serial port in, TAP lines without numbers out. The results of a subtest
# appear as results of the test, with the name of the subtest before their title.
# Variables: guest, its name; list, the tests it was to run; token.

function result(ok, name, text) {
	print (ok ? "ok" : "not ok") " - " guest "/" name (text == "" ? "" : ": " text)
}
# A test is level 0, a subtest is level 1.
function begin(level, name) {
	title[level] = name
	points[level] = failures[level] = 0
	plan[level] = -1
	depth = level
}
# The number of results and the exit status must agree with what was printed.
function end(level, passed, status) {
	if (plan[level] < 0 && !passed)
		result(0, title[level], "ended early with " status)
	else if (plan[level] < 0)
		result(0, title[level], "no plan")
	else if (plan[level] != points[level])
		result(0, title[level], "planned " plan[level] ", ran " points[level])
	else if (!passed && !failures[level])
		result(0, title[level], status)
	else if (passed && failures[level])
		result(0, title[level], status " in spite of failures")
}
BEGIN {
	count = split(list, wanted, " ")
	depth = -1
}
{
	sub(/\r$/, "")
}
done {
	result(0, "guest", "a line after the token: " $0)
	next
}
$1 == "@begin" {
	begin(0, $2)
	next
}
$1 == "@fault" {
	name = $2
	sub(/^@fault [^ ]* /, "")
	result(0, name, $0)
	next
}
$1 == "@end" {
	if ($3 == "missing")
		result(0, $2, "there is no such test")
	else {
		if (depth > 0)
			result(0, title[1], "the test ended in it")
		end(0, $3 == 0, "exit status " $3)
	}
	print "# " guest "/" $2 ": " $4 " s"
	ended[$2] = 1
	depth = -1
	next
}
$1 == "@gcda" || $1 == "@corpus" {
	next
}
$1 == "@token" {
	done = ($2 == token)
	next
}
/^ *KTAP version/ {
	next
}
depth == 0 && sub(/^  # Subtest: /, "") {
	# the main program of a test is known by its arguments
	if ($0 == title[0])
		begin(1, title[0])
	else if (index($0, title[0] " ") == 1)
		begin(1, title[0] ": " substr($0, length(title[0]) + 2))
	else
		begin(1, title[0] ": " $0)
	next
}
depth == 1 && /^(not )?ok([ \t]|$)/ {
	passed = ($1 == "ok")
	end(1, passed, passed ? "success" : "a failure")
	depth = 0
	points[0]++
	failures[0] += !passed
	next
}
depth >= 0 && /^(  )?(not )?ok([ \t]|$)/ {
	sub(/^  /, "")
	passed = ($1 == "ok")
	sub(/^(not )?ok[ \t]*[0-9]*[ \t]*(- )?/, "")
	points[depth]++
	failures[depth] += !passed
	result(passed, title[depth], $0)
	next
}
depth >= 0 && /^(  )?1\.\.[0-9]+/ {
	sub(/^  /, "")
	plan[depth] = substr($1, 4) + 0
	if (plan[depth] == 0)
		result(1, title[depth], substr($0, index($0, "#")))
	next
}
{
	sub(/^ *# */, "")
	print "# " guest (depth < 0 ? "" : "/" title[depth]) ": " $0
}
END {
	for (i = 1; i <= count; i++)
		if (!(wanted[i] in ended))
			result(0, wanted[i], "did not end")
}
