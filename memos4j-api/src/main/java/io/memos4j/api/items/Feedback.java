package io.memos4j.api.items;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import java.util.List;

/**
 * Feedback of a user on memories. {@code Feedback.correction("No, I moved to Lyon", wrong)}.
 *
 * @param kind what it says
 * @param items the memories it is about; a correction may leave them to be found
 * @param text the correction in the user's words; empty for the other kinds
 */
public record Feedback(Kind kind, List<ItemId> items, String text) {
    /** Kind of feedback. */
    public enum Kind {
        /** The items helped: they rank a little higher in this cube. */
        HELPFUL,
        /** They did not: they rank a little lower. */
        UNHELPFUL,
        /** They are wrong; the text says what is right. */
        CORRECTION
    }

    public Feedback {
        items = List.copyOf(items);
        if (kind == Kind.CORRECTION && text.isBlank()) {
            throw MemoryException.invalid("A correction says what is right. Give a text.");
        }
        if (kind != Kind.CORRECTION && items.isEmpty()) {
            throw MemoryException.invalid("A rating names the items that it is about.");
        }
    }

    public static Feedback helpful(ItemId... items) {
        return new Feedback(Kind.HELPFUL, List.of(items), "");
    }

    public static Feedback unhelpful(ItemId... items) {
        return new Feedback(Kind.UNHELPFUL, List.of(items), "");
    }

    public static Feedback correction(String text, ItemId... wrong) {
        return new Feedback(Kind.CORRECTION, List.of(wrong), text);
    }
}
