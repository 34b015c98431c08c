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
import io.memos4j.spi.retention.WorkingMemoryEntry;
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
 * The state of a cube at an earlier instant. The index proposes current texts in whatever state they are now; texts
 * that were different then are dropped, and the former texts of rewritten items join, ranked by words against all
 * others. They have no vectors, so their words stand in for their meaning.
 */
final class HistoricalView implements TimeView {
    /** The bound on former texts that are read. */
    private static final int FORMER = 10_000;

    /** The factor on passages to request, since the index cannot filter by what has changed since. */
    private static final int OVERFETCH = 3;

    /** The fields that never change. */
    private static final Set<String> IMMUTABLE =
            Set.of("id", "type", "session", "role", "speaker", "source", "time", "recorded");

    private final Vault vault;
    private final CubeKey cube;
    private final Instant recordedAt;
    private final Set<String> query;
    private final Map<ItemId, MemoryItem> former = new LinkedHashMap<>();
    private boolean formerRead;

    HistoricalView(Vault vault, CubeKey cube, Instant recordedAt, String query) {
        this.vault = vault;
        this.cube = cube;
        this.recordedAt = recordedAt;
        this.query = ContentWords.of(query);
    }

    @Override
    public Optional<Instant> nextExpiry(VaultReader reader) {
        return Optional.of(Instant.EPOCH);
    }

    @Override
    public List<WorkingMemoryEntry> workingMemory(VaultReader reader, String session, Instant now) {
        return List.of();
    }

    @Override
    public Filter indexFilter(Filter filter) {
        return Filter.and(relax(filter, true), new Filter.Compare("recorded", Filter.Operator.LTE, recordedAt));
    }

    /**
     * The filter without conditions on fields that may have changed; under a negation they exclude everything instead.
     */
    private static Filter relax(Filter filter, boolean more) {
        return switch (filter) {
            case Filter.And(List<Filter> parts) ->
                new Filter.And(parts.stream().map(part -> relax(part, more)).toList());
            case Filter.Or(List<Filter> parts) ->
                new Filter.Or(parts.stream().map(part -> relax(part, more)).toList());
            case Filter.Not(Filter part) -> new Filter.Not(relax(part, !more));
            case Filter.Compare compare -> IMMUTABLE.contains(compare.field()) ? compare : constant(more);
            case Filter.In in -> IMMUTABLE.contains(in.field()) ? in : constant(more);
            case Filter.Exists exists -> IMMUTABLE.contains(exists.field()) ? exists : constant(more);
        };
    }

    private static Filter constant(boolean all) {
        return all ? Filter.ALL : new Filter.Or(List.of());
    }

    @Override
    public int indexLimit(int limit) {
        return OVERFETCH * limit;
    }

    @Override
    public List<FusedCandidate> reconcile(List<FusedCandidate> fused, Filter filter, SearchTrace trace) {
        readFormer(filter, trace);
        Map<ItemId, MemoryItem> matching = new HashMap<>();
        vault.read(reader -> matching(
                        reader, fused.stream().map(FusedCandidate::item).toList(), filter))
                .forEach(item -> matching.put(item.id(), item));
        List<FusedCandidate> reconciled = new ArrayList<>(
                fused.stream().filter(each -> matching.containsKey(each.item())).toList());
        List<MemoryItem> all = new ArrayList<>(former.values());
        all.addAll(matching.values());
        List<Double> scores =
                Bm25Scorer.score(query, all.stream().map(HistoricalView::words).toList());
        double best = scores.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        for (int i = 0; i < former.size(); i++) {
            if (scores.get(i) > 0) {
                reconciled.add(proposed(all.get(i), scores.get(i) / best));
            }
        }
        reconciled.sort(Comparator.comparingDouble(FusedCandidate::score).reversed());
        return reconciled;
    }

    private void readFormer(Filter filter, SearchTrace trace) {
        if (formerRead) {
            return;
        }
        formerRead = true;
        List<MemoryItem> rewritten =
                vault.read(reader -> reader.history().findRewritten(cube, filter, recordedAt, FORMER + 1));
        if (rewritten.size() > FORMER) {
            trace.warn(
                    "past_cut",
                    "More than " + FORMER + " texts have changed since " + recordedAt
                            + "; those changed first were left out. Narrow the search with a filter.");
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
        return reader.history().items(cube, ids, Filter.ALL, recordedAt);
    }

    @Override
    public List<MemoryItem> matching(VaultReader reader, Collection<ItemId> ids, Filter filter) {
        Map<ItemId, MemoryItem> now = new HashMap<>();
        reader.items(cube, ids).forEach(item -> now.put(item.id(), item));
        return reader.history().items(cube, ids, filter, recordedAt).stream()
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
    public List<PassageVector> vectors(VaultReader reader, ItemId item) {
        return former.containsKey(item) ? List.of() : reader.vectors(cube, List.of(item));
    }
}
