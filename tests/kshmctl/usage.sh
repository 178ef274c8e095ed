# SPDX-License-Identifier: GPL-2.0-only
# kshmctl: help, versions and exit status 2 for every command.
# machine: basic
# kernels: [0-9]* realloc* kasan*
# default-kernels: newest
set -eu
. ./lib/guest.sh
. ./lib/kshmctl.sh

# misused TEXT ARG...: exit status 2, a message, and where the help is
misused() {
	misused_text=$1
	shift
	case $# in
	0) try=kshmctl ;;
	*) try="kshmctl $1" ;;
	esac
	gives 2 "${misused_text:+kshmctl: $misused_text
}Try '$try --help'." "$@"
}

commands=$($kshmctl --help | sed -n 's/^  \([a-z]*\)  *[a-z].*/\1/p')
is "number of commands" "$(echo "$commands" | wc -l)" 14
for command in $commands; do
	is "$command --help begins with the usage" \
		"$($kshmctl "$command" --help | head -n 1 | cut -d' ' -f1-3)" \
		"Usage: kshmctl $command"
	is "$command -h is the same" "$($kshmctl "$command" -h)" "$($kshmctl "$command" --help)"
	got=$($kshmctl "$command" --nonsense 2>&1) && status=0 || status=$?
	is "$command --nonsense: exit status" "$status" 2
	is "$command --nonsense: where the help is" "$(echo "$got" | tail -n 1)" \
		"Try 'kshmctl $command --help'."
done
is "--version" "$($kshmctl --version | sed 's/[0-9.]*$//')" "kshmctl "
misused "a command is missing"
gives 2 "kshmctl: 'make' is not a command
Try 'kshmctl --help'." make
misused "a name is missing" create --size 4K
misused "there is more than one name" create a b --size 4K
misused "--size is missing" create a
misused "--size: '4Q' is not a number, as 4096, 0x1000, 64M or 2G" create a -s 4Q
misused "--align: '-4' is not a number, as 4096, 0x1000, 64M or 2G" create a --align -4
misused "--size: '18446744073709551616' is not a number, as 4096, 0x1000, 64M or 2G" \
	create a --size 18446744073709551616
misused "--size: '16777216T' is not a number, as 4096, 0x1000, 64M or 2G" \
	create a --size 16777216T
misused "a buffer is missing" destroy
misused "--all takes no buffer" destroy --all a
misused "there is no column 'SIZES'" list -o NAME,SIZES
misused "no column is named" list -o ,
misused "--json and --raw exclude each other" list -J -r
misused "'x' is too much" largest x
misused "a buffer is missing" read
misused "there are too many arguments" read a b c
misused "--offset: '' is not a number, as 4096, 0x1000, 64M or 2G" read a -O ''
misused "a buffer is missing" write
misused "a buffer is missing" fill
misused "--byte: '256' is not a number from 0 to 255" fill a --byte 256
misused "--byte: '1K' is not a number from 0 to 255" fill a --byte 1K
misused "--byte: '' is not a number from 0 to 255" fill a --byte ''
misused "a buffer is missing" notify
misused "a buffer is missing" wait
misused "--timeout: 'x' is not a number from 0 to 1000000000" wait a -t x
misused "'x' is too much" restore x
misused "--size is for a new buffer" verify a --size 4K
is "help to a full device: exit status" \
	"$($kshmctl --help 2>&1 >/dev/full || echo $?)" "kshmctl: standard output: No space left on device
1"
finish
