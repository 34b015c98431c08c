package io.memos4j.core.search;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.clock.ZoneResolver;
import io.memos4j.core.language.TextNormalizer;
import io.memos4j.core.prompt.DataBlock;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Renders the context in an order that changes as little as possible from search to search, so that a provider's prompt
 * cache hits: what is known about the user, standing instructions, then evidence under one heading per day, oldest
 * first. Each entry has a citation number and names the speaker; relative times are annotated with dates, and outdated
 * statements refer to the newer ones.
 *
 * <p>Entries are offered in order of rank and taken while they fit; a heading is charged to the first entry that needs
 * it.
 */
final class ContextRenderer {
    /** The sections of the context, in this order. */
    private enum Section {
        ABOUT_THE_USER("About the user:\n"),
        INSTRUCTIONS("Standing instructions of the user:\n"),
        EVIDENCE("");

        private final String heading;

        Section(String heading) {
            this.heading = heading;
        }
    }

    /** A placeholder for citation numbers, which are known only once all entries are. */
    private static final int ANY_NUMBER = 10;

    /** The most of the budget that goes to standing memories which the query did not find. */
    private static final double STANDING_SHARE = 0.25;

    private final ItemSetting setting;
    private final TokenCounter counted;
    private final int maxTokens;
    private final List<Entry> entries = new ArrayList<>();
    private final Set<Section> sections = EnumSet.noneOf(Section.class);
    private final Set<LocalDate> days = new HashSet<>();
    private int tokens;
    private int standingTokens;

    /** A hit in the context and the text shown for it. */
    private record Entry(RankedItem found, String shown, Section section) {
        MemoryItem item() {
            return found.item();
        }
    }

    /** @param setting what the cube of an item tells about it */
    ContextRenderer(ItemSetting setting, TokenCounter counted, int maxTokens) {
        this.setting = setting;
        this.counted = counted;
        this.maxTokens = maxTokens;
    }

    /** Adds an entry if it fits; returns its cost in tokens, 0 if it does not fit. */
    int offer(RankedItem found, String excerpt) {
        Entry entry = entry(found, excerpt);
        LocalDate day = day(found.item());
        String headings = sections.contains(entry.section) ? "" : entry.section.heading;
        if (entry.section == Section.EVIDENCE && !days.contains(day)) {
            headings += heading(day);
        }
        int cost = counted.count(line(ANY_NUMBER, entry, id -> true, Map.of()))
                + (headings.isEmpty() ? 0 : counted.count(headings));
        boolean unasked = found.stated().isPresent() && !found.isFound();
        if (tokens + cost > maxTokens || unasked && standingTokens + cost > maxTokens * STANDING_SHARE) {
            return 0;
        }
        standingTokens += unasked ? cost : 0;
        sections.add(entry.section);
        if (entry.section == Section.EVIDENCE) {
            days.add(day);
        }
        entries.add(entry);
        tokens += cost;
        return cost;
    }

    /** The tokens of all entries. */
    int tokens() {
        return tokens;
    }

    /** The items in the order of their citation numbers. */
    List<ItemId> citedItems() {
        return ordered().stream().map(entry -> entry.found.id()).toList();
    }

    /** The whole block. */
    String render() {
        List<Entry> ordered = ordered();
        Map<ItemId, Integer> numbers = new HashMap<>();
        ordered.forEach(entry -> numbers.put(entry.found.id(), numbers.size() + 1));
        StringBuilder block = new StringBuilder();
        Set<Section> begun = EnumSet.noneOf(Section.class);
        LocalDate day = LocalDate.MIN;
        for (Entry entry : ordered) {
            if (begun.add(entry.section)) {
                block.append(entry.section.heading);
            }
            if (entry.section == Section.EVIDENCE && !day(entry.item()).equals(day)) {
                day = day(entry.item());
                block.append(heading(day));
            }
            int number = numbers.getOrDefault(entry.found.id(), ANY_NUMBER);
            block.append(line(number, entry, numbers::containsKey, numbers));
        }
        return block.toString();
    }

    private List<Entry> ordered() {
        return entries.stream()
                .sorted(Comparator.comparing(Entry::section)
                        .thenComparing(entry -> day(entry.item()))
                        .thenComparing(entry -> entry.item().times().occurredAt())
                        .thenComparing(entry -> entry.found.id()))
                .toList();
    }

    private Entry entry(RankedItem found, String excerpt) {
        boolean own = setting.own().test(found.item());
        Section section = switch (own ? StandingMemories.typeOf(found) : ItemType.NOTE) {
            case PROFILE, PREFERENCE -> Section.ABOUT_THE_USER;
            case INSTRUCTION -> Section.INSTRUCTIONS;
            case MESSAGE, NOTE, DOCUMENT, FACT, EVENT, SUMMARY, SKILL, TOOL -> Section.EVIDENCE;
        };
        String dated = DataBlock.indentHeadings(AbsoluteDateAnnotator.annotate(excerpt, day(found.item())));
        String shown =
                found.span().size() > 1 || section != Section.EVIDENCE ? dated : speakerPrefix(found.item()) + dated;
        return new Entry(found, setting.lead().apply(found.item()) + shown, section);
    }

    private LocalDate day(MemoryItem item) {
        return ZoneResolver.dayOf(item, setting.zone().apply(item));
    }

    private static String heading(LocalDate day) {
        return DateTimeFormatter.ISO_LOCAL_DATE.format(day) + " "
                + day.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH) + "\n";
    }

    private String line(int number, Entry entry, Predicate<ItemId> cited, Map<ItemId, Integer> numbers) {
        StringBuilder line = new StringBuilder("[").append(number).append("] ").append(entry.shown);
        if (!entry.found.asked().isEmpty()) {
            line.append(" (asked: ").append(entry.found.asked()).append(')');
        }
        entry.found
                .successor()
                .filter(cited)
                .ifPresent(newer -> line.append(" (said otherwise later: [")
                        .append(numbers.getOrDefault(newer, ANY_NUMBER))
                        .append("])"));
        entry.item()
                .times()
                .validTo()
                .ifPresent(end -> line.append(" (until ")
                        .append(end.atZone(setting.zone().apply(entry.item())).toLocalDate())
                        .append(')'));
        return line.append('\n').toString();
    }

    /**
     * The speaker, or the title of a document's chunk, and the principal if it is not the owner's, with a colon; empty
     * if nothing is known.
     */
    static String speakerPrefix(MemoryItem item) {
        String name = !item.origin().speaker().isEmpty() ? item.origin().speaker() : item.title();
        String by = name.isEmpty() ? role(item) : TextNormalizer.singleLine(name);
        if (!item.authorship().isOwner()) {
            by += (by.isEmpty() ? "" : " ") + "(written by " + item.authorship().principal() + ")";
        }
        return by.isEmpty() ? "" : by + ": ";
    }

    private static String role(MemoryItem item) {
        return switch (item.origin().role()) {
            case NONE -> "";
            case USER, ASSISTANT, SYSTEM, TOOL -> item.origin().role().id();
        };
    }
}
