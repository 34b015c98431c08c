package io.memos4j.core.ingest.document;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.core.ingest.document.DocumentOutline.Range;
import io.memos4j.core.ingest.document.DocumentOutline.Unit;
import io.memos4j.core.ingest.document.DocumentPlace.Heading;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds the text of a document: clean pieces are appended, each at the place that was opened last. Bounded in length.
 */
final class DocumentBuilder {
    private record Opened(int start, DocumentPlace place, boolean bare) {}

    private final String name;
    private final int limit;
    private final StringBuilder text = new StringBuilder();
    private final List<Opened> closed = new ArrayList<>();
    private final List<Range> kept = new ArrayList<>();
    private DocumentPlace place = Heading.DOCUMENT;
    private int start;
    private boolean bare = true;

    /**
     * @param name name of the document, for errors
     * @param limit the most characters of the text
     */
    DocumentBuilder(String name, int limit) {
        this.name = name;
        this.limit = limit;
    }

    /** Returns the number of characters that still fit. */
    int remaining() {
        return limit - text.length();
    }

    int length() {
        return text.length();
    }

    /** Opens the place of the text that is appended next. */
    void openUnit(DocumentPlace next) {
        if (text.length() > start) {
            closed.add(new Opened(start, place, bare));
        }
        start = text.length();
        place = next;
        bare = true;
    }

    /** Appends clean text that only names the place. */
    void appendHeading(String clean) {
        requireRemaining(clean.length());
        text.append(clean);
    }

    /** Appends clean text. */
    void appendBody(String clean) {
        requireRemaining(clean.length());
        text.append(clean);
        bare &= clean.isBlank();
    }

    /** Ends the line, or the paragraph with 2, unless that is done or nothing was written. */
    void endLines(int newlines) {
        int present = 0;
        while (present < newlines && present < text.length() && text.charAt(text.length() - 1 - present) == '\n') {
            present++;
        }
        if (!text.isEmpty()) {
            text.repeat('\n', newlines - present);
        }
    }

    /** Marks the text appended since it had this length as a unit that should not be cut, if it fits a chunk. */
    void keepFrom(int from) {
        if (text.length() > from) {
            kept.add(new Range(from, text.length()));
        }
    }

    /** Rejects text that would exceed the limit. */
    void requireRemaining(int more) {
        if (more > remaining()) {
            throw textTooLong();
        }
    }

    MemoryException textTooLong() {
        return tooLarge("its text is longer than " + limit + " characters");
    }

    MemoryException tooLarge(String why) {
        return new MemoryException(
                ErrorCode.TOO_LARGE, "Cannot read " + name + ": " + why + ". Split it and add the parts.");
    }

    MemoryException unreadable(String why) {
        return new MemoryException(ErrorCode.UNREADABLE_DOCUMENT, "Cannot read " + name + ": " + why);
    }

    MemoryException unreadable(String why, Throwable cause) {
        return new MemoryException(ErrorCode.UNREADABLE_DOCUMENT, "Cannot read " + name + ": " + why, cause);
    }

    boolean isBlank() {
        return !DocumentTextCleaner.isVisible(text.toString());
    }

    /** The finished text, without white space at its end. Not blank. */
    DocumentOutline outline() {
        openUnit(Heading.DOCUMENT);
        String all = text.toString().stripTrailing();
        List<Unit> units = new ArrayList<>(closed.size());
        for (int i = 0; i < closed.size(); i++) {
            Opened unit = closed.get(i);
            int end = i + 1 < closed.size() ? closed.get(i + 1).start() : all.length();
            if (unit.start() < end && !isBlank(all, unit.start(), end)) {
                units.add(new Unit(unit.start(), end, unit.place(), unit.place(), unit.bare()));
            } else if (!units.isEmpty()) {
                Unit last = units.removeLast();
                units.add(new Unit(last.start(), Math.max(last.end(), end), last.scope(), last.title(), last.bare()));
            }
        }
        Unit first = units.removeFirst();
        units.addFirst(new Unit(0, first.end(), first.scope(), first.title(), first.bare()));
        return new DocumentOutline(all, units, kept);
    }

    private static boolean isBlank(String all, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Character.isWhitespace(all.charAt(i))) {
                return false;
            }
        }
        return true;
    }
}
