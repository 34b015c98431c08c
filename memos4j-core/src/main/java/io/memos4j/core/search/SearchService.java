package io.memos4j.core.search;

import io.memos4j.api.MemoryException;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.search.SearchResult;
import io.memos4j.core.MemOsConfig.SearchStage;
import io.memos4j.core.embedding.VectorSpace;
import io.memos4j.core.index.CubeIndexManager;
import io.memos4j.core.ingest.ContextEchoDetector;
import io.memos4j.core.retention.UsageRecorder;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.models.Reranker;
import io.memos4j.spi.vault.Vault;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * MemOperator's search. Thread-safe.
 *
 * <p>Analysis of the query; lexical and dense candidates in parallel under the deadline; fusion; what the conversation,
 * the speaker and the time add; folding of what says the same; rerank, if there is one; the current value before former
 * ones; standing memories; packing into the token budget. See {@link CubeSearch} for the stages in order.
 *
 * <p>A search degrades rather than fails: without a vector, behind the deadline, with a reranker that fails, or with an
 * index that cannot follow the vault, it answers with what it has and a warning that says so.
 */
public final class SearchService implements AutoCloseable {
    private final Parts parts;
    private final List<Consumer<SearchResult>> watchers = new CopyOnWriteArrayList<>();

    /**
     * What every search works with.
     *
     * @param zone in which dates are rendered and relative dates are read
     */
    record Parts(
            Vault vault,
            CubeIndexManager indexes,
            Optional<VectorSpace> vectors,
            Optional<Reranker> reranker,
            ContextEchoDetector recent,
            Clock clock,
            ZoneId zone,
            Set<SearchStage> omitted,
            UsageRecorder uses,
            ExecutorService parallel) {}

    /**
     * How a searcher reads the world.
     *
     * @param uses knows what sessions have at hand
     */
    public record Setting(
            Clock clock, ZoneId zone, Optional<Reranker> reranker, Set<SearchStage> omitted, UsageRecorder uses) {}

    public SearchService(
            Vault vault,
            CubeIndexManager indexes,
            Optional<VectorSpace> vectors,
            ContextEchoDetector recent,
            Setting setting) {
        this.parts = new Parts(
                vault,
                indexes,
                vectors,
                setting.reranker,
                recent,
                setting.clock,
                setting.zone,
                setting.omitted,
                setting.uses,
                Executors.newVirtualThreadPerTaskExecutor());
    }

    /**
     * Searches one cube.
     *
     * @throws MemoryException if the vault cannot be read
     */
    public SearchResult search(CubeRow cube, SearchRequest request) {
        return shown(new CubeSearch(parts, cube, request, new CurrentView(cube.key())).run());
    }

    /** Searches what one cube knew at an instant. */
    public SearchResult search(CubeRow cube, SearchRequest request, Instant recorded) {
        HistoricalView past = new HistoricalView(parts.vault, cube.key(), recorded, request.query());
        return shown(new CubeSearch(parts, cube, request, past).run());
    }

    /**
     * Searches several cubes as if they were one.
     *
     * @throws MemoryException if none of them can be searched
     */
    public SearchResult search(Collection<SearchScope> scopes, SearchRequest request) {
        return shown(new SearchPipeline(parts, scopes, request).run());
    }

    /** Shows every answer to {@code watcher}, on the thread that searched, until the result is run. */
    public Runnable watch(Consumer<SearchResult> watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    private SearchResult shown(SearchResult result) {
        watchers.forEach(watcher -> watcher.accept(result));
        return result;
    }

    @Override
    public void close() {
        parts.parallel.close();
    }
}
