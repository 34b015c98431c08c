package io.memos4j.core.adapters;

import io.memos4j.api.ItemId;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterChange;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.api.adapters.AdapterState;
import io.memos4j.api.items.MemoryItem;
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

/** Which adapters are to be trained: those that lost something, without it, and new ones for what is new. */
final class TrainingPlanner {
    private static final String NAME = "lesson-";

    private final VaultReader reader;
    private final CubeKey cube;
    private final Instant now;
    private final Map<String, Adapter> last = new LinkedHashMap<>();

    /** What some adapter has been taught and keeps, or will be by a lesson that is planned already. */
    private final Set<ItemId> taken = new HashSet<>();

    TrainingPlanner(VaultReader reader, CubeKey cube, Instant now) {
        this.reader = reader;
        this.cube = cube;
        this.now = now;
        reader.adapters()
                .of(cube)
                .forEach(adapter -> last.putIfAbsent(adapter.id().name(), adapter));
        last.values().stream()
                .filter(adapter -> adapter.state() != AdapterState.SUSPENDED && adapter.state() != AdapterState.RETIRED)
                .forEach(adapter -> adapter.taught().forEach(source -> taken.add(source.item())));
    }

    /**
     * Lessons that take the place of suspended versions, and if they are to be tried again of those that were not
     * admitted.
     */
    List<TrainingJob> retrainingJobs(boolean refused) {
        return last.values().stream()
                .filter(adapter -> adapter.state() == AdapterState.SUSPENDED
                        || refused
                                && adapter.state() == AdapterState.CANDIDATE
                                && adapter.evaluation().isPresent())
                .map(this::retrainingJob)
                .filter(lesson -> !lesson.items().isEmpty())
                .toList();
    }

    /** Last versions that were trained and then not examined, because something came between. */
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
        List<MemoryItem> teachable = TrainingSelection.stillTeachable(reader.items(cube, items), now);
        List<SensitiveTextDetector.Secret> secrets = TrainingSelection.findSecrets(reader, cube);
        return new TrainingJob(
                cube, adapter.id().next(), teachable, correctedItems(adapter, teachable), secrets, wasInUse(adapter));
    }

    /** What was taught and will not be taught again in the same words. */
    private List<MemoryItem> correctedItems(Adapter adapter, List<MemoryItem> teachable) {
        Set<String> said = teachable.stream().map(MemoryItem::text).collect(Collectors.toSet());
        return adapter.taught().stream()
                .flatMap(source -> AdapterRegistry.itemAtTraining(reader, cube, source).stream())
                .filter(item -> !said.contains(item.text()))
                .toList();
    }

    /** Before it was suspended; one that was not examined yet would have been. */
    private boolean wasInUse(Adapter adapter) {
        return reader.adapters().changes(cube).stream()
                .filter(change -> change.adapter().name().equals(adapter.id().name()))
                .filter(change -> change.state() != AdapterState.SUSPENDED)
                .reduce((earlier, later) -> later)
                .map(AdapterChange::state)
                .map(state -> state == AdapterState.ACTIVE || state == AdapterState.CANDIDATE)
                .orElse(false);
    }

    /** Lessons for what was chosen, so many memories each. */
    List<TrainingJob> newJobs(TrainingSelection choice, int size) {
        List<TrainingJob> lessons = new ArrayList<>();
        List<SensitiveTextDetector.Secret> secrets = TrainingSelection.findSecrets(reader, cube);
        int number = 1;
        List<MemoryItem> all = choice.selected().stream()
                .filter(item -> !taken.contains(item.id()))
                .toList();
        for (int from = 0; from < all.size(); from += size) {
            while (last.containsKey(NAME + number)) {
                number++;
            }
            List<MemoryItem> items = all.subList(from, Math.min(from + size, all.size()));
            lessons.add(new TrainingJob(cube, new AdapterId(NAME + number, 1), items, List.of(), secrets, true));
            number++;
        }
        return lessons;
    }
}
