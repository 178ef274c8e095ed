# SPDX-License-Identifier: GPL-2.0-only
# Buffers are restored at boot, and belong to one user or one service, as doc/access.md says.
set -eu
# shellcheck source=tests/lib/ktap.sh
. ./lib/ktap.sh

examples=/usr/share/doc/kshm-dev/examples
video=/dev/kshm-by-name/video

# steps HEADING COMMAND: the commands that doc/access.md has under a heading
steps() {
	sed -n "/^## $1\$/,/^## /s/^    sudo \\($2\\)/\\1/p" access.md
}

# shellcheck disable=SC2317 # called by check
until_true() {
	for _ in $(seq 100); do
		! "$@" >/dev/null 2>&1 || return 0
		sleep 0.2
	done
	return 1
}

# property UNIT NAME
property() {
	systemctl show -P "$2" "$1"
}

as() {
	user=$1
	shift
	runuser -u "$user" -- "$@" 2>&1 || :
}

is "a buffer that cannot be made fails at boot" "$(property kshm-buffers Result)" exit-code
check "the journal says which one" sh -c "journalctl -b -u kshm-buffers -o cat | tee /tmp/out | grep 'huge: '"
diag "$(cat /tmp/out)"
check "nobody waits for udev, which is busy" sh -c "! grep udev /tmp/out"
check "the other one is there" [ -c $video ]
check "both before other units start" [ "$(property kshm-buffers ExecMainExitTimestampMonotonic)" \
	-lt "$(property sysinit.target ActiveEnterTimestampMonotonic)" ]

useradd camera
cp $examples/70-kshm-video.rules /etc/udev/rules.d/
steps "One user" udevadm >/tmp/steps
is "commands for one user" "$(wc -l </tmp/steps)" 2
sh -e /tmp/steps
udevadm settle
is "user, group and mode" "$(stat -L -c '%U:%G %a' $video)" "camera:root 600"
is "mode of the other buffer" "$(stat -L -c '%U:%G %a' /dev/kshm0)" "root:kshm 660"
is "the user writes" "$(as camera sh -c "echo mine | kshmctl write video")" ""
is "what the user has written" "$(head -n 1 $video)" mine
is "a member of the group kshm is refused" "$(as member head -c 1 $video)" \
	"head: cannot open '$video' for reading: Permission denied"
rm /etc/udev/rules.d/70-kshm-video.rules
udevadm control --reload
kshmctl destroy video
kshmctl create video --size 4M >/tmp/out
is "mode without the rule" "$(stat -L -c '%U:%G %a' $video)" "root:kshm 660"

steps "One service" ".*" >/tmp/steps
is "commands for one service" "$(wc -l </tmp/steps)" 5
(cd $examples && sh -e /tmp/steps) 2>&1 | sed 's/^/# /'
is "the service runs" "$(property recorder ActiveState)" active
check "it has the buffer open" until_true sh -c "kshmctl list -rn -o USERS video | grep ."
echo "first frame" | kshmctl write video
kshmctl notify video
check "it has saved the buffer" until_true [ -s /var/lib/recorder/1 ]
is "what it has saved" "$(head -n 1 /var/lib/recorder/1)" "first frame"
# confined COMMAND...: as the service runs it
confined() {
	{
		grep -v -e '^BindsTo=' -e '^After=' -e '^ExecStart=' $examples/recorder.service
		printf '[Service]\nType=oneshot\nExecStart=%s\n' "$*"
		printf 'Standard%s\n' Output=truncate:/run/confined Error=inherit
	} >/run/systemd/system/confined.service
	systemctl daemon-reload
	systemctl start confined 2>/dev/null || :
	cat /run/confined
}
is "the service may open its buffer" "$(confined head -n 1 $video)" "first frame"
is "and no other" "$(confined head -c 1 /dev/kshm0)" \
	"head: cannot open '/dev/kshm0' for reading: Operation not permitted"
kshmctl destroy video
check "it stops when the buffer is removed" until_true sh -c \
	"systemctl show -P ActiveState recorder | grep -x inactive"
kshmctl create video --size 4M >/tmp/out
check "it starts when the buffer is there again" until_true systemctl is-active recorder
systemctl disable -q --now recorder
kshmctl destroy video
finish
