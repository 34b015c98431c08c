package io.memos4j.core.language;

import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Role;
import io.memos4j.api.items.TrustLevel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A standing statement as a memory makes it: a view on the memory, computed when it is read. A preference or
 * instruction of its own states its text; a message states the sentences that {@link StandingStatement} finds in it.
 *
 * @param type {@link ItemType#INSTRUCTION}, {@link ItemType#PREFERENCE} or {@link ItemType#PROFILE}
 * @param text the item's text, or the sentence of the message
 */
public record StandingMemory(MemoryItem item, ItemType type, String text) {
    /** Matches the memories that may make standing statements. */
    public static final Filter FILTER = Filter.in(
            "type",
            Arrays.stream(ItemType.values())
                    .filter(ItemType::isStanding)
                    .map(ItemType::id)
                    .toList());

    /**
     * Returns the statements of these memories that hold, in the order of the memories: of one attribute of one speaker
     * only the newest, and none that a newer one among them ends.
     */
    public static List<StandingMemory> current(List<MemoryItem> items) {
        List<MemoryItem> newest = items.stream()
                .sorted(Comparator.comparing((MemoryItem item) -> item.times().occurredAt())
                        .thenComparing(MemoryItem::id)
                        .reversed())
                .toList();
        Set<String> said = new HashSet<>();
        Set<StandingMemory> holding = new HashSet<>();
        for (MemoryItem item : newest) {
            for (StandingStatement statement : statements(item)) {
                if (said.add(key(item, statement)) && !statement.ended()) {
                    holding.add(new StandingMemory(item, statement.type(), statement.text()));
                }
            }
        }
        List<StandingMemory> current = new ArrayList<>();
        items.forEach(item -> statements(item).stream()
                .map(statement -> new StandingMemory(item, statement.type(), statement.text()))
                .filter(holding::remove)
                .forEach(current::add));
        return current;
    }

    /** Returns the type of an item; a note, if it instructs by its type but not by who said it. */
    public static ItemType ownType(MemoryItem item) {
        return item.type().isStanding() && item.trust() != TrustLevel.OWNER ? ItemType.NOTE : item.type();
    }

    /** Returns the type of an item; of a message that makes standing statements, that of the most important one. */
    public static ItemType typeOf(MemoryItem item) {
        if (item.trust() != TrustLevel.OWNER) {
            return ownType(item);
        }
        return item.standing().contains(ItemType.INSTRUCTION)
                ? ItemType.INSTRUCTION
                : item.standing().stream().findFirst().orElse(item.type());
    }

    /** Returns whether an item states nothing but a preference, an instruction or a profile. */
    public static boolean isWhole(MemoryItem item) {
        return current(List.of(item)).stream().anyMatch(StandingMemory::isWholeItem);
    }

    /** Returns whether the item says nothing else. */
    public boolean isWholeItem() {
        return text.strip().equals(item.text().strip());
    }

    /** The statements of an item; words of others, documents, tools and assistants are data, whatever their type. */
    private static List<StandingStatement> statements(MemoryItem item) {
        if (item.trust() != TrustLevel.OWNER) {
            return List.of();
        }
        if (item.type().isStanding()) {
            return List.of(new StandingStatement(item.type(), item.text(), false));
        }
        return item.standing().isEmpty()
                ? List.of()
                : StandingStatement.findIn(item.text()).stream()
                        .filter(statement -> item.standing().contains(statement.type()))
                        .toList();
    }

    /** Equal for statements about the same. */
    private static String key(MemoryItem item, StandingStatement statement) {
        String speaker = item.origin().speaker().isEmpty()
                ? Role.USER.id()
                : item.origin().speaker();
        return AttributeStatement.parseOwn(statement.text(), speaker)
                .map(AttributeStatement::key)
                .orElseGet(() -> speaker + "\n" + TextNormalizer.withoutPunctuation(statement.text()));
    }
}
