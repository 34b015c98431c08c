package io.memos4j.runtime.llamacpp;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.runtime.ActivationImage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Function;

/** The state of a sequence in memory of this process. */
final class LlamaCppImage implements ActivationImage {
    private final LlamaCppRuntime runtime;
    private final TokenPrefix prefix;
    private final Arena memory;
    private final MemorySegment state;
    private boolean closed;

    /** Takes ownership of the memory that holds the state. */
    LlamaCppImage(LlamaCppRuntime runtime, TokenPrefix prefix, Arena memory, MemorySegment state) {
        this.runtime = runtime;
        this.prefix = prefix;
        this.memory = memory;
        this.state = state;
    }

    @Override
    public int[] tokens() {
        return prefix.tokens().clone();
    }

    @Override
    public long bytes() {
        return state.byteSize();
    }

    TokenPrefix prefix() {
        return prefix;
    }

    boolean isOf(LlamaCppRuntime other) {
        return runtime == other;
    }

    /** Reads the state, which is not freed meanwhile. */
    synchronized <T> T read(Function<MemorySegment, T> work) {
        if (closed) {
            throw new MemoryException(ErrorCode.CLOSED, "This image is closed. Compute its tokens again.");
        }
        return work.apply(state);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            memory.close();
        }
    }
}
