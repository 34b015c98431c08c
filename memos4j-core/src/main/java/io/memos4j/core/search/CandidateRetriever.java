package io.memos4j.core.search;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.Filter;
import io.memos4j.core.embedding.VectorSpace;
import io.memos4j.core.search.SearchService.Parts;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.index.CubeIndex;
import io.memos4j.spi.index.CubeIndex.Ranking;
import io.memos4j.spi.index.DenseQuery;
import io.memos4j.spi.index.LexicalQuery;
import io.memos4j.spi.index.WordStatistics;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/** Asks the index for what may be meant: by words and by meaning, side by side, and for the standing memories. */
final class CandidateRetriever {
    private static final Ranking NOTHING = new Ranking(List.of(), true);
    private static final Ranking CUT = new Ranking(List.of(), false);

    private final Parts parts;
    private final CubeRow cube;
    private final SearchDeadline deadline;
    private final SearchTrace trace;
    private Optional<Common> common = Optional.empty();

    /**
     * What was proposed.
     *
     * @param standing the standing memories, by meaning, or by words where there is no vector
     * @param vector the query's vector
     */
    record Proposed(Ranking lexical, Ranking dense, Ranking standing, Optional<byte[]> vector) {
        boolean complete() {
            return lexical.complete() && dense.complete();
        }
    }

    /**
     * What the members of a composite have in common: the query's vector is made once, and words weigh the same in all.
     *
     * @param vector of the query, in the engine's vector space
     */
    record Common(Supplier<byte[]> vector, WordStatistics words) {}

    private record Meaning(Ranking dense, Ranking standing, Optional<byte[]> vector) {
        static Meaning none(Ranking ranking) {
            return new Meaning(ranking, NOTHING, Optional.empty());
        }
    }

    CandidateRetriever(Parts parts, CubeRow cube, SearchDeadline deadline, SearchTrace trace) {
        this.parts = parts;
        this.cube = cube;
        this.deadline = deadline;
        this.trace = trace;
    }

    /** From now on ranks as all members of a composite do. */
    void share(Common shared) {
        common = Optional.of(shared);
    }

    /** How common the words of a query are here. */
    WordStatistics words(String query) {
        return ranked(index -> index.words(query));
    }

    Proposed propose(String query, Filter filter, int limit) {
        Filter standing = Filter.and(filter, StandingMemories.FILTER);
        Future<Meaning> meaning = parts.parallel().submit(() -> meaning(query, filter, standing, limit));
        Ranking lexical = trace.time("lexical", () -> {
            Ranking ranking = lexical(query, filter, limit);
            trace.note(() -> ranking.candidates().size() + " passages by BM25");
            return ranking;
        });
        Meaning found = await(meaning);
        Ranking considered =
                found.vector.isPresent() ? found.standing : lexical(query, standing, StandingMemories.CANDIDATES);
        return new Proposed(lexical, found.dense, considered, found.vector);
    }

    /** The passages nearest to a vector. */
    Ranking near(byte[] vector, Filter filter, int limit) {
        return ranked(index -> index.dense(new DenseQuery(vector, filter, limit, deadline.remaining())));
    }

    /** The passages that share most with the words of a query. */
    Ranking lexical(String query, Filter filter, int limit) {
        return ranked(index ->
                index.lexical(new LexicalQuery(query, filter, limit, deadline.remaining(), common.map(Common::words))));
    }

    private Meaning meaning(String query, Filter filter, Filter standing, int limit) {
        Optional<VectorSpace> space = parts.vectors().filter(each -> each.id().equals(cube.embedder()));
        if (space.isEmpty()) {
            return without("the cube or the engine has no embedder");
        }
        if (!space.get().covers(query)) {
            return without("the embedder does not cover the query's language");
        }
        byte[] vector = trace.time(
                "embed",
                () -> common.map(Common::vector)
                        .orElse(() -> space.get().embedQuery(query))
                        .get());
        return trace.time("dense", () -> {
            Ranking ranking = near(vector, filter, limit);
            trace.note(() -> ranking.candidates().size() + " passages by cosine");
            return new Meaning(ranking, near(vector, standing, StandingMemories.CANDIDATES), Optional.of(vector));
        });
    }

    private Meaning without(String reason) {
        return trace.time("dense", () -> {
            trace.note(() -> "no ranking by meaning: " + reason);
            return Meaning.none(NOTHING);
        });
    }

    /**
     * A ranking by the caught-up index; by the index as it is, with a warning, if the disk does not let it catch up.
     */
    private <T> T ranked(Function<CubeIndex, T> query) {
        try {
            return parts.indexes().use(cube, query);
        } catch (MemoryException e) {
            if (e.code() != ErrorCode.STORAGE_FULL && e.code() != ErrorCode.STORAGE_FAILED) {
                throw e;
            }
            trace.warn("index_behind", "The newest changes may be missing, the index cannot follow: " + e.getMessage());
            return parts.indexes().useStale(cube, query);
        }
    }

    private Meaning await(Future<Meaning> meaning) {
        try {
            return meaning.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return Meaning.none(CUT);
        } catch (InterruptedException e) {
            meaning.cancel(true);
            Thread.currentThread().interrupt();
            throw new MemoryException(ErrorCode.INTERRUPTED, "The search was interrupted.", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof MemoryException failure && failure.code() == ErrorCode.EMBEDDER_FAILED) {
                trace.warn("vectors_unavailable", "Ranked by words alone: " + failure.getMessage());
                return Meaning.none(NOTHING);
            }
            throw e.getCause() instanceof MemoryException failure
                    ? failure
                    : new IllegalStateException("The vector ranking failed.", e.getCause());
        }
    }
}
