package io.memos4j.runtime.llamacpp;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;

/**
 * The cells of an engine's cache, as far as they can be spoiled.
 *
 * <p>Attention multiplies with all cells up to the last one in use, and a mask takes out those of other sequences and
 * those that were given back. That works for numbers alone: infinity stays no number under a mask, so that one cell
 * spoils what every sequence computes, until it is overwritten. And who wrote it need not notice: a key of infinity
 * that no query of its own sequence turns to is left out there.
 *
 * <p>So when a step ends in what is no number, the sequences are searched for such cells; those that have some lose all
 * of theirs. Then the free cells are overwritten: llama.cpp can write out all that is in use, sequences that share
 * cells included, and when it reads that back it empties all others first.
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

    /** Refuses to go on with a sequence whose cells are gone, or with a cache that is. */
    void requireSound(int sequence) {
        if (lost) {
            throw failed("The cache was lost when it was cleaned. Close the runtime and open it again.");
        }
        if (spoiled.get(sequence)) {
            throw failed("What was computed for this handle was no number, as a later step found. Close it, and use its"
                    + " adapters with a smaller scale.");
        }
        if (dirty) {
            clean();
        }
    }

    /** Says that a sequence begins anew. */
    void begin(int sequence) {
        spoiled.clear(sequence);
    }

    /** The cells of a sequence, in memory of {@code memory}. */
    MemorySegment state(int sequence, Arena memory) {
        long size = LlamaBindings.call(() -> (long) llama.contexts.stateSize.invokeExact(context, sequence));
        MemorySegment state = memory.allocate(size);
        requireAll(size, LlamaBindings.call(() ->
                (long) llama.contexts.stateGet.invokeExact(context, state, size, sequence)));
        return state;
    }

    /** Takes out what is no number. If memory is short for that, the next step tries again. */
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
