package io.memos4j.core.embedding;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.core.MemOsConfig.Embedding;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.index.Int8Vectors;
import io.memos4j.spi.models.Embedder;
import io.memos4j.spi.models.EmbedderProvider;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The embedder of this engine, loaded on first use: a process that only adds or lists never pays for the model. Caches
 * the vectors of recent queries. Thread-safe.
 */
public final class VectorSpace implements AutoCloseable {
    private static final int CACHED_QUERIES = 2_000;

    private final String id;
    private final int dimension;
    private final Predicate<String> coverage;
    private final Supplier<Embedder> loader;
    private final Cache<String, byte[]> queries =
            Caffeine.newBuilder().maximumSize(CACHED_QUERIES).build();
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<Embedder> loaded = Optional.empty();
    private boolean closed;

    private VectorSpace(String id, int dimension, Predicate<String> coverage, Supplier<Embedder> loader) {
        this.id = id;
        this.dimension = dimension;
        this.coverage = coverage;
        this.loader = loader;
    }

    /** The vector space of a configuration; empty without an embedder. */
    public static Optional<VectorSpace> of(Embedding embedding) {
        return switch (embedding) {
            case Embedding.None none -> Optional.empty();
            case Embedding.Custom(Embedder given) ->
                Optional.of(new VectorSpace(given.id(), given.dimension(), given::covers, () -> given));
            case Embedding.Bundled bundled ->
                ServiceLoader.load(EmbedderProvider.class)
                        .findFirst()
                        .map(provider -> new VectorSpace(
                                provider.embedderId(), provider.dimension(), provider::covers, provider::open));
        };
    }

    /** The id of the embedder, which identifies its vectors. */
    public String id() {
        return id;
    }

    public int dimension() {
        return dimension;
    }

    /** Refuses a cube whose vectors come from another embedder. */
    public void requireSameEmbedder(CubeRow cube) {
        if (!cube.embedder().isEmpty() && !id.equals(cube.embedder())) {
            throw new MemoryException(
                    ErrorCode.EMBEDDER_MISMATCH,
                    "The vectors of cube '" + cube.id() + "' come from embedder " + cube.embedder()
                            + ", this engine uses " + id
                            + ". Open it with that embedder, or call reindex() to compute new vectors.");
        }
    }

    /** Tells whether the embedder covers the language of a text. */
    public boolean covers(String text) {
        return coverage.test(text);
    }

    /** The embedder; the first call loads the model. */
    public Embedder embedder() {
        lock.lock();
        try {
            if (closed) {
                throw new MemoryException(ErrorCode.CLOSED, "The memory system is closed.");
            }
            if (loaded.isEmpty()) {
                loaded = Optional.of(loader.get());
            }
            return loaded.get();
        } finally {
            lock.unlock();
        }
    }

    /** The vector of a query, encoded as indexes compare it. */
    public byte[] embedQuery(String text) {
        byte[] known = queries.getIfPresent(text);
        if (known != null) {
            return known;
        }
        byte[] vector = Int8Vectors.encode(embedder().embed(text, Embedder.Purpose.QUERY));
        queries.put(text, vector);
        return vector;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            loaded.ifPresent(Embedder::close);
            loaded = Optional.empty();
        } finally {
            lock.unlock();
        }
    }
}
