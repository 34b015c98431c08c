package io.memos4j.core.consolidation;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.RelatedItem;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.core.embedding.VectorSpace;
import io.memos4j.core.history.ConsolidationMarker;
import io.memos4j.core.index.CubeIndexManager;
import io.memos4j.core.tasks.TaskHandler;
import io.memos4j.core.tasks.TaskOutcome;
import io.memos4j.core.tasks.TaskRun;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.index.DenseQuery;
import io.memos4j.spi.index.LexicalQuery;
import io.memos4j.spi.index.PassageCandidate;
import io.memos4j.spi.items.InsertedItem;
import io.memos4j.spi.items.ItemRelation;
import io.memos4j.spi.items.PassageVector;
import io.memos4j.spi.vault.Vault;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Relates new items to others: to the nearest in meaning, if they stand out from the rest of the cube, and to those
 * that mention the same rare names. Works in slices in order of insertion; repeating a slice finds the same relations.
 * Thread-safe.
 *
 * <p>For a few new items it asks the index for the nearest vectors, which scans all vectors of the cube. For a full
 * slice it preselects candidates with {@link SignSketches}, because reading all vectors once pays off then.
 */
public final class LinkTask implements TaskHandler {
    /** Items per commit, and commits per run. */
    private static final int SLICE = 50;

    private static final int SLICES = 40;

    /** The most new relations of an item, by meaning and by name together. */
    private static final int MAX_RELATIONS = 8;

    private static final int MAX_BY_NAME = 3;

    /** The passages compared; the lower quartile of their similarity is the background that any two texts share. */
    private static final int COMPARED = 100;

    /** The passages preselected by sketches. */
    private static final int PROPOSED = 128;

    /** The upper bound of the background: a small cube may be about one subject only. */
    private static final double MAX_BACKGROUND = 0.6;

    /** The position between background and identity from which an item stands out. */
    private static final double STANDS_OUT = 0.6;

    /** The most items that mention a rare name. */
    private static final int MAX_MENTIONS = 6;

    private static final int MAX_NAMES = 4;
    private static final int MAX_PASSAGES = 3;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** The pause while vectors are pending. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private static final Comparator<Map.Entry<ItemId, Double>> NEAREST_FIRST =
            Map.Entry.<ItemId, Double>comparingByValue().reversed().thenComparing(Map.Entry::getKey);

    private final Vault vault;
    private final CubeIndexManager indexes;
    private final Optional<VectorSpace> vectors;
    private final InstantSource clock;

    public LinkTask(Vault vault, CubeIndexManager indexes, Optional<VectorSpace> vectors, InstantSource clock) {
        this.vault = vault;
        this.indexes = indexes;
        this.vectors = vectors;
        this.clock = clock;
    }

    @Override
    public TaskOutcome run(TaskRun run) {
        CubeRow cube = run.cube();
        boolean byMeaning =
                vectors.filter(space -> space.id().equals(cube.embedder())).isPresent();
        Optional<SignSketches> sketches = Optional.empty();
        int found = 0;
        for (int slice = 0; slice < SLICES; slice++) {
            List<InsertedItem> fresh = vault.read(reader ->
                    reader.itemsAfterMark(cube.key(), TaskKind.LINK, ConsolidationMarker.RECALLED_ORIGINALS, SLICE));
            if (fresh.isEmpty()) {
                return TaskOutcome.done(found + " relations found");
            }
            if (byMeaning && vault.read(reader -> reader.hasPending(cube.key()))) {
                return TaskOutcome.wait(
                        clock.instant().plus(PAUSE), "waiting for vectors; " + found + " relations found");
            }
            if (byMeaning && fresh.size() == SLICE && sketches.isEmpty()) {
                sketches = Optional.of(SignSketches.of(vault, cube.key()));
            }
            found += relate(run, fresh, sketches);
        }
        return TaskOutcome.more(found + " relations found");
    }

    private int relate(TaskRun run, List<InsertedItem> fresh, Optional<SignSketches> sketches) {
        CubeRow cube = run.cube();
        List<ItemId> ids = fresh.stream().map(each -> each.item().id()).toList();
        Map<ItemId, List<byte[]>> codes = vectors(cube, ids);
        Map<String, List<ItemId>> speakingOf = new HashMap<>();
        List<ItemRelation> relations = new ArrayList<>();
        for (InsertedItem each : fresh) {
            run.check();
            List<ItemRelation> named = relationsByName(cube, each.item(), speakingOf);
            int left = MAX_RELATIONS - named.size();
            relations.addAll(named);
            nearByMeaning(cube, codes.getOrDefault(each.item().id(), List.of()), sketches).entrySet().stream()
                    .filter(other -> !other.getKey().equals(each.item().id()))
                    .sorted(NEAREST_FIRST)
                    .limit(left)
                    .map(other -> new ItemRelation(
                            each.item().id(), other.getKey(), RelatedItem.Kind.MEANING, other.getValue()))
                    .forEach(relations::add);
        }
        return run.commit(writer -> {
            writer.relations().relate(cube.key(), relations);
            writer.setMark(cube.key(), TaskKind.LINK, fresh.getLast().ordinal());
            return relations.size();
        });
    }

    private Map<ItemId, List<byte[]>> vectors(CubeRow cube, List<ItemId> ids) {
        Map<ItemId, List<byte[]>> codes = new HashMap<>();
        vault.read(reader -> reader.vectors(cube.key(), ids)).stream()
                .sorted(Comparator.comparingInt(PassageVector::passage))
                .filter(each -> each.passage() < MAX_PASSAGES)
                .forEach(each -> each.vector()
                        .ifPresent(code -> codes.computeIfAbsent(each.item(), id -> new ArrayList<>())
                                .add(code)));
        return codes;
    }

    /** Returns the items that stand out, each by its best passage. */
    private Map<ItemId, Double> nearByMeaning(CubeRow cube, List<byte[]> codes, Optional<SignSketches> sketches) {
        Map<ItemId, Double> likeness = new HashMap<>();
        for (byte[] code : codes) {
            Filter looked = sketches.map(each ->
                            Filter.and(ConsolidationMarker.RECALLED_ORIGINALS, anyOf(each.findNear(code, PROPOSED))))
                    .orElse(ConsolidationMarker.RECALLED_ORIGINALS);
            List<PassageCandidate> near = search(cube, new DenseQuery(code, looked, COMPARED, TIMEOUT));
            double background = backgroundSimilarity(near);
            for (PassageCandidate each : near) {
                double above = (each.score() - background) / (1 - background);
                if (above >= STANDS_OUT) {
                    likeness.merge(each.item(), Math.min(1, above), Math::max);
                }
            }
        }
        return likeness;
    }

    private static Filter anyOf(Collection<ItemId> items) {
        return Filter.in("id", items.stream().map(ItemId::toString).toList());
    }

    private List<PassageCandidate> search(CubeRow cube, DenseQuery query) {
        return indexes.use(cube, index -> index.dense(query)).candidates();
    }

    private static double backgroundSimilarity(List<PassageCandidate> near) {
        return near.isEmpty() ? 0 : Math.clamp(near.get(near.size() * 3 / 4).score(), 0, MAX_BACKGROUND);
    }

    private List<ItemRelation> relationsByName(CubeRow cube, MemoryItem item, Map<String, List<ItemId>> known) {
        Map<ItemId, Double> weights = new HashMap<>();
        Set<String> speakers = new HashSet<>(Set.of(item.origin().speaker()));
        ProperNames.find(item.text()).stream()
                .filter(name -> !speakers.contains(name))
                .limit(MAX_NAMES)
                .forEach(name -> {
                    List<ItemId> others = known.computeIfAbsent(name, each -> mentioning(cube, each));
                    others.stream()
                            .filter(id -> !id.equals(item.id()))
                            .forEach(id -> weights.merge(id, 1.0 / Math.max(2, others.size()), Math::max));
                });
        return weights.entrySet().stream()
                .sorted(NEAREST_FIRST)
                .limit(MAX_BY_NAME)
                .map(each -> new ItemRelation(item.id(), each.getKey(), RelatedItem.Kind.NAME, each.getValue()))
                .toList();
    }

    /** Returns the items that mention a name; none if it is not rare. */
    private List<ItemId> mentioning(CubeRow cube, String name) {
        LexicalQuery query = new LexicalQuery(name, ConsolidationMarker.RECALLED_ORIGINALS, 2 * MAX_MENTIONS, TIMEOUT);
        Collection<ItemId> proposed = indexes.use(cube, index -> index.lexical(query)).candidates().stream()
                .map(PassageCandidate::item)
                .distinct()
                .toList();
        List<ItemId> speaking = vault.read(reader -> reader.items(cube.key(), proposed)).stream()
                .filter(item -> item.text().contains(name))
                .map(MemoryItem::id)
                .toList();
        return speaking.size() <= MAX_MENTIONS ? speaking : List.of();
    }
}
