# SPDX-License-Identifier: GPL-2.0-only
# restrict_phys_addr=1 hides physical addresses from all but root.
# guest: basic
set -eu
. ./lib.sh

addr=/sys/class/kshm/kshm0/phys_addr

load restrict_phys_addr=1
is "the attribute is root's" "$(stat -c %a $addr)" 400
is "the others are everybody's" "$(stat -c %a ${addr%/*}/size)" 444
is "the setting is shown" "$(cat /sys/module/kshm/parameters/restrict_phys_addr)" Y
chmod 666 /dev/kshm0
run /t/restrict hidden
unload

load restrict_phys_addr=0
is "the attribute is everybody's" "$(stat -c %a $addr)" 444
chmod 666 /dev/kshm0
run /t/restrict shown
unload

load
is "so it is by default" "$(stat -c %a $addr)" 444
unload
finish
