# SPDX-License-Identifier: GPL-2.0-only
"""Make a contiguous memfd, and run a program with it.

python3 alloc.py SIZE [PROGRAM ARG...]

An argument @ becomes the path of the memfd, which is a regular file to the program. Without a
program, write a text into it and read it back. Needs the right to open /dev/kshm-alloc.
"""
import fcntl
import mmap
import os
import struct
import sys

KSHM_IOC_ALLOC = 0xd710
# struct kshm_alloc of <linux/kshm.h>
ALLOC = "=IIQQQQIiII"


def alloc(size):
    """A descriptor of a buffer with any address, on any node."""
    # only with a buffer that can be changed, ioctl() returns what the system call returns
    request = bytearray(struct.pack(ALLOC, struct.calcsize(ALLOC), 0, size,
                                    0, 0, 0, 0, -1, 0, 0))
    with open("/dev/kshm-alloc", "rb", buffering=0) as node:
        return fcntl.ioctl(node, KSHM_IOC_ALLOC, request)


def main():
    fd = alloc(int(sys.argv[1], 0))
    if len(sys.argv) > 2:
        os.set_inheritable(fd, True)
        args = [f"/proc/self/fd/{fd}" if arg == "@" else arg for arg in sys.argv[2:]]
        os.execvp(args[0], args)

    # length 0: the whole file
    memory = mmap.mmap(fd, 0)
    memory[0:5] = b"hello"
    if os.pread(fd, 5, 0) != b"hello":
        sys.exit("not what was written")
    print(f"{len(memory)} bytes mapped, written and read")


main()
