package io.memos4j.core.search;

import io.memos4j.api.ItemId;
import io.memos4j.api.Warning;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.core.MemOsConfig.SearchStage;
import io.memos4j.core.clock.ZoneResolver;
import io.memos4j.core.history.ConsolidationMarker;
import io.memos4j.core.history.Supersession;
import io.memos4j.core.ingest.PassageSplitter;
import io.memos4j.core.language.ContentWords;
import io.memos4j.core.language.QuestionDetector;
import io.memos4j.core.language.StandingMemory;
import io.memos4j.core.privacy.LabelFilters;
import io.memos4j.core.search.CandidateRetriever.CandidateRankings;
import io.memos4j.core.search.CandidateRetriever.SharedQuery;
import io.memos4j.core.search.ScoreFusion.FusedCandidate;
import io.memos4j.core.search.StandingMemories.LikelyMemory;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.index.CubeIndex.Ranking;
import io.memos4j.spi.index.Passage;
import io.memos4j.spi.index.PassageCandidate;
import io.memos4j.spi.index.WordStatistics;
import io.memos4j.spi.items.SessionNeighbors;
import io.memos4j.spi.retention.WorkingMemoryEntry;
import io.memos4j.spi.vault.Vault;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The part of a search that needs one cube: candidates from its index, and the stages that read around an item in its
 * vault. {@link SearchPipeline} orders the stages. Used by one search, by one thread at a time.
 */
final class CubeSearch {
    /** The least number of passages that each ranking proposes; three per requested item if that is more. */
    private static final int CANDIDATES = 200;

    /** The least number of items that go on after fusion; four per requested item if that is more. */
    private static final int HEAD = 40;

    /** Texts shorter than this are never split, whichever release stored them. */
    private static final int ONE_PASSAGE = 400;

    private final SearchContext search;
    private final ReadingRights rights;
    private final CubeRow cube;
    private final boolean own;
    private final TimeView view;
    private final Vault vault;
    private final CandidateRetriever candidates;
    private final VisibilityFilter visibility;
    private final Filter matched;
    private final Filter filter;
    private final int limit;
    private final PassageVectors vectors;
    private final ZoneId zone;
    private final RelevanceWeigher relevance;
    private final Map<ItemId, SessionNeighbors> neighbors = new HashMap<>();
    private final Map<ItemId, MemoryItem> items = new HashMap<>();
    private final Map<ItemId, String> excerpts = new HashMap<>();

    /** @param own whether the reader owns the cube */
    CubeSearch(
            SearchContext search,
            ReadingRights rights,
            CubeRow cube,
            boolean own,
            TimeView view,
            Vault vault,
            CandidateRetriever candidates) {
        this.search = search;
        this.own = own;
        this.rights = rights;
        this.cube = cube;
        this.view = view;
        this.vault = vault;
        this.candidates = candidates;
        SearchRequest request = search.request();
        this.visibility = new VisibilityFilter(request, search.analysis(), search.now(), vault.read(view::nextExpiry));
        this.matched =
                Filter.and(request.filter(), visibility.filter(), ConsolidationMarker.visibleTo(request.filter()));
        this.filter = rights.ranking().showsAll() ? matched : Filter.and(matched, rights.rankable());
        this.limit = view.indexLimit(Math.max(CANDIDATES, 3 * request.limit()));
        this.vectors = new PassageVectors(id -> vault.read(reader -> view.vectors(reader, id)));
        this.zone = ZoneResolver.resolve(request.zone(), cube, search.config().zone());
        this.relevance = new RelevanceWeigher(search.analysis(), zone);
    }

    /**
     * The candidates of one cube.
     *
     * @param workingMemory what the session has in its working memory here, hottest first
     * @param remembered the rankings of the working memory alone, which is too small for a standing ranking
     */
    record CubeCandidates(
            CandidateRankings proposed,
            List<WorkingMemoryEntry> workingMemory,
            Optional<CandidateRankings> remembered) {}

    CubeRow cube() {
        return cube;
    }

    ReadingRights rights() {
        return rights;
    }

    /** The zone of memories of this cube that were said in none. */
    ZoneId zone() {
        return zone;
    }

    List<Warning> warnings() {
        return search.trace().warnings();
    }

    /** The number of passages that each ranking keeps. */
    int limit() {
        return limit;
    }

    /** Counts the words of the query in this cube. */
    WordStatistics wordStatistics() {
        return candidates.wordStatistics();
    }

    /**
     * Retrieves the candidates of this cube.
     *
     * @param shared the query as the other cubes rank by it; empty for a single cube
     */
    CubeCandidates retrieve(Optional<SharedQuery> shared) {
        shared.ifPresent(candidates::useShared);
        String session = search.request().session();
        List<WorkingMemoryEntry> held =
                session.isEmpty() ? List.of() : vault.read(reader -> view.workingMemory(reader, session, search.now()));
        CandidateRankings proposed = candidates.retrieve(view.indexFilter(filter), limit);
        Optional<CandidateRankings> remembered =
                held.isEmpty() ? Optional.empty() : Optional.of(rankWorkingMemory(held, proposed.vector()));
        return new CubeCandidates(proposed, held, remembered);
    }

    /** Ranks the working memory alone, since hundreds of other passages may come before it. */
    private CandidateRankings rankWorkingMemory(List<WorkingMemoryEntry> held, Optional<byte[]> vector) {
        List<String> ids = held.stream().map(each -> each.item().toString()).toList();
        Filter inMemory = Filter.and(filter, Filter.in("id", ids));
        Ranking none = new Ranking(List.of(), true);
        return new CandidateRankings(
                candidates.lexical(inMemory, held.size()),
                vector.map(each -> candidates.findNearest(each, inMemory, held.size()))
                        .orElse(none),
                none,
                vector);
    }

    /** The passages of this cube that are nearest to a vector. */
    Ranking findNearest(byte[] vector) {
        return candidates.findNearest(vector, view.indexFilter(filter), limit);
    }

    /** The best of a ranking, which are worth reading. */
    static List<FusedCandidate> head(List<FusedCandidate> fused, SearchRequest request) {
        return fused.subList(0, Math.min(fused.size(), Math.max(HEAD, 4 * request.limit())));
    }

    /** Loads the head of a ranking with its neighbors and weighs it, best first. Items deleted meanwhile drop out. */
    List<RankedItem> rank(List<FusedCandidate> fused) {
        List<FusedCandidate> head = head(view.reconcile(fused, filter, search.trace()), search.request());
        Map<ItemId, FusedCandidate> byId = new LinkedHashMap<>();
        Map<ItemId, Double> scores = new LinkedHashMap<>();
        head.forEach(each -> {
            byId.put(each.item(), each);
            scores.put(each.item(), each.score());
        });
        boolean admitNew = search.request().filter().equals(Filter.ALL);
        readAround(byId.keySet(), admitNew);
        Map<ItemId, Double> inherited = search.runs(SearchStage.CONVERSATION)
                ? new NeighborBoost(neighbors, items).inherit(scores, admitNew)
                : scores;
        List<RankedItem> found = new ArrayList<>();
        inherited.forEach((id, score) -> {
            MemoryItem item = items.get(id);
            if (item != null && visibility.isVisible(item)) {
                FusedCandidate seen = byId.getOrDefault(id, FusedCandidate.inherited(id, score));
                RankedItem ranked = RankedItem.of(item, seen).withScore(score);
                String question = answeredQuestion(item);
                found.add(question.isEmpty() ? ranked : ranked.answering(question));
            }
        });
        if (search.runs(SearchStage.RELEVANCE)) {
            weigh(found, head.size());
        }
        found.sort(RankedItem.BEST_FIRST);
        return found;
    }

    /** The question directly before a short answer, if another speaker asks it and it may be shown; else empty. */
    private String answeredQuestion(MemoryItem item) {
        return neighbors
                .getOrDefault(item.id(), SessionNeighbors.NONE)
                .before()
                .flatMap(before -> Optional.ofNullable(items.get(before)))
                .filter(visibility::isVisible)
                .filter(before -> NeighborBoost.isShortAnswer(before, item))
                .filter(before -> !rights.prompts().hidesWhole(before))
                .map(before -> QuestionDetector.lastQuestion(
                        rights.prompts().redact(before).text()))
                .orElse("");
    }

    /** Weighs all by their metadata and ratings, then the best by their text. */
    private void weigh(List<RankedItem> found, int best) {
        found.replaceAll(relevance::weighMetadata);
        List<ItemId> ids = found.stream().map(RankedItem::id).toList();
        Map<ItemId, Integer> ratings = vault.read(reader -> reader.ratings(cube.key(), ids));
        if (!ratings.isEmpty()) {
            found.replaceAll(each -> RelevanceWeigher.weighRating(each, ratings.getOrDefault(each.id(), 0)));
        }
        found.sort(RankedItem.BEST_FIRST);
        List<RankedItem> head = found.subList(0, Math.min(best, found.size()));
        Set<String> speakers = new HashSet<>();
        head.forEach(each -> speakers.add(each.item().origin().speaker()));
        EvidenceWeigher evidence = new EvidenceWeigher(search, speakers);
        head.replaceAll(each -> evidence.weigh(relevance.weighText(each)));
        head.sort(RankedItem.BEST_FIRST);
        List<RankedItem> ordered = new EvidenceOrder(search, evidence.matter()).order(head);
        for (int i = 0; i < ordered.size(); i++) {
            found.set(i, ordered.get(i));
        }
    }

    private void readAround(Collection<ItemId> ids, boolean withNeighbors) {
        vault.read(reader -> {
            Set<ItemId> wanted = new LinkedHashSet<>(ids);
            neighbors.putAll(reader.sessionNeighbors(cube.key(), List.copyOf(ids)));
            if (withNeighbors) {
                ids.forEach(id -> wanted.addAll(
                        neighbors.getOrDefault(id, SessionNeighbors.NONE).all()));
            }
            wanted.removeAll(items.keySet());
            view.items(reader, wanted).forEach(item -> items.put(item.id(), item));
            return wanted.size();
        });
    }

    /** The vector of the passage by which an item was found; empty if it has none. */
    Optional<byte[]> vector(RankedItem found) {
        return vectors.of(found);
    }

    /** Puts newer statements before the older ones that they replace. */
    List<RankedItem> orderByFreshness(List<RankedItem> ranked) {
        UpdateDetector updates = new UpdateDetector(
                search, neighbors, id -> Optional.ofNullable(items.get(id)), this::excerpt, vectors::cosine);
        return new FreshnessOrder(search.analysis(), neighbors, updates).order(ranked);
    }

    /** Groups turns of conversation into spans. */
    List<RankedItem> groupIntoSpans(List<RankedItem> ranked) {
        return vault.read(
                reader -> new ConversationSpans(reader, cube.key(), view, visibility::isRecalled).group(ranked));
    }

    /** Returns whether the reader owns the cube. */
    boolean isOwn() {
        return own;
    }

    /** The standing memories among these candidates, in their order; none in a cube of somebody else. */
    List<LikelyMemory> findStanding(List<PassageCandidate> considered, ScoreScale scale) {
        if (!own) {
            return List.of();
        }
        List<ItemId> ids =
                considered.stream().map(PassageCandidate::item).distinct().toList();
        Map<ItemId, MemoryItem> loaded = new HashMap<>();
        vault.read(reader -> view.matching(reader, ids, filter)).forEach(item -> loaded.put(item.id(), item));
        Map<MemoryItem, Double> likeness = new LinkedHashMap<>();
        for (PassageCandidate candidate : considered) {
            MemoryItem item = loaded.remove(candidate.item());
            if (item != null && visibility.isVisible(item)) {
                likeness.put(item, scale.of(candidate));
            }
        }
        return StandingMemory.current(List.copyOf(likeness.keySet())).stream()
                .limit(StandingMemories.STATEMENTS)
                .map(stated -> {
                    double like = likeness.getOrDefault(stated.item(), 0.0);
                    FusedCandidate near = FusedCandidate.inherited(stated.item().id(), like);
                    return new LikelyMemory(RankedItem.of(stated.item(), near), stated, like);
                })
                .toList();
    }

    /** The items that the vault has merged into these, by the surviving item. */
    Map<ItemId, List<ItemId>> findMerged(List<ItemId> survivors) {
        return vault.read(reader -> Supersession.findMerged(reader, cube.key(), survivors));
    }

    /**
     * Finds memories of which something is withheld from the reader, by the words that are not: the index knows the
     * whole texts and must not rank them. They come after all others, and a word that is withheld never finds any.
     */
    List<RankedItem> matchRedacted() {
        if (rights.ranking().showsAll()) {
            return List.of();
        }
        Filter redacted = Filter.and(matched, LabelFilters.hidden(rights.ranking()));
        List<ItemId> ids = candidates.lexical(view.indexFilter(redacted), CANDIDATES).candidates().stream()
                .map(PassageCandidate::item)
                .distinct()
                .toList();
        Set<String> query = ContentWords.of(search.request().query());
        return vault.read(reader -> view.matching(reader, ids, redacted)).stream()
                .filter(item -> !rights.ranking().hidesWhole(item) && visibility.isVisible(item))
                .map(item -> RankedItem.of(
                        item,
                        FusedCandidate.inherited(
                                item.id(), ContentWords.coverage(query, ContentWords.of(item.text())))))
                .filter(found -> found.score() > 0)
                .sorted(RankedItem.BEST_FIRST.thenComparing(RankedItem::id))
                .toList();
    }

    /** The part of an item to show. */
    String excerpt(RankedItem found) {
        MemoryItem read = items.getOrDefault(found.id(), found.item());
        if (!found.item().text().equals(read.text())) {
            return ExcerptSelector.select(
                    found.item(),
                    PassageSplitter.split(found.item().text()),
                    found.fused().passages());
        }
        return excerpts.computeIfAbsent(
                found.id(),
                id -> ExcerptSelector.select(
                        found.item(), passages(found), found.fused().passages()));
    }

    private List<Passage> passages(RankedItem found) {
        boolean single = found.fused().passages().stream().allMatch(part -> part.passage() == 0)
                && found.item().text().length() < ONE_PASSAGE;
        return single ? List.of() : vault.read(reader -> view.passages(reader, found.item()));
    }
}
