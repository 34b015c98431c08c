package io.memos4j.modelfiles;

/** Reads numbers block by block on demand. */
final class BlockWeights implements WeightSource {
    private static final int BLOCK = 1 << 16;

    private final long count;
    private final BlockReader place;
    private float[] block = {};
    private int next;
    private long read;

    BlockWeights(long count, BlockReader place) {
        this.count = count;
        this.place = place;
    }

    @Override
    public float next() {
        if (next == block.length) {
            block = new float[(int) Math.min(BLOCK, count - read)];
            place.read(read, block);
            read += block.length;
            next = 0;
        }
        return block[next++];
    }
}
