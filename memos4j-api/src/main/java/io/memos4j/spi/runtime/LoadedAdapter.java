package io.memos4j.spi.runtime;

/** An adapter that a runtime has ready. Thread-safe. */
public interface LoadedAdapter extends AutoCloseable {
    /** Returns the files that it was loaded from. */
    AdapterFiles files();

    /**
     * Unloads it. Handles computed with it stay open until they are closed, but further calls fail with {@code CLOSED}.
     */
    @Override
    void close();
}
