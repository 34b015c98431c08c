package io.memos4j.core.search;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.search.SearchHit;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.search.SearchResult;
import io.memos4j.core.MemOsConfig.SearchStage;
import io.memos4j.core.clock.ZoneResolver;
import io.memos4j.core.embedding.VectorSpace;
import io.memos4j.core.retention.UsageRecorder;
import io.memos4j.core.search.CandidateRetriever.CandidateRankings;
import io.memos4j.core.search.CandidateRetriever.SharedQuery;
import io.memos4j.core.search.ContextPacker.PackedContext;
import io.memos4j.core.search.CubeSearch.CubeCandidates;
import io.memos4j.core.search.MemberSearches.Member;
import io.memos4j.core.search.QueryAnalysis.Aspect;
import io.memos4j.core.search.ScoreFusion.FusedCandidate;
import io.memos4j.core.search.StandingMemories.LikelyMemory;
import io.memos4j.spi.index.CubeIndex.Ranking;
import io.memos4j.spi.index.PassageCandidate;
import io.memos4j.spi.index.WordStatistics;
import io.memos4j.spi.retention.WorkingMemoryEntry;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The stages of a search, in order: candidates, fusion, ranking, gathering, working memory, deduplication, rerank,
 * freshness, identifiers, conversation spans, standing memories, packing, and the record of use. Used once. A single
 * cube is a composite of one.
 *
 * <p>Several cubes rank as one cube of everything would. Cosines are comparable as they are, since one embedder made
 * the vectors. BM25 is not, since a word that is rare in one cube may be common in the next: so the cubes first say how
 * common the query's words are, and then rank by the sum ("global idf"; Callan, "Distributed Information Retrieval",
 * 2000, section 5.1), at the price of one more round. The candidates of all are pooled, cut where a single cube would
 * cut them, and normalized together. The stages that read around a hit (its neighbors, ratings, newer values) work on
 * each cube separately: a conversation never spans two cubes, and a statement is never outdated by one in another cube.
 */
final class SearchPipeline {
    /** The best hits that a second query by vector starts from. */
    private static final int EXEMPLARS = 3;

    private final SearchContext search;
    private final SearchRequest request;
    private final SearchTrace trace;
    private final MemberSearches members;
    private final Optional<VectorSpace> vectors;
    private final Optional<UsageRecorder> usage;

    /** @param usage records what is found; empty for a search that does not count as use */
    SearchPipeline(
            SearchContext search,
            MemberSearches members,
            Optional<VectorSpace> vectors,
            Optional<UsageRecorder> usage) {
        this.search = search;
        this.request = search.request();
        this.trace = search.trace();
        this.members = members;
        this.vectors = vectors;
        this.usage = usage;
    }

    SearchResult run() {
        List<RankedItem> best = withRedacted(rankAll());
        members.warnings().forEach(warning -> trace.warn(warning.code(), warning.message()));
        PackedContext packed = trace.time(
                "pack",
                () -> new ContextPacker(
                                new ItemSetting(
                                        this::zoneOf,
                                        members.isSingle() ? item -> "" : SearchPipeline::provenance,
                                        this::isOwn),
                                request,
                                new ContextPacker.Texts(
                                        this::hit, this::prompt, this::isKeptFromPrompts, this::excerpt))
                        .pack(best));
        recordUse(packed.hits());
        return new SearchResult(packed.hits(), packed.context(), packed.tokens(), trace.warnings(), trace.stages());
    }

    private boolean isOwn(MemoryItem item) {
        return members.owner(item).filter(member -> member.search().isOwn()).isPresent();
    }

    /** Adds what was found by the words that are not withheld from the reader, after everything else. */
    private List<RankedItem> withRedacted(List<RankedItem> best) {
        List<RankedItem> redacted = members.present().isEmpty()
                ? List.of()
                : members.askAll(CubeSearch::matchRedacted).values().stream()
                        .flatMap(List::stream)
                        .filter(found -> best.stream().noneMatch(each -> each.represents(found.id())))
                        .toList();
        double least = best.stream().mapToDouble(RankedItem::score).min().orElse(1);
        return Stream.concat(best.stream(), redacted.stream().map(found -> found.withScore(found.score() * least)))
                .toList();
    }

    private RankedItem hit(RankedItem found) {
        return rights(found).map(rights -> rights.hit(found)).orElse(found);
    }

    private RankedItem prompt(RankedItem found) {
        return rights(found).map(rights -> rights.prompt(found)).orElse(found);
    }

    private boolean isKeptFromPrompts(RankedItem found) {
        return rights(found).filter(rights -> rights.isKeptFromPrompts(found)).isPresent();
    }

    private Optional<ReadingRights> rights(RankedItem found) {
        return members.owner(found.item()).map(member -> member.search().rights());
    }

    private ZoneId zoneOf(MemoryItem item) {
        ZoneId otherwise =
                members.owner(item).map(member -> member.search().zone()).orElseGet(search.config()::zone);
        return ZoneResolver.zoneOf(item, otherwise);
    }

    /** Runs the stages up to packing; nothing if no cube answered in time. */
    private List<RankedItem> rankAll() {
        Map<Member, CubeCandidates> answers = retrieve();
        if (answers.isEmpty()) {
            return List.of();
        }
        CandidatePool pool = new CandidatePool(answers);
        CandidateRankings proposed = pool.proposed();
        if (!proposed.complete()) {
            trace.warn(
                    "deadline_exceeded",
                    "The deadline of " + request.deadline()
                            + " cut the ranking; better matches may be missing. Allow more time.");
        }
        List<FusedCandidate> fused = trace.time("fuse", () -> fuse(proposed));
        List<RankedItem> ranked = trace.time("rank", () -> rank(fused, pool));
        if (shouldGather(ranked) && proposed.vector().isPresent()) {
            ranked = gather(ranked, pool, proposed.vector().get());
        }
        List<WorkingMemoryEntry> held = answers.values().stream()
                .flatMap(each -> each.workingMemory().stream())
                .toList();
        List<RankedItem> best = Deduplicator.deduplicate(new WorkingMemoryBoost(held).boost(ranked));
        best = stage("rerank", search.config().reranker().isPresent(), best, this::rerank);
        boolean fresh = search.runs(SearchStage.SETTLE);
        best = stage("settle", fresh, best, found -> members.byCube(found, CubeSearch::orderByFreshness));
        best = IdentifierOrder.order(request.query(), best);
        boolean spans = search.runs(SearchStage.EPISODES) && search.analysis().asks(Aspect.OVERVIEW);
        best = stage("episodes", spans, best, found -> members.byCube(found, CubeSearch::groupIntoSpans));
        best = stage("standing", search.runs(SearchStage.STANDING), best, found -> addStanding(found, pool));
        return addMerged(best);
    }

    private List<RankedItem> stage(
            String name, boolean runs, List<RankedItem> ranked, UnaryOperator<List<RankedItem>> work) {
        return runs ? trace.time(name, () -> work.apply(ranked)) : ranked;
    }

    private Map<Member, CubeCandidates> retrieve() {
        if (members.isSingle()) {
            return members.askInTime(cube -> cube.retrieve(Optional.empty()));
        }
        WordStatistics words = trace.time("words", () -> {
            Map<Member, WordStatistics> each = members.askInTime(CubeSearch::wordStatistics);
            trace.note(() -> each.size() + " cubes say how common the words are");
            return each.values().stream().reduce(WordStatistics.NONE, WordStatistics::plus);
        });
        Supplier<byte[]> embed =
                () -> trace.time("embed", () -> vectors.orElseThrow().embedQuery(request.query()));
        SharedQuery shared = new SharedQuery(new QueryVector(embed)::get, words);
        return trace.time("candidates", () -> {
            Map<Member, CubeCandidates> each = members.askInTime(cube -> cube.retrieve(Optional.of(shared)));
            trace.note(() -> "of " + each.size() + " cubes");
            return each;
        });
    }

    private List<FusedCandidate> fuse(CandidateRankings proposed) {
        double weight = QueryAnalysis.isPassage(request.query())
                ? ScoreFusion.DENSE_WEIGHT_OF_A_PASSAGE
                : ScoreFusion.DENSE_WEIGHT;
        return ScoreFusion.fuse(
                proposed.lexical().candidates(), proposed.dense().candidates(), weight);
    }

    /** Has each cube weigh its part of the head; the best counts for an item that several cubes bring in. */
    private List<RankedItem> rank(List<FusedCandidate> fused, CandidatePool pool) {
        List<FusedCandidate> head = members.isSingle() ? fused : CubeSearch.head(fused, request);
        Map<ItemId, RankedItem> found = new LinkedHashMap<>();
        members.askEach(pool.byOwner(head, FusedCandidate::item), CubeSearch::rank).values().stream()
                .flatMap(List::stream)
                .sorted(RankedItem.BEST_FIRST)
                .forEach(each -> found.putIfAbsent(each.id(), each));
        return List.copyOf(found.values());
    }

    /** Tells whether the query asks for all of several things about a speaker, which are spread over sessions. */
    private boolean shouldGather(List<RankedItem> ranked) {
        return search.runs(SearchStage.GATHER)
                && search.analysis().asks(Aspect.GATHER)
                && ranked.stream()
                        .anyMatch(found ->
                                search.analysis().names(found.item().origin().speaker()));
    }

    /** Searches again around the best hits: the parts of a list resemble each other more than they do the question. */
    private List<RankedItem> gather(List<RankedItem> ranked, CandidatePool pool, byte[] query) {
        return trace.time("gather", () -> {
            List<RankedItem> exemplars = ranked.stream().limit(EXEMPLARS).toList();
            List<byte[]> like = exemplars.stream()
                    .flatMap(found ->
                            members
                                    .owner(found.item())
                                    .flatMap(member -> member.search().vector(found))
                                    .stream())
                    .toList();
            byte[] moved = RocchioFeedback.move(query, like);
            Ranking near = pool.join(members.askAll(cube -> cube.findNearest(moved)));
            List<PassageCandidate> lexical = pool.proposed().lexical().candidates();
            List<RankedItem> gathered =
                    rank(ScoreFusion.fuse(lexical, near.candidates(), ScoreFusion.DENSE_WEIGHT_WHEN_GATHERING), pool);
            trace.note(() -> "asked again from " + exemplars.size() + " hits");
            return gathered;
        });
    }

    private List<RankedItem> rerank(List<RankedItem> ranked) {
        return new RerankStage(search.config().reranker().orElseThrow(), search.deadline(), trace)
                .apply(
                        request.query(),
                        ranked,
                        found -> (found.asked().isEmpty() ? "" : found.asked() + " ") + excerpt(prompt(found)));
    }

    private List<RankedItem> addStanding(List<RankedItem> ranked, CandidatePool pool) {
        ScoreScale scale = ScoreScale.of(pool.proposed());
        List<PassageCandidate> standing = pool.proposed().standing().candidates();
        List<LikelyMemory> near = members
                .askEach(pool.byOwner(standing, PassageCandidate::item), (cube, part) -> cube.findStanding(part, scale))
                .values()
                .stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparingDouble(LikelyMemory::likeness).reversed())
                .toList();
        return StandingMemories.insertInto(
                ranked, StandingMemories.selectApplicable(near, search.analysis()), request.limit());
    }

    /** Adds to each hit what was merged into it, or into one of its duplicates, which another cube may hold. */
    private List<RankedItem> addMerged(List<RankedItem> found) {
        List<ItemId> ids = found.stream().flatMap(RankedItem::itemAndDuplicates).toList();
        Map<ItemId, List<ItemId>> merged = new HashMap<>();
        members.askAll(cube -> cube.findMerged(ids)).values().forEach(merged::putAll);
        return merged.isEmpty()
                ? found
                : found.stream().map(each -> each.withMerged(merged)).toList();
    }

    /** Counts every hit as used, and every cube that answered as asked. */
    private void recordUse(List<SearchHit> hits) {
        usage.ifPresent(recorder -> members.present().forEach(member -> {
            List<ItemId> own = hits.stream()
                    .map(SearchHit::item)
                    .filter(item -> members.isSingle() || item.cube().equals(member.id()))
                    .map(MemoryItem::id)
                    .toList();
            recorder.recordUse(member.search().cube().key(), request.session(), own, search.now());
        }));
    }

    private String excerpt(RankedItem found) {
        return members.owner(found.item())
                .map(member -> member.search().excerpt(found))
                .orElse("");
    }

    /** The cube of an item, as a context of several cubes names it. */
    private static String provenance(MemoryItem item) {
        return "(" + item.cube() + ") ";
    }
}
