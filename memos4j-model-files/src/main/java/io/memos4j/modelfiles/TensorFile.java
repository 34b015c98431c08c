package io.memos4j.modelfiles;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A file of named tensors, open for reading. Its header is checked on opening: every tensor lies within the file and
 * has the size of its shape. Numbers are read from the file on demand.
 *
 * <p>Thread-safe. Every read throws {@link MemoryException}: {@link ErrorCode#MODEL_UNREADABLE} if the file cannot be
 * read or was changed meanwhile, {@link ErrorCode#INVALID_ARGUMENT} if it has no such tensor.
 */
public abstract sealed class TensorFile implements AutoCloseable permits SafetensorsFile, GgufFile {
    private static final int BLOCK = 1 << 16;

    /** A tensor and the position of its bytes in the file. */
    record Entry(TensorInfo info, long position) {}

    private final Path path;
    private final FileChannel channel;
    private final Map<String, Entry> entries;

    TensorFile(Path path, FileChannel channel, List<Entry> entries) {
        this.path = path;
        this.channel = channel;
        this.entries = LinkedHashMap.newLinkedHashMap(entries.size());
        entries.forEach(entry -> this.entries.put(entry.info.name(), entry));
    }

    /** Opens a regular file for reading by position. */
    static FileChannel channel(Path path) {
        if (!Files.isRegularFile(path)) {
            throw unreadable(path, "there is no such file");
        }
        try {
            return FileChannel.open(path);
        } catch (IOException e) {
            throw failed(path, e);
        }
    }

    /** The path of the file. */
    public Path path() {
        return path;
    }

    /** The tensors in the order of the file. */
    public List<TensorInfo> tensors() {
        return entries.values().stream().map(Entry::info).toList();
    }

    /** Finds a tensor by name. */
    public Optional<TensorInfo> tensor(String name) {
        return Optional.ofNullable(entries.get(name)).map(Entry::info);
    }

    /** Reads the numbers of a tensor with at most 2^31 - 9 of them. */
    public float[] floats(String name) {
        long count = entry(name).info.count();
        if (count > Integer.MAX_VALUE - 8) {
            throw MemoryException.invalid(
                    "The tensor " + name + " of " + path + " has " + count + " numbers. Read it in parts.");
        }
        float[] floats = new float[(int) count];
        floats(name, 0, floats);
        return floats;
    }

    /** Fills an array with the numbers of a tensor from the index {@code from} on. */
    public void floats(String name, long from, float[] into) {
        Entry entry = entry(name);
        TensorType numbers = entry.info.numbers();
        if (!numbers.readable()) {
            throw unreadable(path, "its tensor " + name + " has numbers of type " + numbers + ", not F32, F16 or BF16");
        }
        if (from < 0 || from > entry.info.count() - into.length) {
            throw MemoryException.invalid("The tensor " + name + " of " + path + " has " + entry.info.count()
                    + " numbers, none from " + from + " to " + (from + into.length) + ".");
        }
        ByteBuffer block = ByteBuffer.allocate(Math.min(BLOCK, Math.max(1, into.length) * numbers.bytes()))
                .order(ByteOrder.LITTLE_ENDIAN);
        int done = 0;
        while (done < into.length) {
            int step = Math.min(into.length - done, block.capacity() / numbers.bytes());
            read(entry.position + (from + done) * numbers.bytes(), block.clear().limit(step * numbers.bytes()));
            for (int i = 0; i < step; i++) {
                into[done++] = numbers.get(block);
            }
        }
    }

    /** Reads the numbers of a tensor in order, on demand. */
    public WeightSource weights(String name) {
        return WeightSource.inBlocks(entry(name).info.count(), (from, into) -> floats(name, from, into));
    }

    /** Fills a buffer with the raw bytes of a tensor from the byte {@code from} on. */
    public void bytes(String name, long from, ByteBuffer into) {
        Entry entry = entry(name);
        if (from < 0 || from > entry.info.bytes() - into.remaining()) {
            throw MemoryException.invalid("The tensor " + name + " of " + path + " has " + entry.info.bytes()
                    + " bytes, none from " + from + " to " + (from + into.remaining()) + ".");
        }
        read(entry.position + from, into);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw failed(path, e);
        }
    }

    private Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw MemoryException.invalid("The file " + path + " has no tensor " + name + ".");
        }
        return entry;
    }

    private void read(long position, ByteBuffer into) {
        try {
            readFully(channel, position, into);
        } catch (BrokenFileException e) {
            throw unreadable(path, e.reason());
        } catch (IOException e) {
            throw failed(path, e);
        }
    }

    /** Fills the buffer and flips it for reading. */
    static void readFully(FileChannel channel, long position, ByteBuffer into) throws IOException, BrokenFileException {
        long at = position;
        into.mark();
        while (into.hasRemaining()) {
            int read = channel.read(into, at);
            if (read < 0) {
                throw new BrokenFileException("it is truncated");
            }
            at += read;
        }
        into.reset();
    }

    /** Reads the header of an open file. */
    @FunctionalInterface
    interface HeaderReader<T> {
        T read(FileChannel channel) throws IOException, BrokenFileException;
    }

    /** Opens a file, which keeps the channel; closes the channel if the file is refused. */
    static <T> T open(Path path, HeaderReader<T> reader) {
        FileChannel channel = channel(path);
        boolean opened = false;
        try {
            T file = reader.read(channel);
            opened = true;
            return file;
        } catch (BrokenFileException e) {
            throw unreadable(path, e.reason());
        } catch (IOException e) {
            throw failed(path, e);
        } finally {
            if (!opened) {
                closeQuietly(channel);
            }
        }
    }

    /** Closes the channel of a file that was refused for another reason. */
    static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // The reason for the refusal matters more.
        }
    }

    static MemoryException unreadable(Path file, String why) {
        return new MemoryException(ErrorCode.MODEL_UNREADABLE, "Cannot use " + file + ": " + why + ".");
    }

    /** Turns the refusal of a value into one of the file that it comes from. */
    static MemoryException unreadable(Path file, MemoryException failure) {
        return failure.code() == ErrorCode.INVALID_ARGUMENT
                ? new MemoryException(
                        ErrorCode.MODEL_UNREADABLE, "Cannot use " + file + ": " + failure.getMessage(), failure)
                : failure;
    }

    static MemoryException failed(Path file, IOException e) {
        return e instanceof ClosedByInterruptException
                ? new MemoryException(ErrorCode.INTERRUPTED, "Interrupted while " + file + " was read.", e)
                : new MemoryException(ErrorCode.MODEL_UNREADABLE, "Cannot read " + file + ": " + e, e);
    }
}
