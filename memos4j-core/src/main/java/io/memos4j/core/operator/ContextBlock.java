package io.memos4j.core.operator;

import io.memos4j.api.MemoryItem;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The rendered context: one heading a day with the absolute date and week day, below it one entry an item, oldest first, each with a
 * citation number and who said it. The date stands once for all entries of a day, since it costs more tokens than a short message.
 *
 * <p>Entries are offered in order of rank and taken while they fit; a day's heading is charged to the first entry that needs it.
 */
final class ContextBlock {
    private final ZoneId zone;
    private final int maxTokens;
    private final List<Entry> entries = new ArrayList<>();
    private final Set<LocalDate> days = new HashSet<>();
    private int tokens;

    /** What was taken: an item and what is shown of it. */
    private record Entry(MemoryItem item, String excerpt) {}

    ContextBlock(ZoneId zone, int maxTokens) {
        this.zone = zone;
        this.maxTokens = maxTokens;
    }

    /** Takes an entry if it fits; returns what it costs, 0 if it does not fit. */
    int offer(MemoryItem item, String excerpt) {
        LocalDate day = day(item);
        // Two digits stand for any citation number: it is known only when all entries are.
        int cost = Tokens.count(line(10, item, excerpt));
        if (!days.contains(day)) {
            cost += Tokens.count(heading(day));
        }
        if (tokens + cost > maxTokens) {
            return 0;
        }
        days.add(day);
        entries.add(new Entry(item, excerpt));
        tokens += cost;
        return cost;
    }

    /** The sum of the costs. */
    int tokens() {
        return tokens;
    }

    /** The items in the order of their citation numbers. */
    List<MemoryItem> cited() {
        return chronological().stream().map(Entry::item).toList();
    }

    /** The whole block. */
    String render() {
        StringBuilder block = new StringBuilder();
        LocalDate day = LocalDate.MIN;
        int number = 0;
        for (Entry entry : chronological()) {
            if (!day(entry.item).equals(day)) {
                day = day(entry.item);
                block.append(heading(day));
            }
            block.append(line(++number, entry.item, entry.excerpt));
        }
        return block.toString();
    }

    private List<Entry> chronological() {
        return entries.stream()
                .sorted(Comparator.comparing((Entry entry) -> entry.item.times().occurredAt())
                        .thenComparing(entry -> entry.item.id()))
                .toList();
    }

    private LocalDate day(MemoryItem item) {
        return item.times().occurredAt().atZone(zone).toLocalDate();
    }

    private static String heading(LocalDate day) {
        return DateTimeFormatter.ISO_LOCAL_DATE.format(day) + " "
                + day.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH) + "\n";
    }

    private static String line(int number, MemoryItem item, String excerpt) {
        return "[" + number + "] " + by(item) + excerpt + "\n";
    }

    /** Who speaks, or what a document's chunk belongs to; empty if neither is known. */
    private static String by(MemoryItem item) {
        String name = !item.origin().speaker().isEmpty() ? item.origin().speaker() : item.title();
        if (name.isEmpty()) {
            return switch (item.origin().role()) {
                case NONE -> "";
                case USER, ASSISTANT, SYSTEM, TOOL -> item.origin().role().id() + ": ";
            };
        }
        return name + ": ";
    }
}
