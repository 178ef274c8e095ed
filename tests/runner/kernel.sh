# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# Stock Debian kernels ($kernel_flavour) by short name: image, modules, headers and kbuild,
# unpacked below the cache.

# The oldest one first.
stock_kernels='5.10 6.1 6.12 7.2 7.3'

# Those of other architectures, ARCHITECTURE-[FLAVOUR-]SERIES.
foreign_kernels='arm64-6.1 arm64-6.12 arm64-7.3 arm64-16k-6.12'

# The ordinary flavour of the host's architecture, full-SERIES: it has drivers of cameras, screens,
# RDMA in software and the like, which $kernel_flavour lacks.
full_kernels='full-5.10 full-6.12 full-7.3'

# choose_kernel_arch NAME: the architecture of a kernel, and its flavour
choose_kernel_arch() {
	case $1 in
	arm64-16k-*) choose_arch arm64 && kernel_flavour=arm64-16k ;;
	arm64-*) choose_arch arm64 ;;
	full-*) choose_arch "$host_arch" && kernel_flavour=$deb_arch ;;
	*) choose_arch "$host_arch" ;;
	esac
}

# Another build of the module, for a stock kernel: realloc-KERNEL allocates folios as on 6.2 to
# 6.11, of which Debian has no kernel.
other_builds='realloc-6.12'

# stock_kernel NAME: the kernel for which it is another build, or itself
stock_kernel() {
	echo "${1#realloc-}"
}

# build_args NAME: what make is told when the module is built
build_args() {
	case $1 in
	realloc-*) echo KSHM_WITHOUT=CONTIG_COMP ;;
	arm64-*) [ "$deb_arch" = "$host_arch" ] || echo "ARCH=$kernel_arch CROSS_COMPILE=$gnu_cpu-linux-gnu-" ;;
	*) debug_make_args "$1" ;;
	esac
}

# matching_kernels PATTERNS: those that match one of the patterns, which are as of file names;
# oldest and newest are stock kernels.
matching_kernels() (
	set -f
	for known in $stock_kernels $other_builds $foreign_kernels $full_kernels \
		$(debug_kernels); do
		for pattern in $1; do
			case $pattern in
			oldest) pattern=${stock_kernels%% *} ;;
			newest) pattern=${stock_kernels##* } ;;
			esac
			# shellcheck disable=SC2254 # a pattern
			case $known in
			$pattern) printf '%s ' "$known" && break ;;
			esac
		done
	done
)

# kernel_suites NAME: the suites that may have a stock kernel, the preferred one first.
kernel_suites() {
	case ${1##*-} in
	5.10) echo bullseye ;;
	6.1) echo bookworm ;;
	6.12) echo bookworm trixie ;;
	7.2) echo sid trixie ;;
	7.3) echo trixie sid ;;
	*) die "unknown kernel '$1': choose from $stock_kernels $(debug_kernels)" ;;
	esac
}

have_package() {
	apt-cache show "$1" >/dev/null 2>&1
}

package_depends() {
	apt-cache show --no-all-versions "$1" | sed -n 's/^Depends: //p' | tr ',' '\n' |
		sed 's/^ *//; s/[ :(|].*//'
}

# kernel_packages RELEASE: its packages; fails when one is missing.
kernel_packages() {
	release=$1
	have_package "linux-headers-$release" || return 1
	image=
	# newer kernels split the image, and linux-image is an empty package then
	for package in linux-binary-"$release" linux-binary-unsigned-"$release" \
		linux-image-"$release" linux-image-"$release"-unsigned; do
		! have_package "$package" || {
			image=$package
			break
		}
	done
	[ -n "$image" ] || return 1
	echo "$image"
	echo "linux-headers-$release"
	package_depends "linux-headers-$release" | grep -E '^linux-(headers-.*-common|kbuild-.*)$'
	for package in linux-modules-"$release" linux-base-"$release"; do
		! have_package "$package" || echo "$package"
	done
	[ "$deb_arch" = "$host_arch" ] || echo busybox-static
}

# kernel_find NAME: sets $suite, $release and $packages of the newest kernel that is complete.
# The name is a short one, or SUITE/default for the one that linux-image-$kernel_flavour depends
# on.
kernel_find() {
	case $1 in
	*/default) suites=${1%/default} ;;
	*) suites=$(kernel_suites "$1") ;;
	esac
	for suite in $suites; do
		apt_root "$suite" "$deb_arch"
		case $1 in
		*/default)
			names=$(package_depends "linux-headers-$kernel_flavour" | grep '^linux-headers-')
			;;
		*)
			names=$(apt-cache pkgnames "linux-headers-${1##*-}." |
				grep -E "^linux-headers-[0-9][^-]*(-[0-9]+)?-$kernel_flavour\$" | sort -rV)
			;;
		esac
		for name in $names; do
			release=${name#linux-headers-}
			! packages=$(kernel_packages "$release") || return 0
		done
	done
	die "no kernel $1 in the Debian suites $suites"
}

unpack_packages() {
	into=$1
	shift
	mkdir -p "$into/debs" "$into/root"
	(cd "$into/debs" && apt-get -q download "$@") || return
	for deb in "$into"/debs/*.deb; do
		dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$into/root" || return
	done
	rm -r "$into/debs"
	[ -e "$into/root/lib" ] || ln -s usr/lib "$into/root/lib"
}

# unpack_kernel DIR PACKAGE...: linux-kbuild is a program of this machine.
unpack_kernel() {
	into=$1
	shift
	[ "$deb_arch" != "$host_arch" ] || {
		unpack_packages "$into" "$@"
		return
	}
	# shellcheck disable=SC2046 # a list of package names
	unpack_packages "$into" $(printf '%s\n' "$@" | grep -v '^linux-kbuild-') || return
	(
		apt_root "$suite"
		# shellcheck disable=SC2046 # a list of package names
		unpack_packages "$into" $(printf '%s\n' "$@" | grep '^linux-kbuild-')
	)
}

fetch_kernel() {
	! fresh "$kernel/stamp" || return 0
	kernel_find "$1"
	version=$(apt-cache show --no-all-versions "linux-headers-$release" | sed -n 's/^Version: //p')
	if [ "$(cat "$kernel/version" 2>/dev/null)" != "$release $version" ]; then
		rm -rf "$kernel.new"
		# shellcheck disable=SC2086 # a list of package names
		quietly "fetch the kernel $release from $suite" \
			unpack_kernel "$kernel.new" $packages || return 1
		new=$kernel.new
		for image in "$new/root/boot/vmlinuz-$release" "$new/root/lib/modules/$release/vmlinuz"; do
			[ ! -e "$image" ] || cp "$image" "$new/vmlinuz"
		done
		depmod -b "$new/root" "$release" || return 1
		echo "$release" >"$new/release"
		echo "$suite" >"$new/suite"
		package_depends "linux-headers-$release" |
			sed -n 's/^\(linux-compiler-\)\{0,1\}\(gcc-[0-9]*\).*/\2/p' >"$new/compiler"
		# newer build tools want pahole too
		for package in $packages; do
			case $package in
			linux-kbuild-*) package_depends "$package" ;;
			esac
		done | sed -n '/^pahole$/p' >"$new/tools"
		echo "$release $version" >"$new/version"
		rm -rf "$kernel"
		mv "$new" "$kernel"
	fi
	touch "$kernel/stamp"
}

# kernel_fetch NAME: sets $kernel, a directory with vmlinuz, root/ and small files: release,
# suite, compiler and tools, the packages that builds need; and $release and $suite.
kernel_fetch() {
	choose_kernel_arch "$1"
	fetched=$(stock_kernel "$1")
	kernel=$cache/kernels/$fetched
	mkdir -p "${kernel%/*}"
	fetch=fetch_kernel
	! is_debug_kernel "$1" || fetch=fetch_debug_kernel
	locked "kernel-$(printf %s "$fetched" | tr / -)" $fetch "$fetched" ||
		[ -e "$kernel/version" ] || return 1
	release=$(cat "$kernel/release")
	suite=$(cat "$kernel/suite")
}

# host_headers: make the headers of the fetched kernel usable in their place. Sets $headers.
host_headers() {
	headers=$kernel/root/usr/src/linux-headers-$release
	# the makefiles contain absolute paths
	sed -i "s,\([ =]\)/usr/src/,\1$kernel/root/usr/src/," "$headers/Makefile"
}
