package io.memos4j.core.scheduler;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.ItemType;
import io.memos4j.api.MemoryException;
import io.memos4j.api.MemoryItem;
import io.memos4j.core.embedding.VectorSpace;
import io.memos4j.core.index.OpenIndexes;
import io.memos4j.spi.Embedder;
import io.memos4j.spi.Int8Vectors;
import io.memos4j.spi.Passage;
import io.memos4j.spi.PassageVector;
import io.memos4j.spi.PendingItem;
import io.memos4j.spi.Vault;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Computes the vectors that adds left pending: takes waiting passages from the vault, embeds them, stores the vectors and brings
 * open indexes up to date.
 *
 * <p>The vault is the queue: what a crash interrupts is pending still at the next start. A passage that the embedder does not cover, or
 * fails on {@value #TRIES} times, is marked as having no vector; it is found lexically. A failing embedder is retried with a growing
 * pause and never stops adds or searches.
 */
public final class VectorWorker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VectorWorker.class);

    /** Passages taken at once: enough that the pause between two batches does not count. */
    private static final int BATCH = 256;

    /** How long finished vectors wait for company before they are stored, so that they appear steadily. */
    private static final Duration FLUSH_EVERY = Duration.ofMillis(100);

    private static final int TRIES = 3;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Vault vault;
    private final OpenIndexes indexes;
    private final VectorSpace space;
    private final Semaphore work = new Semaphore(1);
    private final Map<FailureKey, Integer> failures = new HashMap<>();
    private final Thread thread;
    private Optional<ExecutorService> threads = Optional.empty();
    private volatile boolean closed;

    private record Job(PendingItem pending, Passage passage, Future<PassageVector> result) {}

    private record FailureKey(ItemId item, int version, int passage) {}

    /**
     * Starts the worker. The model is loaded when there is something to embed.
     */
    public VectorWorker(Vault vault, OpenIndexes indexes, VectorSpace space) {
        this.vault = vault;
        this.indexes = indexes;
        this.space = space;
        this.thread = Thread.ofPlatform().name("memos4j-vectors").daemon().start(this::run);
    }

    /** Says that there may be something to embed. Never blocks. */
    public void wake() {
        if (work.availablePermits() == 0) {
            work.release();
        }
    }

    /** The text that stands for a passage in the vector space: who speaks, or under which title, then the passage. */
    static String embeddedText(MemoryItem item, Passage passage) {
        String text = item.text().substring(passage.start(), passage.end()).strip();
        if (item.type() == ItemType.MESSAGE) {
            String speaker = item.origin().speaker();
            return speaker.isEmpty() ? text : speaker + ": " + text;
        }
        return item.title().isEmpty() ? text : item.title() + "\n" + text;
    }

    private void run() {
        Duration pause = Duration.ZERO;
        while (!closed) {
            try {
                if (!pause.isZero()) {
                    work.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
                } else {
                    work.acquire();
                }
                work.drainPermits();
                while (!closed && embedSome()) {
                    pause = Duration.ZERO;
                }
                pause = Duration.ZERO;
            } catch (InterruptedException e) {
                return;
            } catch (MemoryException e) {
                if (closed || e.code() == ErrorCode.CLOSED || e.code() == ErrorCode.INTERRUPTED) {
                    return;
                }
                pause = longer(pause);
                LOG.warn("Vectors wait for another try in {} s: {}", pause.toSeconds(), e.getMessage());
            }
        }
    }

    private static Duration longer(Duration pause) {
        Duration next = pause.isZero() ? Duration.ofSeconds(1) : pause.multipliedBy(2);
        return next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
    }

    /** Embeds one batch; false if nothing was pending. */
    private boolean embedSome() throws InterruptedException {
        List<PendingItem> pending = vault.read(reader -> reader.pending(space.id(), BATCH));
        if (pending.isEmpty()) {
            failures.clear();
            return false;
        }
        Embedder model = space.embedder();
        ExecutorService pool = pool(model);
        Deque<Job> jobs = new ArrayDeque<>();
        for (PendingItem item : pending) {
            for (Passage passage : item.passages()) {
                jobs.add(new Job(item, passage, pool.submit(() -> embed(model, item, passage))));
            }
        }
        Optional<MemoryException> failure = Optional.empty();
        int stored = 0;
        while (!jobs.isEmpty()) {
            List<PassageVector> vectors = new ArrayList<>();
            long flush = System.nanoTime() + FLUSH_EVERY.toNanos();
            while (!jobs.isEmpty() && (vectors.isEmpty() || System.nanoTime() < flush)) {
                Job job = jobs.remove();
                try {
                    vectors.add(job.result.get());
                } catch (ExecutionException e) {
                    failure = Optional.of(failed(job, Objects.requireNonNullElse(e.getCause(), e), vectors));
                }
            }
            store(vectors);
            stored += vectors.size();
        }
        if (failure.isPresent() && stored == 0) {
            throw failure.get();
        }
        return true;
    }

    /** Makes vectors durable and searchable, while the pool goes on with the rest of the batch. */
    private void store(List<PassageVector> vectors) {
        vault.write(writer -> {
            writer.storeVectors(vectors);
            return vectors.size();
        });
        vectors.stream()
                .map(PassageVector::cube)
                .distinct()
                .map(key -> vault.read(reader -> reader.cube(key)))
                .flatMap(Optional::stream)
                .forEach(indexes::catchUpIfOpen);
    }

    private ExecutorService pool(Embedder model) {
        if (threads.isEmpty()) {
            threads = Optional.of(Executors.newFixedThreadPool(
                    model.concurrency(),
                    Thread.ofPlatform().name("memos4j-embed-", 0).daemon().factory()));
        }
        return threads.get();
    }

    private PassageVector embed(Embedder model, PendingItem pending, Passage passage) {
        if (closed) {
            throw new MemoryException(ErrorCode.CLOSED, "The memory system is closing.");
        }
        String text = embeddedText(pending.item(), passage);
        Optional<byte[]> vector = text.isBlank() || !model.covers(text)
                ? Optional.empty()
                : Optional.of(Int8Vectors.encode(model.embed(text, Embedder.Purpose.DOCUMENT)));
        return vector(pending, passage, vector);
    }

    private static PassageVector vector(PendingItem pending, Passage passage, Optional<byte[]> vector) {
        MemoryItem item = pending.item();
        return new PassageVector(pending.cube(), item.id(), item.version(), passage.number(), vector);
    }

    /** Counts a failure; after the last try the passage is settled without a vector. */
    private MemoryException failed(Job job, Throwable cause, List<PassageVector> vectors) {
        MemoryItem item = job.pending.item();
        FailureKey key = new FailureKey(item.id(), item.version(), job.passage.number());
        if (!closed && failures.merge(key, 1, Integer::sum) >= TRIES) {
            LOG.warn("Item {} of cube '{}' stays without a vector: {}", item.id(), item.cube(), cause.getMessage());
            vectors.add(vector(job.pending, job.passage, Optional.empty()));
        }
        return cause instanceof MemoryException known
                ? known
                : new MemoryException(ErrorCode.EMBEDDER_FAILED, "The embedder failed: " + cause, cause);
    }

    /** Lets the running batch finish embedding, then stops. What is not done stays pending. */
    @Override
    public void close() {
        closed = true;
        work.release();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        threads.ifPresent(ExecutorService::close);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
