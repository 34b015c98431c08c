package io.memos4j.spi.models;

/** Makes the default embedder; found with {@link java.util.ServiceLoader}. */
public interface EmbedderProvider {
    /** The identity that {@link #open()}'s embedder will have, known without loading the model. */
    String embedderId();

    /** The dimension that {@link #open()}'s embedder will have, known without loading the model. */
    int dimension();

    /** Returns true if the embedder of {@link #open()} will cover this text; does not load the model. */
    boolean covers(String text);

    /** Loads the model. Slow (hundreds of milliseconds) and large; called at the first need. */
    Embedder open();
}
