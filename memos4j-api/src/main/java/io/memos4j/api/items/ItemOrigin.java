package io.memos4j.api.items;

import java.util.List;

/**
 * The descriptive origin of an item. It never changes after the item was made, except for the sources of a memory that
 * is kept up to date, such as a summary: its next version may name others. An absent value is the empty string.
 *
 * @param session the conversation or import that the item belongs to
 * @param role who spoke, {@link Role#NONE} outside a dialogue
 * @param speaker the speaker's name
 * @param sources the items, documents or references that the item was made from
 */
public record ItemOrigin(String session, Role role, String speaker, List<SourceReference> sources) {
    public static final ItemOrigin NONE = new ItemOrigin("", Role.NONE, "", List.of());

    public ItemOrigin {
        sources = List.copyOf(sources);
    }
}
