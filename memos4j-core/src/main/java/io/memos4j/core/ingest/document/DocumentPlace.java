package io.memos4j.core.ingest.document;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The place of a stretch of text in a document: under a heading, or on numbered pages, rows or elements. */
sealed interface DocumentPlace {
    /** The title for readers; empty for the whole document. */
    String title();

    /** A heading and those above it; the one without parent is the document itself. */
    record Heading(@Nullable Heading parent, String text, int level) implements DocumentPlace {
        static final Heading DOCUMENT = new Heading(null, "", 0);

        private static final int MAX_TEXT = 120;

        public Heading {
            text = text.length() > MAX_TEXT ? GraphemeBoundaries.prefix(text, MAX_TEXT - 1) + "…" : text;
        }

        /** Finds the parent of a new heading of this level that follows this one. */
        Heading parentOf(int newLevel) {
            Heading above = this;
            while (above.level >= newLevel && above.parent != null) {
                above = above.parent;
            }
            return above;
        }

        boolean isAbove(Heading other) {
            for (Heading above = other.parent; above != null; above = above.parent) {
                if (above.equals(this)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public String title() {
            String above = parent == null ? "" : parent.title();
            return above.isEmpty() || text.isEmpty() ? above + text : above + " > " + text;
        }
    }

    /** Numbered pages, rows or elements, from {@code first} to {@code last}. */
    record NumberedRange(NumberedUnit counted, int first, int last) implements DocumentPlace {
        @Override
        public String title() {
            return first == last
                    ? counted.singular + " " + first
                    : counted.singular + "s " + Math.min(first, last) + "-" + Math.max(first, last);
        }
    }

    /** The unit that a {@link NumberedRange} counts. */
    enum NumberedUnit {
        PAGE("page", 0),
        ROW("row", DocumentChunker.GROUP),
        ELEMENT("element", DocumentChunker.GROUP),
        LINE("line", DocumentChunker.GROUP);

        private final String singular;
        private final int group;

        NumberedUnit(String singular, int group) {
            this.singular = singular;
            this.group = group;
        }

        /** The most characters of neighbors that share a chunk; 0 if only tiny ones do. */
        int group() {
            return group;
        }

        NumberedRange at(int number) {
            return new NumberedRange(this, number, number);
        }
    }

    /**
     * The place of a chunk that holds both, if they may share one: a heading with what is below it, siblings ("Book >
     * Trains, Planes"), or the same count.
     */
    static Optional<DocumentPlace> covering(DocumentPlace a, DocumentPlace b) {
        if (a instanceof Heading left && b instanceof Heading right) {
            if (left.equals(right) || left.isAbove(right)) {
                return Optional.of(left);
            }
            if (right.isAbove(left)) {
                return Optional.of(right);
            }
            Heading parent = left.parent();
            return parent != null && parent.equals(right.parent())
                    ? Optional.of(new Heading(parent, left.text() + ", " + right.text(), left.level()))
                    : Optional.empty();
        }
        if (a instanceof NumberedRange left && b instanceof NumberedRange right && left.counted() == right.counted()) {
            return Optional.of(new NumberedRange(left.counted(), left.first(), right.last()));
        }
        return Optional.empty();
    }
}
