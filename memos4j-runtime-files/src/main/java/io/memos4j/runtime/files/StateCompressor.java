package io.memos4j.runtime.files;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;

/**
 * Compresses blocks of a state: one zstd frame of all first bytes of its 16-bit numbers followed by all second bytes.
 * The high bytes of such numbers are much alike, the low bytes are not; other states lose nothing by it.
 */
final class StateCompressor {
    private static final int LEVEL = 3;

    private StateCompressor() {}

    /** The longest compressed form of so many bytes. */
    static int maxPackedBytes(int bytes) {
        return Math.toIntExact(Zstd.compressBound(bytes));
    }

    static byte[] compress(ByteBuffer stretch) {
        byte[] bytes = new byte[stretch.remaining()];
        stretch.get(bytes);
        return Zstd.compress(split(bytes), LEVEL);
    }

    /**
     * Decompresses a block into the remaining bytes of {@code target}.
     *
     * @return whether the block has exactly that length
     */
    static boolean decompress(byte[] packed, ByteBuffer target) {
        byte[] bytes = new byte[target.remaining()];
        try {
            if (Zstd.decompress(bytes, packed) != bytes.length) {
                return false;
            }
        } catch (ZstdException e) {
            return false;
        }
        target.put(joined(bytes));
        return true;
    }

    private static byte[] split(byte[] bytes) {
        byte[] split = bytes.clone();
        int half = bytes.length / 2;
        for (int i = 0; i < half; i++) {
            split[i] = bytes[2 * i];
            split[half + i] = bytes[2 * i + 1];
        }
        return split;
    }

    private static byte[] joined(byte[] split) {
        byte[] bytes = split.clone();
        int half = split.length / 2;
        for (int i = 0; i < half; i++) {
            bytes[2 * i] = split[i];
            bytes[2 * i + 1] = split[half + i];
        }
        return bytes;
    }
}
