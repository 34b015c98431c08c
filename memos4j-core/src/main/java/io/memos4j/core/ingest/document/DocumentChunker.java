package io.memos4j.core.ingest.document;

import io.memos4j.core.ingest.document.DocumentOutline.Unit;
import io.memos4j.core.ingest.document.DocumentPlace.NumberedRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Splits an outline into chunks. A heading without text of its own joins its first subsection; longer units are cut;
 * tiny ones join a neighbor under the same parent, the shortest first.
 */
final class DocumentChunker {
    /** The longest chunk, in UTF-16 units: about 300 English tokens, fewer than embedders read. */
    static final int MAX = DocumentReader.MAX_CHUNK_CHARACTERS;

    /** The target length of chunks that are cut off. */
    static final int TARGET = 800;

    /** The longest chunk that rows and elements share: shorter than for prose, since neighbors need not be related. */
    static final int GROUP = 400;

    /** A section shorter than this is merged with a neighbor. */
    private static final int TINY = 200;

    private DocumentChunker() {}

    static List<DocumentChunk> chunks(DocumentOutline outline) {
        List<Unit> units = cut(outline, joinBare(outline.units()));
        for (int limit : new int[] {GROUP, TARGET, MAX}) {
            units = mergeTiny(units, limit);
        }
        return units.stream()
                .map(unit ->
                        new DocumentChunk(unit.start(), unit.end(), unit.title().title()))
                .toList();
    }

    private static List<Unit> joinBare(List<Unit> units) {
        List<Unit> joined = new ArrayList<>(units.size());
        for (Unit unit : units) {
            Unit last = joined.isEmpty() ? unit : joined.getLast();
            if (last.bare()
                    && last.scope() instanceof DocumentPlace.Heading above
                    && unit.scope() instanceof DocumentPlace.Heading below
                    && above.isAbove(below)) {
                joined.set(joined.size() - 1, new Unit(last.start(), unit.end(), above, unit.title(), unit.bare()));
            } else {
                joined.add(unit);
            }
        }
        return joined;
    }

    private static List<Unit> cut(DocumentOutline outline, List<Unit> units) {
        ChunkBoundaryFinder cutter = new ChunkBoundaryFinder(outline.text(), outline.kept());
        List<Unit> pieces = new ArrayList<>(units.size());
        for (Unit unit : units) {
            int start = unit.start();
            while (unit.end() - start > MAX) {
                int end = cutter.findBoundary(start, unit.end());
                pieces.add(new Unit(start, end, unit.scope(), unit.title(), unit.bare()));
                start = end;
            }
            pieces.add(new Unit(start, unit.end(), unit.scope(), unit.title(), unit.bare()));
        }
        return pieces;
    }

    private static List<Unit> mergeTiny(List<Unit> units, int limit) {
        List<Unit> merged = new ArrayList<>(units.size());
        for (Unit unit : units) {
            Optional<Unit> both = merged.isEmpty() ? Optional.empty() : merge(merged.getLast(), unit, limit);
            if (both.isPresent()) {
                merged.set(merged.size() - 1, both.get());
            } else {
                merged.add(unit);
            }
        }
        return merged;
    }

    private static Optional<Unit> merge(Unit a, Unit b, int limit) {
        int length = b.end() - a.start();
        int group = a.scope() instanceof NumberedRange span ? span.counted().group() : 0;
        boolean fits = group > 0 ? length <= group : length <= limit && (a.length() < TINY || b.length() < TINY);
        return fits
                ? DocumentPlace.covering(a.scope(), b.scope())
                        .map(scope -> new Unit(a.start(), b.end(), scope, title(a, b, scope), a.bare() && b.bare()))
                : Optional.empty();
    }

    private static DocumentPlace title(Unit a, Unit b, DocumentPlace scope) {
        if (a.bare() != b.bare()) {
            return a.bare() ? b.title() : a.title();
        }
        return DocumentPlace.covering(a.title(), b.title()).orElse(scope);
    }
}
