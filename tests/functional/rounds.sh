# SPDX-License-Identifier: GPL-2.0-only
# A thousand rounds of buffers of random sizes that come and go.
# guest: basic
set -eu
. ./lib.sh

load buffers=none
run /t/rounds "$(hexdump -n 4 -e '"%u"' /dev/urandom)"
unload
finish
