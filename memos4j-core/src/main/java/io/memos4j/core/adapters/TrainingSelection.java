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
 * Which memories are taught, and which not and why.
 *
 * @param taught in the order in which they were asked for, or hottest first
 * @param left the others that were looked at
 * @param canaries what of them must not be said
 */
record TrainingSelection(List<MemoryItem> selected, List<Left> rejected, List<SensitiveTextDetector.Secret> canaries) {
    /** What a person keeps from everybody by a tag. */
    private static final Set<String> PRIVATE = Set.of("private", "sensitive", "secret", "confidential");

    /** Memories that are looked at where none are named. */
    private static final int MOST = 2_000;

    /** A longer text is a document; its place is the prompt. */
    private static final int LONGEST = 600;

    private static final Set<ItemType> EVERGREEN = EnumSet.of(
            ItemType.FACT, ItemType.PREFERENCE, ItemType.EVENT, ItemType.NOTE, ItemType.MESSAGE, ItemType.SKILL);

    TrainingSelection {
        selected = List.copyOf(selected);
        rejected = List.copyOf(rejected);
        canaries = List.copyOf(canaries);
    }

    /**
     * Chooses.
     *
     * @param asked which memories; what is hot and stable if empty
     */
    static TrainingSelection select(VaultReader reader, CubeKey cube, List<ItemId> asked, Instant now) {
        LearningPolicy policy = reader.adapters().policy(cube);
        Map<ItemId, Adapter> known = alreadyTaught(reader.adapters().of(cube), !asked.isEmpty());
        List<MemoryItem> items =
                asked.isEmpty() ? candidates(reader, cube, policy, now) : namedItems(reader, cube, asked);
        List<MemoryItem> taught = new ArrayList<>();
        List<Left> left = new ArrayList<>();
        List<SensitiveTextDetector.Secret> canaries = new ArrayList<>();
        for (MemoryItem item : items) {
            List<SensitiveTextDetector.Secret> secrets = SensitiveTextDetector.find(item.text());
            canaries.addAll(secrets);
            Optional<String> why = Optional.ofNullable(known.get(item.id()))
                    .map(adapter -> "It was taught to " + adapter.id() + " already.")
                    .or(() -> exclusionReason(item, now))
                    .or(() -> secrets.stream().findFirst().map(found -> "It looks like " + found.kind() + "."))
                    .or(() -> asked.isEmpty() ? tooRecentReason(item, policy, now) : Optional.empty());
            why.ifPresentOrElse(reason -> left.add(new Left(item.id(), reason)), () -> taught.add(item));
        }
        return new TrainingSelection(taught, left, canaries);
    }

    /** What must not be said of all that the cube holds, that is, of the last {@value #MOST} items. */
    static List<SensitiveTextDetector.Secret> findSecrets(VaultReader reader, CubeKey cube) {
        return lastItems(reader, cube).stream()
                .flatMap(item -> SensitiveTextDetector.find(item.text()).stream())
                .distinct()
                .toList();
    }

    private static List<MemoryItem> lastItems(VaultReader reader, CubeKey cube) {
        List<ItemId> all = reader.select(cube, Selection.matching(Filter.and()));
        return reader.items(cube, all.subList(Math.max(0, all.size() - MOST), all.size()));
    }

    /** What may still be taught again after something else was taken out; nobody asks for its heat any more. */
    static List<MemoryItem> stillTeachable(List<MemoryItem> items, Instant now) {
        return items.stream()
                .filter(item -> exclusionReason(item, now).isEmpty()
                        && SensitiveTextDetector.find(item.text()).isEmpty())
                .toList();
    }

    /**
     * What some last version has, or had until its owner retired it; who names a memory may have it taught again after
     * that.
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
        List<ItemId> hot = reader.usage().lastUsed(cube, MOST).stream()
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

    /** What speaks against ever teaching it. */
    private static Optional<String> exclusionReason(MemoryItem item, Instant now) {
        if (!item.state().isRecalled()) {
            return Optional.of("It is " + item.state().id() + ".");
        }
        if (!item.times().isValidAt(now) || item.times().validTo().isPresent()) {
            return Optional.of("It holds no longer, or not for ever.");
        }
        if (item.times().expiresAt().isPresent()) {
            return Optional.of("It has a time to live.");
        }
        if (!Collections.disjoint(item.tags(), PRIVATE)
                || Boolean.TRUE.equals(item.metadata().get("sensitive"))) {
            return Optional.of("It is tagged as private.");
        }
        if (!EVERGREEN.contains(item.type())) {
            return Optional.of("A " + item.type().id() + " is not taught.");
        }
        if (item.origin().role() == Role.ASSISTANT
                || item.origin().role() == Role.SYSTEM
                || item.origin().role() == Role.TOOL) {
            return Optional.of("Only what people say is taught, and this is the "
                    + item.origin().role().id() + "'s.");
        }
        if (item.text().length() > LONGEST) {
            return Optional.of("It is longer than " + LONGEST + " characters.");
        }
        if (QuestionTemplates.generate(item.text(), item.origin().speaker()).isEmpty()) {
            return Optional.of("It says nothing that could be asked for.");
        }
        return Optional.empty();
    }

    private static Optional<String> tooRecentReason(MemoryItem item, LearningPolicy policy, Instant now) {
        return item.times().updatedAt().plus(policy.stable()).isAfter(now)
                ? Optional.of("It was changed lately, at " + item.times().updatedAt() + ".")
                : Optional.empty();
    }
}
