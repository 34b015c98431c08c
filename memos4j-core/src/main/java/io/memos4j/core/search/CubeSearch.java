package io.memos4j.core.search;

import io.memos4j.api.ItemId;
import io.memos4j.api.Warning;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.search.SearchResult;
import io.memos4j.core.MemOsConfig.SearchStage;
import io.memos4j.core.history.ConsolidationMarker;
import io.memos4j.core.history.Supersession;
import io.memos4j.core.search.CandidateRetriever.Proposed;
import io.memos4j.core.search.ContextPacker.PackedContext;
import io.memos4j.core.search.QueryAnalysis.Aspect;
import io.memos4j.core.search.ScoreFusion.FusedCandidate;
import io.memos4j.core.search.SearchService.Parts;
import io.memos4j.core.search.StandingMemories.LikelyMemory;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.index.CubeIndex.Ranking;
import io.memos4j.spi.index.Passage;
import io.memos4j.spi.index.PassageCandidate;
import io.memos4j.spi.index.WordStatistics;
import io.memos4j.spi.items.SessionNeighbors;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One search of one cube on its way through the stages; used once, by one thread at a time. As a member of a
 * {@link SearchPipeline} it does those stages that need the cube, and the composite the rest.
 */
final class CubeSearch {
    /** Passages that each ranking proposes, at least; three for each item asked for if that is more. */
    private static final int CANDIDATES = 200;

    /** Items that go on after fusion, at least; four for each one asked for if that is more. */
    private static final int HEAD = 40;

    /** Texts shorter than this are never cut, whatever release stored them. */
    private static final int ONE_PASSAGE = 400;

    /** Hits that a second query by meaning starts from, where all of several is asked for. */
    static final int EXEMPLARS = 3;

    private final Parts parts;
    private final CubeRow cube;
    private final SearchRequest request;
    private final TimeView moment;
    private final SearchDeadline deadline;
    private final SearchTrace trace;
    private final QueryAnalysis analysis;
    private final VisibilityFilter visibility;
    private final Filter filter;
    private final int limit;
    private final CandidateRetriever candidates;
    private final PassageVectors vectors;
    private final RelevanceWeigher relevance;
    private final Map<ItemId, SessionNeighbors> neighbours = new HashMap<>();
    private final Map<ItemId, MemoryItem> items = new HashMap<>();
    private final Map<ItemId, String> excerpts = new HashMap<>();

    CubeSearch(Parts parts, CubeRow cube, SearchRequest request, TimeView moment) {
        this.parts = parts;
        this.cube = cube;
        this.request = request;
        this.moment = moment;
        this.deadline = SearchDeadline.after(request.deadline());
        this.trace = new SearchTrace(request.explain());
        Instant reference = request.referenceTime()
                .or(request::validAt)
                .orElseGet(() -> parts.clock().instant());
        this.analysis =
                QueryAnalysis.of(request.query(), reference.atZone(parts.zone()).toLocalDate());
        this.visibility = new VisibilityFilter(
                request,
                analysis,
                moment.instant().orElseGet(() -> parts.clock().instant()),
                parts.vault().read(moment::nextExpiry));
        this.filter =
                Filter.and(request.filter(), visibility.filter(), ConsolidationMarker.visibleTo(request.filter()));
        this.limit = moment.forIndex(Math.max(CANDIDATES, 3 * request.limit()));
        this.candidates = new CandidateRetriever(parts, cube, deadline, trace);
        this.vectors = new PassageVectors(ids -> parts.vault().read(reader -> moment.vectors(reader, ids)));
        this.relevance = new RelevanceWeigher(analysis, parts.zone());
    }

    SearchResult run() {
        trace.time("analyse", () -> {
            trace.note(() -> "asks for " + analysis.aspects() + ", names " + analysis.times());
            return analysis;
        });
        WorkingMemoryBoost atHand =
                WorkingMemoryBoost.of(parts, cube, moment.instant().isEmpty() ? request.session() : "");
        Proposed proposed = atHand.join(
                candidates.propose(request.query(), moment.forIndex(filter), limit),
                candidates,
                request.query(),
                filter);
        if (!proposed.complete()) {
            trace.warn(
                    "deadline_exceeded",
                    "The deadline of " + request.deadline()
                            + " cut the ranking; better matches may be missing. Allow more time.");
        }
        List<FusedCandidate> fused = trace.time("fuse", () -> fuse(proposed.lexical(), proposed.dense()));
        List<RankedItem> ranked = trace.time("rank", () -> rank(fused));
        if (gathers(ranked) && proposed.vector().isPresent()) {
            ranked = gather(ranked, proposed.lexical(), proposed.vector().get());
        }
        List<RankedItem> best = Deduplicator.deduplicate(atHand.favour(ranked));
        List<RankedItem> reranked = parts.reranker().isPresent() ? trace.time("rerank", () -> rerank(best)) : best;
        List<RankedItem> current = has(SearchStage.SETTLE) ? trace.time("settle", () -> settle(reranked)) : reranked;
        List<RankedItem> whole = has(SearchStage.EPISODES) && analysis.asks(Aspect.OVERVIEW)
                ? trace.time("episodes", () -> episodes(current))
                : current;
        List<RankedItem> complete =
                has(SearchStage.STANDING) ? trace.time("standing", () -> withStanding(whole, proposed)) : whole;
        List<RankedItem> standing = representing(complete);
        PackedContext packed = trace.time(
                "pack", () -> new ContextPacker(parts.zone(), request, this::excerpt, item -> "").pack(standing));
        parts.recent().recordReturned(cube.key(), packed.context().lines().toList());
        return new SearchResult(packed.hits(), packed.context(), packed.tokens(), trace.warnings(), trace.stages());
    }

    /** Each hit stands for what was merged into it, or into what is folded into it. */
    List<RankedItem> representing(List<RankedItem> found) {
        List<ItemId> ids = found.stream().flatMap(RankedItem::itemAndDuplicates).toList();
        Map<ItemId, List<ItemId>> merged =
                parts.vault().read(reader -> Supersession.findMerged(reader, cube.key(), ids));
        return merged.isEmpty()
                ? found
                : found.stream().map(each -> each.withMerged(merged)).toList();
    }

    CubeRow cube() {
        return cube;
    }

    /** What this search met with on its way. */
    List<Warning> warnings() {
        return trace.warnings();
    }

    /** How common the words of the query are in this cube. */
    WordStatistics words() {
        return candidates.words(request.query());
    }

    /** What this cube proposes, by scores that are comparable over all members. */
    Proposed propose(CandidateRetriever.Common common) {
        candidates.share(common);
        return candidates.propose(request.query(), filter, limit);
    }

    /** The passages of this cube that are nearest to a vector. */
    Ranking near(byte[] vector) {
        return candidates.near(vector, filter, limit);
    }

    /** The passages that each ranking goes on with. */
    int limit() {
        return limit;
    }

    private boolean has(SearchStage stage) {
        return !parts.omitted().contains(stage);
    }

    List<FusedCandidate> fuse(Ranking lexical, Ranking dense) {
        double weight = QueryAnalysis.isPassage(request.query())
                ? ScoreFusion.DENSE_WEIGHT_OF_A_PASSAGE
                : ScoreFusion.DENSE_WEIGHT;
        return moment.settle(ScoreFusion.fuse(lexical.candidates(), dense.candidates(), weight), filter, trace);
    }

    List<FusedCandidate> head(List<FusedCandidate> fused) {
        return fused.subList(0, Math.min(fused.size(), Math.max(HEAD, 4 * request.limit())));
    }

    /** Loads the head of the ranking with its neighbours, and weighs it. What was deleted since drops out. */
    List<RankedItem> rank(List<FusedCandidate> fused) {
        List<FusedCandidate> head = head(fused);
        Map<ItemId, FusedCandidate> byId = new LinkedHashMap<>();
        Map<ItemId, Double> scores = new LinkedHashMap<>();
        head.forEach(each -> {
            byId.put(each.item(), each);
            scores.put(each.item(), each.score());
        });
        boolean admitNew = request.filter().equals(Filter.ALL);
        readAround(byId.keySet(), admitNew);
        Map<ItemId, Double> inherited =
                has(SearchStage.CONVERSATION) ? new NeighborBoost(neighbours, items).inherit(scores, admitNew) : scores;
        List<RankedItem> found = new ArrayList<>();
        inherited.forEach((id, score) -> {
            MemoryItem item = items.get(id);
            if (item != null && visibility.isVisible(item)) {
                FusedCandidate seen = byId.getOrDefault(id, FusedCandidate.inherited(id, score));
                RankedItem unweighed = RankedItem.of(item, seen).withScore(score);
                found.add(has(SearchStage.RELEVANCE) ? relevance.weighMetadata(unweighed) : unweighed);
            }
        });
        if (has(SearchStage.RELEVANCE)) {
            rate(found);
            found.sort(RankedItem.BEST_FIRST);
            for (int i = 0; i < Math.min(head.size(), found.size()); i++) {
                found.set(i, relevance.weighText(found.get(i)));
            }
        }
        found.sort(RankedItem.BEST_FIRST);
        return found;
    }

    /** What users said about earlier results counts, within bounds. */
    private void rate(List<RankedItem> found) {
        Map<ItemId, Integer> ratings = parts.vault()
                .read(reader -> reader.ratings(
                        cube.key(), found.stream().map(RankedItem::id).toList()));
        if (!ratings.isEmpty()) {
            found.replaceAll(each -> RelevanceWeigher.weighRating(each, ratings.getOrDefault(each.id(), 0)));
        }
    }

    private void readAround(Collection<ItemId> ids, boolean withNeighbours) {
        parts.vault().read(reader -> {
            Set<ItemId> wanted = new LinkedHashSet<>(ids);
            neighbours.putAll(reader.sessionNeighbors(cube.key(), List.copyOf(ids)));
            if (withNeighbours) {
                ids.forEach(id -> wanted.addAll(
                        neighbours.getOrDefault(id, SessionNeighbors.NONE).all()));
            }
            wanted.removeAll(items.keySet());
            moment.items(reader, wanted).forEach(item -> items.put(item.id(), item));
            return wanted.size();
        });
    }

    /**
     * Whether all of several is asked for about somebody who speaks here: what people tell of themselves is spread over
     * sessions.
     */
    boolean gathers(List<RankedItem> ranked) {
        return has(SearchStage.GATHER)
                && analysis.asks(Aspect.GATHER)
                && ranked.stream()
                        .anyMatch(found -> analysis.names(found.item().origin().speaker()));
    }

    /**
     * Searches once more around the best hits, by relevance feedback (Rocchio, "Relevance Feedback in Information
     * Retrieval", 1971): the parts of a list are like each other, though not all are like the question.
     */
    private List<RankedItem> gather(List<RankedItem> ranked, Ranking lexical, byte[] query) {
        return trace.time("gather", () -> {
            List<RankedItem> exemplars = ranked.stream().limit(EXEMPLARS).toList();
            byte[] moved = vectors.towards(query, exemplars);
            Ranking near = candidates.near(moved, moment.forIndex(filter), limit);
            List<FusedCandidate> fused =
                    ScoreFusion.fuse(lexical.candidates(), near.candidates(), ScoreFusion.DENSE_WEIGHT_WHEN_GATHERING);
            List<RankedItem> gathered = rank(moment.settle(fused, filter, trace));
            trace.note(() -> "asked again from " + exemplars.size() + " hits");
            return gathered;
        });
    }

    private List<RankedItem> rerank(List<RankedItem> ranked) {
        return new RerankStage(parts.reranker().orElseThrow(), deadline, trace)
                .apply(request.query(), ranked, this::excerpt);
    }

    List<RankedItem> settle(List<RankedItem> ranked) {
        return new FreshnessOrder(request.query(), analysis, neighbours, this::excerpt, vectors::cosine).order(ranked);
    }

    List<RankedItem> episodes(List<RankedItem> ranked) {
        return parts.vault()
                .read(reader ->
                        new ConversationSpans(reader, cube.key(), moment, visibility::isRecalled).group(ranked));
    }

    private List<RankedItem> withStanding(List<RankedItem> ranked, Proposed proposed) {
        List<LikelyMemory> near = standing(proposed.standing().candidates(), Likeness.of(proposed));
        return StandingMemories.insertInto(ranked, StandingMemories.selectApplicable(near, analysis), request.limit());
    }

    /** The standing memories among these candidates, in their order. */
    List<LikelyMemory> standing(List<PassageCandidate> considered, Likeness likeness) {
        List<ItemId> ids =
                considered.stream().map(PassageCandidate::item).distinct().toList();
        Map<ItemId, MemoryItem> loaded = new HashMap<>();
        parts.vault().read(reader -> moment.matching(reader, ids, filter)).forEach(item -> loaded.put(item.id(), item));
        List<LikelyMemory> near = new ArrayList<>();
        for (PassageCandidate candidate : considered) {
            MemoryItem item = loaded.remove(candidate.item());
            if (item != null && visibility.isVisible(item)) {
                double like = likeness.of(candidate);
                near.add(new LikelyMemory(RankedItem.of(item, FusedCandidate.inherited(item.id(), like)), like));
            }
        }
        return near;
    }

    /** Where a score stands between the background, 0, and the best match of the whole search, 1. */
    record Likeness(double background, double top) {
        static Likeness of(Proposed proposed) {
            List<PassageCandidate> all = proposed.vector().isPresent()
                    ? proposed.dense().candidates()
                    : proposed.lexical().candidates();
            if (all.isEmpty()) {
                return new Likeness(0, 1);
            }
            double background = proposed.vector().isPresent() ? ScoreFusion.backgroundScore(all) : 0;
            return new Likeness(background, Math.max(all.getFirst().score(), background + 1e-9));
        }

        double of(PassageCandidate candidate) {
            return Math.min(1, (candidate.score() - background) / (top - background));
        }
    }

    String excerpt(RankedItem found) {
        return excerpts.computeIfAbsent(
                found.id(),
                id -> ExcerptSelector.select(
                        found.item(), passages(found), found.fused().passages()));
    }

    private List<Passage> passages(RankedItem found) {
        boolean single = found.fused().passages().stream().allMatch(part -> part.passage() == 0)
                && found.item().text().length() < ONE_PASSAGE;
        return single ? List.of() : parts.vault().read(reader -> moment.passages(reader, found.item()));
    }
}
