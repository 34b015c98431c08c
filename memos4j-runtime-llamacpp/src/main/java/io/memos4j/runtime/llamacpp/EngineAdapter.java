package io.memos4j.runtime.llamacpp;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.lang.foreign.MemorySegment;

/**
 * An adapter that llama.cpp has loaded, with a count of its users. Lives on the engine's thread, except for
 * {@link #requireLoaded}.
 */
final class EngineAdapter {
    final String hash;
    final MemorySegment struct;
    private int users;
    private volatile boolean loaded = true;

    EngineAdapter(String hash, MemorySegment struct) {
        this.hash = hash;
        this.struct = struct;
    }

    void retain() {
        users++;
    }

    /** Releases it for one user; true if that was the last one, after which it counts as unloaded. */
    boolean release() {
        users--;
        loaded = users > 0;
        return !loaded;
    }

    void requireLoaded() {
        if (!loaded) {
            throw new MemoryException(
                    ErrorCode.CLOSED, "The adapter " + hash + " is unloaded. Load it again and recompute the tokens.");
        }
    }
}
