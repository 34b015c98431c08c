package io.memos4j.trainer.pytorch;

import org.bytedeco.pytorch.Tensor;

/**
 * Rotary position embedding in the layout of Hugging Face: number i of a head is rotated together with number i + half.
 *
 * <p>The table has a row per position and grows to twice the longest text so far.
 */
final class RotaryEmbedding implements AutoCloseable {
    private static final int SHORTEST = 64;

    /**
     * Cosines and sines of some positions, over the whole width of a head; the sines of the first half are negative.
     */
    record Angles(Tensor cosines, Tensor sines) {
        /** Rotates heads of the shape batch × heads × tokens × width. */
        Tensor rotate(Tensor heads) {
            long half = heads.size(3) / 2;
            return heads.mul(cosines).addcmul(heads.roll(new long[] {half}, 3), sines);
        }
    }

    private final RotaryScaling positions;
    private final TensorPlacement placement;
    private RetainedTensors kept = new RetainedTensors();
    private int length;
    private Angles table;

    RotaryEmbedding(RotaryScaling positions, TensorPlacement placement) {
        this.positions = positions;
        this.placement = placement;
        this.table = grown(SHORTEST);
    }

    /** Returns the angles of {@code count} positions from {@code start} on. */
    Angles angles(int start, int count) {
        if (start + count > length) {
            kept.close();
            table = grown(2 * (start + count));
        }
        return new Angles(table.cosines.narrow(0, start, count), table.sines.narrow(0, start, count));
    }

    private Angles grown(int newLength) {
        int half = positions.frequencies().length;
        float[][] table = positions.table(newLength);
        float[] cosines = new float[newLength * half * 2];
        float[] sines = new float[newLength * half * 2];
        for (int row = 0; row < newLength; row++) {
            for (int pair = 0; pair < half; pair++) {
                int at = row * half * 2 + pair;
                cosines[at] = table[0][row * half + pair];
                cosines[at + half] = cosines[at];
                sines[at] = -table[1][row * half + pair];
                sines[at + half] = -sines[at];
            }
        }
        length = newLength;
        kept = new RetainedTensors();
        return new Angles(
                kept.retain(placement.floats(cosines, newLength, half * 2L)),
                kept.retain(placement.floats(sines, newLength, half * 2L)));
    }

    @Override
    public void close() {
        kept.close();
    }
}
