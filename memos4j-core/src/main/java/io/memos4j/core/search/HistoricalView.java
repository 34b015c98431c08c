package io.memos4j.core.search;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.ingest.PassageSplitter;
import io.memos4j.core.language.ContentWords;
import io.memos4j.core.search.ScoreFusion.FusedCandidate;
import io.memos4j.core.search.ScoreFusion.PassageScore;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.index.Passage;
import io.memos4j.spi.items.PassageVector;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The cube as it was at an instant. The index proposes current texts, whatever their state; those that read otherwise
 * then are dropped, and former texts that read otherwise now join, ranked by words against all the others. They have no
 * vector: their words stand for their meaning too.
 */
final class HistoricalView implements TimeView {
    /** Former texts looked at. */
    private static final int FORMER = 10_000;

    /** The index cannot filter by what has changed since: so many times more passages are asked for. */
    private static final int WIDER = 3;

    /** What an item never changes. */
    private static final Set<String> LASTING =
            Set.of("id", "type", "session", "role", "speaker", "source", "time", "recorded");

    private final Vault vault;
    private final CubeKey cube;
    private final Instant at;
    private final Set<String> query;
    private final Map<ItemId, MemoryItem> former = new LinkedHashMap<>();
    private boolean read;

    HistoricalView(Vault vault, CubeKey cube, Instant at, String query) {
        this.vault = vault;
        this.cube = cube;
        this.at = at;
        this.query = ContentWords.of(query);
    }

    @Override
    public Optional<Instant> instant() {
        return Optional.of(at);
    }

    @Override
    public Optional<Instant> nextExpiry(VaultReader reader) {
        return Optional.of(Instant.EPOCH);
    }

    @Override
    public Filter forIndex(Filter filter) {
        return Filter.and(widened(filter, true), new Filter.Compare("recorded", Filter.Operator.LTE, at));
    }

    /**
     * A filter that lets more pass, or less if it stands under a negation: what depends on what may have changed is
     * taken out.
     */
    private static Filter widened(Filter filter, boolean more) {
        return switch (filter) {
            case Filter.And(List<Filter> parts) ->
                new Filter.And(parts.stream().map(part -> widened(part, more)).toList());
            case Filter.Or(List<Filter> parts) ->
                new Filter.Or(parts.stream().map(part -> widened(part, more)).toList());
            case Filter.Not(Filter part) -> new Filter.Not(widened(part, !more));
            case Filter.Compare compare -> LASTING.contains(compare.field()) ? compare : anything(more);
            case Filter.In in -> LASTING.contains(in.field()) ? in : anything(more);
            case Filter.Exists exists -> LASTING.contains(exists.field()) ? exists : anything(more);
        };
    }

    private static Filter anything(boolean more) {
        return more ? Filter.ALL : new Filter.Or(List.of());
    }

    @Override
    public int forIndex(int limit) {
        return WIDER * limit;
    }

    @Override
    public List<FusedCandidate> settle(List<FusedCandidate> fused, Filter filter, SearchTrace trace) {
        readFormer(filter, trace);
        Map<ItemId, MemoryItem> matching = new HashMap<>();
        vault.read(reader -> matching(
                        reader, fused.stream().map(FusedCandidate::item).toList(), filter))
                .forEach(item -> matching.put(item.id(), item));
        List<FusedCandidate> settled = new ArrayList<>(
                fused.stream().filter(each -> matching.containsKey(each.item())).toList());
        List<MemoryItem> all = new ArrayList<>(former.values());
        all.addAll(matching.values());
        List<Double> scores =
                Bm25Scorer.score(query, all.stream().map(HistoricalView::words).toList());
        double best = scores.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        for (int i = 0; i < former.size(); i++) {
            if (scores.get(i) > 0) {
                settled.add(proposed(all.get(i), scores.get(i) / best));
            }
        }
        settled.sort(Comparator.comparingDouble(FusedCandidate::score).reversed());
        return settled;
    }

    private void readFormer(Filter filter, SearchTrace trace) {
        if (read) {
            return;
        }
        read = true;
        List<MemoryItem> rewritten = vault.read(reader -> reader.history().findRewritten(cube, filter, at, FORMER + 1));
        if (rewritten.size() > FORMER) {
            trace.warn(
                    "past_cut",
                    "More than " + FORMER + " texts have changed since " + at
                            + "; those that changed first were left out. Narrow the search with a filter.");
        }
        rewritten.stream().limit(FORMER).forEach(item -> former.put(item.id(), item));
    }

    private static Set<String> words(MemoryItem item) {
        return ContentWords.of(item.title().isEmpty() ? item.text() : item.title() + "\n" + item.text());
    }

    private FusedCandidate proposed(MemoryItem item, double score) {
        int best = 0;
        double most = -1;
        for (Passage passage : PassageSplitter.split(item.text())) {
            double covered = ContentWords.coverage(
                    query, ContentWords.of(item.text().substring(passage.start(), passage.end())));
            if (covered > most) {
                most = covered;
                best = passage.number();
            }
        }
        return new FusedCandidate(item.id(), score, List.of(new PassageScore(best, score)), 0, 0, 0);
    }

    @Override
    public List<MemoryItem> items(VaultReader reader, Collection<ItemId> ids) {
        return reader.history().items(cube, ids, Filter.ALL, at);
    }

    @Override
    public List<MemoryItem> matching(VaultReader reader, Collection<ItemId> ids, Filter filter) {
        Map<ItemId, MemoryItem> now = new HashMap<>();
        reader.items(cube, ids).forEach(item -> now.put(item.id(), item));
        return reader.history().items(cube, ids, filter, at).stream()
                .filter(then -> {
                    MemoryItem current = now.getOrDefault(then.id(), then);
                    return current.text().equals(then.text()) && current.title().equals(then.title());
                })
                .toList();
    }

    @Override
    public List<Passage> passages(VaultReader reader, MemoryItem item) {
        return former.containsKey(item.id()) ? PassageSplitter.split(item.text()) : reader.passages(cube, item.id());
    }

    @Override
    public List<PassageVector> vectors(VaultReader reader, Collection<ItemId> ids) {
        return reader.vectors(
                cube, ids.stream().filter(id -> !former.containsKey(id)).toList());
    }
}
