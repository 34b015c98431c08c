package io.memos4j.spi.runtime;

/** Number formats of a KV cache. */
public enum KvCacheType {
    /** Two bytes a number. */
    F16(1, 2),
    /** 34 bytes for 32 numbers; greedy output rarely differs from {@link #F16}. */
    Q8_0(32, 34),
    /** 18 bytes for 32 numbers; output differs from {@link #F16}. */
    Q4_0(32, 18);

    private final int blockNumbers;
    private final int blockBytes;

    KvCacheType(int blockNumbers, int blockBytes) {
        this.blockNumbers = blockNumbers;
        this.blockBytes = blockBytes;
    }

    /** Returns the numbers in a block; the width of a head must be a multiple of it. */
    public int blockNumbers() {
        return blockNumbers;
    }

    /** Bytes of so many numbers, which must be whole blocks. */
    public long bytes(long numbers) {
        return numbers / blockNumbers * blockBytes;
    }
}
