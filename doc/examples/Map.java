// SPDX-License-Identifier: GPL-2.0-only
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Map a kshm buffer, write a text into it, and read it back with read(2).
 *
 * Java 22 and later:
 *     java --enable-native-access=ALL-UNNAMED Map.java [DEVICE [SIZE]]
 * Java 21, where java.lang.foreign is a preview: also with the options
 *     --enable-preview --source 21
 *
 * FileChannel.map() cannot map a device: it takes the length from fstat(2),
 * which is 0, and then tries ftruncate(2). So this calls mmap(2) itself.
 */
public class Map {
	private static final byte[] TEXT =
		"hello from Java".getBytes(StandardCharsets.US_ASCII);

	private static final int O_RDWR = 2;
	private static final int SEEK_END = 2;
	private static final int PROT_READ_WRITE = 1 | 2;
	private static final int MAP_SHARED = 1;

	private static final Linker LINKER = Linker.nativeLinker();

	private static MethodHandle function(String name, FunctionDescriptor type) {
		return LINKER.downcallHandle(LINKER.defaultLookup().find(name).get(), type);
	}

	private static int open(String path) throws Throwable {
		MethodHandle open = function("open", FunctionDescriptor.of(
			ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
		byte[] bytes = path.getBytes();

		try (Arena arena = Arena.ofConfined()) {
			MemorySegment text = arena.allocate(bytes.length + 1);

			text.asByteBuffer().put(bytes);
			return (int) open.invokeExact(text, O_RDWR);
		}
	}

	private static long seekToEnd(int fd) throws Throwable {
		MethodHandle lseek = function("lseek", FunctionDescriptor.of(
			ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG,
			ValueLayout.JAVA_INT));

		return (long) lseek.invokeExact(fd, 0L, SEEK_END);
	}

	private static MemorySegment map(int fd, long size) throws Throwable {
		MethodHandle mmap = function("mmap", FunctionDescriptor.of(
			ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG,
			ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
			ValueLayout.JAVA_LONG));
		MemorySegment memory = (MemorySegment) mmap.invokeExact(MemorySegment.NULL,
			size, PROT_READ_WRITE, MAP_SHARED, fd, 0L);

		if (memory.address() == -1)
			throw new IOException("mmap failed");
		return memory.reinterpret(size);
	}

	public static void main(String[] args) throws Throwable {
		String device = args.length > 0 ? args[0] : "/dev/kshm0";
		int fd = open(device);

		if (fd < 0)
			throw new IOException(device + ": open failed");
		long size = args.length > 1 ? Long.decode(args[1]) : seekToEnd(fd);
		MemorySegment memory = map(fd, size);

		try (FileChannel file = FileChannel.open(Path.of(device), StandardOpenOption.READ)) {
			for (long offset : new long[] { 0, size - TEXT.length }) {
				ByteBuffer back = ByteBuffer.allocate(TEXT.length);

				MemorySegment.copy(MemorySegment.ofArray(TEXT), 0,
					memory, offset, TEXT.length);
				file.read(back, offset);
				if (!Arrays.equals(back.array(), TEXT))
					throw new IOException(device + ": not what was written at "
						+ offset);
			}
		}
		System.out.println(device + ": " + size + " bytes mapped, written and read");
	}
}
