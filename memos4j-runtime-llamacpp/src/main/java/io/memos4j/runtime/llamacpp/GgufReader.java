package io.memos4j.runtime.llamacpp;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

/**
 * Reads the head of a GGUF file, versions 2 and 3: metadata and the table of tensors, each of which must lie within the file.
 *
 * <p>Reads beyond the end throw {@link IndexOutOfBoundsException}. Not thread-safe.
 */
final class GgufReader {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int MAGIC = 0x46554747;
    private static final int STRING = 8;
    private static final int ARRAY = 9;
    private static final long MOST_ENTRIES = 1 << 20;
    private static final long LONGEST_TEXT = 1 << 26;
    private static final int MOST_SIDES = 4;
    private static final String TEMPLATE = "tokenizer.chat_template";
    private static final String TOKENS = "tokenizer.ggml.tokens";

    /** Numbers in a block and its bytes, for each type of tensors. */
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

    private final MemorySegment file;
    private final Map<String, Object> values = new HashMap<>();
    private final TreeMap<String, MemorySegment> tokenizer = new TreeMap<>();
    private final Set<String> bytesOfVocabulary = new HashSet<>();
    private long position;

    GgufReader(MemorySegment file) {
        this.file = file;
    }

    void read() throws Broken {
        if (file.byteSize() < Integer.BYTES || int32() != MAGIC) {
            throw new Broken("it is no GGUF file");
        }
        int version = int32();
        if (version != 2 && version != 3) {
            throw new Broken("it is GGUF version " + version + ", only 2 and 3 are read");
        }
        long tensors = count(int64());
        long keys = count(int64());
        for (long i = 0; i < keys; i++) {
            entry();
        }
        tensors(tensors);
    }

    GgufKeys keys() {
        return new GgufKeys(values);
    }

    /** The SHA-256 of all keys of the tokenizer with their values, but for the chat template. */
    String tokenizerHash() {
        var digest = Sha256.digest();
        tokenizer.forEach((key, value) -> {
            digest.update(key.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            long step = 1 << 20;
            for (long at = 0; at < value.byteSize(); at += step) {
                digest.update(
                        value.asSlice(at, Math.min(step, value.byteSize() - at)).asByteBuffer());
            }
        });
        return Sha256.hex(digest);
    }

    /** A SentencePiece vocabulary must have all bytes: llama.cpp ends the process at a character that it cannot spell. */
    void requireBytes() throws Broken {
        if ("llama".equals(values.get("tokenizer.ggml.model")) && bytesOfVocabulary.size() < 256) {
            throw new Broken("its vocabulary has " + bytesOfVocabulary.size() + " of the 256 tokens for single bytes");
        }
    }

    private void entry() throws Broken {
        String key = string();
        int type = int32();
        long start = position;
        Object value = type == ARRAY ? array(key) : type == STRING ? string() : scalar(type);
        if (values.put(key, value) != null) {
            throw new Broken("its metadata has " + key + " twice");
        }
        if (key.startsWith("tokenizer.") && !key.equals(TEMPLATE)) {
            tokenizer.put(key, file.asSlice(start, position - start));
        }
    }

    private Object array(String key) throws Broken {
        int type = int32();
        long length = int64();
        if (length < 0 || length > file.byteSize()) {
            throw new Broken("its " + key + " has " + length + " entries");
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

    /** Numbers become {@link Long}, fractions stay what they are. */
    private Object scalar(int type) throws Broken {
        return switch (type) {
            case 0 -> (Object) (long) Byte.toUnsignedInt(int8());
            case 1, 7 -> (Object) (long) int8();
            case 2 -> (Object) (long) Short.toUnsignedInt(int16());
            case 3 -> (Object) (long) int16();
            case 4 -> (Object) Integer.toUnsignedLong(int32());
            case 5 -> (Object) (long) int32();
            case 6 -> (Object) Float.intBitsToFloat(int32());
            case 10, 11 -> (Object) int64();
            case 12 -> (Object) Double.longBitsToDouble(int64());
            default -> throw new Broken("its metadata has a value of unknown type " + type);
        };
    }

    private void tensors(long count) throws Broken {
        long end = 0;
        for (long i = 0; i < count; i++) {
            end = Math.max(end, tensorEnd());
        }
        long alignment = values.get("general.alignment") instanceof Long given ? given : 32;
        if (alignment < 1 || alignment > LONGEST_TEXT) {
            throw new Broken("its alignment is " + alignment);
        }
        long data = (position + alignment - 1) / alignment * alignment;
        if (count == 0) {
            throw new Broken("it has no tensors");
        }
        if (end > file.byteSize() - data) {
            throw new Broken("it is cut short: " + file.byteSize() + " of at least " + (data + end) + " bytes");
        }
    }

    private long tensorEnd() throws Broken {
        String name = string();
        int sides = int32();
        if (sides < 1 || sides > MOST_SIDES) {
            throw new Broken("its tensor " + name + " has " + sides + " dimensions");
        }
        try {
            long numbers = 1;
            for (int i = 0; i < sides; i++) {
                numbers = Math.multiplyExact(numbers, int64());
            }
            int type = int32();
            long offset = int64();
            int[] block = BLOCKS.get(type);
            if (block == null || numbers < 1 || numbers % block[0] != 0 || offset < 0) {
                throw new Broken(
                        "its tensor " + name + " has type " + type + ", " + numbers + " numbers, offset " + offset);
            }
            return Math.addExact(offset, Math.multiplyExact(numbers / block[0], block[1]));
        } catch (ArithmeticException e) {
            throw new Broken("its tensor " + name + " has an impossible size");
        }
    }

    private long count(long count) throws Broken {
        if (count < 0 || count > MOST_ENTRIES) {
            throw new Broken("its head counts " + count + " entries");
        }
        return count;
    }

    private String string() throws Broken {
        long length = int64();
        if (length < 0 || length > LONGEST_TEXT) {
            throw new Broken("its metadata has a text of " + length + " bytes");
        }
        byte[] bytes = file.asSlice(position, length).toArray(JAVA_BYTE);
        position += length;
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private byte int8() {
        byte value = file.get(JAVA_BYTE, position);
        position += 1;
        return value;
    }

    private short int16() {
        short value = file.get(SHORT, position);
        position += Short.BYTES;
        return value;
    }

    private int int32() {
        int value = file.get(INT, position);
        position += Integer.BYTES;
        return value;
    }

    private long int64() {
        long value = file.get(LONG, position);
        position += Long.BYTES;
        return value;
    }

    /** Says what is wrong with a file. */
    static final class Broken extends Exception {
        private static final long serialVersionUID = 1L;

        private final String reason;

        Broken(String reason) {
            super(reason);
            this.reason = reason;
        }

        String reason() {
            return reason;
        }
    }
}
