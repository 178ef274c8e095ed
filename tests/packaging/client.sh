# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# A package with kernel modules that use kshm, the samples: dkms builds it after kshm, for each
# kernel.

# client_package: make it in $root from the samples of kshm-dev.
client_package() {
	deb=$root/tmp/client
	mkdir -p "$deb/DEBIAN" "$deb/usr/src"
	cp -R "$root/usr/share/doc/kshm-dev/examples/samples" "$deb/usr/src/kshm-samples-1"
	cat >"$deb/DEBIAN/control" <<-END
		Package: samples-dkms
		Version: 1
		Architecture: all
		Depends: kshm-dkms, dkms
		Maintainer: kshm developers <kshm@example.org>
		Description: samples of kernel modules that use kshm
	END
	cat >"$deb/DEBIAN/postinst" <<-END
		#!/bin/sh
		exec /usr/lib/dkms/common.postinst kshm-samples 1
	END
	cat >"$deb/DEBIAN/prerm" <<-END
		#!/bin/sh
		exec dkms remove kshm-samples/1 --all
	END
	chmod 755 "$deb/DEBIAN/postinst" "$deb/DEBIAN/prerm"
	inside dpkg-deb --build /tmp/client
}

install_client() {
	check "install the package for programs" inside apt-get install kshm-dev
	require "make a package of the samples" client_package || return
	require "install it" inside apt-get install /tmp/client.deb || return
	client_built "after the installation"
}

# client_built TITLE: its modules are there for each kernel that has kshm.
client_built() {
	for sample in kshm_upper kshm_stream; do
		is "$1: kernels with $sample.ko" "$(
			for file in "$root"/usr/lib/modules/*/updates/dkms/"$sample".ko*; do
				modinfo -F vermagic "$file" | cut -d' ' -f1
			done | sort -V)" "$(modules | cut -d' ' -f2 | sort -V)"
	done
}

remove_client() {
	check "remove the package of the samples" inside apt-get purge samples-dkms
}
