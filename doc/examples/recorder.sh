#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Whenever a program rings the doorbell of a buffer, save the buffer in a file of its own.
#
#   recorder.sh BUFFER DIRECTORY
set -eu
kshmctl wait "$1" --count 1000000000 | while read -r _ rings; do
	kshmctl read "$1" >"$2/new"
	mv "$2/new" "$2/$rings"
done
