package io.memos4j.core.search;

import io.memos4j.api.CubeId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.search.SearchResult;
import io.memos4j.core.MemOsConfig;
import io.memos4j.core.clock.ZoneResolver;
import io.memos4j.core.embedding.VectorSpace;
import io.memos4j.core.index.CubeIndexManager;
import io.memos4j.core.retention.UsageRecorder;
import io.memos4j.core.search.MemberSearches.Member;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.vault.Vault;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Searches one or several cubes, now or as of an earlier instant. See {@link SearchPipeline} for the stages.
 * Thread-safe.
 *
 * <p>A search degrades rather than fails: without a vector, behind the deadline, with a reranker that fails, or with an
 * index that cannot follow the vault, it answers with what it has and a warning that says so.
 */
public final class SearchService implements AutoCloseable {
    private final Vault vault;
    private final CubeIndexManager indexes;
    private final Optional<VectorSpace> vectors;
    private final UsageRecorder usage;
    private final Predicate<CubeId> owned;
    private final MemOsConfig config;
    private final ExecutorService parallel = Executors.newVirtualThreadPerTaskExecutor();
    private final List<BiConsumer<List<CubeRow>, SearchResult>> listeners = new CopyOnWriteArrayList<>();

    /**
     * @param usage knows the working memory of sessions and records what is found
     * @param owned whether the caller owns a cube; the standing statements of other cubes are not theirs
     * @param config its clock, time zone, reranker and omitted stages count
     */
    public SearchService(
            Vault vault,
            CubeIndexManager indexes,
            Optional<VectorSpace> vectors,
            UsageRecorder usage,
            Predicate<CubeId> owned,
            MemOsConfig config) {
        this.vault = vault;
        this.indexes = indexes;
        this.vectors = vectors;
        this.usage = usage;
        this.owned = owned;
        this.config = config;
    }

    /**
     * Searches one cube and records what it finds as used.
     *
     * @throws MemoryException if the vault cannot be read
     */
    public SearchResult search(CubeRow cube, SearchRequest request) {
        return search(List.of(SearchScope.of(cube)), request);
    }

    /**
     * Searches several cubes as if they were one and records what it finds as used.
     *
     * @throws MemoryException if none of them can be searched
     */
    public SearchResult search(Collection<SearchScope> scopes, SearchRequest request) {
        return run(List.copyOf(scopes), request, Optional.empty(), Optional.of(usage));
    }

    /** Searches one cube without recording use, for background work. */
    public SearchResult searchUnrecorded(CubeRow cube, SearchRequest request) {
        return run(List.of(SearchScope.of(cube)), request, Optional.empty(), Optional.empty());
    }

    /** Searches what one cube knew at an instant; this does not count as use. */
    public SearchResult searchRecordedAt(SearchScope scope, SearchRequest request, Instant recordedAt) {
        return run(List.of(scope), request, Optional.of(recordedAt), Optional.empty());
    }

    private SearchResult run(
            List<SearchScope> scopes,
            SearchRequest request,
            Optional<Instant> recordedAt,
            Optional<UsageRecorder> recorder) {
        SearchContext search = SearchContext.start(request, zone(scopes, request), recordedAt, config);
        Set<CubeId> own = scopes.stream().map(SearchScope::id).filter(owned).collect(Collectors.toSet());
        MemberSearches members = new MemberSearches(
                scopes,
                search,
                (member, context) ->
                        start(member, context, own.contains(member.cube().id()), recordedAt),
                parallel);
        SearchResult result = new SearchPipeline(search, members, vectors, recorder).run();
        List<CubeRow> cubes = members.present().stream()
                .map(Member::search)
                .map(CubeSearch::cube)
                .toList();
        listeners.forEach(listener -> listener.accept(cubes, result));
        return result;
    }

    /** The time zone of the query; several cubes have none of their own in common. */
    private ZoneId zone(List<SearchScope> scopes, SearchRequest request) {
        return request.zone()
                .orElseGet(() -> scopes.size() == 1
                        ? ZoneResolver.resolve(scopes.getFirst().row().get(), config.zone())
                        : config.zone());
    }

    private CubeSearch start(
            SearchScope.Opened member, SearchContext context, boolean own, Optional<Instant> recordedAt) {
        CubeRow cube = member.cube();
        TimeView then = recordedAt.isPresent()
                ? new HistoricalView(
                        vault, cube.key(), recordedAt.get(), context.request().query())
                : new CurrentView(cube.key(), usage);
        ReadingRights rights = ReadingRights.of(cube.privacy(), member.reader());
        TimeView view = rights.ranking().showsAll() ? then : new RedactedView(then, rights.ranking());
        return new CubeSearch(
                context,
                rights,
                cube,
                own,
                view,
                vault,
                new CandidateRetriever(indexes, vectors, parallel, cube, context));
    }

    /**
     * Calls a listener after every search, on the thread that searched, with the cubes that answered; until the
     * returned action is run.
     */
    public Runnable watch(BiConsumer<List<CubeRow>, SearchResult> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void close() {
        parallel.close();
    }
}
