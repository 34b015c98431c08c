package io.memos4j.runtime.llamacpp;

import io.memos4j.spi.runtime.KvCacheType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout.OfInt;
import java.lang.foreign.ValueLayout.OfLong;
import java.lang.foreign.ValueLayout.OfShort;
import java.util.Arrays;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

/**
 * Scans the cache of a sequence as {@code llama_kv_cache_unified::state_write} of build 4916 writes it: the cells, then
 * the keys of each layer, then the values of each layer. Read once, from the beginning.
 */
final class SequenceState {
    private static final OfInt INT = JAVA_INT_UNALIGNED;
    private static final OfLong LONG = JAVA_LONG_UNALIGNED;
    private static final OfShort SHORT = JAVA_SHORT_UNALIGNED;

    /** The exponent bits of a half-precision number, all set in infinities and NaN. */
    private static final int EXPONENT = 0x7C00;

    private final MemorySegment state;
    private long position;

    SequenceState(MemorySegment state) {
        this.state = state;
    }

    /** Tells whether all keys and values are finite. */
    boolean isFinite() {
        long cells = nextInt();
        position += cells * 2 * Integer.BYTES;
        boolean transposed = nextInt() != 0;
        int layers = nextInt();
        for (int i = 0; i < layers; i++) {
            int type = nextInt();
            if (!isFinite(type, cells * nextLong())) {
                return false;
            }
        }
        for (int i = 0; i < layers; i++) {
            int type = nextInt();
            long bytes = transposed ? (long) nextInt() * nextInt() : nextLong();
            if (!isFinite(type, cells * bytes)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Scans blocks, each of which begins with a half-precision number: a single value, or the scale of quantized ones.
     */
    private boolean isFinite(int type, long bytes) {
        long block = Arrays.stream(KvCacheType.values())
                .filter(each -> LlamaEngine.number(each) == type)
                .mapToLong(each -> each.bytes(each.blockNumbers()))
                .findFirst()
                .orElseThrow();
        long end = position + bytes;
        for (; position < end; position += block) {
            if ((state.get(SHORT, position) & EXPONENT) == EXPONENT) {
                return false;
            }
        }
        return true;
    }

    private int nextInt() {
        int value = state.get(INT, position);
        position += Integer.BYTES;
        return value;
    }

    private long nextLong() {
        long value = state.get(LONG, position);
        position += Long.BYTES;
        return value;
    }
}
