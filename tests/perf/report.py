#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Make a table, JSON and plots of what the guests measured.

report.py DIRECTORY RAW KEY=VALUE...

RAW is a directory with the raw figures of each guest: count, of the one that counts
instructions; time, of the one that tells the time; aged, of the one whose memory is
aged. count and time can be missing, and so can aged. KEY=VALUE is said about the run.
"""
import collections
import json
import os
import statistics
import sys

import matplotlib
matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "kshm"
from matplotlib import pyplot

LICENCE = "SPDX-License-Identifier: GPL-2.0-only"
MIB = 1 << 20
GIB = 1 << 30
WAYS = ["kshm", "kshm-memfd", "remap", "hugetlb", "hugetlb-first", "memfd", "memfd-first",
        "dma-heap", "thp"]
LEGEND = """\
- kshm: /dev/kshmN, made through configfs
- kshm-memfd: KSHM_IOC_ALLOC on /dev/kshm-alloc
- remap: remap_pfn_range() over the memory of a kshm buffer
- hugetlb: 2 MiB huge pages of a pool made for the purpose; *first*: not yet zeroed
- memfd: tmpfs by memfd_create(); *first*: not yet allocated
- dma-heap: the system heap
- thp: anonymous memory with MADV_HUGEPAGE, always not yet allocated
"""
# lines of the guest that counts instructions: unit, and where the axis gets linear
PLOTS = (
    ("map-touch", "mmap and one store to each 4 KiB page",
     "million instructions", 1e6, 0.01),
    ("unmap", "munmap", "million instructions", 1e6, 0.01),
    ("page-tables", "page tables", "KiB", 1024, 1),
    ("take-fresh", "take and zero, after boot", "million instructions", 1e6, 0.1),
    ("take-full", "take and zero, page cache full", "million instructions", 1e6, 0.1),
)

# The guest whose memory is aged: its states, and the rows of its table with line, way and unit
STATES = (
    ("fresh", "after boot"),
    ("old", "aged"),
    ("dropped", "aged, then caches dropped and memory compacted"),
)
AGED_ROWS = (
    ("available memory, MiB", "available", "kshm", MIB),
    ("free memory, MiB", "free", "kshm", MIB),
    ("kshm: size in `largest`, MiB", "foretold", "kshm", MIB),
    ("kshm: requests for the size in `largest` that were refused before one succeeded",
     "refused", "kshm", 1),
    ("kshm: largest size that succeeded, MiB", "largest", "kshm", MIB),
    ("kshm: time of this request, ms", "largest-time", "kshm", 1e6),
    ("kshm: time of a request for an eighth and 16 MiB more, which was refused, ms",
     "refused-time", "kshm", 1e6),
    ("hugetlbfs: all pages of 2 MiB that it got, in many ranges, MiB",
     "largest", "hugetlb", MIB),
    ("hugetlbfs: time, ms", "largest-time", "hugetlb", 1e6),
    ("blocks of 2 MiB", "blocks", "kshm", 1),
    ("blocks that cannot be part of a buffer", "unusable", "kshm", 1),
    ("- of them with slab pages", "blocks-slab", "kshm", 1),
    ("- of them with page tables", "blocks-table", "kshm", 1),
    ("- of them with reserved memory", "blocks-reserved", "kshm", 1),
    ("- of them with other pages only", "blocks-other", "kshm", 1),
    ("slab pages, MiB", "pages-slab", "kshm", MIB / 4096),
    ("page tables, MiB", "pages-table", "kshm", MIB / 4096),
    ("longest range without such a block, MiB", "run-without-none", "kshm", MIB),
    ("- if slab pages were no obstacle", "run-without-slab", "kshm", MIB),
    ("- if page tables were no obstacle", "run-without-table", "kshm", MIB),
    ("- if other pages were no obstacle", "run-without-other", "kshm", MIB),
)


class Figures:
    """Raw values of one guest: all of a line, way and size."""

    def __init__(self, name, path):
        self.name = name
        self.values = collections.defaultdict(list)
        self.reasons = {}
        with open(path, encoding="ascii", errors="replace") as raw:
            for text in raw:
                word = text.split()
                if word[:1] != ["raw"]:
                    continue
                key = (word[1], word[2], int(word[3]))
                if word[4] == "none":
                    self.reasons[key] = " ".join(word[5:])
                else:
                    self.values[key].append(float(word[4]))

    def median(self, line, way, size=0):
        values = self.values.get((line, way, size))
        return statistics.median(values) if values else None

    def sizes(self, line):
        return sorted({size for known, _, size in self.values if known == line})

    def ways(self, line):
        known = {way for name, way, _ in [*self.values, *self.reasons]
                 if name == line}
        return [way for way in WAYS if way in known]


def size_text(size):
    if size < MIB:
        return f"{size // 1024} KiB"
    return f"{size // GIB} GiB" if size >= GIB else f"{size // MIB} MiB"


def number_text(value):
    return f"{value:.0f}" if value >= 1000 else f"{value:.3g}"


def cell(figures, line, way, size, unit):
    """A figure and, in brackets, how many times kshm's it is."""
    value = figures.median(line, way, size)
    if value is None:
        return figures.reasons.get((line, way, size), "")
    text = number_text(value / unit)
    base = figures.median(line, "kshm", size)
    if way != "kshm" and base:
        text += f" ({value / base:.2f})"
    return text


def spread(figures, line, way, size, unit):
    values = figures.values.get((line, way, size), [])
    if not values:
        return ""
    return f"{number_text(min(values) / unit)}, {number_text(max(values) / unit)}"


def table(figures, line, title, unit):
    ways = figures.ways(line)
    if not ways:
        return ""
    rows = [f"\n### {title}\n", "| size | " + " | ".join(ways) + " |",
            "|---" * (len(ways) + 1) + "|"]
    for size in figures.sizes(line):
        cells = [cell(figures, line, way, size, unit) for way in ways]
        rows.append(f"| {size_text(size)} | " + " | ".join(cells) + " |")
    return "\n".join(rows) + "\n"


def tries(figures, line):
    """Successes of a line that says 1 or 0 for each try."""
    rows = ["", "| size | way | had |", "|---|---|---|"]
    for (name, way, size), values in sorted(figures.values.items()):
        if name == line:
            rows.append(f"| {size_text(size)} | {way} | "
                        f"{sum(values):.0f} of {len(values)} |")
    return "\n".join(rows) + "\n"


def bars(count, time):
    """What kshm promises itself, and what came of it."""
    def ratio(figures, line, way, other_line, other_way, size):
        one = figures.median(line, way, size)
        other = figures.median(other_line, other_way, size)
        return one / other if one and other else float("nan")

    def share(figures, line, size):
        values = figures.values.get((line, "kshm", size), [0])
        return sum(values) / len(values)

    touch = count.median("map-touch", "kshm", 256 * MIB) / 1e6
    unmap = count.median("unmap", "kshm", 256 * MIB) / 1e6
    rows = [
        ("mmap + touch, 256 MiB, million instructions", touch, "<=", 1.3),
        ("munmap, 256 MiB, million instructions", unmap, "<=", 0.10),
        ("page tables for 1 GiB, times hugetlb's",
         ratio(count, "page-tables", "kshm", "page-tables", "hugetlb", GIB), "<=", 1),
    ]
    for guest in count, time:
        rows += [
            (f"1 GiB fresh, share of tries, {guest.name}",
             share(guest, "success-fresh", GIB), ">=", 1),
            (f"largest, times the longest movable run, {guest.name}",
             ratio(guest, "largest-fresh", "kshm", "longest-run-fresh", "kshm", 0),
             ">=", 0.95),
            (f"take and zero 1 GiB, times memset(), {guest.name}",
             ratio(guest, "take-fresh", "kshm", "memset", "kshm", GIB),
             "<=", 1.3),
            (f"take and zero 1 GiB, times rep stos, {guest.name}",
             ratio(guest, "take-fresh", "kshm", "stos", "kshm", GIB),
             "<=", 1.3),
            (f"512 MiB with a full page cache, share of tries, {guest.name}",
             share(guest, "success-full", 512 * MIB), ">=", 0.9),
            (f"read() of 1 MiB, speed times tmpfs's, {guest.name}",
             ratio(guest, "read", "memfd", "read", "kshm", MIB), ">", 1),
            (f"write() of 1 MiB, speed times tmpfs's, {guest.name}",
             ratio(guest, "write", "memfd", "write", "kshm", MIB), ">", 1),
        ]
    for line in "direct-read", "direct-write":
        size = max(count.sizes(line))
        rows += [
            (f"O_DIRECT {line[7:]}, speed times thp's, processor instructions",
             ratio(count, line + "-cpu", "thp", line + "-cpu", "kshm", size),
             ">=", 0.98),
            (f"O_DIRECT {line[7:]}, speed times thp's, time",
             ratio(time, line, "thp", line, "kshm", size), ">=", 0.98),
        ]
    test = {"<=": lambda a, b: a <= b, ">=": lambda a, b: a >= b,
            ">": lambda a, b: a > b}
    return [(name, value, f"{sign} {limit}",
             "yes" if test[sign](value, limit) else "no")
            for name, value, sign, limit in rows]


def plot(path, figures, line, title, label, unit, threshold):
    figure, axes = pyplot.subplots(figsize=(7, 4.5))
    for way in figures.ways(line):
        points = [(size / MIB, figures.median(line, way, size) / unit)
                  for size in figures.sizes(line)
                  if figures.median(line, way, size) is not None]
        if points:
            # thinner and thinner, as some lie on others
            rank = WAYS.index(way)
            axes.plot(*zip(*points), marker="o", markersize=4, label=way,
                      color=f"C{rank}", linewidth=6 - 0.7 * rank)
    axes.set(title=title, xlabel="MiB", ylabel=label, xscale="log")
    # that is a logarithm too, but for small values, which may be 0
    axes.set_yscale("symlog", linthresh=threshold)
    axes.set_ylim(bottom=0)
    sizes = [size // MIB for size in figures.sizes(line)]
    axes.set_xticks(sizes, [str(size) for size in sizes])
    axes.minorticks_off()
    axes.grid(alpha=0.3)
    axes.legend(fontsize="small")
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
    # after the first line, which says that this is XML
    with open(path, encoding="utf-8") as file:
        first, rest = file.read().split("\n", 1)
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"{first}\n<!-- {LICENCE} -->\n{rest}")


def write_json(path, about, guests):
    entries = []
    for guest in guests:
        for (line, way, size), values in sorted(guest.values.items()):
            base = guest.median(line, "kshm", size)
            entries.append({
                "clock": guest.name, "line": line, "way": way, "size": size,
                "median": statistics.median(values), "values": values,
                "ratio_to_kshm": statistics.median(values) / base if base else None})
        for (line, way, size), reason in sorted(guest.reasons.items()):
            entries.append({"clock": guest.name, "line": line, "way": way,
                            "size": size, "none": reason})
    with open(path, "w", encoding="ascii") as file:
        file.write('{"licence": "' + LICENCE + '",\n')
        file.write('"about": ' + json.dumps(about) + ",\n")
        file.write('"figures": [\n')
        file.write(",\n".join(json.dumps(entry) for entry in entries))
        file.write("\n]}\n")


def write_aged(path, about, figures):
    with open(path, "w", encoding="ascii") as file:
        say = file.write
        say(heading("Memory of a machine that has run for long", about))
        say("\nOne run. The times depend on the load of the host.\n\n| | " +
            " | ".join(text for _, text in STATES) + " |\n|---|---|---|---|\n")
        for title, line, way, unit in AGED_ROWS:
            cells = []
            for state, _ in STATES:
                value = figures.median(f"{line}-{state}", way)
                if value is None:
                    cells.append("")
                    continue
                text = f"{value / unit:.0f}"
                if line == "largest":
                    available = figures.median(f"available-{state}", "kshm")
                    text += f" ({100 * value / available:.0f} % of available)"
                cells.append(text)
            say(f"| {title} | " + " | ".join(cells) + " |\n")


TALK_ROWS = (
    ("kshm", "kshm: POLLPRI, KSHM_IOC_EVENTS, KSHM_IOC_NOTIFY"),
    ("kshm-eventfd", "kshm: KSHM_IOC_NOTIFY signals an eventfd"),
    ("eventfd", "eventfd, one for each side"),
    ("pipe", "pipe, one for each side"),
    ("futex", "futex in the buffer"),
)

RECORD_ROWS = (
    ("kshm", "kshm: the samples' ring in a buffer, and the doorbell"),
    ("relay", "relay: a file in debugfs, read() of 64 records"),
    ("bpf", "BPF ring buffer, mapped"),
    ("pipe", "pipe, read() of 64 records"),
    ("kshm-back", "kshm: `kshm_stream.ko` and `stream`, each record goes back, too"),
)
RECORD_LEGEND = """
## Records of 64 bytes

The program that reads checks the number and the sum of each record; one that is missing,
damaged or comes twice ends the run without a result. Every way has room for 64 KiB. Both sides
handle 64 records at a time and sleep when they have nothing to do. All ways are measured in
turn in one guest, with two processors.

- kshm, relay: a kernel thread writes (`tests/perf/records/`). relay drops what does not fit, and
  its read() is wrong while the writer goes on to the next sub-buffer. So the thread sleeps while
  there is not a free one, and read() is given complete ones only.
- BPF: a program that bpf(2) (`BPF_PROG_TEST_RUN`) runs again and again in the kernel writes in
  place, by `bpf_ringbuf_reserve()` and `bpf_ringbuf_submit()`, and tries again what was refused.
  The reader wakes it by a futex.
- pipe: not the kernel, but another program writes.

"""


def write_talk(path, about, count, time):
    with open(path, "w", encoding="ascii") as file:
        say = file.write
        say(heading("How the users of a buffer talk", about))
        say("\nIn brackets: times kshm's figure in the same run. Times depend on the load of the "
            "host, instructions, which are those of all of the guest's processors, hardly do. A "
            "nanosecond in which all of them sleep counts as one.\n\n"
            "## Round trips\n\n"
            "Two processes, each of which sleeps until the other tells it.\n\n"
            "| one round | median, thousand instructions | 99th percentile | "
            "median, us | 99th percentile, us |\n|---|---|---|---|---|\n")
        for way, title in TALK_ROWS:
            cells = [cell(guest, line, way, 0, 1e3) for guest in (count, time)
                     for line in ("round-trip", "round-trip-99")]
            say(f"| {title} | " + " | ".join(cells) + " |\n")
        say(RECORD_LEGEND +
            "| | instructions for a record | thousand records a second | lowest and highest | "
            "MB a second | refused, in 1000 records |\n|---|---|---|---|---|---|\n")
        for way, title in RECORD_ROWS:
            cells = [cell(count, "record", way, 0, 1), cell(time, "records", way, 0, 1e3),
                     spread(time, "records", way, 0, 1e3),
                     cell(time, "records", way, 0, 1e6 / 64),
                     cell(time, "record-refused", way, 0, 1e-3)]
            say(f"| {title} | " + " | ".join(cells) + " |\n")
        say("\n## Memory of one program\n")
        for line, title in (("take-fresh", "Take and zero"), ("drop-fresh", "Give back")):
            say(table(count, line, title + ", million instructions", 1e6))
            say(table(time, line, title + ", ms", 1e6))


GIVE_TEXT = """
## Give a buffer to a device behind an IOMMU, and take it back

The device is QEMU's edu, the IOMMU its intel-iommu. Only what the device costs is measured, not
taking and zeroing the memory. The times include what the emulated IOMMU does.

- kshm: `kshm_attach()` and `kshm_detach()`, which writing 1 and 0 to `live` calls, by the kernel's
  function graph tracer. The buffer is in a reservation (`reserve_mem=`) whose address is a multiple
  of 2 MiB, but not of 1 GiB.
- VFIO: the ioctls `VFIO_IOMMU_MAP_DMA` and `VFIO_IOMMU_UNMAP_DMA` (type 1), for a kshm buffer of
  1 GiB from the page allocator, which the program has mapped before. VFIO also pins and unpins all
  pages.
- other address: a reservation that begins 4 KiB before a multiple of 2 MiB, so that all entries of
  the IOMMU have 4 KiB. kshm aligns what it allocates itself, so only a request that names the
  memory, or an alignment of less than 2 MiB, can lead to that.
- pages: by how much page tables of the IOMMU grow (`nr_iommu_pages` in /proc/vmstat). What the
  first of these calls adds and the last one leaves is not counted, so the table that 1 MiB wants,
  with its 256 entries of 4 KiB, does not show.

With `caching-mode=on`, which VFIO in a guest needs, the kernel tells the IOMMU of each change at
once, as with `iommu.strict=1`.

"""
GIVE_ROWS = (
    ("kshm", "kshm: attach, detach"),
    ("vfio", "VFIO: map, unmap"),
    ("kshm-odd", "kshm, other address"),
)

HANDOVER_TEXT = """
## Hand it over to the processor and back

One figure is for a pair: `KSHM_IOC_SYNC` for the processor and then for the device, of this many
bytes; or `DMA_BUF_IOCTL_SYNC` with START and then END, of a dma-buf of this size. Where processors
and devices see the same caches, as here, there is nothing to do, so this is the cost of the calls.
For an attached buffer `KSHM_IOC_SYNC` also looks whether the IOMMU still maps it, and goes in steps
of 16 MiB. Each figure is the mean of 10,000 pairs. The dma-bufs are measured as they are, and while
a driver (`kshm_importer` of the tests, whose device has no IOMMU) has mapped them for its device.

"""
HANDOVER_ROWS = (
    ("kshm", "`KSHM_IOC_SYNC`, buffer that is attached to edu"),
    ("kshm-plain", "`KSHM_IOC_SYNC`, buffer that is not attached"),
    ("kshm-dmabuf", "`DMA_BUF_IOCTL_SYNC`, dma-buf of a kshm buffer"),
    ("heap", "`DMA_BUF_IOCTL_SYNC`, system heap of dma-heap"),
    ("kshm-dmabuf-mapped", "`DMA_BUF_IOCTL_SYNC`, dma-buf of a kshm buffer, mapped for a device"),
    ("heap-mapped", "`DMA_BUF_IOCTL_SYNC`, system heap of dma-heap, mapped for a device"),
)

CAMERA_TEXT = """
## Frames of a camera

vivid is the kernel's camera without hardware: 3840x2160 pixels of 4 bytes, 33 MB a frame, four
frames in its queue. At 60 frames a second the processor is the limit, as it copies each line of
each frame: the camera skips what it has no time for. The program sleeps until there is a frame,
calls `DMA_BUF_IOCTL_SYNC` twice if it is a dma-buf, and gives it back. All ways take turns, and the
pictures are compared. Instructions are those of the driver's thread, which copies.

With allocators=1 the driver's own frames are contiguous. They come from CMA (`cma=256M@0-4G`):
without it Linux refuses such frames if they have more than 4 MiB.

"""
CAMERA_ROWS = (
    ("1", "kshm", "allocators=1 (videobuf2-dma-contig), dma-bufs of a kshm buffer"),
    ("1", "own", "allocators=1, its own memory (MMAP)"),
    ("0", "kshm", "allocators=0 (videobuf2-vmalloc), dma-bufs of a kshm buffer"),
    ("0", "own", "allocators=0, its own memory (MMAP)"),
)

EDU_TEXT = """
## Transfers of the device

edu reads and writes at `dma_addr` of a buffer that is attached to it, 4088 bytes at a time: it has
4096 bytes of memory, but QEMU 7.2 stops when a transfer reaches the last of them. The model waits
100 ms for each transfer, so this is a constant of the device and says nothing about the memory.

"""


def ranged(figures, line, way, size, unit):
    """A median and the range of its values."""
    value = number_text(figures.median(line, way, size) / unit)
    return f"{value} [{spread(figures, line, way, size, unit)}]"


def markdown_table(titles, rows):
    head, *body = ("| " + " | ".join(row) + " |\n" for row in [titles, *rows])
    return head + "|---" * len(titles) + "|\n" + "".join(body)


def write_devices(path, about, count, time):
    sizes = count.sizes("handover")
    frame = time.sizes("frames-1")[0]
    with open(path, "w", encoding="ascii") as file:
        say = file.write
        say(heading("A buffer and devices", about))
        say(f"\nMedians of {len(time.values['attach', 'kshm', GIB])}. In brackets: times the first "
            "row's figure of the same size. In square brackets: the lowest and the highest value. "
            "Times depend on the load of the host, instructions, which are those of all of the "
            "guest's processors, hardly do.\n")
        say(GIVE_TEXT + markdown_table(
            ["", "size", "give, thousand instructions", "give, us",
             "take back, thousand instructions", "take back, us", "pages"],
            [[title, size_text(size),
              cell(count, "attach", way, size, 1e3), ranged(time, "attach", way, size, 1e3),
              cell(count, "detach", way, size, 1e3), ranged(time, "detach", way, size, 1e3),
              number_text(count.median("tables", way, size))]
             for way, title in GIVE_ROWS for size in count.sizes("attach")
             if count.median("attach", way, size)]))
        say(HANDOVER_TEXT + markdown_table(
            ["a pair"] + [f"{size_text(size)}, {unit}" for size in sizes
                          for unit in ("thousand instructions", "us")],
            [[title] + [text for size in sizes
                        for text in (cell(count, "handover", way, size, 1e3),
                                     ranged(time, "handover", way, size, 1e3))]
             for way, title in HANDOVER_ROWS]))
        say(CAMERA_TEXT + markdown_table(
            ["", "thousand instructions for a frame", "frames a second", "MB a second",
             "skipped for each frame"],
            [[title, ranged(count, "frame-" + allocators, way, frame, 1e3),
              ranged(time, "frames-" + allocators, way, frame, 1),
              cell(time, "frames-" + allocators, way, frame, 1e6 / frame),
              number_text(time.median("skipped-" + allocators, way, frame))]
             for allocators, way, title in CAMERA_ROWS]))
        say(EDU_TEXT + markdown_table(
            ["", "KB a second"],
            [[f"edu {way} memory", ranged(time, "edu", way, size, 1e3)]
             for way in ("reads", "writes") for size in time.sizes("edu")]))


def heading(title, about):
    return (f"<!-- {LICENCE} -->\n# {title}\n\n" +
            "".join(f"- {key}: `{value}`\n" for key, value in about.items()))


def write_table(path, about, count, time):
    with open(path, "w", encoding="ascii") as file:
        say = file.write
        say(heading("kshm beside other ways to have memory", about))
        say("\nMedians. In brackets: times kshm's figure in the same run. "
            "Instructions are the guest's, all of its processors'.\n"
            "The emulator has no cost for a missing TLB entry of the real machine: "
            "what huge entries save at each access does not show.\n\n")
        say(LEGEND)
        say("\n## Bars\n\n| line | figure | bar | reached |\n|---|---|---|---|\n")
        for name, value, limit, verdict in bars(count, time):
            say(f"| {name} | {number_text(value)} | {limit} | {verdict} |\n")
        say("\n## Plots\n\n")
        for name, title, *_ in PLOTS:
            say(f"![{title}]({name}.svg)\n")
        say("\n## Mapping\n")
        for line, title in (
                ("map-touch", "mmap and one store to each 4 KiB page"),
                ("touch-again", "the same stores again: the loop alone"),
                ("map", "mmap alone"), ("unmap", "munmap")):
            say(table(count, line, title + ", thousand instructions", 1e3))
        say(table(time, "map-touch", "mmap and one store to each page, ms", 1e6))
        say(table(count, "faults", "Page faults", 1))
        say(table(count, "page-tables", "Page tables, KiB", 1024))
        say("\n## Access\n")
        say(table(time, "sequential", "One load, in sequence, ns", 1))
        say(table(time, "random", "One load, at random, ns", 1))
        say("\n## Input and output\n")
        for line, title in (("direct-read", "O_DIRECT read from ext4"),
                            ("direct-write", "O_DIRECT write to ext4")):
            say(table(count, line + "-cpu",
                      title + ", thousand instructions of the program's", 1e3))
            say(table(time, line, title + ", ms", 1e6))
        for line in "read", "write":
            say(table(count, line, line + "() of 1 MiB, thousand instructions", 1e3))
            say(table(time, line, line + "() of 1 MiB, ms", 1e6))
        say("\n## Taking memory\n")
        for state, text in (("fresh", "after boot"), ("full", "page cache full")):
            for line, title in (("take", "Take and zero"), ("drop", "Give back")):
                say(table(count, f"{line}-{state}",
                          f"{title}, {text}, million instructions", 1e6))
                say(table(time, f"{line}-{state}", f"{title}, {text}, ms", 1e6))
        for line, title in (("memset", "memset()"), ("stos", "rep stos")):
            say(table(count, line,
                      title + " of memory that is there, million instructions", 1e6))
            say(table(time, line, title + " of memory that is there, ms", 1e6))
        for guest in count, time:
            for state, text in (("fresh", "after boot"), ("full", "page cache full")):
                say(f"\n### Tries, {text}, guest that tells {guest.name}\n")
                say(tries(guest, "success-" + state))
                for line in "longest-run", "foretold", "largest":
                    value = guest.median(f"{line}-{state}", "kshm")
                    say(f"\n{line}: {value / MIB:.0f} MiB\n")


def main():
    directory, raw = sys.argv[1:3]
    about = dict(word.split("=", 1) for word in sys.argv[3:])
    guests = {part: Figures(name, f"{raw}/{part}")
              for part, name in (("count", "instructions"), ("time", "time"),
                                 ("talk-count", "instructions"), ("talk-time", "time"),
                                 ("devices-count", "instructions"),
                                 ("devices-time", "time"), ("aged", "aged"))
              if os.path.exists(f"{raw}/{part}")}
    write_json(f"{directory}/figures.json", about, guests.values())
    if "aged" in guests:
        write_aged(f"{directory}/aged.md", about, guests["aged"])
    if "devices-count" in guests and "devices-time" in guests:
        write_devices(f"{directory}/devices.md", about, guests["devices-count"],
                      guests["devices-time"])
    if "talk-count" in guests and "talk-time" in guests:
        write_talk(f"{directory}/talk.md", about, guests["talk-count"], guests["talk-time"])
    if "count" in guests and "time" in guests:
        write_table(f"{directory}/table.md", about, guests["count"], guests["time"])
        for name, title, label, unit, threshold in PLOTS:
            plot(f"{directory}/{name}.svg", guests["count"], name, title, label, unit,
                 threshold)


if __name__ == "__main__":
    main()
