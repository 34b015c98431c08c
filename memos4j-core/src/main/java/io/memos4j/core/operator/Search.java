package io.memos4j.core.operator;

import io.memos4j.api.Filter;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.SearchRequest;
import io.memos4j.api.SearchResult;
import io.memos4j.api.Warning;
import io.memos4j.core.MemOsConfig.SearchStage;
import io.memos4j.core.lifecycle.Consolidated;
import io.memos4j.core.lifecycle.Successions;
import io.memos4j.core.operator.Candidates.Proposed;
import io.memos4j.core.operator.Fusion.Fused;
import io.memos4j.core.operator.Packing.Packed;
import io.memos4j.core.operator.QueryAnalysis.Aspect;
import io.memos4j.core.operator.Searcher.Parts;
import io.memos4j.core.operator.StandingMemories.Likely;
import io.memos4j.spi.Candidate;
import io.memos4j.spi.CubeIndex.Ranking;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.Neighbours;
import io.memos4j.spi.Passage;
import io.memos4j.spi.WordStatistics;
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
 * One search of one cube on its way through the stages; used once, by one thread at a time. As a member of a {@link CompositeSearch} it does
 * those stages that need the cube, and the composite the rest.
 */
final class Search {
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
    private final Moment moment;
    private final Deadline deadline;
    private final Trace trace;
    private final QueryAnalysis analysis;
    private final Visibility visibility;
    private final Filter filter;
    private final int limit;
    private final Candidates candidates;
    private final PassageVectors vectors;
    private final Relevance relevance;
    private final Map<ItemId, Neighbours> neighbours = new HashMap<>();
    private final Map<ItemId, MemoryItem> items = new HashMap<>();
    private final Map<ItemId, String> excerpts = new HashMap<>();

    Search(Parts parts, CubeRow cube, SearchRequest request, Moment moment) {
        this.parts = parts;
        this.cube = cube;
        this.request = request;
        this.moment = moment;
        this.deadline = Deadline.in(request.deadline());
        this.trace = new Trace(request.explain());
        Instant reference = request.referenceTime()
                .or(request::asOf)
                .orElseGet(() -> parts.clock().instant());
        this.analysis =
                QueryAnalysis.of(request.query(), reference.atZone(parts.zone()).toLocalDate());
        this.visibility = new Visibility(
                request,
                analysis,
                moment.instant().orElseGet(() -> parts.clock().instant()),
                parts.vault().read(moment::nextExpiry));
        this.filter = Filter.and(request.filter(), visibility.filter(), Consolidated.seenBy(request.filter()));
        this.limit = moment.forIndex(Math.max(CANDIDATES, 3 * request.limit()));
        this.candidates = new Candidates(parts, cube, deadline, trace);
        this.vectors = new PassageVectors(ids -> parts.vault().read(reader -> moment.vectors(reader, ids)));
        this.relevance = new Relevance(analysis, parts.zone());
    }

    SearchResult run() {
        trace.time("analyse", () -> {
            trace.note(() -> "asks for " + analysis.aspects() + ", names " + analysis.times());
            return analysis;
        });
        AtHand atHand = AtHand.of(parts, cube, moment.instant().isEmpty() ? request.session() : "");
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
        List<Fused> fused = trace.time("fuse", () -> fuse(proposed.lexical(), proposed.dense()));
        List<Found> ranked = trace.time("rank", () -> rank(fused));
        if (gathers(ranked) && proposed.vector().isPresent()) {
            ranked = gather(ranked, proposed.lexical(), proposed.vector().get());
        }
        List<Found> best = Folding.fold(atHand.favour(ranked));
        List<Found> reranked = parts.reranker().isPresent() ? trace.time("rerank", () -> rerank(best)) : best;
        List<Found> current = has(SearchStage.SETTLE) ? trace.time("settle", () -> settle(reranked)) : reranked;
        List<Found> whole = has(SearchStage.EPISODES) && analysis.asks(Aspect.OVERVIEW)
                ? trace.time("episodes", () -> episodes(current))
                : current;
        List<Found> complete =
                has(SearchStage.STANDING) ? trace.time("standing", () -> withStanding(whole, proposed)) : whole;
        List<Found> standing = representing(complete);
        Packed packed =
                trace.time("pack", () -> new Packing(parts.zone(), request, this::excerpt, item -> "").pack(standing));
        parts.recent().returned(cube.key(), packed.context().lines().toList());
        return new SearchResult(packed.hits(), packed.context(), packed.tokens(), trace.warnings(), trace.stages());
    }

    /** Each hit stands for what was merged into it, or into what is folded into it. */
    List<Found> representing(List<Found> found) {
        List<ItemId> ids = found.stream().flatMap(Found::all).toList();
        Map<ItemId, List<ItemId>> merged =
                parts.vault().read(reader -> Successions.mergedInto(reader, cube.key(), ids));
        return merged.isEmpty()
                ? found
                : found.stream().map(each -> each.standingFor(merged)).toList();
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
    Proposed propose(Candidates.Common common) {
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

    List<Fused> fuse(Ranking lexical, Ranking dense) {
        double weight =
                QueryAnalysis.isPassage(request.query()) ? Fusion.DENSE_WEIGHT_OF_A_PASSAGE : Fusion.DENSE_WEIGHT;
        return moment.settle(Fusion.fuse(lexical.candidates(), dense.candidates(), weight), filter, trace);
    }

    List<Fused> head(List<Fused> fused) {
        return fused.subList(0, Math.min(fused.size(), Math.max(HEAD, 4 * request.limit())));
    }

    /** Loads the head of the ranking with its neighbours, and weighs it. What was deleted since drops out. */
    List<Found> rank(List<Fused> fused) {
        List<Fused> head = head(fused);
        Map<ItemId, Fused> byId = new LinkedHashMap<>();
        Map<ItemId, Double> scores = new LinkedHashMap<>();
        head.forEach(each -> {
            byId.put(each.item(), each);
            scores.put(each.item(), each.score());
        });
        boolean admitNew = request.filter().equals(Filter.ALL);
        readAround(byId.keySet(), admitNew);
        Map<ItemId, Double> inherited =
                has(SearchStage.CONVERSATION) ? new Conversation(neighbours, items).inherit(scores, admitNew) : scores;
        List<Found> found = new ArrayList<>();
        inherited.forEach((id, score) -> {
            MemoryItem item = items.get(id);
            if (item != null && visibility.of(item)) {
                Fused seen = byId.getOrDefault(id, Fused.inherited(id, score));
                Found unweighed = Found.of(item, seen).scored(score);
                found.add(has(SearchStage.RELEVANCE) ? relevance.weigh(unweighed) : unweighed);
            }
        });
        if (has(SearchStage.RELEVANCE)) {
            rate(found);
            found.sort(Found.BEST_FIRST);
            for (int i = 0; i < Math.min(head.size(), found.size()); i++) {
                found.set(i, relevance.read(found.get(i)));
            }
        }
        found.sort(Found.BEST_FIRST);
        return found;
    }

    /** What users said about earlier results counts, within bounds. */
    private void rate(List<Found> found) {
        Map<ItemId, Integer> ratings = parts.vault()
                .read(reader ->
                        reader.ratings(cube.key(), found.stream().map(Found::id).toList()));
        if (!ratings.isEmpty()) {
            found.replaceAll(each -> Relevance.rated(each, ratings.getOrDefault(each.id(), 0)));
        }
    }

    private void readAround(Collection<ItemId> ids, boolean withNeighbours) {
        parts.vault().read(reader -> {
            Set<ItemId> wanted = new LinkedHashSet<>(ids);
            neighbours.putAll(reader.adjacent(cube.key(), List.copyOf(ids)));
            if (withNeighbours) {
                ids.forEach(id -> wanted.addAll(
                        neighbours.getOrDefault(id, Neighbours.NONE).all()));
            }
            wanted.removeAll(items.keySet());
            moment.items(reader, wanted).forEach(item -> items.put(item.id(), item));
            return wanted.size();
        });
    }

    /** Whether all of several is asked for about somebody who speaks here: what people tell of themselves is spread over sessions. */
    boolean gathers(List<Found> ranked) {
        return has(SearchStage.GATHER)
                && analysis.asks(Aspect.GATHER)
                && ranked.stream()
                        .anyMatch(found -> analysis.names(found.item().origin().speaker()));
    }

    /**
     * Searches once more around the best hits, by relevance feedback (Rocchio, "Relevance Feedback in Information Retrieval", 1971): the parts
     * of a list are like each other, though not all are like the question.
     */
    private List<Found> gather(List<Found> ranked, Ranking lexical, byte[] query) {
        return trace.time("gather", () -> {
            List<Found> exemplars = ranked.stream().limit(EXEMPLARS).toList();
            byte[] moved = vectors.towards(query, exemplars);
            Ranking near = candidates.near(moved, moment.forIndex(filter), limit);
            List<Fused> fused =
                    Fusion.fuse(lexical.candidates(), near.candidates(), Fusion.DENSE_WEIGHT_WHEN_GATHERING);
            List<Found> gathered = rank(moment.settle(fused, filter, trace));
            trace.note(() -> "asked again from " + exemplars.size() + " hits");
            return gathered;
        });
    }

    private List<Found> rerank(List<Found> ranked) {
        return new Reranking(parts.reranker().orElseThrow(), deadline, trace)
                .apply(request.query(), ranked, this::excerpt);
    }

    List<Found> settle(List<Found> ranked) {
        return new Currency(request.query(), analysis, neighbours, this::excerpt, vectors::cosine).settle(ranked);
    }

    List<Found> episodes(List<Found> ranked) {
        return parts.vault()
                .read(reader -> new Episodes(reader, cube.key(), moment, visibility::recalled).join(ranked));
    }

    private List<Found> withStanding(List<Found> ranked, Proposed proposed) {
        List<Likely> near = standing(proposed.standing().candidates(), Likeness.of(proposed));
        return StandingMemories.place(ranked, StandingMemories.applicable(near, analysis), request.limit());
    }

    /** The standing memories among these candidates, in their order. */
    List<Likely> standing(List<Candidate> considered, Likeness likeness) {
        List<ItemId> ids = considered.stream().map(Candidate::item).distinct().toList();
        Map<ItemId, MemoryItem> loaded = new HashMap<>();
        parts.vault().read(reader -> moment.matching(reader, ids, filter)).forEach(item -> loaded.put(item.id(), item));
        List<Likely> near = new ArrayList<>();
        for (Candidate candidate : considered) {
            MemoryItem item = loaded.remove(candidate.item());
            if (item != null && visibility.of(item)) {
                double like = likeness.of(candidate);
                near.add(new Likely(Found.of(item, Fused.inherited(item.id(), like)), like));
            }
        }
        return near;
    }

    /** Where a score stands between the background, 0, and the best match of the whole search, 1. */
    record Likeness(double background, double top) {
        static Likeness of(Proposed proposed) {
            List<Candidate> all = proposed.vector().isPresent()
                    ? proposed.dense().candidates()
                    : proposed.lexical().candidates();
            if (all.isEmpty()) {
                return new Likeness(0, 1);
            }
            double background = proposed.vector().isPresent() ? Fusion.background(all) : 0;
            return new Likeness(background, Math.max(all.getFirst().score(), background + 1e-9));
        }

        double of(Candidate candidate) {
            return Math.min(1, (candidate.score() - background) / (top - background));
        }
    }

    String excerpt(Found found) {
        return excerpts.computeIfAbsent(
                found.id(),
                id -> Excerpts.of(found.item(), passages(found), found.fused().passages()));
    }

    private List<Passage> passages(Found found) {
        boolean single = found.fused().passages().stream().allMatch(part -> part.passage() == 0)
                && found.item().text().length() < ONE_PASSAGE;
        return single ? List.of() : parts.vault().read(reader -> moment.passages(reader, found.item()));
    }
}
