package io.memos4j.spi.runtime;

/**
 * A computed prefix outside the engine, in memory. Thread-safe. Belongs to the runtime that made it; it does not end
 * with it.
 */
public interface ActivationImage extends AutoCloseable {
    /** The tokens that it stands for. */
    int[] tokens();

    /** Returns the bytes that it occupies. */
    long bytes();

    /** Frees it; waits for a {@link ActivationRuntime#restore(ActivationImage)} that reads it. */
    @Override
    void close();
}
