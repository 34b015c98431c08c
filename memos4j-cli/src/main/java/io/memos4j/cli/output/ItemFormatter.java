package io.memos4j.cli.output;

import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Provenance;
import io.memos4j.api.items.TrustLevel;

/** Formats items as text for people. */
public final class ItemFormatter {
    private ItemFormatter() {}

    /** Returns one line with the time, speaker, title, session, validity and provenance of an item. */
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
        if (item.trust() != TrustLevel.OWNER && item.provenance() != Provenance.DERIVED) {
            heading.append("  from ").append(item.provenance().id());
            heading.append(
                    item.authorship().isOwner() ? "" : " " + item.authorship().principal());
        }
        if (item.authorship().isSuspected()) {
            heading.append("  suspected (")
                    .append(item.authorship().suspicion())
                    .append(')');
        }
        return heading.toString();
    }

    /** Returns the text on one line, cut after {@code most} characters. */
    public static String shorten(String text, int most) {
        return TextOutput.cut(text.strip().replaceAll("\\s+", " "), most);
    }
}
