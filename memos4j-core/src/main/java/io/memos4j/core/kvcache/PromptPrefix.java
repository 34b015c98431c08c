package io.memos4j.core.kvcache;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.language.ConditionDetector;
import io.memos4j.core.prompt.DataBlock;
import io.memos4j.core.search.TokenCounter;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.kvcache.ActivationSource;
import io.memos4j.spi.kvcache.PromotedItem;
import io.memos4j.spi.vault.VaultReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The stable start of every prompt of some cubes: for each cube the promoted memories, the standing instructions, and
 * what is known about the user.
 *
 * <p>The order lets prompts share cached prefixes. Within a segment the oldest item comes first, so a new one is
 * appended; a segment stays the same, to the letter, until one of its items changes; and cubes that are named first,
 * such as a team's, begin the prompts of everyone who shares them.
 *
 * @param segments in order, none empty
 */
record PromptPrefix(List<Segment> segments) {
    /** The most tokens of instructions, and of what is known about the user; newer items are left to the search. */
    private static final int STANDING_TOKENS = 512;

    private static final int MAX_STANDING = 200;

    /**
     * Text that stays the same until one of its sources changes.
     *
     * @param cube the cube of its memories
     * @param validUntil when the first of the sources expires, if one does
     */
    record Segment(CubeKey cube, String text, List<ActivationSource> sources, Optional<Instant> validUntil) {}

    Set<ItemId> itemIds() {
        Set<ItemId> items = new HashSet<>();
        segments.forEach(part -> part.sources.forEach(source -> items.add(source.item())));
        return items;
    }

    /** Renders the prefix for these cubes at an instant. */
    static PromptPrefix of(VaultReader reader, List<CubeRow> cubes, Instant now) {
        List<Segment> segments = new ArrayList<>();
        for (CubeRow cube : cubes) {
            addSegment(
                    segments,
                    cube,
                    promotedItems(reader, cube, now),
                    items -> DataBlock.wrap(cube.id().value(), renderLines(items)));
            addSegment(
                    segments,
                    cube,
                    standingItems(
                            reader,
                            cube,
                            now,
                            item -> !ConditionDetector.isConditional(item.text()),
                            ItemType.INSTRUCTION),
                    items -> "Standing instructions of the user:\n"
                            + DataBlock.escape(renderLines(items)).stripTrailing());
            addSegment(
                    segments,
                    cube,
                    standingItems(reader, cube, now, item -> true, ItemType.PROFILE, ItemType.PREFERENCE),
                    items -> DataBlock.wrap(cube.id().value(), "About the user:\n" + renderLines(items)));
        }
        return new PromptPrefix(List.copyOf(segments));
    }

    private static void addSegment(
            List<Segment> segments, CubeRow cube, List<MemoryItem> items, Function<List<MemoryItem>, String> renderer) {
        if (!items.isEmpty()) {
            segments.add(new Segment(
                    cube.key(),
                    renderer.apply(items),
                    items.stream()
                            .map(item -> new ActivationSource(cube.key(), item.id(), item.version()))
                            .toList(),
                    items.stream().flatMap(PromptPrefix::endTimes).min(Instant::compareTo)));
        }
    }

    private static Stream<Instant> endTimes(MemoryItem item) {
        return Stream.concat(item.times().expiresAt().stream(), item.times().validTo().stream());
    }

    private static List<MemoryItem> promotedItems(VaultReader reader, CubeRow cube, Instant now) {
        List<ItemId> ids = reader.activations().promoted(cube.key()).stream()
                .map(PromotedItem::item)
                .toList();
        return reader.items(cube.key(), ids).stream()
                .filter(item -> holds(item, now) && !item.type().isStanding())
                .toList();
    }

    private static List<MemoryItem> standingItems(
            VaultReader reader, CubeRow cube, Instant now, Predicate<MemoryItem> which, ItemType... types) {
        ListRequest request = ListRequest.first()
                .limit(MAX_STANDING)
                .sortedBy(ListRequest.Sort.INSERTED)
                .where(Filter.and(
                        Filter.in("type", Stream.of(types).map(ItemType::id).toList()), Filter.RECALLED));
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
        return item.state().isRecalled() && item.times().isValidAt(now) && !item.isExpiredAt(now);
    }

    /** Estimates the tokens that a memory takes in a prompt; models count differently. */
    static int tokens(MemoryItem item) {
        return TokenCounter.forModel("").count(renderLine(item));
    }

    private static String renderLines(Collection<MemoryItem> items) {
        StringBuilder lines = new StringBuilder();
        items.forEach(item -> lines.append(renderLine(item)));
        return lines.toString();
    }

    private static String renderLine(MemoryItem item) {
        String text = item.text().strip();
        return "- " + (item.title().isEmpty() || text.startsWith(item.title()) ? text : item.title() + ": " + text)
                + "\n";
    }
}
