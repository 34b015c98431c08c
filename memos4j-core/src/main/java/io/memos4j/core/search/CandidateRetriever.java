package io.memos4j.core.search;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.Filter;
import io.memos4j.core.embedding.VectorSpace;
import io.memos4j.core.index.CubeIndexManager;
import io.memos4j.core.language.StandingMemory;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.index.CubeIndex;
import io.memos4j.spi.index.CubeIndex.Ranking;
import io.memos4j.spi.index.DenseQuery;
import io.memos4j.spi.index.LexicalQuery;
import io.memos4j.spi.index.WordStatistics;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Retrieves the candidates of one search from the index of one cube: by words and by vectors in parallel, and the
 * standing memories. Used by one search.
 */
final class CandidateRetriever {
    private static final Ranking NOTHING = new Ranking(List.of(), true);
    private static final Ranking CUT = new Ranking(List.of(), false);

    private final CubeIndexManager indexes;
    private final Optional<VectorSpace> vectors;
    private final ExecutorService parallel;
    private final CubeRow cube;
    private final SearchContext search;
    private Optional<SharedQuery> shared = Optional.empty();

    /**
     * The candidate rankings of a search.
     *
     * @param standing the standing memories, by vector, or by words if the query has no vector
     * @param vector the query's vector; empty if there is no ranking by vector
     */
    record CandidateRankings(Ranking lexical, Ranking dense, Ranking standing, Optional<byte[]> vector) {
        boolean complete() {
            return lexical.complete() && dense.complete();
        }
    }

    /**
     * The query as all cubes of a composite rank by it: embedded once, and with the word statistics of all cubes, so
     * that scores are comparable.
     *
     * @param vector of the query, in the engine's vector space
     */
    record SharedQuery(Supplier<byte[]> vector, WordStatistics words) {}

    private record DenseRankings(Ranking dense, Ranking standing, Optional<byte[]> vector) {
        static DenseRankings none(Ranking ranking) {
            return new DenseRankings(ranking, NOTHING, Optional.empty());
        }
    }

    CandidateRetriever(
            CubeIndexManager indexes,
            Optional<VectorSpace> vectors,
            ExecutorService parallel,
            CubeRow cube,
            SearchContext search) {
        this.indexes = indexes;
        this.vectors = vectors;
        this.parallel = parallel;
        this.cube = cube;
        this.search = search;
    }

    /** Ranks from now on as the other cubes of the composite do. */
    void useShared(SharedQuery query) {
        shared = Optional.of(query);
    }

    /** Counts the words of the query in this cube. */
    WordStatistics wordStatistics() {
        return queryIndex(index -> index.words(search.request().query()));
    }

    /** Retrieves up to {@code limit} passages by words and as many by vector. */
    CandidateRankings retrieve(Filter filter, int limit) {
        Filter standing = Filter.and(filter, StandingMemory.FILTER);
        Future<DenseRankings> dense = parallel.submit(() -> byVector(filter, standing, limit));
        Ranking lexical = search.trace().time("lexical", () -> {
            Ranking ranking = lexical(filter, limit);
            search.trace().note(() -> ranking.candidates().size() + " passages by BM25");
            return ranking;
        });
        DenseRankings byVector = await(dense);
        Ranking considered =
                byVector.vector.isPresent() ? byVector.standing : lexical(standing, StandingMemories.CANDIDATES);
        return new CandidateRankings(lexical, byVector.dense, considered, byVector.vector);
    }

    /** The passages nearest to a vector. */
    Ranking findNearest(byte[] vector, Filter filter, int limit) {
        DenseQuery query =
                new DenseQuery(vector, filter, limit, search.deadline().remaining());
        return queryIndex(index -> index.dense(query));
    }

    /** The passages that share most words with the query. */
    Ranking lexical(Filter filter, int limit) {
        return queryIndex(index -> index.lexical(new LexicalQuery(
                search.request().query(),
                filter,
                limit,
                search.deadline().remaining(),
                shared.map(SharedQuery::words))));
    }

    private DenseRankings byVector(Filter filter, Filter standing, int limit) {
        String query = search.request().query();
        Optional<VectorSpace> space = vectors.filter(each -> each.id().equals(cube.embedder()));
        if (space.isEmpty()) {
            return withoutVector("the cube or the engine has no embedder");
        }
        if (!space.get().covers(query)) {
            return withoutVector("the embedder does not cover the query's language");
        }
        Supplier<byte[]> embedding =
                shared.map(SharedQuery::vector).orElse(() -> space.get().embedQuery(query));
        byte[] vector = search.trace().time("embed", embedding);
        return search.trace().time("dense", () -> {
            Ranking ranking = findNearest(vector, filter, limit);
            search.trace().note(() -> ranking.candidates().size() + " passages by cosine");
            Ranking considered = findNearest(vector, standing, StandingMemories.CANDIDATES);
            return new DenseRankings(ranking, considered, Optional.of(vector));
        });
    }

    private DenseRankings withoutVector(String reason) {
        return search.trace().time("dense", () -> {
            search.trace().note(() -> "no ranking by meaning: " + reason);
            return DenseRankings.none(NOTHING);
        });
    }

    /**
     * Asks the caught-up index, or, with a warning, the index as it is if a storage failure keeps it from catching up.
     */
    private <T> T queryIndex(Function<CubeIndex, T> query) {
        try {
            return indexes.use(cube, query);
        } catch (MemoryException e) {
            if (e.code() != ErrorCode.STORAGE_FULL && e.code() != ErrorCode.STORAGE_FAILED) {
                throw e;
            }
            search.trace()
                    .warn(
                            "index_behind",
                            "The newest changes may be missing because the index cannot be updated: " + e.getMessage());
            return indexes.useStale(cube, query);
        }
    }

    private DenseRankings await(Future<DenseRankings> dense) {
        try {
            return dense.get(search.deadline().remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return DenseRankings.none(CUT);
        } catch (InterruptedException e) {
            dense.cancel(true);
            Thread.currentThread().interrupt();
            throw new MemoryException(ErrorCode.INTERRUPTED, "The search was interrupted.", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof MemoryException failure && failure.code() == ErrorCode.EMBEDDER_FAILED) {
                search.trace().warn("vectors_unavailable", "Ranked by words alone: " + failure.getMessage());
                return DenseRankings.none(NOTHING);
            }
            throw e.getCause() instanceof MemoryException failure
                    ? failure
                    : new IllegalStateException("The vector ranking failed.", e.getCause());
        }
    }
}
