package io.memos4j.bench.evaluation;

import io.memos4j.spi.models.Embedder;
import io.memos4j.spi.models.Embedder.Purpose;
import io.memos4j.spi.models.EmbedderProvider;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The bundled embedder with a cache of its vectors, for engines that are opened one after another on the same texts.
 * Stays open when an engine closes it.
 */
final class CachingEmbedder implements Embedder {
    private final Embedder model =
            ServiceLoader.load(EmbedderProvider.class).findFirst().orElseThrow().open();
    private final Map<String, float[]> known = new ConcurrentHashMap<>();

    @Override
    public String id() {
        return model.id();
    }

    @Override
    public int dimension() {
        return model.dimension();
    }

    @Override
    public boolean covers(String text) {
        return model.covers(text);
    }

    @Override
    public float[] embed(String text, Purpose purpose) {
        return known.computeIfAbsent(purpose + text, key -> model.embed(text, purpose))
                .clone();
    }

    @Override
    public int concurrency() {
        return model.concurrency();
    }

    @Override
    public void close() {
        // The next engine uses it too; the process ends it.
    }
}
