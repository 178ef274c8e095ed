# SPDX-License-Identifier: GPL-2.0-only
# A buffer is written to and read from another machine by RDMA, as doc/rdma.md says. The machines are
# two network namespaces, each with an adapter of its own; rxe of 6.12 does not work in those. The
# registration holds the memory.
# machine: rdma
# kernels: full-7*
# default-kernels: none
# expect-log: no [0-9]+ contiguous bytes
# limit: 600
set -eu
. ./lib/guest.sh
. ./lib/kshmctl.sh
. ./lib/memory.sh

kshm=/sys/kernel/config/kshm
mib=$((1 << 20))

ip() {
	net/ip "$@"
}

# on MACHINE COMMAND...
on() {
	on=$1
	shift
	net/ip netns exec "$on" "$@"
}

# adapter NUMBER ADDRESS: in the namespace mNUMBER, with the commands of the page. The names of
# RDMA devices differ, as these are the same machine in truth.
adapter() {
	ip -n "m$1" addr add "$2/24" dev veth0
	ip -n "m$1" link set veth0 up
	adapter=$(echo "$add" | sed "s/rxe0/rxe$1/; s/eth0/veth0/")
	# shellcheck disable=SC2086 # words
	check "$adapter" on "m$1" net/$adapter
	at_exit "net/rdma link del rxe$1"
}

# server DEVICE: the program that is written to; client DEVICE: the one that writes
server() {
	on m0 examples/rdma rxe0 "$1" 7471 >/tmp/server 2>&1 &
	server=$!
	check "it waits" until_true grep -q ^waiting /tmp/server
}

client() {
	on m1 examples/rdma rxe1 "$1" 7471 192.0.2.1 >/tmp/client 2>&1 || echo "exit status $?" >>/tmp/client
}

# said PROGRAM: what it has printed but for addresses
said() {
	sed 's/ at 0x.*//' "/tmp/$1"
}

# make NAME FILE=VALUE...: a live buffer. Sets $node.
make() {
	mkdir "$kshm/$1"
	for setting in "$@"; do
		[ "$setting" = "$1" ] || echo "${setting#*=}" >"$kshm/$1/${setting%%=*}"
	done
	echo 1 >"$kshm/$1/live"
	node=/dev/$(cat "$kshm/$1/dev_name")
}

# sends NAME BACKING: the other machine writes as many bytes to the buffer. Its own is kshm0.
sends() {
	size=$(cat "$kshm/$1/size")
	is "$2, $size bytes" "$(cat "/sys/class/kshm/${node#/dev/}/backing")" "$2"
	before=$(on m0 cat /sys/class/net/veth0/statistics/rx_bytes)
	server "$node"
	client /dev/kshm0
	wait $server && status=0 || status=$?
	is "$2, $size bytes: the one that writes" "$(said client)" \
		"rxe1 has the $largest bytes of /dev/kshm0
$size bytes written and read back"
	is "$2, $size bytes: the other one" "$status $(said server)" \
		"0 rxe0 has the $size bytes of $node
waiting for the other machine
the other machine has finished"
	is "$2, $size bytes: they are in the buffer" "$(md5sum <"$node")" \
		"$(head -c "$size" /dev/kshm0 | md5sum)"
	after=$(on m0 cat /sys/class/net/veth0/statistics/rx_bytes)
	check "$2, $size bytes: they came by the network, $((after - before)) bytes with headers" \
		[ $((after - before)) -gt "$size" ]
	rmdir "$kshm/$1"
}

for module in ib_uverbs rdma_rxe veth; do
	is "load $module" "$(insert $module 2>&1)" ""
	at_exit "remove $module"
done
mkdir -p /run
ip netns add m0
ip netns add m1
at_exit "umount /run/netns/m0 /run/netns/m1 /run/netns; rm -r /run/netns"
ip link add veth0 netns m0 type veth peer name veth0 netns m1
at_exit "net/ip -n m0 link del veth0"
add=$(sed -n 's/^    sudo \(rdma link add .*\)$/\1/p' rdma.md)
adapter 0 192.0.2.1
adapter 1 192.0.2.2
at_exit "rm -f /tmp/server /tmp/client"

largest=$((9 * mib))
load buffers=9M
pattern fill /dev/kshm0 1
make a size=4K
sends a pages
make a size=4M
sends a pages
make a size=9M
sends a contig
make a size=1M reserve_mem=net
sends a reserved

make a size=64K phys_addr="$(at 0)"
on m0 examples/rdma rxe0 "$node" 7471 >/tmp/server 2>&1 || echo "exit status $?" >>/tmp/server
is "a carveout is not registered" "$(cat /tmp/server)" "ibv_reg_mr: Bad address
exit status 1"
rmdir $kshm/a

make a size=64M
phys=$(cat "/sys/class/kshm/${node#/dev/}/phys_addr")
server "$node"
rmdir $kshm/a
check "the buffer is removed" [ ! -e "$node" ]
is "it is registered" "$(net/rdma resource show mr | grep -o 'mrlen [0-9]*')" "mrlen $((64 * mib))"
# another buffer at the same address
mkdir $kshm/b
echo 64M >$kshm/b/size
echo "$phys" >$kshm/b/addr_min
echo $((phys + 64 * mib - 1)) >$kshm/b/addr_max
is "the registration holds the memory" "$(xcall write $kshm/b/live 1)" ENOMEM
client /dev/kshm0
wait $server && status=0 || status=$?
is "the other machine writes to it" "$status $(sed 1d /tmp/client)" \
	"0 $largest bytes written and read back"
is "the memory is free when the registration ends" "$(xcall write $kshm/b/live 1)" success
rmdir $kshm/b
unload
finish
