# SPDX-License-Identifier: GPL-2.0-only
# configfs: each attribute and each error; devices are made and removed.
# machine: basic
# expect-log: no [0-9]+ contiguous bytes|this kernel has no reserve_mem=|no reservation "
# kernels: *
# default-kernels: oldest newest
set -eu
. ./lib/guest.sh

dir=/sys/kernel/config/kshm

# gives ERRNO TITLE CALL ARG...: the result of one system call
gives() {
	gives_want=$1 gives_title=$2
	shift 2
	is "$gives_title: $gives_want" "$(xcall "$@")" "$gives_want"
}

# puts ATTRIBUTE TEXT ERRNO: write it to the directory a
puts() {
	is "write '$2' to $1: $3" "$(xcall write $dir/a/"$1" "$2")" "$3"
}

# keeps ATTRIBUTE TEXT VALUE: write it to the directory a, read it back
keeps() {
	puts "$1" "$2" success
	is "$1 reads '$3' after '$2' was written" "$(cat $dir/a/"$1")" "$3"
}

# sends EVENTS ATTRIBUTE TEXT: write it to the directory a; the uevents that this causes
sends() {
	is "uevents when '$3' is written to $2" \
		"$(uevents xcall write $dir/a/"$2" "$3" 2>/dev/null)" "$1"
}

attributes() {
	mkdir $dir/a
	is "names of the attributes" "$(cd $dir/a && echo ./*)" \
		"./addr_bits ./addr_max ./addr_min ./align ./cache ./dev_name ./device ./keep ./largest ./live ./node ./phys_addr ./reserve_mem ./size"
	is "modes of the attributes" "$(stat -c '%n %a' $dir/a/* | sed "s,$dir/a/,," | tr '\n' ' ')" \
		"addr_bits 600 addr_max 600 addr_min 600 align 600 cache 600 dev_name 400 device 600 keep 600 largest 400 live 600 node 600 phys_addr 600 reserve_mem 600 size 600 "
	for file in "$dir"/a/*; do
		is "open ${file##*/} as a member of the group" \
			"$(runas "$member_uid" "$member_gid" xcall open "$file")" EACCES
	done
	is "size of a new directory" "$(cat $dir/a/size)" 0
	is "node of a new directory" "$(cat $dir/a/node)" -1
	is "addr_bits of a new directory" "$(cat $dir/a/addr_bits)" 0
	is "phys_addr of a new directory: an empty line" "$(wc -c < $dir/a/phys_addr)" 1
	is "live of a new directory" "$(cat $dir/a/live)" 0
	is "dev_name of a new directory: an empty line" "$(wc -c < $dir/a/dev_name)" 1
	gives EACCES "write to dev_name" write $dir/a/dev_name kshm0
	is "align of a new directory" "$(cat $dir/a/align)" 0
	is "addr_min of a new directory" "$(cat $dir/a/addr_min)" 0x0
	is "addr_max of a new directory" "$(cat $dir/a/addr_max)" 0x0
	is "cache of a new directory" "$(cat $dir/a/cache)" wb
	is "keep of a new directory" "$(cat $dir/a/keep)" 0
	is "reserve_mem of a new directory: an empty line" "$(wc -c < $dir/a/reserve_mem)" 1
	is "device of a new directory: an empty line" "$(wc -c < $dir/a/device)" 1
	gives EACCES "write to largest" write $dir/a/largest 4096
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
	is "size ignores what follows a zero byte" "$(cat $dir/a/size)" 8192
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

	keeps phys_addr "$(at 0)" "$(at 0)"
	keeps phys_addr 04096 0x1000
	keeps phys_addr 4096 0x1000
	for text in "$(at 1)" 4095 x -1 +4096; do
		puts phys_addr "$text" EINVAL
	done
	puts phys_addr 0x10000000000000000 ERANGE
	is "phys_addr is unchanged after errors" "$(cat $dir/a/phys_addr)" 0x1000
	keeps phys_addr '\n' ""
}

# The values of align, addr_min, addr_max, cache, keep and reserve_mem.
placement_values() {
	keeps align 1 1
	keeps align 0x1000 4096
	keeps align 64K 65536
	keeps align 64m 67108864
	keeps align 1G 1073741824
	keeps align 9223372036854775808 9223372036854775808
	keeps align 0 0
	for text in 3 4095 3M -1 +4096 x '' K 1T; do
		puts align "$text\n" EINVAL
	done
	for text in 18446744073709551616 17179869184G; do
		puts align $text ERANGE
	done
	is "align is unchanged after errors" "$(cat $dir/a/align)" 0

	for file in addr_min addr_max; do
		keeps $file 4096 0x1000
		keeps $file 0x1001 0x1001
		keeps $file 256M 0x10000000
		keeps $file 4g 0x100000000
		keeps $file 18446744073709551615 0xffffffffffffffff
		keeps $file 0 0x0
		for text in -1 +1 x '' 0x K 1T 1.5G; do
			puts $file "$text\n" EINVAL
		done
		for text in 18446744073709551616 17179869184G; do
			puts $file $text ERANGE
		done
		is "$file is unchanged after errors" "$(cat $dir/a/$file)" 0x0
	done

	keeps cache uc uc
	keeps cache 'wc\n' wc
	for text in '' w wcc WB 1 'wb wc'; do
		puts cache "$text\n" EINVAL
	done
	is "cache is unchanged after errors" "$(cat $dir/a/cache)" wc
	keeps cache wb wb

	keeps keep 1 1
	keeps keep 0 0
	for text in 2 -1 y x '' 1K; do
		puts keep "$text\n" EINVAL
	done
	puts keep 18446744073709551616 ERANGE
	is "keep is unchanged after errors" "$(cat $dir/a/keep)" 0

	keeps reserve_mem log log
	keeps reserve_mem 'a b,c/d=e' 'a b,c/d=e'
	keeps reserve_mem '123456789012345\n' 123456789012345
	for text in 1234567890123456 'a	b' é; do
		puts reserve_mem "$text" EINVAL
	done
	is "reserve_mem is unchanged after errors" "$(cat $dir/a/reserve_mem)" 123456789012345
	keeps reserve_mem '\n' ""
}

names() {
	for name in "b c" kshm0 kshm1023 b:c b,c b@c "b	c" bé \
		abcdefghijklmnopqrstuvwxyz012345; do
		gives EINVAL "mkdir '$name'" mkdir "$dir/$name"
	done
	for name in b B_.-9 .b kshm kshmx kshm1x abcdefghijklmnopqrstuvwxyz01234; do
		gives success "mkdir '$name'" mkdir "$dir/$name"
		gives EEXIST "mkdir '$name' again" mkdir "$dir/$name"
		gives success "rmdir '$name'" rmdir "$dir/$name"
	done
	gives EPERM "mkdir inside of a directory" mkdir $dir/a/b
	gives ENOENT "rmdir of a name that does not exist" rmdir $dir/b
}

not_possible() {
	mkdir $dir/a
	puts live 1 EINVAL
	is "live reads 0 after an error" "$(cat $dir/a/live)" 0
	puts size 9223372036854771712 success
	puts live 1 ENOMEM
	puts size 64K success
	puts phys_addr "$(ram 0x1000000)" success
	puts live 1 EBUSY
	puts node 0 success
	puts live 1 EINVAL
	puts node -1 success
	puts addr_bits 32 success
	puts live 1 EINVAL
	puts addr_bits 0 success
	puts phys_addr 0xfffffffffffff000 success
	puts live 1 EINVAL
	puts phys_addr "$(ram 0x1000000)" success
	is "largest of a carveout" "$(cat $dir/a/largest)" 0
	puts keep 1 success
	puts live 1 EBUSY
	for file in align addr_min addr_max; do
		puts $file 4096 success
		puts live 1 EINVAL
		puts $file 0 success
	done
	puts reserve_mem log success
	puts live 1 EINVAL
	puts phys_addr '\n' success
	for file in align addr_min addr_max; do
		puts $file 4096 success
		puts live 1 EINVAL
		puts $file 0 success
	done
	is "largest of a reservation" "$(cat $dir/a/largest)" 0
	if has_reserve_mem; then
		puts live 1 ENOENT
	else
		puts live 1 EOPNOTSUPP
	fi
	puts reserve_mem '\n' success
	puts live 1 EINVAL
	puts keep 0 success
	for text in 2 x -1 '\n'; do
		puts live "$text" EINVAL
	done
	is "live reads 0 after all errors" "$(cat $dir/a/live)" 0
	is "the errors made no device" "$(ls /sys/class/kshm)" kshm0
	rmdir $dir/a
}

live() {
	mkdir $dir/a
	puts size 5000 success
	sends "add kshm1" live '1\n'
	is "live reads 1" "$(cat $dir/a/live)" 1
	is "dev_name reads kshm1" "$(cat $dir/a/dev_name)" kshm1
	is "size is rounded up to pages" "$(cat $dir/a/size)" 8192
	check "/dev/kshm1 is there" [ -c /dev/kshm1 ]
	is "mode, user and group of /dev/kshm1" "$(stat -c '%a %u %g' /dev/kshm1)" "600 0 0"
	is "size of kshm1 in sysfs" "$(cat /sys/class/kshm/kshm1/size)" 8192
	is "name of kshm1 in sysfs" "$(cat /sys/class/kshm/kshm1/name)" a
	gives success "open /dev/kshm1" open /dev/kshm1
	puts live 1 EBUSY
	puts size 4096 EBUSY
	puts node 0 EBUSY
	puts addr_bits 32 EBUSY
	puts phys_addr "$(at 0)" EBUSY
	puts phys_addr '\n' EBUSY
	puts align 4096 EBUSY
	puts device '\n' EBUSY
	puts addr_min 4096 EBUSY
	puts addr_max 4G EBUSY
	puts keep 1 EBUSY
	puts reserve_mem log EBUSY
	check "largest can be read while live" [ "$(cat $dir/a/largest)" -gt 0 ]
	is "size is unchanged while live" "$(cat $dir/a/size)" 8192

	minor 1 /tmp/node
	sends "remove kshm1" live 0
	is "live reads 0" "$(cat $dir/a/live)" 0
	is "dev_name is empty after live=0" "$(cat $dir/a/dev_name)" ""
	check "/dev/kshm1 is gone" [ ! -e /dev/kshm1 ]
	check "/sys/class/kshm/kshm1 is gone" [ ! -e /sys/class/kshm/kshm1 ]
	gives ENODEV "open another node of the removed device" open /tmp/node
	sends "" live 0
	puts size 4K success
	for text in y on 1; do
		puts live $text success
		is "dev_name after live=$text" "$(cat $dir/a/dev_name)" kshm1
		gives success "open another node after live=$text" open /tmp/node
		puts live 0 success
	done
	puts live 1 success
	gives success "rmdir while live=1" rmdir $dir/a
	check "rmdir removes /dev/kshm1" [ ! -e /dev/kshm1 ]
	gives ENODEV "open another node after rmdir" open /tmp/node
}

# make NAME SIZE: prints the device's name
make() {
	mkdir "$dir/$1"
	echo "$2" > "$dir/$1/size"
	echo 1 > "$dir/$1/live"
	cat "$dir/$1/dev_name"
}

lowest() {
	is "first device: the lowest free number" "$(make a 4K)" kshm1
	is "second device" "$(make b 64K)" kshm2
	is "third device" "$(make c 2M)" kshm3
	rmdir $dir/b
	is "a number that became free is used again" "$(make d 4K)" kshm2
	rmdir $dir/a $dir/d
	is "of two free numbers the lower one is used first" "$(make e 4K)" kshm1
	is "of two free numbers the higher one is used next" "$(make f 4K)" kshm2
	is "a new number is used when none is free below it" "$(make g 4K)" kshm4
	is "size of the device that stayed" "$(cat /sys/class/kshm/kshm3/size)" 2097152
	rmdir $dir/c $dir/e $dir/f $dir/g
	is "devices after all rmdir" "$(ls /sys/class/kshm)" kshm0
}

clash() {
	gives success "mkdir with the name of a buffer that a module parameter made" mkdir $dir/video
	echo 4K > $dir/video/size
	gives EEXIST "live=1 for a name in use" write $dir/video/live 1
	is "dev_name after EEXIST" "$(cat $dir/video/dev_name)" ""
	is "configfs does not list the parameter's buffer" "$(ls $dir)" video
	rmdir $dir/video
}

busy() {
	mkdir $dir/a
	is "unload while there is a directory" "$(modctl unload)" EAGAIN
	echo 4K > $dir/a/size
	echo 1 > $dir/a/live
	is "unload while a directory is live" "$(modctl unload)" EAGAIN
	exec 3<> /dev/kshm1
	rmdir $dir/a
	is "unload while a removed device is open" "$(modctl unload)" EAGAIN
	exec 3>&-
}

address_bits() {
	mkdir $dir/a
	for size in 64K 2M 8M; do
		echo $size > $dir/a/size
		for bits in $(for limit in 128 256 512; do ram_bits $((limit << 20)); done | uniq); do
			echo "$bits" > $dir/a/addr_bits
			puts live 1 success
			check "addr_bits=$bits: all of $size is below 1 << $bits" \
				[ $(($(cat /sys/class/kshm/kshm1/phys_addr) +
				$(cat /sys/class/kshm/kshm1/size))) -le $((1 << bits)) ]
			puts live 0 success
		done
	done
	rmdir $dir/a
}

check "no directory kshm in configfs before load" [ ! -e $dir ]
load buffers=video:4K
check "directory kshm in configfs after load" [ -d $dir ]
is "the directory is empty" "$(ls $dir)" ""
attributes
sizes
numbers
placement_values
names
rmdir $dir/a
not_possible
live
lowest
clash
address_bits
busy
unload
check "no directory kshm in configfs after unload" [ ! -e $dir ]
finish
