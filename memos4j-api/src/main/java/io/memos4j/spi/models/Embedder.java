package io.memos4j.spi.models;

/**
 * Turns text into dense vectors. Thread-safe.
 *
 * <p>The same text always gets the same vector, whatever is embedded at the same time. Text beyond the model's window
 * is pooled from several windows, never cut off silently. {@link #close()} waits for running calls; later calls fail
 * with {@link io.memos4j.api.ErrorCode#CLOSED}.
 */
public interface Embedder extends AutoCloseable {
    /** The role of an embedded text; asymmetric models treat the two differently. */
    enum Purpose {
        DOCUMENT,
        QUERY
    }

    /**
     * The identity of the vector space: model, revision, pooling. Vectors of embedders with different ids are never
     * compared.
     */
    String id();

    /** Components of every vector, at least 1. */
    int dimension();

    /** Returns true if the model understands the language of this text; other text is ranked lexically only. */
    boolean covers(String text);

    /**
     * Embeds one non-blank text into a vector of unit length.
     *
     * @throws io.memos4j.api.MemoryException with {@link io.memos4j.api.ErrorCode#EMBEDDER_FAILED} if the model fails
     */
    float[] embed(String text, Purpose purpose);

    /** Returns the number of threads that can usefully call {@link #embed} at once, at least 1. */
    default int concurrency() {
        return 1;
    }

    @Override
    void close();
}
