package io.memos4j.testkit.models;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.models.Embedder;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * An embedder without a model: each word has a random direction fixed by its hash, a text is the sum of its words.
 * Texts with common words are near each other. Can be made slow and made to fail.
 */
public final class HashingEmbedder implements Embedder {
    private final String id;
    private final int dimension;
    private final AtomicInteger calls = new AtomicInteger();
    private volatile Duration delay = Duration.ZERO;
    private volatile String failing = "";
    private volatile boolean closed;

    public HashingEmbedder(String id, int dimension) {
        this.id = id;
        this.dimension = dimension;
    }

    /** Makes every call take at least this long. */
    public HashingEmbedder slow(Duration newDelay) {
        delay = newDelay;
        return this;
    }

    /** Makes every text that holds {@code word} fail; the empty string makes none fail. */
    public HashingEmbedder failingOn(String word) {
        failing = word;
        return this;
    }

    /** Returns the number of calls. */
    public int calls() {
        return calls.get();
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public int dimension() {
        return dimension;
    }

    @Override
    public boolean covers(String text) {
        return true;
    }

    @Override
    public float[] embed(String text, Purpose purpose) {
        if (closed) {
            throw new MemoryException(ErrorCode.CLOSED, "The embedder is closed.");
        }
        if (text.isBlank()) {
            throw MemoryException.invalid("Blank text has no vector.");
        }
        calls.incrementAndGet();
        pause();
        if (!failing.isEmpty() && text.contains(failing)) {
            throw new MemoryException(ErrorCode.EMBEDDER_FAILED, "Told to fail on '" + failing + "'.");
        }
        return unit(text);
    }

    private void pause() {
        try {
            Thread.sleep(delay);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MemoryException(ErrorCode.INTERRUPTED, "Interrupted.", e);
        }
    }

    private float[] unit(String text) {
        double[] sum = new double[dimension];
        for (String word : text.toLowerCase(Locale.ROOT).split("\\s+")) {
            RandomGenerator direction =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(word.hashCode());
            for (int i = 0; i < dimension; i++) {
                sum[i] += direction.nextGaussian();
            }
        }
        double square = 0;
        for (double component : sum) {
            square += component * component;
        }
        float[] unit = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            unit[i] = (float) (sum[i] / Math.sqrt(square));
        }
        return unit;
    }

    @Override
    public int concurrency() {
        return 2;
    }

    @Override
    public void close() {
        closed = true;
    }
}
