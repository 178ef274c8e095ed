# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# kshm-dkms builds for the kernels of a suite: the newest of each series (6.1, 6.12, ...) and
# flavour, or all.

# flavours: the headers packages of the suite, newest first, without metapackages.
flavours() {
	apt-cache pkgnames linux-headers- |
		grep -E '^linux-headers-[0-9]+\.[0-9]+\.[0-9]+[^a-z]*(\+deb[^a-z]*)?-(cloud-|rt-)?amd64$' |
		sort -rV
}

# newest: the first of each series and flavour.
newest() {
	awk -F- '{
		split($3, number, ".")
		flavour = $0
		sub(/.*[0-9]-/, "", flavour)
		if (!seen[number[1] "." number[2] " " flavour]++)
			print
	}'
}

# image_provider: headers depend on images, which are large and not needed here. An empty
# package provides those of $versions.
image_provider() {
	mkdir -p "$root/tmp/images/DEBIAN"
	{
		cat <<-END
			Package: kernel-images
			Version: 1
			Architecture: $deb_arch
			Maintainer: kshm developers <kshm@example.org>
			Description: says that images of kernels are installed
		END
		echo "$versions" | sed 's/^linux-headers-\(.*\) \(.*\)/linux-image-\1 (= \2)/' |
			paste -sd, | sed 's/^/Provides: /'
	} >"$root/tmp/images/DEBIAN/control"
	inside dpkg-deb --build /tmp/images && inside dpkg --install /tmp/images.deb
}

# matrix SUITE newest|all
matrix() {
	suite=$1
	root=
	mkdir -p "$work/$suite"
	apt_root "$suite"
	wanted=$(flavours)
	[ "$2" = all ] || wanted=$(echo "$wanted" | newest)
	versions=$(for package in $wanted; do
		apt-cache show "$package" | sed -n "s/^Version:/$package/p" | head -n 1
	done)
	unset APT_CONFIG
	rm -rf "$work/repo-1" "$work/deb"
	build_root_of || return
	overlay "$suite/build"
	packages deb || return
	publish "$work/repo-1"
	build_root_of || return
	overlay "$suite/machine"
	quick_apt
	know_server 127.0.0.1
	cp "$work/www/kshm.sources" "$root/etc/apt/sources.list.d/"
	check "$suite: apt-get update with the repository" inside apt-get update
	check "$suite: install an empty package for the images" image_provider
	say "packaging/$part: $suite: build for $(echo "$wanted" | wc -l) kernels"
	# shellcheck disable=SC2086 # a list of package names
	check "$suite: install kshm-dkms and headers of all kernels" inside \
		apt-get --no-install-recommends install kshm-dkms $wanted
	# shellcheck disable=SC2046 # words
	is "$suite: modules for all $(echo "$wanted" | wc -l) kernels" "$(modules)" \
		"$(each "$version" $(echo "$wanted" | sed 's/^linux-headers-//'))"
	check "$suite: no warning of the compiler" clean_logs
}

# clean_logs: dkms kept logs, and they have no warning.
clean_logs() {
	found=
	for made in "$root"/var/lib/dkms/kshm/"$version"/*/x86_64/log/make.log; do
		found=yes
		! warnings "$made" || return
	done
	[ -n "$found" ]
}
