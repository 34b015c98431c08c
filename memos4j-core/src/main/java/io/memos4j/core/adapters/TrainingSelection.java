package io.memos4j.core.adapters;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterState;
import io.memos4j.api.adapters.LearningPolicy;
import io.memos4j.api.adapters.ParametricMemory.Left;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Role;
import io.memos4j.api.items.Selection;
import io.memos4j.api.privacy.Sensitivity;
import io.memos4j.core.privacy.SensitiveSpan;
import io.memos4j.core.privacy.SensitiveTextDetector;
import io.memos4j.core.retention.HeatCurve;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.retention.UsedItem;
import io.memos4j.spi.vault.VaultReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The memories to train, and the others with the reason against them.
 *
 * @param selected in the order requested, or hottest first
 * @param rejected the memories that were considered and rejected
 * @param canaries secrets in the considered memories, which must not be learned
 */
record TrainingSelection(List<MemoryItem> selected, List<Left> rejected, List<SensitiveSpan> canaries) {
    /** Tags by which users mark private memories. */
    private static final Set<String> PRIVATE_TAGS = Set.of("private", "sensitive", "secret", "confidential");

    /** The most memories considered if none are named. */
    private static final int MAX_CONSIDERED = 2_000;

    /** Longer texts are documents, which belong in the prompt. */
    private static final int MAX_CHARS = 600;

    private static final Set<ItemType> TRAINABLE_TYPES = EnumSet.of(
            ItemType.FACT, ItemType.PREFERENCE, ItemType.EVENT, ItemType.NOTE, ItemType.MESSAGE, ItemType.SKILL);

    TrainingSelection {
        selected = List.copyOf(selected);
        rejected = List.copyOf(rejected);
        canaries = List.copyOf(canaries);
    }

    /**
     * Selects the memories to train.
     *
     * @param asked the memories to consider; all hot and stable ones if empty
     */
    static TrainingSelection select(VaultReader reader, CubeKey cube, List<ItemId> asked, Instant now) {
        LearningPolicy policy = reader.adapters().policy(cube);
        Map<ItemId, Adapter> known = alreadyTaught(reader.adapters().of(cube), !asked.isEmpty());
        List<MemoryItem> items =
                asked.isEmpty() ? candidates(reader, cube, policy, now) : namedItems(reader, cube, asked);
        List<MemoryItem> taught = new ArrayList<>();
        List<Left> left = new ArrayList<>();
        List<SensitiveSpan> canaries = new ArrayList<>();
        for (MemoryItem item : items) {
            List<SensitiveSpan> secrets = SensitiveTextDetector.findUnteachable(item.text());
            canaries.addAll(secrets);
            Optional<String> why = Optional.ofNullable(known.get(item.id()))
                    .map(adapter -> "It was already taught to " + adapter.id() + ".")
                    .or(() -> exclusionReason(item, now))
                    .or(() -> secrets.stream()
                            .findFirst()
                            .map(found -> "It looks like "
                                    + (found.kind().label() == Sensitivity.SECRET ? "a secret: " : "personal data: ")
                                    + found.kind().words() + "."))
                    .or(() -> asked.isEmpty() ? tooRecentReason(item, policy, now) : Optional.empty());
            why.ifPresentOrElse(reason -> left.add(new Left(item.id(), reason)), () -> taught.add(item));
        }
        return new TrainingSelection(taught, left, canaries);
    }

    /** Finds the secrets in the last {@value #MAX_CONSIDERED} items of a cube. */
    static List<SensitiveSpan> findSecrets(VaultReader reader, CubeKey cube) {
        return lastItems(reader, cube).stream()
                .flatMap(item -> SensitiveTextDetector.findUnteachable(item.text()).stream())
                .distinct()
                .toList();
    }

    private static List<MemoryItem> lastItems(VaultReader reader, CubeKey cube) {
        List<ItemId> all = reader.select(cube, Selection.matching(Filter.and()));
        return reader.items(cube, all.subList(Math.max(0, all.size() - MAX_CONSIDERED), all.size()));
    }

    /** Returns the items that may be trained again after others were removed, whatever their heat. */
    static List<MemoryItem> stillTrainable(List<MemoryItem> items, Instant now) {
        return items.stream()
                .filter(item -> exclusionReason(item, now).isEmpty()
                        && SensitiveTextDetector.findUnteachable(item.text()).isEmpty())
                .toList();
    }

    /**
     * Returns the items of the latest adapter versions. A retired version counts only if no items are named: naming an
     * item allows training it again.
     */
    private static Map<ItemId, Adapter> alreadyTaught(List<Adapter> all, boolean named) {
        Map<ItemId, Adapter> known = new HashMap<>();
        Map<String, Adapter> last = new HashMap<>();
        all.forEach(adapter ->
                last.merge(adapter.id().name(), adapter, (a, b) -> a.id().version() > b.id().version() ? a : b));
        last.values().stream()
                .filter(adapter -> !named || adapter.state() != AdapterState.RETIRED)
                .forEach(adapter -> adapter.taught().forEach(source -> known.put(source.item(), adapter)));
        return known;
    }

    private static List<MemoryItem> candidates(VaultReader reader, CubeKey cube, LearningPolicy policy, Instant now) {
        if (policy.heat() == 0) {
            return lastItems(reader, cube);
        }
        HeatCurve curve = HeatCurve.of(reader.usage().policy(cube));
        List<ItemId> hot = reader.usage().lastUsed(cube, MAX_CONSIDERED).stream()
                .filter(each -> curve.heatAt(each.use(), now) >= policy.heat())
                .sorted(Comparator.comparingDouble((UsedItem each) -> -curve.heatAt(each.use(), now)))
                .map(UsedItem::item)
                .toList();
        return reader.items(cube, hot);
    }

    private static List<MemoryItem> namedItems(VaultReader reader, CubeKey cube, List<ItemId> asked) {
        List<MemoryItem> items = reader.items(cube, asked);
        List<ItemId> missing = new ArrayList<>(asked);
        missing.removeAll(items.stream().map(MemoryItem::id).toList());
        if (!missing.isEmpty()) {
            throw new MemoryException(
                    ErrorCode.ITEM_NOT_FOUND, "There is no item " + missing.getFirst() + " in this cube.");
        }
        return items;
    }

    /** Returns the reason why an item must not be trained, if there is one. */
    private static Optional<String> exclusionReason(MemoryItem item, Instant now) {
        if (!item.state().isRecalled()) {
            return Optional.of("It is " + item.state().id() + ".");
        }
        if (!item.times().isValidAt(now) || item.times().validTo().isPresent()) {
            return Optional.of("It is no longer valid, or valid only for a limited time.");
        }
        if (item.times().expiresAt().isPresent()) {
            return Optional.of("It has a time to live.");
        }
        if (!Collections.disjoint(item.tags(), PRIVATE_TAGS)
                || Boolean.TRUE.equals(item.metadata().get("sensitive"))) {
            return Optional.of("It is tagged as private.");
        }
        if (item.label().given().isAbove(Sensitivity.INTERNAL)) {
            return Optional.of("It is labeled " + item.label().given().id() + ".");
        }
        if (!TRAINABLE_TYPES.contains(item.type())) {
            return Optional.of("A " + item.type().id() + " is not used for training.");
        }
        if (item.origin().role() == Role.ASSISTANT
                || item.origin().role() == Role.SYSTEM
                || item.origin().role() == Role.TOOL) {
            return Optional.of("Only statements by people are used for training, and this is the "
                    + item.origin().role().id() + "'s.");
        }
        if (item.text().length() > MAX_CHARS) {
            return Optional.of("It is longer than " + MAX_CHARS + " characters.");
        }
        if (QuestionTemplates.generate(item.text(), item.origin().speaker()).isEmpty()) {
            return Optional.of("It states nothing that a question could ask for.");
        }
        return Optional.empty();
    }

    private static Optional<String> tooRecentReason(MemoryItem item, LearningPolicy policy, Instant now) {
        return item.times().updatedAt().plus(policy.stable()).isAfter(now)
                ? Optional.of("It was changed recently, at " + item.times().updatedAt() + ".")
                : Optional.empty();
    }
}
