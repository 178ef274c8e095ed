# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# Secure Boot as on most PCs: firmware that trusts Microsoft's key starts Debian's shim,
# which starts Debian's GRUB, which starts Debian's kernel, all as Debian signed them. The
# kernel refuses kshm until the key of dkms is enrolled as README.Debian says.

password=kshm1234

# secure_packages: install in $root what starts Debian with Secure Boot.
secure_packages() {
	need_packages ovmf mtools
	check "install what starts Debian with Secure Boot" inside apt-get install \
		--no-install-recommends shim-signed grub-efi-amd64-signed
	mkdir -p "$work/efi/EFI/BOOT" "$work/efi/EFI/debian"
	for file in shim/shimx64.efi.signed shim/mmx64.efi.signed \
		grub/x86_64-efi-signed/grubx64.efi.signed; do
		name=${file##*/}
		cp "$root/usr/lib/$file" "$work/efi/EFI/BOOT/${name%.signed}"
	done
	mv "$work/efi/EFI/BOOT/shimx64.efi" "$work/efi/EFI/BOOT/BOOTX64.EFI"
}

# system_partition RELEASE: make $work/esp, from which the firmware starts the kernel.
system_partition() {
	cp "$work/boot/vmlinuz-$1" "$work/efi/vmlinuz"
	cp "$work/boot/initrd.img-$1" "$work/efi/initrd"
	rm -f "$work/esp"
	truncate -s 256M "$work/esp"
	mformat -i "$work/esp" -F :: && mcopy -s -i "$work/esp" "$work"/efi/* ::
}

# grub_starts COMMAND-LINE
grub_starts() {
	printf 'linux /vmlinuz %s\ninitrd /initrd\nboot\n' "$1" >"$work/grub.cfg"
	mcopy -o -i "$work/esp" "$work/grub.cfg" ::/EFI/debian/grub.cfg
}

# secure_machine: without a network, from which the firmware would try to boot.
secure_machine() {
	firmware=grub_starts
	devices="-machine q35,smm=on -global driver=cfi.pflash01,property=secure,value=on
		-drive if=pflash,unit=0,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.ms.fd
		-drive if=pflash,unit=1,format=raw,file=$work/variables"
	disks="-drive file=$work/disk,format=raw,if=virtio,snapshot=on
		-drive file=$work/esp,format=raw,if=virtio,snapshot=on"
}

# sees TEXT KEYS: wait until TEXT is on the screen and press these keys.
sees() {
	seconds=0
	until grep -aqF "$1" "$dir/console.log" 2>/dev/null; do
		sleep 1
		seconds=$((seconds + 1))
		[ $seconds -lt 200 ] || return
	done
	printf %b "$2" >&7
}

# user_enrols: the steps of README.Debian: "Enroll MOK", "Continue", "Yes", the password.
user_enrols() {
	down='\033[B'
	sees 'Press any key to perform MOK management' '\r' &&
		sees 'Continue boot' "$down\r" &&
		sees 'View key 0' "$down\r" &&
		sees 'Enroll the key(s)?' "$down\r" &&
		sees 'Password:' "$password\r" &&
		sees 'Reboot' '\r'
}

# mok_manager: the machine between two boots of Debian. It ends when it restarts.
mok_manager() {
	dir=$work/guest-mok
	mkdir -p "$dir"
	choose_machine basic
	secure_machine
	keys=$work/keys
	limit=300
	rm -f "$keys"
	mkfifo "$keys"
	exec 7<>"$keys"
	user_enrols &
	user=$!
	start_guest "$dir" ""
	status=0
	wait $user || status=$?
	exec 7>&-
	tr -d '\r' <"$dir/console.log"
	[ $status = 0 ] && [ "$(cat "$dir/status")" = 0 ]
}

# secure_boots RELEASE: boot the disk before and after the key is enrolled.
secure_boots() {
	require "make a system partition" system_partition "$1" || return
	cp /usr/share/OVMF/OVMF_VARS_4M.ms.fd "$work/variables"
	secure=yes
	boot "$1" "" untrusted import
	check "restart, and enrol the key as README.Debian says" mok_manager
	boot "$1" "" booted enrolled
	secure=
}
