# SPDX-License-Identifier: GPL-2.0-only
# configfs: each attribute, each error, devices that come and go.
# guest: basic
# log: no [0-9]+ contiguous bytes
# kernels: all
set -eu
. ./lib.sh

dir=/sys/kernel/config/kshm

# gives ERRNO TEXT CALL ARG...: what one system call gives
gives() {
	gives_want=$1 gives_text=$2
	shift 2
	is "$gives_text: $gives_want" "$(/t/try "$@")" "$gives_want"
}

# puts ATTRIBUTE TEXT ERRNO: write it to the directory a
puts() {
	is "$1 '$2': $3" "$(/t/try write $dir/a/"$1" "$2")" "$3"
}

# keeps ATTRIBUTE TEXT VALUE: write it to the directory a, read it back
keeps() {
	puts "$1" "$2" "done"
	is "$1 '$2' reads back" "$(cat $dir/a/"$1")" "$3"
}

attributes() {
	mkdir $dir/a
	is "attributes" "$(cd $dir/a && echo ./*)" \
		"./addr_bits ./dev_name ./live ./node ./phys_addr ./size"
	is "modes" "$(stat -c %a $dir/a/* | tr '\n' ' ')" "600 400 600 600 600 600 "
	for file in "$dir"/a/*; do
		is "a member of the group does not open ${file##*/}" \
			"$(/t/as "$member_uid" "$member_gid" /t/try open "$file")" EACCES
	done
	is "size at first" "$(cat $dir/a/size)" 0
	is "node at first" "$(cat $dir/a/node)" -1
	is "addr_bits at first" "$(cat $dir/a/addr_bits)" 0
	is "phys_addr at first: an empty line" "$(wc -c < $dir/a/phys_addr)" 1
	is "live at first" "$(cat $dir/a/live)" 0
	is "dev_name at first: an empty line" "$(wc -c < $dir/a/dev_name)" 1
	gives EACCES "dev_name is not to be written" write $dir/a/dev_name kshm0
}

sizes() {
	keeps size 4096 4096
	keeps size 64K 65536
	keeps size 2m 2097152
	keeps size 1G 1073741824
	keeps size 0x3000 12288
	keeps size '8192\n' 8192
	keeps size 1 4096
	printf '8192\0M' > $dir/a/size
	is "size: nothing counts after a zero" "$(cat $dir/a/size)" 8192
	keeps size 9223372036854771712 9223372036854771712
	for text in 0 0K -1 +1 '\n' " 1" "1 " abc 1Q 1KK K 0x 1.5M \
		123456789012345678901234567890123456789; do
		puts size "$text" EINVAL
	done
	for text in 9223372036854775808 18446744073709551616 8388608T \
		8589934592G 9007199254740992K; do
		case $text in
		*T) puts size $text EINVAL ;;
		*) puts size $text ERANGE ;;
		esac
	done
	is "size is unchanged after errors" "$(cat $dir/a/size)" 9223372036854771712
}

numbers() {
	keeps node 0 0
	keeps node -1 -1
	for text in 1 -2 63 1024 2147483647 x '' 0x; do
		puts node "$text\n" EINVAL
	done
	puts node 99999999999 ERANGE
	is "node is unchanged after errors" "$(cat $dir/a/node)" -1

	keeps addr_bits 24 24
	keeps addr_bits 0x20 32
	keeps addr_bits 032 32
	keeps addr_bits 64 64
	keeps addr_bits 0 0
	for text in 1 23 65 4294967295 -1 x ''; do
		puts addr_bits "$text\n" EINVAL
	done
	puts addr_bits 4294967296 ERANGE
	is "addr_bits is unchanged after errors" "$(cat $dir/a/addr_bits)" 0

	keeps phys_addr 0x30000000 0x30000000
	keeps phys_addr 04096 0x1000
	keeps phys_addr 4096 0x1000
	for text in 0x30000001 4095 x -1 +4096; do
		puts phys_addr $text EINVAL
	done
	puts phys_addr 0x10000000000000000 ERANGE
	is "phys_addr is unchanged after errors" "$(cat $dir/a/phys_addr)" 0x1000
	keeps phys_addr '\n' ""
}

names() {
	for name in "b c" kshm0 kshm1023 b:c b,c b@c "b	c" bé \
		abcdefghijklmnopqrstuvwxyz012345; do
		gives EINVAL "mkdir '$name'" mkdir "$dir/$name"
	done
	for name in b B_.-9 .b kshm kshmx kshm1x abcdefghijklmnopqrstuvwxyz01234; do
		gives "done" "mkdir '$name'" mkdir "$dir/$name"
		gives EEXIST "mkdir '$name' again" mkdir "$dir/$name"
		gives "done" "rmdir '$name'" rmdir "$dir/$name"
	done
	gives EPERM "mkdir in a directory" mkdir $dir/a/b
	gives ENOENT "rmdir of nothing" rmdir $dir/b
}

not_possible() {
	mkdir $dir/a
	puts live 1 EINVAL
	is "not live without a size" "$(cat $dir/a/live)" 0
	puts size 9223372036854771712 "done"
	puts live 1 ENOMEM
	puts size 64K "done"
	puts phys_addr 0x1000000 "done"
	puts live 1 EBUSY
	puts node 0 "done"
	puts live 1 EINVAL
	puts node -1 "done"
	puts addr_bits 32 "done"
	puts live 1 EINVAL
	puts addr_bits 0 "done"
	puts phys_addr 0xfffffffffffff000 "done"
	puts live 1 EINVAL
	for text in 2 x -1 '\n'; do
		puts live "$text" EINVAL
	done
	is "still not live" "$(cat $dir/a/live)" 0
	is "no device came of it" "$(ls /sys/class/kshm)" kshm0
	rmdir $dir/a
}

events() {
	cat /sys/kernel/uevent_seqnum
}

live() {
	mkdir $dir/a
	puts size 5000 "done"
	before=$(events)
	puts live '1\n' "done"
	is "one uevent" $(($(events) - before)) 1
	is "live reads" "$(cat $dir/a/live)" 1
	is "dev_name reads" "$(cat $dir/a/dev_name)" kshm1
	is "the size is whole pages" "$(cat $dir/a/size)" 8192
	check "the device is there" [ -c /dev/kshm1 ]
	is "its mode" "$(stat -c '%a %u %g' /dev/kshm1)" "600 0 0"
	is "its size is in pages" "$(cat /sys/class/kshm/kshm1/size)" 8192
	is "its name" "$(cat /sys/class/kshm/kshm1/name)" a
	gives "done" "it opens" open /dev/kshm1
	puts live 1 EBUSY
	puts size 4096 EBUSY
	puts node 0 EBUSY
	puts addr_bits 32 EBUSY
	puts phys_addr 0x30000000 EBUSY
	puts phys_addr '\n' EBUSY
	is "size is unchanged while live" "$(cat $dir/a/size)" 8192

	IFS=: read -r major minor < /sys/class/kshm/kshm1/dev
	mknod /tmp/node c "$major" "$minor"
	before=$(events)
	puts live 0 "done"
	is "one more uevent" $(($(events) - before)) 1
	is "live reads 0" "$(cat $dir/a/live)" 0
	is "dev_name is empty again" "$(cat $dir/a/dev_name)" ""
	check "the device is gone" [ ! -e /dev/kshm1 ]
	check "and its files" [ ! -e /sys/class/kshm/kshm1 ]
	gives ENODEV "another node of it" open /tmp/node
	before=$(events)
	puts live 0 "done"
	is "nothing happens when it is not live" $(($(events) - before)) 0
	puts size 4K "done"
	for text in y on 1; do
		puts live $text "done"
		is "live '$text' is live" "$(cat $dir/a/dev_name)" kshm1
		gives "done" "the other node opens" open /tmp/node
		puts live 0 "done"
	done
	puts live 1 "done"
	gives "done" "rmdir while it is live" rmdir $dir/a
	check "takes the device away" [ ! -e /dev/kshm1 ]
	gives ENODEV "and the other node" open /tmp/node
	rm /tmp/node
}

# make NAME SIZE: prints the device's name
make() {
	mkdir "$dir/$1"
	echo "$2" > "$dir/$1/size"
	echo 1 > "$dir/$1/live"
	cat "$dir/$1/dev_name"
}

lowest() {
	is "first: the lowest free number" "$(make a 4K)" kshm1
	is "second: the next" "$(make b 64K)" kshm2
	is "third: the next" "$(make c 2M)" kshm3
	rmdir $dir/b
	is "a number that became free" "$(make d 4K)" kshm2
	rmdir $dir/a $dir/d
	is "the lower one of two" "$(make e 4K)" kshm1
	is "then the other" "$(make f 4K)" kshm2
	is "then a new one" "$(make g 4K)" kshm4
	is "sizes are not mixed up" "$(cat /sys/class/kshm/kshm3/size)" 2097152
	rmdir $dir/c $dir/e $dir/f $dir/g
	is "none is left" "$(ls /sys/class/kshm)" kshm0
}

clash() {
	gives "done" "a parameter's name is free here" mkdir $dir/video
	echo 4K > $dir/video/size
	gives EEXIST "but its buffer is live" write $dir/video/live 1
	is "so this one is not" "$(cat $dir/video/dev_name)" ""
	is "the parameter's buffer is not listed" "$(ls $dir)" video
	rmdir $dir/video
}

busy() {
	mkdir $dir/a
	is "no unload with a directory" "$(/t/modctl unload)" EAGAIN
	echo 4K > $dir/a/size
	echo 1 > $dir/a/live
	is "no unload with a live one" "$(/t/modctl unload)" EAGAIN
	exec 3<> /dev/kshm1
	rmdir $dir/a
	is "no unload while the device that was is open" "$(/t/modctl unload)" EAGAIN
	exec 3>&-
}

address_bits() {
	mkdir $dir/a
	for size in 64K 2M 8M; do
		echo $size > $dir/a/size
		for bits in 27 28 29; do
			echo $bits > $dir/a/addr_bits
			puts live 1 "done"
			check "$size is below 1 << $bits" \
				[ $(($(cat /sys/class/kshm/kshm1/phys_addr) +
				$(cat /sys/class/kshm/kshm1/size))) -le $((1 << bits)) ]
			puts live 0 "done"
		done
	done
	rmdir $dir/a
}

check "no configfs directory without the module" [ ! -e $dir ]
load buffers=video:4K
check "a configfs directory with it" [ -d $dir ]
is "and it is empty" "$(ls $dir)" ""
attributes
sizes
numbers
names
rmdir $dir/a
not_possible
live
lowest
clash
address_bits
busy
unload
check "no configfs directory afterwards" [ ! -e $dir ]

load buffers=none
run /t/full
unload
finish
