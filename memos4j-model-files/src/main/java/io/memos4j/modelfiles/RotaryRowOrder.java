package io.memos4j.modelfiles;

import io.memos4j.api.adapters.LoraTarget;

/**
 * Reorders the rows of the query and key matrices.
 *
 * <p>Rotary embedding rotates pairs of numbers in each head. Transformers pairs number j with number j + half, and so
 * does llama.cpp for Qwen; for the llama architecture it pairs neighbors, and {@code convert_hf_to_gguf.py}
 * ({@code LlamaModel.permute}) moves the rows accordingly: row s·half + j of a head becomes row 2j + s. The rows of an
 * adapter's B move with them.
 */
final class RotaryRowOrder {
    private RotaryRowOrder() {}

    /** Tells whether the rows of a matrix have another order in GGUF files. */
    static boolean differs(BaseModel base, LoraTarget target) {
        return base.architecture().equals("llama") && (target == LoraTarget.QUERY || target == LoraTarget.KEY);
    }

    /** Moves rows from the order of Transformers to that of GGUF files. */
    static float[] toGguf(float[] rows, int columns, int headWidth) {
        float[] moved = new float[rows.length];
        for (int row = 0; row < rows.length / columns; row++) {
            System.arraycopy(rows, row * columns, moved, inGguf(row, headWidth) * columns, columns);
        }
        return moved;
    }

    /** Moves rows from the order of GGUF files to that of Transformers. */
    static float[] toTransformers(float[] rows, int columns, int headWidth) {
        float[] moved = new float[rows.length];
        for (int row = 0; row < rows.length / columns; row++) {
            System.arraycopy(rows, inGguf(row, headWidth) * columns, moved, row * columns, columns);
        }
        return moved;
    }

    private static int inGguf(int row, int headWidth) {
        int half = headWidth / 2;
        int inHead = row % headWidth;
        return row - inHead + 2 * (inHead % half) + inHead / half;
    }
}
