# SPDX-License-Identifier: GPL-2.0-only
"""Map a kshm buffer, write a text into it, and read it back with read(2).

usage: python3 map.py [DEVICE [SIZE]]
"""
import mmap
import os
import sys

TEXT = b"hello from Python"


def main(device="/dev/kshm0", size=None):
    with open(device, "r+b", buffering=0) as file:
        # fstat() gives 0 for a device: tell mmap the length.
        size = int(size, 0) if size else file.seek(0, os.SEEK_END)
        with mmap.mmap(file.fileno(), size) as memory:
            for offset in (0, size - len(TEXT)):
                memory[offset:offset + len(TEXT)] = TEXT
                if os.pread(file.fileno(), len(TEXT), offset) != TEXT:
                    sys.exit(f"{device}: not what was written at {offset}")
    print(f"{device}: {size} bytes mapped, written and read")


if __name__ == "__main__":
    if len(sys.argv) > 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
