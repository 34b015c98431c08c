package io.memos4j.core.search;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.language.SentenceSplitter;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.items.SessionNeighbors;
import io.memos4j.spi.vault.VaultReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Groups turns into spans of conversation, for questions about a course of events, which no single turn answers, and
 * for which the twenty best turns may all be from one day. A span is the best turn with those around it in its session,
 * each shown by its first sentences. Its score is the sum of its three best turns.
 */
final class ConversationSpans {
    /** The turns before the best one; with those after it, three exchanges. */
    private static final int BEFORE = 2;

    private static final int AFTER = 3;

    /** The turns whose scores add up to that of a span. */
    private static final int SCORED = 3;

    /** The characters shown of a turn. */
    private static final int LEAD = 160;

    private final VaultReader reader;
    private final CubeKey cube;
    private final TimeView view;
    private final Predicate<MemoryItem> recalled;
    private final Map<ItemId, SessionNeighbors> neighbors = new HashMap<>();

    ConversationSpans(VaultReader reader, CubeKey cube, TimeView view, Predicate<MemoryItem> recalled) {
        this.reader = reader;
        this.cube = cube;
        this.view = view;
        this.recalled = recalled;
    }

    /** Replaces the turns of a ranking by spans; everything else stays as it is. */
    List<RankedItem> group(List<RankedItem> ranked) {
        List<RankedItem> turns = ranked.stream()
                .filter(found -> found.item().type() == ItemType.MESSAGE
                        && !found.item().origin().session().isEmpty())
                .toList();
        readAround(turns);
        Map<ItemId, RankedItem> byId = new HashMap<>();
        turns.forEach(found -> byId.put(found.id(), found));
        Map<ItemId, List<ItemId>> spans = findSpans(turns);
        Map<ItemId, MemoryItem> items = new HashMap<>();
        view.items(reader, spans.values().stream().flatMap(List::stream).toList())
                .forEach(item -> items.put(item.id(), item));
        List<RankedItem> joined = new ArrayList<>(ranked);
        joined.removeAll(turns);
        spans.forEach((anchor, members) -> {
            RankedItem best = Optional.ofNullable(byId.get(anchor)).orElseThrow();
            List<MemoryItem> shown = members.stream()
                    .map(items::get)
                    .flatMap(item -> Optional.ofNullable(item).stream())
                    .filter(recalled)
                    .toList();
            double worth = members.stream()
                    .map(byId::get)
                    .mapToDouble(member -> member == null ? 0 : member.score())
                    .map(score -> -score)
                    .sorted()
                    .limit(SCORED)
                    .map(score -> -score)
                    .sum();
            joined.add(best.withSpan(shown).withScore(worth).withReason("with the turns around it"));
        });
        joined.sort(RankedItem.BEST_FIRST);
        double top = joined.isEmpty() ? 1 : Math.max(1, joined.getFirst().score());
        return joined.stream()
                .map(found -> found.withScore(found.score() / top))
                .toList();
    }

    private void readAround(List<RankedItem> turns) {
        Set<ItemId> frontier = new HashSet<>();
        turns.forEach(found -> frontier.add(found.id()));
        for (int hop = 0; hop < Math.max(BEFORE, AFTER); hop++) {
            frontier.removeAll(neighbors.keySet());
            Map<ItemId, SessionNeighbors> read = reader.sessionNeighbors(cube, List.copyOf(frontier));
            neighbors.putAll(read);
            frontier.clear();
            read.values().forEach(around -> frontier.addAll(around.all()));
        }
    }

    /** The turns of each span in order, by its best turn; no turn is in two spans. */
    private Map<ItemId, List<ItemId>> findSpans(List<RankedItem> turns) {
        Map<ItemId, List<ItemId>> spans = new LinkedHashMap<>();
        Set<ItemId> taken = new HashSet<>();
        for (RankedItem turn : turns) {
            if (!taken.add(turn.id())) {
                continue;
            }
            List<ItemId> span = new ArrayList<>();
            span.addAll(walk(turn.id(), SessionNeighbors::before, BEFORE, taken).reversed());
            span.add(turn.id());
            span.addAll(walk(turn.id(), SessionNeighbors::after, AFTER, taken));
            spans.put(turn.id(), span);
        }
        return spans;
    }

    private List<ItemId> walk(
            ItemId from, Function<SessionNeighbors, Optional<ItemId>> step, int steps, Set<ItemId> taken) {
        List<ItemId> walked = new ArrayList<>();
        Optional<ItemId> next = step.apply(neighbors.getOrDefault(from, SessionNeighbors.NONE));
        while (next.isPresent() && walked.size() < steps && taken.add(next.get())) {
            walked.add(next.get());
            next = step.apply(neighbors.getOrDefault(next.get(), SessionNeighbors.NONE));
        }
        return walked;
    }

    /** The first sentences of a turn: whole ones while they fit, at least a part of the first. */
    static String leadingSentences(String text) {
        StringBuilder lead = new StringBuilder();
        for (String sentence : SentenceSplitter.split(text.length() > 4 * LEAD ? text.substring(0, 4 * LEAD) : text)) {
            if (lead.length() > 0 && lead.length() + sentence.length() > LEAD) {
                break;
            }
            lead.append(lead.isEmpty() ? "" : " ").append(sentence);
        }
        return lead.length() <= LEAD
                ? lead.toString()
                : lead.substring(0, lead.offsetByCodePoints(0, Math.min(LEAD, lead.codePointCount(0, lead.length()))))
                                .strip()
                        + " …";
    }
}
