package io.memos4j.runtime.files;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;

/**
 * A stretch of a state, compressed: one zstd frame of all first bytes of its numbers followed by all second ones.
 * Numbers of two bytes have much alike in their high bytes and little in their low ones; other states lose nothing by
 * it.
 */
final class StateCompressor {
    private static final int LEVEL = 3;

    private StateCompressor() {}

    /** The longest that a packed stretch of so many bytes can be. */
    static int maxPackedBytes(int bytes) {
        return Math.toIntExact(Zstd.compressBound(bytes));
    }

    static byte[] compress(ByteBuffer stretch) {
        byte[] bytes = new byte[stretch.remaining()];
        stretch.get(bytes);
        return Zstd.compress(split(bytes), LEVEL);
    }

    /**
     * Unpacks a stretch into as many bytes as {@code target} has room for.
     *
     * @return whether it was one of so many bytes
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
