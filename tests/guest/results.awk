# SPDX-License-Identifier: GPL-2.0-only
# A guest's second serial port in, TAP lines without numbers out.
# Variables: guest, its name; list, the tests it was to run; token.

function result(ok, name, text) {
	print (ok ? "ok" : "not ok") " - " guest "/" name (text == "" ? "" : ": " text)
}
BEGIN {
	count = split(list, wanted, " ")
}
{
	sub(/\r$/, "")
}
done {
	result(0, "guest", "a line after the token: " $0)
	next
}
$1 == "@begin" {
	test = $2
	points = failures = 0
	plan = -1
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
	else if (plan < 0 && $3 != 0)
		result(0, $2, "ended early with status " $3)
	else if (plan < 0)
		result(0, $2, "no plan")
	else if (plan != points)
		result(0, $2, "planned " plan ", ran " points)
	else if ($3 != 0 && !failures)
		result(0, $2, "exit status " $3)
	else if ($3 == 0 && failures)
		result(0, $2, "exit status 0 in spite of failures")
	print "# " guest "/" $2 ": " $4 " s"
	ended[$2] = 1
	test = ""
	next
}
$1 == "@gcda" || $1 == "@corpus" {
	next
}
$1 == "@token" {
	done = ($2 == token)
	next
}
test != "" && /^(not )?ok([ \t]|$)/ {
	bad = ($1 == "not")
	text = $0
	sub(/^(not )?ok[ \t]*[0-9]*[ \t]*(- )?/, "", text)
	points++
	failures += bad
	result(!bad, test, text)
	next
}
test != "" && /^1\.\.[0-9]+/ {
	plan = substr($1, 4) + 0
	if (plan == 0)
		result(1, test, substr($0, index($0, "#")))
	next
}
{
	sub(/^# */, "")
	print "# " guest (test == "" ? "" : "/" test) ": " $0
}
END {
	for (i = 1; i <= count; i++)
		if (!(wanted[i] in ended))
			result(0, wanted[i], "did not end")
}
