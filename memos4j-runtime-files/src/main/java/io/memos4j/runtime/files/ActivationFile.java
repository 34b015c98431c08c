package io.memos4j.runtime.files;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.runtime.ActivationManifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * A file with a saved activation.
 *
 * <p>Format 1, big-endian: the magic number (8 bytes), whose last byte is the format; the length of the header (4); the
 * header, see {@code ActivationFileHeader}; the CRC-32C of everything before (4); the state as the engine wrote it; the
 * CRC-32C of the state (4). The length of the file follows from the header, so a truncated or extended file is
 * recognized at once.
 *
 * <p>Format 2 has, after the CRC-32C of the header, the length of the compressed state (8), and then, for each 256 KiB
 * of the state, the length (4) of its compressed block and that block; the CRC-32C at the end is that of the
 * uncompressed state.
 *
 * <p>CRC-32C detects damage at the speed of memory; it is not a signature. The state is read and not mapped: if
 * somebody shortens a mapped file, the process crashes in native code. Not thread-safe.
 */
public final class ActivationFile implements AutoCloseable {
    private static final long MAGIC = 0x4D344A_4B565F_00_00L;
    private static final int FORMAT_PLAIN = 1;
    private static final int FORMAT_ZSTD = 2;
    private static final int PREFIX = Long.BYTES + Integer.BYTES;
    private static final int MOST_HEAD = 1 << 26;
    private static final int SLICE = 1 << 18;

    private final Path file;
    private final FileChannel channel;
    private final Opened opened;

    private record Opened(ActivationFileHeader head, StateCompression packing) {}

    private ActivationFile(Path file, FileChannel channel, Opened opened) {
        this.file = file;
        this.channel = channel;
        this.opened = opened;
    }

    /**
     * Opens a file and checks its head.
     *
     * @throws MemoryException {@link ErrorCode#ACTIVATION_CORRUPT}, {@link ErrorCode#STORAGE_FAILED}
     */
    public static ActivationFile open(Path file) {
        FileChannel opened = openChannel(file);
        try {
            return new ActivationFile(file, opened, readHead(file, opened));
        } catch (IOException e) {
            closeAfter(opened, e);
            throw unreadable(file, e);
        } catch (RuntimeException e) {
            closeAfter(opened, e);
            throw e;
        }
    }

    private static FileChannel openChannel(Path file) {
        try {
            return FileChannel.open(file, StandardOpenOption.READ);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static void closeAfter(FileChannel opened, Exception failure) {
        try {
            opened.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private static Opened readHead(Path file, FileChannel channel) throws IOException {
        ByteBuffer prefix = read(file, channel, PREFIX);
        long magic = prefix.getLong();
        if (magic >>> 8 != MAGIC >>> 8) {
            throw corrupt(file, "it is not a saved activation");
        }
        StateCompression packing = switch ((int) magic & 0xFF) {
            case FORMAT_PLAIN -> StateCompression.PLAIN;
            case FORMAT_ZSTD -> StateCompression.ZSTD;
            default -> throw corrupt(file, "it has a newer format");
        };
        int length = prefix.getInt();
        if (length < 0 || length > MOST_HEAD) {
            throw corrupt(file, "its head claims " + length + " bytes");
        }
        ByteBuffer rest = read(file, channel, length + Integer.BYTES);
        CRC32C sum = new CRC32C();
        sum.update(prefix.flip());
        sum.update(rest.slice(0, length));
        if ((int) sum.getValue() != rest.getInt(length)) {
            throw corrupt(file, "its head was changed");
        }
        ActivationFileHeader head = ActivationFileHeader.read(file, rest.slice(0, length));
        long state = switch (packing) {
            case PLAIN -> head.manifest().stateBytes();
            case ZSTD -> Long.BYTES + read(file, channel, Long.BYTES).getLong();
        };
        long expected = PREFIX + length + Integer.BYTES + state + Integer.BYTES;
        if (channel.size() != expected) {
            throw corrupt(file, "it has " + channel.size() + " of " + expected + " bytes");
        }
        return new Opened(head, packing);
    }

    private static ByteBuffer read(Path file, FileChannel channel, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        fill(file, channel, bytes);
        return bytes.flip();
    }

    private static void fill(Path file, FileChannel channel, ByteBuffer target) throws IOException {
        while (target.hasRemaining()) {
            if (channel.read(target) < 0) {
                throw corrupt(file, "it is truncated");
            }
        }
    }

    /** The manifest in the header. */
    public ActivationManifest manifest() {
        return opened.head.manifest();
    }

    /** The tokens in the header. */
    public int[] tokens() {
        return opened.head.tokens().clone();
    }

    /**
     * Copies the state and verifies it. The copy must not be used if this fails. Once, after {@link #open}.
     *
     * @throws MemoryException {@link ErrorCode#ACTIVATION_CORRUPT}, {@link ErrorCode#STORAGE_FAILED},
     *     {@link ErrorCode#STORAGE_FULL}
     */
    public void copyState(WritableByteChannel target) {
        ByteBuffer slice = ByteBuffer.allocate(SLICE);
        CRC32C sum = new CRC32C();
        try {
            for (long left = opened.head.manifest().stateBytes(); left > 0; left -= slice.limit()) {
                slice.clear().limit((int) Math.min(SLICE, left));
                switch (opened.packing) {
                    case PLAIN -> fill(file, channel, slice);
                    case ZSTD -> unpack(slice);
                }
                sum.update(slice.flip());
                writeFully(target, slice.rewind());
            }
            if ((int) sum.getValue() != read(file, channel, Integer.BYTES).getInt()) {
                throw corrupt(file, "its state was changed");
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private void unpack(ByteBuffer slice) throws IOException {
        int length = read(file, channel, Integer.BYTES).getInt();
        if (length < 0 || length > StateCompressor.maxPackedBytes(SLICE)) {
            throw corrupt(file, "its state was changed");
        }
        byte[] packed = new byte[length];
        fill(file, channel, ByteBuffer.wrap(packed));
        if (!StateCompressor.decompress(packed, slice)) {
            throw corrupt(file, "its state was changed");
        }
    }

    /**
     * Writes a file atomically: it appears when all of it is on disk, readable by this user only where the file system
     * has users.
     *
     * @param state as many bytes as the manifest says
     * @throws MemoryException {@link ErrorCode#STORAGE_FAILED}, {@link ErrorCode#STORAGE_FULL}
     */
    public static void write(
            Path file, ActivationManifest manifest, int[] tokens, ReadableByteChannel state, StateCompression packing) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new MemoryException(
                    ErrorCode.STORAGE_FAILED, "Cannot save to " + file + ": its folder is not there. Make it first.");
        }
        try {
            Path part = Files.createTempFile(folder, file.getFileName().toString(), ".part");
            try {
                write(part, new ActivationFileHeader(manifest, tokens), state, packing);
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw failed("Cannot save to " + file + ": " + e, e);
        }
    }

    private static void write(Path part, ActivationFileHeader head, ReadableByteChannel state, StateCompression packing)
            throws IOException {
        byte[] bytes = head.bytes();
        ByteBuffer start = ByteBuffer.allocate(PREFIX + bytes.length + Integer.BYTES)
                .putLong(MAGIC | (packing == StateCompression.PLAIN ? FORMAT_PLAIN : FORMAT_ZSTD))
                .putInt(bytes.length)
                .put(bytes);
        CRC32C sum = new CRC32C();
        sum.update(start.duplicate().flip());
        start.putInt((int) sum.getValue()).flip();
        try (FileChannel out = FileChannel.open(part, StandardOpenOption.WRITE)) {
            writeFully(out, start);
            int sumOfState;
            if (packing == StateCompression.PLAIN) {
                sumOfState = writeState(out, state, head.manifest(), packing);
            } else {
                long at = out.position();
                writeFully(out, ByteBuffer.allocate(Long.BYTES));
                sumOfState = writeState(out, state, head.manifest(), packing);
                long length = out.position() - at - Long.BYTES;
                out.write(ByteBuffer.allocate(Long.BYTES).putLong(length).flip(), at);
            }
            writeFully(
                    out, ByteBuffer.allocate(Integer.BYTES).putInt(sumOfState).flip());
            out.force(true);
        }
    }

    private static int writeState(
            FileChannel out, ReadableByteChannel state, ActivationManifest manifest, StateCompression packing)
            throws IOException {
        ByteBuffer slice = ByteBuffer.allocate(SLICE);
        CRC32C sum = new CRC32C();
        for (long left = manifest.stateBytes(); left > 0; left -= slice.limit()) {
            slice.clear().limit((int) Math.min(SLICE, left));
            while (slice.hasRemaining()) {
                if (state.read(slice) < 0) {
                    throw new IOException("the state has " + (left - slice.position()) + " bytes less than it claims");
                }
            }
            sum.update(slice.flip());
            slice.rewind();
            if (packing == StateCompression.ZSTD) {
                byte[] packed = StateCompressor.compress(slice);
                writeFully(
                        out,
                        ByteBuffer.allocate(Integer.BYTES).putInt(packed.length).flip());
                writeFully(out, ByteBuffer.wrap(packed));
            } else {
                writeFully(out, slice);
            }
        }
        return (int) sum.getValue();
    }

    private static void writeFully(WritableByteChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    static MemoryException corrupt(Path file, String why) {
        return new MemoryException(
                ErrorCode.ACTIVATION_CORRUPT,
                "Cannot use the saved activation " + file + ": " + why + ". Compute it again from its tokens.");
    }

    private static MemoryException unreadable(Path file, IOException failure) {
        return failed("Cannot read the saved activation " + file + ": " + failure, failure);
    }

    private static MemoryException failed(String message, IOException failure) {
        ErrorCode code = ErrorCode.STORAGE_FAILED;
        if (failure instanceof ClosedByInterruptException) {
            code = ErrorCode.INTERRUPTED;
        } else if (String.valueOf(failure.getMessage()).contains("No space left")) {
            code = ErrorCode.STORAGE_FULL;
        }
        return new MemoryException(code, message, failure);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }
}
