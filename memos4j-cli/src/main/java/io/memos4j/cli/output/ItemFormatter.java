package io.memos4j.cli.output;

import io.memos4j.api.items.MemoryItem;

/** Formats items as text for people. */
public final class ItemFormatter {
    private ItemFormatter() {}

    /** Returns one line with the time, speaker, title and session of an item, and the end of its validity. */
    public static String heading(MemoryItem item) {
        StringBuilder heading = new StringBuilder(TimeFormat.format(item.times().occurredAt()));
        if (!item.origin().speaker().isEmpty()) {
            heading.append("  ").append(item.origin().speaker());
        }
        if (!item.title().isEmpty()) {
            heading.append("  ").append(item.title());
        }
        if (!item.origin().session().isEmpty()) {
            heading.append("  · ").append(item.origin().session());
        }
        item.times().validTo().ifPresent(end -> heading.append("  until ").append(TimeFormat.format(end)));
        item.times().expiresAt().ifPresent(end -> heading.append("  expires ").append(TimeFormat.format(end)));
        return heading.toString();
    }

    /** Returns the text on one line, cut after {@code most} characters. */
    public static String shorten(String text, int most) {
        return TextOutput.cut(text.strip().replaceAll("\\s+", " "), most);
    }
}
