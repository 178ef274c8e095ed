# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# kshm-dkms builds for kernels of all flavours that a suite has: for each series (6.1, 6.12,
# ...) the newest of each flavour, or all there are.

# flavours: the headers packages of the suite, newest first, without those that only depend
# on others.
flavours() {
	apt-cache pkgnames linux-headers- |
		grep -E '^linux-headers-[0-9]+\.[0-9]+\.[0-9]+[^a-z]*(\+deb[^a-z]*)?-(cloud-|rt-)?amd64$' |
		sort -rV
}

# The first of each series and flavour.
newest() {
	awk -F- '{
		split($3, number, ".")
		flavour = $0
		sub(/.*[0-9]-/, "", flavour)
		if (!seen[number[1] "." number[2] " " flavour]++)
			print
	}'
}

# matrix SUITE newest|all
matrix() {
	suite=$1
	root=
	mkdir -p "$work/$suite"
	apt_root "$suite"
	wanted=$(flavours)
	[ "$2" = all ] || wanted=$(echo "$wanted" | newest)
	unset APT_CONFIG
	rm -rf "$work/repo-1" "$work/deb"
	rpm_tools=
	build_root_of || return
	fresh "$suite/build"
	packages deb || return
	publish "$work/repo-1"
	debian_root "packaging-matrix-$suite" "$suite" apt ca-certificates dkms gcc libc6-dev \
		openssl systemd || return
	fresh "$suite/machine"
	quick_apt
	know_server 127.0.0.1
	cp "$work/www/kshm.sources" "$root/etc/apt/sources.list.d/"
	check "$suite: the repository is known" inside apt-get update
	say "packaging/$part: $suite: build for $(echo "$wanted" | wc -l) kernels"
	# shellcheck disable=SC2086 # a list of package names
	# their initial RAM disks are not wanted
	check "$suite: install kshm-dkms and headers of all kernels" inside env INITRD=No \
		apt-get --no-install-recommends install kshm-dkms $wanted
	# shellcheck disable=SC2046 # words
	is "$suite: built for all $(echo "$wanted" | wc -l) kernels" "$(modules)" \
		"$(each "$version" $(echo "$wanted" | sed 's/^linux-headers-//'))"
	check "$suite: the compiler had nothing to say" clean_logs
}

# The logs that dkms kept have no warning.
clean_logs() {
	found=
	for made in "$root"/var/lib/dkms/kshm/"$version"/*/x86_64/log/make.log; do
		found=yes
		! warnings "$made" || return
	done
	[ -n "$found" ]
}
