package io.memos4j.core.ingest.document;

import io.memos4j.core.ingest.document.DocumentPlace.NumberedUnit;
import java.util.List;

/**
 * Reads comma-, semicolon-, tab- or bar-separated values: each row becomes a line "column: value; column: value",
 * numbered as a spreadsheet numbers it. Never fails on malformed rows: extra cells get numbered columns, missing ones
 * are left out.
 */
final class CsvDocumentReader {
    private static final int SAMPLE_ROWS = 20;
    private static final int SAMPLE_CHARS = 1 << 18;
    private static final char[] DELIMITERS = {',', ';', '\t', '|'};

    private final DocumentBuilder draft;

    CsvDocumentReader(DocumentBuilder draft) {
        this.draft = draft;
    }

    void read(byte[] content) {
        String text = CharsetDecoder.decode(content);
        if (text.length() > 5
                && text.regionMatches(true, 0, "sep=", 0, 4)
                && text.charAt(4) != '"'
                && !isLineEnd(text, 4)
                && isLineEnd(text, 5)) {
            read(CsvRows.parse(text.substring(5), text.charAt(4)), 1);
        } else {
            read(CsvRows.parse(text, delimiter(text)), 0);
        }
    }

    private void read(List<List<String>> raw, int skipped) {
        List<List<String>> rows = raw.stream().map(CsvDocumentReader::clean).toList();
        List<String> names = List.of();
        List<String> first = List.of();
        for (int i = 0; i < rows.size(); i++) {
            List<String> row = rows.get(i);
            if (row.stream().allMatch(String::isEmpty)) {
                continue;
            }
            if (first.isEmpty()) {
                first = row;
                names = header(row, i + 1 < rows.size() ? rows.get(i + 1) : List.of());
                if (!names.isEmpty()) {
                    continue;
                }
            }
            write(names, row, skipped + i + 1);
        }
        if (draft.length() == 0) {
            // Nothing but a header is still text.
            write(List.of(), first, skipped + rows.size());
        }
    }

    private static List<String> clean(List<String> row) {
        return row.stream().map(DocumentTextCleaner::cleanLine).toList();
    }

    private static List<String> header(List<String> first, List<String> second) {
        return TableRowRenderer.isHeader(first, second) ? TableRowRenderer.uniqueNames(first) : List.of();
    }

    private void write(List<String> names, List<String> cells, int number) {
        draft.openUnit(NumberedUnit.ROW.at(number));
        int from = draft.length();
        draft.appendBody(TableRowRenderer.render(names, cells));
        draft.appendBody("\n");
        draft.keepFrom(from);
    }

    private static boolean isLineEnd(String text, int index) {
        return text.charAt(index) == '\n' || text.charAt(index) == '\r';
    }

    /**
     * The delimiter that splits the first rows into the same number of cells most often; more cells win among equals.
     */
    private static char delimiter(String text) {
        String sample = text.substring(0, Math.min(SAMPLE_CHARS, text.length()));
        char best = ',';
        long bestScore = 0;
        for (char candidate : DELIMITERS) {
            List<Integer> widths = CsvRows.parse(sample, candidate).stream()
                    .limit(SAMPLE_ROWS)
                    .map(List::size)
                    .toList();
            int width = widths.stream().max(Integer::compare).orElse(1);
            for (int each : widths) {
                long same = widths.stream().filter(other -> other == each).count();
                width = same * 2 > widths.size() ? each : width;
            }
            int common = width;
            long matching = widths.stream().filter(other -> other == common).count();
            long score = width < 2 ? 0 : matching * 1_000 / widths.size() * 1_000 + Math.min(width, 999);
            if (score > bestScore) {
                best = candidate;
                bestScore = score;
            }
        }
        return best;
    }
}
