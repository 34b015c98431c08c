package io.memos4j.core.embedding;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.index.CubeIndexManager;
import io.memos4j.core.tasks.TaskHandler;
import io.memos4j.core.tasks.TaskOutcome;
import io.memos4j.core.tasks.TaskRun;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.index.Int8Vectors;
import io.memos4j.spi.index.Passage;
import io.memos4j.spi.items.PassageVector;
import io.memos4j.spi.items.PendingItem;
import io.memos4j.spi.models.Embedder;
import io.memos4j.spi.vault.Vault;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Computes the pending vectors of a cube: embeds its waiting passages, stores the vectors and brings the cube's index
 * up to date if it is open. One run is one batch, so that cubes take turns. Thread-safe.
 *
 * <p>A passage that the embedder does not cover, or fails on {@value #MAX_ATTEMPTS} times, is marked as having no
 * vector; searches find it by its words.
 */
public final class EmbedTask implements TaskHandler, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbedTask.class);

    /** Passages of a run: enough to make the pause between two runs negligible. */
    private static final int BATCH = 256;

    /** The interval at which finished vectors are stored, so that they appear steadily. */
    private static final Duration FLUSH_EVERY = Duration.ofMillis(100);

    private static final int MAX_ATTEMPTS = 3;

    private final Vault vault;
    private final CubeIndexManager indexes;
    private final VectorSpace space;
    private final Map<FailureKey, Integer> failures = new ConcurrentHashMap<>();
    private Optional<ExecutorService> threads = Optional.empty();
    private volatile boolean closed;

    private record Job(PendingItem pending, Passage passage, Future<PassageVector> result) {}

    private record FailureKey(CubeKey cube, ItemId item, int version, int passage) {}

    /** Creates the task; the model is loaded when there is something to embed. */
    public EmbedTask(Vault vault, CubeIndexManager indexes, VectorSpace space) {
        this.vault = vault;
        this.indexes = indexes;
        this.space = space;
    }

    /** Returns the text to embed for a passage: its speaker or title, then the passage. */
    static String embeddedText(MemoryItem item, Passage passage) {
        String text = item.text().substring(passage.start(), passage.end()).strip();
        if (item.type() == ItemType.MESSAGE) {
            String speaker = item.origin().speaker();
            return speaker.isEmpty() ? text : speaker + ": " + text;
        }
        return item.title().isEmpty() ? text : item.title() + "\n" + text;
    }

    @Override
    public TaskOutcome run(TaskRun run) {
        CubeRow cube = run.cube();
        if (!cube.embedder().equals(space.id())) {
            return TaskOutcome.done("the cube has vectors of another embedder");
        }
        List<PendingItem> pending = vault.read(reader -> reader.pending(cube.key(), BATCH));
        if (pending.isEmpty()) {
            failures.keySet().removeIf(key -> key.cube.equals(cube.key()));
            return TaskOutcome.done("");
        }
        int stored = embed(run, cube, pending);
        return vault.read(reader -> reader.hasPending(cube.key()))
                ? TaskOutcome.more(stored + " vectors")
                : TaskOutcome.done(stored + " vectors");
    }

    /** Embeds a batch; returns the number of passages that are settled. */
    private int embed(TaskRun run, CubeRow cube, List<PendingItem> pending) {
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
        try {
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
                store(run, cube, vectors);
                stored += vectors.size();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MemoryException(ErrorCode.INTERRUPTED, "Embedding was interrupted.", e);
        } finally {
            jobs.forEach(job -> job.result.cancel(false));
        }
        if (failure.isPresent() && stored == 0) {
            throw failure.get();
        }
        return stored;
    }

    /** Stores vectors and makes them searchable, while the pool continues with the batch. */
    private void store(TaskRun run, CubeRow cube, List<PassageVector> vectors) {
        if (!vectors.isEmpty()) {
            run.commit(writer -> {
                writer.storeVectors(vectors);
                return vectors.size();
            });
            indexes.catchUpIfOpen(cube);
        }
    }

    private synchronized ExecutorService pool(Embedder model) {
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

    /** Counts a failure; after the last attempt the passage is settled without a vector. */
    private MemoryException failed(Job job, Throwable cause, List<PassageVector> vectors) {
        MemoryItem item = job.pending.item();
        FailureKey key = new FailureKey(job.pending.cube(), item.id(), item.version(), job.passage.number());
        if (!closed && failures.merge(key, 1, Integer::sum) >= MAX_ATTEMPTS) {
            LOG.warn("A passage of item {} gets no vector: {}", item.id(), cause.getMessage());
            vectors.add(vector(job.pending, job.passage, Optional.empty()));
        }
        return cause instanceof MemoryException known
                ? known
                : new MemoryException(ErrorCode.EMBEDDER_FAILED, "The embedder failed: " + cause, cause);
    }

    /** Waits for the passages being embedded and stops the threads. */
    @Override
    public synchronized void close() {
        closed = true;
        threads.ifPresent(ExecutorService::close);
    }
}
