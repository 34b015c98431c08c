package io.memos4j.runtime.llamacpp;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;

/**
 * Keeps non-finite numbers out of the cells of an engine's cache.
 *
 * <p>Attention multiplies with all cells up to the last one in use, and a mask removes those of other sequences and
 * freed ones. That works for finite numbers only: infinity is not finite under a mask either, so one cell spoils what
 * every sequence computes, until it is overwritten. The sequence that wrote it need not notice: an infinite key that
 * none of its queries attends to has no effect there.
 *
 * <p>So when a step ends in non-finite numbers, all sequences are searched for such cells, and those that have some
 * lose all their cells. Then the free cells are overwritten: llama.cpp can save all that is in use, including sequences
 * that share cells, and restoring that clears all others first.
 *
 * <p>Lives on the engine's thread.
 */
final class KvCacheGuard {
    private final LlamaBindings llama;
    private final MemorySegment context;
    private final int sequences;
    private final BitSet spoiled = new BitSet();
    private boolean dirty;
    private boolean lost;

    KvCacheGuard(LlamaBindings llama, MemorySegment context, int sequences) {
        this.llama = llama;
        this.context = context;
        this.sequences = sequences;
    }

    /** Refuses to continue a sequence whose cells were removed, or a cache that is lost. */
    void requireSound(int sequence) {
        if (lost) {
            throw failed("The cache was lost during cleaning. Close the runtime and open it again.");
        }
        if (spoiled.get(sequence)) {
            throw failed("Numbers computed for this handle were not finite, as a later step found. Close it, and use"
                    + " its adapters with a smaller scale.");
        }
        if (dirty) {
            clean();
        }
    }

    /** Notes that a sequence starts again. */
    void begin(int sequence) {
        spoiled.clear(sequence);
    }

    /** Copies the cells of a sequence into memory of {@code memory}. */
    MemorySegment state(int sequence, Arena memory) {
        long size = LlamaBindings.call(() -> (long) llama.contexts.stateSize.invokeExact(context, sequence));
        MemorySegment state = memory.allocate(size);
        requireAll(size, LlamaBindings.call(() ->
                (long) llama.contexts.stateGet.invokeExact(context, state, size, sequence)));
        return state;
    }

    /** Removes non-finite numbers. If memory is too short for that, the next step tries again. */
    void clean() {
        dirty = true;
        for (int sequence = 0; sequence < sequences; sequence++) {
            if (!isFinite(sequence)) {
                remove(sequence);
                spoiled.set(sequence);
            }
        }
        overwriteFree();
        dirty = false;
    }

    private boolean isFinite(int sequence) {
        try (Arena local = Arena.ofConfined()) {
            return new SequenceState(state(sequence, local)).isFinite();
        }
    }

    private void remove(int sequence) {
        boolean done =
                LlamaBindings.call(() -> (boolean) llama.contexts.sequenceRemove.invokeExact(context, sequence, 0, -1));
        if (!done) {
            throw failed("Sequence " + sequence + " cannot be removed.");
        }
    }

    private void overwriteFree() {
        try (Arena local = Arena.ofConfined()) {
            long size = LlamaBindings.call(() -> (long) llama.contexts.wholeSize.invokeExact(context));
            MemorySegment state = local.allocate(size);
            requireAll(
                    size, LlamaBindings.call(() -> (long) llama.contexts.wholeGet.invokeExact(context, state, size)));
            lost = size != LlamaBindings.call(() -> (long) llama.contexts.wholeSet.invokeExact(context, state, size));
        }
    }

    private void requireAll(long size, long written) {
        if (written != size) {
            throw failed("The cache has " + written + " of " + size + " bytes.");
        }
    }

    private MemoryException failed(String what) {
        return new MemoryException(ErrorCode.RUNTIME_FAILED, what + llama.log.complaints());
    }
}
