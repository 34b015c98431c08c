package io.memos4j.core.operator;

import io.memos4j.api.Filter;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.SearchHit;
import io.memos4j.api.SearchRequest;
import io.memos4j.api.SearchResult;
import io.memos4j.api.SourceRef;
import io.memos4j.core.MemOsConfig.SearchStage;
import io.memos4j.core.lifecycle.Consolidated;
import io.memos4j.core.lifecycle.Successions;
import io.memos4j.core.operator.Candidates.Proposed;
import io.memos4j.core.operator.Fusion.Fused;
import io.memos4j.core.operator.QueryAnalysis.Aspect;
import io.memos4j.core.operator.Searcher.Parts;
import io.memos4j.core.operator.StandingMemories.Likely;
import io.memos4j.spi.Candidate;
import io.memos4j.spi.CubeIndex.Ranking;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.Neighbours;
import io.memos4j.spi.Passage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** One search on its way through the stages; used once, by one thread. */
final class Search {
    /** Passages that each ranking proposes, at least; three for each item asked for if that is more. */
    private static final int CANDIDATES = 200;

    /** Items that go on after fusion, at least; four for each one asked for if that is more. */
    private static final int HEAD = 40;

    /** Texts shorter than this are never cut, whatever release stored them. */
    private static final int ONE_PASSAGE = 400;

    /** Hits that a second query by meaning starts from, where all of several is asked for. */
    private static final int EXEMPLARS = 3;

    private final Parts parts;
    private final CubeRow cube;
    private final SearchRequest request;
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

    Search(Parts parts, CubeRow cube, SearchRequest request) {
        this.parts = parts;
        this.cube = cube;
        this.request = request;
        this.deadline = Deadline.in(request.deadline());
        this.trace = new Trace(request.explain());
        Instant reference = request.referenceTime()
                .or(request::asOf)
                .orElseGet(() -> parts.clock().instant());
        this.analysis =
                QueryAnalysis.of(request.query(), reference.atZone(parts.zone()).toLocalDate());
        this.visibility = new Visibility(request, analysis);
        this.filter = Filter.and(request.filter(), visibility.filter(), Consolidated.seenBy(request.filter()));
        this.limit = Math.max(CANDIDATES, 3 * request.limit());
        this.candidates = new Candidates(parts, cube, deadline, trace);
        this.vectors = new PassageVectors(ids -> parts.vault().read(reader -> reader.vectors(cube.key(), ids)));
        this.relevance = new Relevance(analysis, parts.zone());
    }

    SearchResult run() {
        trace.time("analyse", () -> {
            trace.note(() -> "asks for " + analysis.aspects() + ", names " + analysis.times());
            return analysis;
        });
        Proposed proposed = candidates.propose(request.query(), filter, limit);
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
        List<Found> best = fold(ranked);
        List<Found> reranked = parts.reranker().isPresent() ? trace.time("rerank", () -> rerank(best)) : best;
        List<Found> current = has(SearchStage.SETTLE) ? trace.time("settle", () -> settle(reranked)) : reranked;
        List<Found> whole = has(SearchStage.EPISODES) && analysis.asks(Aspect.OVERVIEW)
                ? trace.time("episodes", () -> episodes(current))
                : current;
        List<Found> complete =
                has(SearchStage.STANDING) ? trace.time("standing", () -> withStanding(whole, proposed)) : whole;
        Packed packed = trace.time("pack", () -> pack(complete));
        return new SearchResult(packed.hits, packed.context, packed.tokens, trace.warnings(), trace.stages());
    }

    private record Packed(List<SearchHit> hits, String context, int tokens) {}

    private boolean has(SearchStage stage) {
        return !parts.omitted().contains(stage);
    }

    private List<Fused> fuse(Ranking lexical, Ranking dense) {
        double weight =
                QueryAnalysis.isPassage(request.query()) ? Fusion.DENSE_WEIGHT_OF_A_PASSAGE : Fusion.DENSE_WEIGHT;
        return Fusion.fuse(lexical.candidates(), dense.candidates(), weight);
    }

    /** Loads the head of the ranking with its neighbours, and weighs it. What was deleted since drops out. */
    private List<Found> rank(List<Fused> fused) {
        List<Fused> head = fused.subList(0, Math.min(fused.size(), Math.max(HEAD, 4 * request.limit())));
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
            reader.items(cube.key(), wanted).forEach(item -> items.put(item.id(), item));
            return wanted.size();
        });
    }

    /** Whether all of several is asked for about somebody who speaks here: what people tell of themselves is spread over sessions. */
    private boolean gathers(List<Found> ranked) {
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
            Ranking near = candidates.near(moved, filter, limit);
            List<Found> gathered =
                    rank(Fusion.fuse(lexical.candidates(), near.candidates(), Fusion.DENSE_WEIGHT_WHEN_GATHERING));
            trace.note(() -> "asked again from " + exemplars.size() + " hits");
            return gathered;
        });
    }

    /** Folds items that say the same by the same speaker, and what was made of a message with the message. */
    private List<Found> fold(List<Found> ranked) {
        Map<String, Found> byText = new LinkedHashMap<>();
        Map<ItemId, String> keys = new HashMap<>();
        for (Found found : ranked) {
            if (Consolidated.is(found.item())) {
                byText.put(found.id().toString(), found);
                continue;
            }
            String key =
                    found.item().origin().speaker() + "\n" + normal(found.item().text());
            String same = byText.containsKey(key) ? key : sameAs(found, keys);
            if (same.isEmpty()) {
                byText.put(key, found);
                keys.put(found.id(), key);
                found.item().origin().sources().stream()
                        .filter(source -> source.kind() == SourceRef.Kind.ITEM)
                        .forEach(source -> keys.putIfAbsent(ItemId.parse(source.id()), key));
            } else {
                byText.computeIfPresent(same, (text, first) -> first.folding(found.id()));
            }
        }
        return List.copyOf(byText.values());
    }

    /** The key of the hit that this one was made from, or that was made from this one and says all of it; empty if there is none. */
    private static String sameAs(Found found, Map<ItemId, String> keys) {
        for (var source : found.item().origin().sources()) {
            if (source.kind() == SourceRef.Kind.ITEM && keys.containsKey(ItemId.parse(source.id()))) {
                return keys.getOrDefault(ItemId.parse(source.id()), "");
            }
        }
        String derived = keys.getOrDefault(found.id(), "");
        return derived.length() >= WHOLE_SHARE * found.item().text().length() ? derived : "";
    }

    /** A remark that is this much of its message stands for it. */
    private static final double WHOLE_SHARE = 0.8;

    private List<Found> rerank(List<Found> ranked) {
        return new Reranking(parts.reranker().orElseThrow(), deadline, trace)
                .apply(request.query(), ranked, this::excerpt);
    }

    private List<Found> settle(List<Found> ranked) {
        return new Currency(request.query(), analysis, neighbours, this::excerpt, vectors::cosine).settle(ranked);
    }

    private List<Found> episodes(List<Found> ranked) {
        return parts.vault().read(reader -> new Episodes(reader, cube.key()).join(ranked));
    }

    private List<Found> withStanding(List<Found> ranked, Proposed proposed) {
        List<Candidate> considered = proposed.standing().candidates();
        if (considered.isEmpty()) {
            return ranked;
        }
        List<ItemId> ids = considered.stream().map(Candidate::item).distinct().toList();
        Map<ItemId, MemoryItem> loaded = new HashMap<>();
        parts.vault().read(reader -> reader.items(cube.key(), ids)).forEach(item -> loaded.put(item.id(), item));
        Likeness likeness = Likeness.of(proposed);
        List<Likely> near = new ArrayList<>();
        for (Candidate candidate : considered) {
            MemoryItem item = loaded.remove(candidate.item());
            if (item != null && visibility.of(item)) {
                double like = likeness.of(candidate);
                near.add(new Likely(Found.of(item, Fused.inherited(item.id(), like)), like));
            }
        }
        return StandingMemories.place(ranked, StandingMemories.applicable(near, analysis), request.limit());
    }

    /** Where a score stands between the background, 0, and the best match of the whole search, 1. */
    private record Likeness(double background, double top) {
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

    private Packed pack(List<Found> found) {
        ContextBlock block = new ContextBlock(parts.zone(), Tokens.of(request.model()), request.maxTokens());
        List<Taken> taken = new ArrayList<>();
        for (Found each : found) {
            if (taken.size() == request.limit()) {
                break;
            }
            String excerpt = each.episode().size() > 1 ? episode(each) : excerpt(each);
            int cost = block.offer(each, excerpt);
            if (cost > 0) {
                taken.add(new Taken(each, excerpt, cost));
            }
        }
        String context = block.render();
        parts.recent().returned(cube.key(), context.lines().toList());
        double top =
                taken.stream().mapToDouble(each -> each.found.score()).max().orElse(1);
        List<ItemId> cited = block.cited();
        Set<ItemId> shown = new LinkedHashSet<>(cited);
        Map<ItemId, List<ItemId>> merged = merged(taken);
        taken.replaceAll(each -> each.standingFor(merged));
        List<SearchHit> hits = taken.stream()
                .map(each -> each.hit(cited.indexOf(each.found.id()) + 1, Math.max(1, top), shown, request.explain()))
                .toList();
        return new Packed(hits, context, block.tokens());
    }

    /** For which merged items each of these, and what is folded into them, stands. */
    private Map<ItemId, List<ItemId>> merged(List<Taken> taken) {
        List<ItemId> ids = taken.stream().flatMap(each -> each.found.all()).toList();
        return parts.vault().read(reader -> Successions.mergedInto(reader, cube.key(), ids));
    }

    private String excerpt(Found found) {
        return excerpts.computeIfAbsent(
                found.id(),
                id -> Excerpts.of(found.item(), passages(found), found.fused().passages()));
    }

    private static String episode(Found found) {
        StringBuilder lines = new StringBuilder();
        for (MemoryItem turn : found.episode()) {
            lines.append(lines.isEmpty() ? "" : "\n    ")
                    .append(ContextBlock.by(turn))
                    .append(Episodes.lead(turn.text()));
        }
        return lines.toString();
    }

    private List<Passage> passages(Found found) {
        boolean single = found.fused().passages().stream().allMatch(part -> part.passage() == 0)
                && found.item().text().length() < ONE_PASSAGE;
        return single ? List.of() : parts.vault().read(reader -> reader.passages(cube.key(), found.id()));
    }

    private record Taken(Found found, String excerpt, int cost) {
        Taken standingFor(Map<ItemId, List<ItemId>> merged) {
            return new Taken(found.standingFor(merged), excerpt, cost);
        }

        SearchHit hit(int citation, double top, Set<ItemId> shown, boolean explain) {
            return new SearchHit(
                    found.item(),
                    Math.clamp(found.score() / top, 0, 1),
                    excerpt,
                    citation,
                    cost,
                    found.folded(),
                    found.episode().stream()
                            .map(MemoryItem::id)
                            .filter(id -> !id.equals(found.id()))
                            .toList(),
                    found.successor().filter(shown::contains),
                    explain ? why() : List.of());
        }

        private List<String> why() {
            Fused fused = found.fused();
            List<String> why = new ArrayList<>();
            if (fused.lexicalRank() > 0) {
                why.add("words: rank " + fused.lexicalRank());
            }
            if (fused.denseRank() > 0) {
                why.add(String.format(Locale.ROOT, "meaning: rank %d, cosine %.3f", fused.denseRank(), fused.cosine()));
            }
            if (why.isEmpty() && found.why().isEmpty()) {
                why.add("context: directly before or after a match");
            }
            why.addAll(found.why());
            return why;
        }
    }

    private static String normal(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[\\s\\p{Punct}]+", " ").strip();
    }
}
