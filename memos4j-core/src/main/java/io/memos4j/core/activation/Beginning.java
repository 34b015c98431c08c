package io.memos4j.core.activation;

import io.memos4j.api.Filter;
import io.memos4j.api.ItemId;
import io.memos4j.api.ItemState;
import io.memos4j.api.ItemType;
import io.memos4j.api.ListRequest;
import io.memos4j.api.MemoryItem;
import io.memos4j.core.language.Condition;
import io.memos4j.core.operator.Tokens;
import io.memos4j.core.prompt.DataBlock;
import io.memos4j.spi.ActivationSource;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.Promoted;
import io.memos4j.spi.VaultReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What stands at the beginning of every prompt of some cubes: for each cube what was promoted, then its standing instructions, then what is
 * known about the user. Within a part the oldest comes first, so that what is learnt later joins the end.
 *
 * <p>The order is what lets prompts share their beginnings: a part is the same, to the letter, until one of its memories changes, and cubes
 * that are named first, such as a team's, begin the prompts of all that share them.
 *
 * @param parts in order, none empty
 */
record Beginning(List<Part> parts) {
    /** Of the instructions, and of what is known about the user; beyond it the newest are left to the search. */
    private static final int STANDING_TOKENS = 512;

    private static final int MOST_STANDING = 200;

    /**
     * A stretch of text that is the same until one of its sources changes.
     *
     * @param cube whose memories it has
     * @param until when the first of them ceases to hold, if one does
     */
    record Part(CubeKey cube, String text, List<ActivationSource> sources, Optional<Instant> until) {}

    /** The items in it. */
    Set<ItemId> items() {
        Set<ItemId> items = new HashSet<>();
        parts.forEach(part -> part.sources.forEach(source -> items.add(source.item())));
        return items;
    }

    /** The beginning of the prompts of these cubes at an instant. */
    static Beginning of(VaultReader reader, List<CubeRow> cubes, Instant now) {
        List<Part> parts = new ArrayList<>();
        for (CubeRow cube : cubes) {
            add(
                    parts,
                    cube,
                    promoted(reader, cube, now),
                    items -> DataBlock.of(cube.id().value(), lines(items)));
            add(
                    parts,
                    cube,
                    standing(reader, cube, now, item -> !Condition.in(item.text()), ItemType.INSTRUCTION),
                    items -> "Standing instructions of the user:\n"
                            + DataBlock.harmless(lines(items)).stripTrailing());
            add(
                    parts,
                    cube,
                    standing(reader, cube, now, item -> true, ItemType.PROFILE, ItemType.PREFERENCE),
                    items -> DataBlock.of(cube.id().value(), "About the user:\n" + lines(items)));
        }
        return new Beginning(List.copyOf(parts));
    }

    private interface Rendering {
        String of(List<MemoryItem> items);
    }

    private static void add(List<Part> parts, CubeRow cube, List<MemoryItem> items, Rendering rendering) {
        if (!items.isEmpty()) {
            parts.add(new Part(
                    cube.key(),
                    rendering.of(items),
                    items.stream()
                            .map(item -> new ActivationSource(cube.key(), item.id(), item.version()))
                            .toList(),
                    items.stream().flatMap(Beginning::ends).min(Instant::compareTo)));
        }
    }

    private static Stream<Instant> ends(MemoryItem item) {
        return Stream.concat(item.times().expiresAt().stream(), item.times().validTo().stream());
    }

    private static List<MemoryItem> promoted(VaultReader reader, CubeRow cube, Instant now) {
        List<ItemId> ids = reader.activations().promoted(cube.key()).stream()
                .map(Promoted::item)
                .toList();
        return reader.items(cube.key(), ids).stream()
                .filter(item -> holds(item, now) && !isStanding(item.type()))
                .toList();
    }

    /** Whether memories of this type stand at the beginning without being promoted. */
    static boolean isStanding(ItemType type) {
        return type == ItemType.INSTRUCTION || type == ItemType.PROFILE || type == ItemType.PREFERENCE;
    }

    private static List<MemoryItem> standing(
            VaultReader reader, CubeRow cube, Instant now, Predicate<MemoryItem> which, ItemType... types) {
        ListRequest request = ListRequest.first()
                .limit(MOST_STANDING)
                .sortedBy(ListRequest.Sort.INSERTED)
                .where(Filter.and(
                        Filter.in("type", Stream.of(types).map(ItemType::id).toList()),
                        Filter.in("state", List.of(ItemState.ACTIVATED.id(), ItemState.FROZEN.id()))));
        List<MemoryItem> standing = new ArrayList<>();
        int tokens = 0;
        for (MemoryItem item : reader.list(cube.key(), request).items()) {
            if (which.test(item) && holds(item, now)) {
                tokens += tokens(item);
                if (tokens > STANDING_TOKENS) {
                    break;
                }
                standing.add(item);
            }
        }
        return standing;
    }

    private static boolean holds(MemoryItem item, Instant now) {
        return item.state().recalled() && item.times().heldAt(now) && !item.expiredAt(now);
    }

    /** About what a memory costs in a prompt; models count differently. */
    static int tokens(MemoryItem item) {
        return Tokens.of("").count(line(item));
    }

    private static String lines(Collection<MemoryItem> items) {
        StringBuilder lines = new StringBuilder();
        items.forEach(item -> lines.append(line(item)));
        return lines.toString();
    }

    private static String line(MemoryItem item) {
        String text = item.text().strip();
        return "- " + (item.title().isEmpty() || text.startsWith(item.title()) ? text : item.title() + ": " + text)
                + "\n";
    }
}
