package io.memos4j.core.kvcache;

import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.TrustLevel;
import io.memos4j.api.privacy.Reader;
import io.memos4j.api.privacy.Sensitivity;
import io.memos4j.core.language.ConditionDetector;
import io.memos4j.core.language.StandingMemory;
import io.memos4j.core.language.TextNormalizer;
import io.memos4j.core.privacy.Redactor;
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
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
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

    /** All who chat with a cube share its prefix. */
    private static final Reader EVERYBODY = Reader.upTo(Sensitivity.INTERNAL).throughModel();

    /**
     * Text that stays the same until one of its sources changes.
     *
     * @param cube the cube of its memories
     * @param validUntil when the first of the sources expires, if one does
     */
    record Segment(CubeKey cube, String text, List<ActivationSource> sources, Optional<Instant> validUntil) {}

    /** A memory and what is said of it. */
    private record Line(MemoryItem item, String text) {}

    Set<ItemId> itemIds() {
        Set<ItemId> items = new HashSet<>();
        segments.forEach(part -> part.sources.forEach(source -> items.add(source.item())));
        return items;
    }

    /**
     * Renders the prefix for these cubes at an instant.
     *
     * @param own the cubes that the reader owns; the owner of another one gives no instructions to the reader
     */
    static PromptPrefix of(VaultReader reader, List<CubeRow> cubes, Set<CubeId> own, Instant now) {
        List<Segment> segments = new ArrayList<>();
        for (CubeRow cube : cubes) {
            Redactor everybody = new Redactor(cube.privacy(), EVERYBODY);
            List<Line> promoted = promotedItems(reader, cube, now).stream()
                    .filter(item -> !everybody.hides(item))
                    .map(item -> new Line(item, item.text()))
                    .toList();
            List<StandingMemory> standing = own.contains(cube.id())
                    ? standingMemories(reader, cube, now).stream()
                            .filter(each -> !everybody.hides(each.item()))
                            .toList()
                    : List.of();
            List<Line> instructions = fitting(standing.stream()
                    .filter(each -> each.type() == ItemType.INSTRUCTION)
                    .filter(each -> !ConditionDetector.isConditional(each.text())));
            List<Line> about = fitting(standing.stream().filter(each -> each.type() != ItemType.INSTRUCTION));
            String name = cube.id().value();
            addSegment(segments, cube, promoted, lines -> DataBlock.wrap(name, renderLines(lines)));
            addSegment(
                    segments,
                    cube,
                    instructions,
                    lines -> "Standing instructions of the user:\n"
                            + DataBlock.escape(renderLines(lines)).stripTrailing());
            addSegment(segments, cube, about, lines -> DataBlock.wrap(name, "About the user:\n" + renderLines(lines)));
        }
        return new PromptPrefix(List.copyOf(segments));
    }

    private static void addSegment(
            List<Segment> segments, CubeRow cube, List<Line> lines, Function<List<Line>, String> renderer) {
        if (!lines.isEmpty()) {
            List<MemoryItem> items = lines.stream().map(Line::item).distinct().toList();
            segments.add(new Segment(
                    cube.key(),
                    renderer.apply(lines),
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
                .filter(item -> holds(item, now) && !StandingMemory.isWhole(item))
                .toList();
    }

    /** The newest standing memories that hold, the oldest of them first. */
    private static List<StandingMemory> standingMemories(VaultReader reader, CubeRow cube, Instant now) {
        ListRequest request = ListRequest.first()
                .limit(MAX_STANDING)
                .sortedBy(ListRequest.Sort.NEWEST)
                .where(Filter.and(StandingMemory.FILTER, Filter.RECALLED));
        return StandingMemory.current(reader.list(cube.key(), request).items().stream()
                .filter(item -> holds(item, now))
                .sorted(Comparator.comparing(MemoryItem::id))
                .toList());
    }

    /** The first memories that fit in the budget of a segment. */
    private static List<Line> fitting(Stream<StandingMemory> standing) {
        List<Line> fitting = new ArrayList<>();
        int tokens = 0;
        for (StandingMemory each : standing.toList()) {
            Line line = new Line(each.item(), each.text());
            tokens += TokenCounter.forModel("").count(renderLine(line));
            if (tokens > STANDING_TOKENS) {
                break;
            }
            fitting.add(line);
        }
        return fitting;
    }

    private static boolean holds(MemoryItem item, Instant now) {
        return item.state().isRecalled() && item.times().isValidAt(now) && !item.isExpiredAt(now);
    }

    /** Estimates the tokens that a memory takes in a prompt; models count differently. */
    static int tokens(MemoryItem item) {
        return TokenCounter.forModel("").count(renderLine(new Line(item, item.text())));
    }

    private static String renderLines(Collection<Line> items) {
        StringBuilder lines = new StringBuilder();
        items.forEach(line -> lines.append(renderLine(line)));
        return lines.toString();
    }

    private static String renderLine(Line line) {
        String text = DataBlock.indentHeadings(line.text.strip());
        String title = TextNormalizer.singleLine(line.item.title());
        String by = line.item.trust() == TrustLevel.OWNER
                ? ""
                : "(" + line.item.provenance().id()
                        + (line.item.authorship().isOwner()
                                ? ""
                                : " " + line.item.authorship().principal()) + ") ";
        return "- " + by + (title.isEmpty() || text.startsWith(title) ? text : title + ": " + text) + "\n";
    }
}
