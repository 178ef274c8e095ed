// SPDX-License-Identifier: GPL-2.0-only
import java.io.RandomAccessFile;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/**
 * Map all of a contiguous memfd with FileChannel.map(), and write a text into it.
 *
 *     python3 alloc.py 65536 java WholeFile.java @
 */
public class WholeFile {
	public static void main(String[] args) throws Exception {
		byte[] text = "hello from Java".getBytes(StandardCharsets.US_ASCII);

		try (RandomAccessFile file = new RandomAccessFile(args[0], "rw");
		     FileChannel channel = file.getChannel()) {
			MappedByteBuffer memory = channel.map(FileChannel.MapMode.READ_WRITE, 0,
				channel.size());
			byte[] back = new byte[text.length];

			memory.put(text);
			file.readFully(back);
			System.out.println(memory.capacity() + " bytes mapped: "
				+ new String(back, StandardCharsets.US_ASCII));
		}
	}
}
