package io.memos4j.spi.runtime;

/** An adapter that a runtime has ready. Thread-safe. */
public interface LoadedAdapter extends AutoCloseable {
    /** What it was loaded from. */
    AdapterFiles files();

    /** Unloads it. What was computed with it keeps its place until it is closed, but does not go on: {@code CLOSED}. */
    @Override
    void close();
}
