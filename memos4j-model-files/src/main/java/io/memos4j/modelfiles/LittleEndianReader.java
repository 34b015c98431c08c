package io.memos4j.modelfiles;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/** Reads little-endian values from a file in order, buffered. Not thread-safe. */
final class LittleEndianReader {
    private static final int BLOCK = 1 << 16;

    private final FileChannel channel;
    private final long size;
    private final ByteBuffer block =
            ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN).limit(0);
    private long blockStart;

    LittleEndianReader(FileChannel channel) throws IOException {
        this.channel = channel;
        this.size = channel.size();
    }

    /** The size of the file in bytes. */
    long size() {
        return size;
    }

    /** The position of the next value. */
    long position() {
        return blockStart + block.position();
    }

    byte int8() throws IOException, BrokenFileException {
        return ahead(Byte.BYTES).get();
    }

    short int16() throws IOException, BrokenFileException {
        return ahead(Short.BYTES).getShort();
    }

    int int32() throws IOException, BrokenFileException {
        return ahead(Integer.BYTES).getInt();
    }

    long int64() throws IOException, BrokenFileException {
        return ahead(Long.BYTES).getLong();
    }

    /** Reads bytes; allocates no memory for bytes that the file does not have. */
    byte[] bytes(int length) throws IOException, BrokenFileException {
        requireLeft(length);
        byte[] bytes = new byte[length];
        int done = 0;
        while (done < length) {
            ahead(1);
            int step = Math.min(block.remaining(), length - done);
            block.get(bytes, done, step);
            done += step;
        }
        return bytes;
    }

    private ByteBuffer ahead(int bytes) throws IOException, BrokenFileException {
        if (block.remaining() < bytes) {
            requireLeft(bytes);
            blockStart = position();
            block.clear().limit((int) Math.min(BLOCK, size - blockStart));
            TensorFile.readFully(channel, blockStart, block);
        }
        return block;
    }

    private void requireLeft(int bytes) throws BrokenFileException {
        if (bytes > size - position()) {
            throw new BrokenFileException("it is truncated");
        }
    }
}
