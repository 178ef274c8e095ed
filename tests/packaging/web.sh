# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# A web server for the repositories, http://packages.kshm.test:PORT.

# choose_url: sets $port and $url.
choose_url() {
	port=$((20000 + namespace % 10000))
	url=http://packages.kshm.test:$port
}

# publish DIRECTORY: the server has its contents from now on.
publish() {
	find "$work/www" -mindepth 1 -delete
	cp -R "$1/." "$work/www"
}

# serve: start the server. It ends with this part.
serve() {
	mkdir -p "$work/www"
	busybox httpd -f -p "127.0.0.1:$port" -h "$work/www" &
	server=$!
	at_exit "kill $server"
}

# know_server ADDRESS: $root finds the server there.
know_server() {
	echo "$1 packages.kshm.test" >"$root/etc/hosts"
	echo 'Acquire::http::Proxy::packages.kshm.test "DIRECT";' \
		>"$root/etc/apt/apt.conf.d/91kshm-tests"
}

# readme_steps NEEDLE REAL...: the steps of README.md's Install section from the one that
# fetches the list of packages (NEEDLE) to the next empty line, as a script, with the
# address of the server and REAL instead of the metapackage of the headers.
readme_steps() {
	sed -n "/^    sudo wget .*$1/,/^\$/s/^    //p" "$top/README.md" |
		sed "s,http://packages.example.org/kshm,$url,; s,linux-headers-amd64\|kernel-devel,$2,"
}
