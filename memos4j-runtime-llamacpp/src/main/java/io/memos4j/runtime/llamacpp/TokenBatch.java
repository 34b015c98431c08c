package io.memos4j.runtime.llamacpp;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

/** The arrays of a {@code llama_batch} for one sequence. */
final class TokenBatch {
    final MemorySegment struct;
    private final MemorySegment tokens;
    private final MemorySegment positions;
    private final MemorySegment sequence;
    private final MemorySegment sampled;

    TokenBatch(Arena arena) {
        tokens = arena.allocate(JAVA_INT, LlamaEngine.BATCH);
        positions = arena.allocate(JAVA_INT, LlamaEngine.BATCH);
        sampled = arena.allocate(JAVA_BYTE, LlamaEngine.BATCH);
        sequence = arena.allocate(JAVA_INT);
        MemorySegment counts = arena.allocate(JAVA_INT, LlamaEngine.BATCH);
        MemorySegment sequences = arena.allocate(ADDRESS, LlamaEngine.BATCH);
        for (int i = 0; i < LlamaEngine.BATCH; i++) {
            counts.setAtIndex(JAVA_INT, i, 1);
            sequences.setAtIndex(ADDRESS, i, sequence);
        }
        struct = arena.allocate(LlamaAbi.BATCH);
        set("token", tokens);
        set("pos", positions);
        set("n_seq_id", counts);
        set("seq_id", sequences);
        set("logits", sampled);
    }

    private void set(String field, MemorySegment array) {
        struct.set(ADDRESS, LlamaAbi.offset(LlamaAbi.BATCH, field), array);
    }

    /** Fills the batch with a part of a sequence, and requests the logits of its last token. */
    void fill(LlamaEngine.TokenRange stretch) {
        int count = stretch.length();
        sequence.set(JAVA_INT, 0, stretch.sequence());
        struct.set(JAVA_INT, 0, count);
        MemorySegment.copy(stretch.prefix().tokens(), stretch.from(), tokens, JAVA_INT, 0, count);
        for (int i = 0; i < count; i++) {
            positions.setAtIndex(JAVA_INT, i, stretch.from() + i);
            sampled.setAtIndex(JAVA_BYTE, i, (byte) (i == count - 1 ? 1 : 0));
        }
    }
}
