package io.memos4j.modelfiles;

import io.memos4j.internal.Sha256Hash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads the header of a GGUF file, versions 2 and 3: metadata and the tensor table. Every tensor must lie within the
 * file and share no byte with another. Not thread-safe.
 */
final class GgufHeader {

    private static final int MAGIC = 0x46554747;
    private static final int STRING = 8;
    private static final int ARRAY = 9;
    private static final long MOST_ENTRIES = 1 << 20;
    private static final long LONGEST_TEXT = 1 << 26;
    private static final int LONGEST_NAME = 128;
    private static final long MOST_KEPT = 1 << 28;
    private static final int MOST_SIDES = 4;
    private static final int STEP = 1 << 20;
    private static final String TEMPLATE = "tokenizer.chat_template";
    private static final String TOKENS = "tokenizer.ggml.tokens";

    /** The numbers in a block and its bytes, by tensor type. */
    private static final Map<Integer, int[]> BLOCKS = new HashMap<>();

    static {
        int[][] types = {
            {0, 1, 4},
            {1, 1, 2},
            {2, 32, 18},
            {3, 32, 20},
            {6, 32, 22},
            {7, 32, 24},
            {8, 32, 34},
            {9, 32, 36},
            {10, 256, 84},
            {11, 256, 110},
            {12, 256, 144},
            {13, 256, 176},
            {14, 256, 210},
            {15, 256, 292},
            {16, 256, 66},
            {17, 256, 74},
            {18, 256, 98},
            {19, 256, 50},
            {20, 32, 18},
            {21, 256, 110},
            {22, 256, 82},
            {23, 256, 136},
            {24, 1, 1},
            {25, 1, 2},
            {26, 1, 4},
            {27, 1, 8},
            {28, 1, 8},
            {29, 256, 56},
            {30, 1, 2},
            {34, 256, 54},
            {35, 256, 66}
        };
        for (int[] type : types) {
            BLOCKS.put(type[0], new int[] {type[1], type[2]});
        }
    }

    /** A byte range of the file. */
    private record Stretch(long start, long end) {}

    private final FileChannel channel;
    private final LittleEndianReader file;
    private final Map<String, Object> values = new HashMap<>();
    private final TreeMap<String, Stretch> tokenizer = new TreeMap<>();
    private final Set<String> bytesOfVocabulary = new HashSet<>();
    private final List<TensorFile.Entry> entries = new ArrayList<>();
    private final Set<Integer> types = new HashSet<>();
    private long kept;

    GgufHeader(FileChannel channel) throws IOException {
        this.channel = channel;
        this.file = new LittleEndianReader(channel);
    }

    void read() throws IOException, BrokenFileException {
        if (file.size() < Integer.BYTES || file.int32() != MAGIC) {
            throw new BrokenFileException("it is not a GGUF file");
        }
        int version = file.int32();
        if (version != 2 && version != 3) {
            throw new BrokenFileException("it is GGUF version " + version + ", only 2 and 3 are read");
        }
        long tensors = count(file.int64());
        long keys = count(file.int64());
        for (long i = 0; i < keys; i++) {
            entry();
        }
        tensors(tensors);
    }

    GgufMetadata keys() {
        return new GgufMetadata(values);
    }

    /** All tensors in the order of the table. */
    List<TensorFile.Entry> entries() {
        return Collections.unmodifiableList(entries);
    }

    /** The types of its tensors as {@code ggml.h} numbers them. */
    Set<Integer> types() {
        return Set.copyOf(types);
    }

    /** The SHA-256 of all tokenizer keys with their values, without the chat template. */
    String tokenizerHash() throws IOException, BrokenFileException {
        var digest = Sha256Hash.digest();
        for (Map.Entry<String, Stretch> each : tokenizer.entrySet()) {
            digest.update(each.getKey().getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            Stretch value = each.getValue();
            for (long at = value.start; at < value.end; at += STEP) {
                ByteBuffer block = ByteBuffer.allocate((int) Math.min(STEP, value.end - at));
                TensorFile.readFully(channel, at, block);
                digest.update(block);
            }
        }
        return Sha256Hash.hex(digest);
    }

    /**
     * Requires all bytes in a SentencePiece vocabulary: llama.cpp aborts the process at a character that it cannot
     * spell.
     */
    void requireBytes() throws BrokenFileException {
        if ("llama".equals(values.get("tokenizer.ggml.model")) && bytesOfVocabulary.size() < 256) {
            throw new BrokenFileException(
                    "its vocabulary has " + bytesOfVocabulary.size() + " of the 256 tokens for single bytes");
        }
    }

    private void entry() throws IOException, BrokenFileException {
        String key = string();
        int type = file.int32();
        long start = file.position();
        Object value = type == ARRAY ? array(key) : type == STRING ? string() : scalar(type);
        kept += key.length() + (value instanceof String text ? text.length() : 0);
        if (kept > MOST_KEPT) {
            throw new BrokenFileException("its metadata has more than " + MOST_KEPT + " characters");
        }
        if (values.put(key, value) != null) {
            throw new BrokenFileException("its metadata has " + key + " twice");
        }
        if (key.startsWith("tokenizer.") && !key.equals(TEMPLATE)) {
            tokenizer.put(key, new Stretch(start, file.position()));
        }
    }

    private Object array(String key) throws IOException, BrokenFileException {
        int type = file.int32();
        long length = file.int64();
        if (length < 0 || length > file.size()) {
            throw new BrokenFileException("its " + key + " has " + length + " entries");
        }
        long largest = 0;
        for (long i = 0; i < length; i++) {
            if (type == STRING) {
                note(key, string());
            } else if (scalar(type) instanceof Long number) {
                largest = Math.max(largest, number);
            }
        }
        return type == STRING || key.startsWith("tokenizer.") ? (Object) length : (Object) largest;
    }

    private void note(String key, String text) {
        if (key.equals(TOKENS) && text.length() == 6 && text.startsWith("<0x")) {
            bytesOfVocabulary.add(text);
        }
    }

    /** Reads a scalar: integers become {@link Long}, fractions keep their type. */
    private Object scalar(int type) throws IOException, BrokenFileException {
        return switch (type) {
            case 0 -> (Object) (long) Byte.toUnsignedInt(file.int8());
            case 1, 7 -> (Object) (long) file.int8();
            case 2 -> (Object) (long) Short.toUnsignedInt(file.int16());
            case 3 -> (Object) (long) file.int16();
            case 4 -> (Object) Integer.toUnsignedLong(file.int32());
            case 5 -> (Object) (long) file.int32();
            case 6 -> (Object) Float.intBitsToFloat(file.int32());
            case 10, 11 -> (Object) file.int64();
            case 12 -> (Object) Double.longBitsToDouble(file.int64());
            default -> throw new BrokenFileException("its metadata has a value of unknown type " + type);
        };
    }

    private void tensors(long count) throws IOException, BrokenFileException {
        if (count == 0) {
            throw new BrokenFileException("it has no tensors");
        }
        long alignment = values.get("general.alignment") instanceof Long given ? given : 32;
        if (alignment < 1 || alignment > LONGEST_TEXT) {
            throw new BrokenFileException("its alignment is " + alignment);
        }
        List<TensorFile.Entry> table = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            table.add(tensor());
        }
        long data = (file.position() + alignment - 1) / alignment * alignment;
        requireApart(table, file.size() - data);
        for (TensorFile.Entry entry : table) {
            entries.add(new TensorFile.Entry(entry.info(), data + entry.position()));
        }
    }

    /** Reads a tensor and its offset in the data. */
    private TensorFile.Entry tensor() throws IOException, BrokenFileException {
        String name = string(LONGEST_NAME);
        int sides = file.int32();
        if (sides < 1 || sides > MOST_SIDES) {
            throw new BrokenFileException("its tensor " + name + " has " + sides + " dimensions");
        }
        List<Long> shape = new ArrayList<>();
        for (int i = 0; i < sides; i++) {
            shape.add(file.int64());
        }
        int type = file.int32();
        long offset = file.int64();
        int[] block = BLOCKS.get(type);
        try {
            long numbers = shape.stream().reduce(1L, Math::multiplyExact);
            if (block == null
                    || numbers < 1
                    || shape.stream().anyMatch(side -> side < 1)
                    || numbers % block[0] != 0
                    || offset < 0) {
                throw new BrokenFileException(
                        "its tensor " + name + " has type " + type + ", shape " + shape + ", offset " + offset);
            }
            long bytes = Math.multiplyExact(numbers / block[0], block[1]);
            types.add(type);
            TensorInfo info = new TensorInfo(name, TensorType.ofGgml(type), shape.reversed(), numbers, bytes);
            return new TensorFile.Entry(info, offset);
        } catch (ArithmeticException e) {
            throw new BrokenFileException("its tensor " + name + " has an impossible size");
        }
    }

    private void requireApart(List<TensorFile.Entry> table, long room) throws BrokenFileException {
        List<TensorFile.Entry> sorted = new ArrayList<>(table);
        sorted.sort(Comparator.comparingLong(TensorFile.Entry::position));
        Set<String> names = new HashSet<>();
        long end = 0;
        for (TensorFile.Entry entry : sorted) {
            String name = entry.info().name();
            if (!names.add(name)) {
                throw new BrokenFileException("its tensor " + name + " is there twice");
            }
            if (entry.position() < end) {
                throw new BrokenFileException("its tensor " + name + " shares bytes with another");
            }
            if (entry.position() > room || entry.info().bytes() > room - entry.position()) {
                throw new BrokenFileException(
                        "it is truncated: its tensor " + name + " ends after its " + file.size() + " bytes");
            }
            end = entry.position() + entry.info().bytes();
        }
    }

    private long count(long count) throws BrokenFileException {
        if (count < 0 || count > MOST_ENTRIES) {
            throw new BrokenFileException("its head counts " + count + " entries");
        }
        return count;
    }

    private String string() throws IOException, BrokenFileException {
        return string(LONGEST_TEXT);
    }

    private String string(long most) throws IOException, BrokenFileException {
        long length = file.int64();
        if (length < 0 || length > most) {
            throw new BrokenFileException("it has a text of " + length + " bytes where at most " + most + " are read");
        }
        return new String(file.bytes((int) length), StandardCharsets.UTF_8);
    }
}
