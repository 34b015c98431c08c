package io.memos4j.core.search;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.search.SearchResult;
import io.memos4j.core.MemOsConfig.SearchStage;
import io.memos4j.core.search.CandidateRetriever.Common;
import io.memos4j.core.search.CandidateRetriever.Proposed;
import io.memos4j.core.search.ContextPacker.PackedContext;
import io.memos4j.core.search.CubeSearch.Likeness;
import io.memos4j.core.search.MemberSearches.Member;
import io.memos4j.core.search.QueryAnalysis.Aspect;
import io.memos4j.core.search.ScoreFusion.FusedCandidate;
import io.memos4j.core.search.SearchService.Parts;
import io.memos4j.core.search.StandingMemories.LikelyMemory;
import io.memos4j.spi.index.CubeIndex.Ranking;
import io.memos4j.spi.index.PassageCandidate;
import io.memos4j.spi.index.WordStatistics;
import io.memos4j.spi.items.PassageVector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * One search of several cubes; used once.
 *
 * <p>The cubes rank as one cube of everything would. Cosines are comparable as they are, where one embedder made the
 * vectors. BM25 is not, since a word that is rare in one cube may be common in the next: so the cubes first say how
 * common the query's words are, and then rank by the sum ("global idf"; Callan, "Distributed Information Retrieval",
 * 2000, section 5.1). The candidates of all are pooled, cut where a single cube would cut them, and normalised
 * together. The stages that read around a hit (its neighbours, ratings, newer values) work on each cube for itself: a
 * conversation never reaches over into another cube, and nobody's statement is outdated by somebody else's.
 *
 * <p>The price is one more round: the statistics must be there before the ranking begins.
 */
final class SearchPipeline {
    private final Parts parts;
    private final SearchRequest request;
    private final SearchTrace trace;
    private final SearchDeadline deadline;
    private final QueryAnalysis analysis;
    private final MemberSearches members;

    SearchPipeline(Parts parts, Collection<SearchScope> scopes, SearchRequest request) {
        this.parts = parts;
        this.request = request;
        this.trace = new SearchTrace(request.explain());
        this.deadline = SearchDeadline.after(request.deadline());
        Instant reference = request.referenceTime()
                .or(request::validAt)
                .orElseGet(() -> parts.clock().instant());
        this.analysis =
                QueryAnalysis.of(request.query(), reference.atZone(parts.zone()).toLocalDate());
        this.members = new MemberSearches(parts, scopes, request, trace);
    }

    SearchResult run() {
        Optional<Pool> pooled = propose();
        List<RankedItem> best = pooled.map(this::best).orElse(List.of());
        members.warnings().forEach(warning -> trace.warn(warning.code(), warning.message()));
        PackedContext packed = trace.time("pack", () -> pack(best));
        return new SearchResult(packed.hits(), packed.context(), packed.tokens(), trace.warnings(), trace.stages());
    }

    /**
     * The candidates of all members.
     *
     * @param proposed as if one cube had proposed them
     * @param owners whose an item is; the first member's where several have it
     */
    private record Pool(Proposed proposed, Map<ItemId, Member> owners) {}

    /** Empty if no member answered in time. */
    private Optional<Pool> propose() {
        Function<String, byte[]> embed =
                text -> trace.time("embed", () -> parts.vectors().orElseThrow().embedQuery(text));
        QueryVector vector = new QueryVector(request.query(), embed);
        WordStatistics words = trace.time("words", () -> {
            Map<Member, WordStatistics> each = members.inTime(deadline, CubeSearch::words);
            trace.note(() -> each.size() + " cubes say how common the words are");
            return each.values().stream().reduce(WordStatistics.NONE, WordStatistics::plus);
        });
        Map<Member, Proposed> proposed = trace.time("candidates", () -> {
            Common common = new Common(vector::get, words);
            Map<Member, Proposed> each = members.inTime(deadline, search -> search.propose(common));
            trace.note(() -> "of " + each.size() + " cubes");
            return each;
        });
        if (proposed.values().stream().anyMatch(each -> !each.complete())) {
            trace.warn(
                    "deadline_exceeded",
                    "The deadline of " + request.deadline()
                            + " cut the ranking; better matches may be missing. Allow more time.");
        }
        return proposed.isEmpty() ? Optional.empty() : Optional.of(pool(proposed));
    }

    private Pool pool(Map<Member, Proposed> proposed) {
        Map<ItemId, Member> owners = new LinkedHashMap<>();
        proposed.forEach((member, each) -> List.of(each.lexical(), each.dense(), each.standing())
                .forEach(ranking -> ranking.candidates().forEach(found -> owners.putIfAbsent(found.item(), member))));
        Function<Function<Proposed, Ranking>, Ranking> joined = which -> {
            Map<Member, Ranking> rankings = new LinkedHashMap<>();
            proposed.forEach((member, each) -> rankings.put(member, which.apply(each)));
            return join(rankings, owners);
        };
        Ranking standing = joined.apply(Proposed::standing);
        Proposed all = new Proposed(
                joined.apply(Proposed::lexical),
                joined.apply(Proposed::dense),
                new Ranking(
                        standing.candidates().stream()
                                .limit(StandingMemories.CANDIDATES)
                                .toList(),
                        standing.complete()),
                proposed.values().stream()
                        .flatMap(each -> each.vector().stream())
                        .findFirst());
        return new Pool(all, owners);
    }

    /** The best of several rankings by comparable scores; each item from its owner alone. */
    private Ranking join(Map<Member, Ranking> rankings, Map<ItemId, Member> owners) {
        List<PassageCandidate> candidates = new ArrayList<>();
        rankings.forEach((member, ranking) -> ranking.candidates().stream()
                .filter(each -> owners.computeIfAbsent(each.item(), id -> member) == member)
                .forEach(candidates::add));
        candidates.sort(Comparator.comparing(PassageCandidate::score).reversed());
        boolean complete = rankings.values().stream().allMatch(Ranking::complete);
        return new Ranking(candidates.subList(0, Math.min(candidates.size(), members.limit())), complete);
    }

    private List<RankedItem> best(Pool pool) {
        Proposed all = pool.proposed;
        List<RankedItem> ranked = trace.time("rank", () -> rank(members.fuse(all.lexical(), all.dense()), pool.owners));
        if (all.vector().isPresent() && members.gather(ranked)) {
            ranked = gather(ranked, pool, all.vector().get());
        }
        List<RankedItem> folded = Deduplicator.deduplicate(ranked);
        List<RankedItem> reranked = parts.reranker()
                .map(reranker -> trace.time(
                        "rerank",
                        () -> new RerankStage(reranker, deadline, trace)
                                .apply(request.query(), folded, members::excerpt)))
                .orElse(folded);
        List<RankedItem> current = has(SearchStage.SETTLE)
                ? trace.time("settle", () -> members.byCube(reranked, CubeSearch::settle))
                : reranked;
        List<RankedItem> whole = has(SearchStage.EPISODES) && analysis.asks(Aspect.OVERVIEW)
                ? trace.time("episodes", () -> members.byCube(current, CubeSearch::episodes))
                : current;
        return has(SearchStage.STANDING) ? trace.time("standing", () -> withStanding(whole, pool)) : whole;
    }

    private boolean has(SearchStage stage) {
        return !parts.omitted().contains(stage);
    }

    /** Every member weighs its part of the head; an item that several bring in is its best part's. */
    private List<RankedItem> rank(List<FusedCandidate> fused, Map<ItemId, Member> owners) {
        Map<Member, List<FusedCandidate>> own = new LinkedHashMap<>();
        members.head(fused)
                .forEach(each -> Optional.ofNullable(owners.get(each.item()))
                        .ifPresent(member -> own.computeIfAbsent(member, key -> new ArrayList<>())
                                .add(each)));
        Map<ItemId, RankedItem> found = new LinkedHashMap<>();
        members.each(own, CubeSearch::rank).values().stream()
                .flatMap(List::stream)
                .sorted(RankedItem.BEST_FIRST)
                .forEach(each -> found.putIfAbsent(each.id(), each));
        return List.copyOf(found.values());
    }

    private List<RankedItem> gather(List<RankedItem> ranked, Pool pool, byte[] query) {
        return trace.time("gather", () -> {
            List<RankedItem> exemplars =
                    ranked.stream().limit(CubeSearch.EXEMPLARS).toList();
            byte[] moved = new PassageVectors(this::vectors).towards(query, exemplars);
            Ranking near = join(members.all(search -> search.near(moved)), pool.owners);
            List<PassageCandidate> words = pool.proposed.lexical().candidates();
            return rank(
                    ScoreFusion.fuse(words, near.candidates(), ScoreFusion.DENSE_WEIGHT_WHEN_GATHERING), pool.owners);
        });
    }

    private List<PassageVector> vectors(Collection<ItemId> ids) {
        return parts.vault()
                .read(reader -> members.present().stream()
                        .flatMap(member -> reader.vectors(member.search().cube().key(), ids).stream())
                        .toList());
    }

    private List<RankedItem> withStanding(List<RankedItem> ranked, Pool pool) {
        Map<Member, List<PassageCandidate>> own = new LinkedHashMap<>();
        pool.proposed
                .standing()
                .candidates()
                .forEach(each -> Optional.ofNullable(pool.owners.get(each.item()))
                        .ifPresent(member -> own.computeIfAbsent(member, key -> new ArrayList<>())
                                .add(each)));
        Likeness likeness = Likeness.of(pool.proposed);
        BiFunction<CubeSearch, List<PassageCandidate>, List<LikelyMemory>> load =
                (search, part) -> search.standing(part, likeness);
        List<LikelyMemory> near = members.each(own, load).values().stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparingDouble(LikelyMemory::likeness).reversed())
                .toList();
        return StandingMemories.insertInto(ranked, StandingMemories.selectApplicable(near, analysis), request.limit());
    }

    private PackedContext pack(List<RankedItem> found) {
        PackedContext packed =
                new ContextPacker(parts.zone(), request, members::excerpt, SearchPipeline::provenance).pack(found);
        List<String> lines = packed.context().lines().toList();
        members.present()
                .forEach(member ->
                        parts.recent().recordReturned(member.search().cube().key(), lines));
        return packed;
    }

    /** Which cube an item is from, as a context of several cubes says it. */
    private static String provenance(MemoryItem item) {
        return "(" + item.cube() + ") ";
    }
}
