# SPDX-License-Identifier: GPL-2.0-only
"""A kshm buffer as an array of numpy: the arithmetic is done in the buffer, without a copy.

usage: python3 array.py [DEVICE]
"""
import sys

import numpy


def main(device="/dev/kshm0"):
    # numpy.memmap finds out the length of the device itself.
    samples = numpy.memmap(device, dtype=numpy.float32, mode="r+")
    samples[:] = numpy.arange(samples.size) % 1000
    samples *= 0.5
    samples -= samples.mean()

    # Another program, or this one, sees the result at once.
    seen = numpy.fromfile(device, dtype=numpy.float32)
    if not numpy.array_equal(seen, samples):
        sys.exit(f"{device}: not what was calculated")
    print(f"{device}: {samples.size} samples from {samples.min():.2f} to {samples.max():.2f}")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
