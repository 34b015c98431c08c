package io.memos4j.core.adapters;

import io.memos4j.api.ItemId;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterChange;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.api.adapters.AdapterState;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.privacy.SensitiveSpan;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.vault.VaultReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Plans trainings: suspended adapters again without the items they lost, and new adapters for new items. */
final class TrainingPlanner {
    private static final String NAME = "lesson-";

    private final VaultReader reader;
    private final CubeKey cube;
    private final Instant now;
    private final List<SensitiveSpan> secrets;
    private final Map<String, Adapter> last = new LinkedHashMap<>();

    /** The items that some adapter was taught, or will be by a job planned before. */
    private final Set<ItemId> taken = new HashSet<>();

    TrainingPlanner(VaultReader reader, CubeKey cube, Instant now) {
        this.reader = reader;
        this.cube = cube;
        this.now = now;
        this.secrets = TrainingSelection.findSecrets(reader, cube);
        reader.adapters()
                .of(cube)
                .forEach(adapter -> last.putIfAbsent(adapter.id().name(), adapter));
        last.values().stream()
                .filter(adapter -> adapter.state() != AdapterState.SUSPENDED && adapter.state() != AdapterState.RETIRED)
                .forEach(adapter -> adapter.taught().forEach(source -> taken.add(source.item())));
    }

    /** Plans the retraining of suspended versions and, if {@code refused}, of those that were not admitted. */
    List<TrainingJob> retrainingJobs(boolean refused) {
        return last.values().stream()
                .filter(adapter -> adapter.state() == AdapterState.SUSPENDED
                        || refused
                                && adapter.state() == AdapterState.CANDIDATE
                                && adapter.evaluation().isPresent())
                .map(this::retrainingJob)
                .filter(job -> !job.items().isEmpty())
                .toList();
    }

    /** Returns the latest versions whose evaluation was interrupted. */
    List<Adapter> unevaluated() {
        return last.values().stream()
                .filter(adapter -> adapter.state() == AdapterState.CANDIDATE
                        && adapter.evaluation().isEmpty())
                .toList();
    }

    private TrainingJob retrainingJob(Adapter adapter) {
        Set<ItemId> items = new LinkedHashSet<>();
        adapter.taught().forEach(source -> items.add(source.item()));
        List<ItemId> former = List.copyOf(items);
        reader.supersessions(cube, former).stream()
                .filter(each -> items.contains(each.former()))
                .map(each -> each.successor())
                .filter(successor -> !taken.contains(successor))
                .forEach(items::add);
        taken.addAll(items);
        List<MemoryItem> teachable = TrainingSelection.stillTrainable(reader.items(cube, items), now);
        return new TrainingJob(
                cube, adapter.id().next(), teachable, correctedItems(adapter, teachable), secrets, wasInUse(adapter));
    }

    /** Returns the items of a version that will not be trained again in the same words. */
    private List<MemoryItem> correctedItems(Adapter adapter, List<MemoryItem> teachable) {
        Set<String> said = teachable.stream().map(MemoryItem::text).collect(Collectors.toSet());
        return adapter.taught().stream()
                .flatMap(source -> AdapterRegistry.itemAtTraining(reader, cube, source).stream())
                .filter(item -> !said.contains(item.text()))
                .toList();
    }

    /**
     * Returns whether a version was active before it was suspended, or would have become active after its evaluation.
     */
    private boolean wasInUse(Adapter adapter) {
        return reader.adapters().changes(cube).stream()
                .filter(change -> change.adapter().name().equals(adapter.id().name()))
                .filter(change -> change.state() != AdapterState.SUSPENDED)
                .reduce((earlier, later) -> later)
                .map(AdapterChange::state)
                .map(state -> state == AdapterState.ACTIVE || state == AdapterState.CANDIDATE)
                .orElse(false);
    }

    /** Plans new adapters for the selected items, at most {@code size} items each. */
    List<TrainingJob> newJobs(TrainingSelection choice, int size) {
        List<TrainingJob> jobs = new ArrayList<>();
        int number = 1;
        List<MemoryItem> all = choice.selected().stream()
                .filter(item -> !taken.contains(item.id()))
                .toList();
        for (int from = 0; from < all.size(); from += size) {
            while (last.containsKey(NAME + number)) {
                number++;
            }
            List<MemoryItem> items = all.subList(from, Math.min(from + size, all.size()));
            jobs.add(new TrainingJob(cube, new AdapterId(NAME + number, 1), items, List.of(), secrets, true));
            number++;
        }
        return jobs;
    }
}
