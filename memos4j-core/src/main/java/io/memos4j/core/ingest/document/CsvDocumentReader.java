package io.memos4j.core.ingest.document;

import io.memos4j.core.ingest.document.DocumentPlace.NumberedUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads comma, semicolon, tab or bar separated values: each row becomes a line "column: value; column: value", numbered
 * as a spreadsheet numbers it. Never fails on malformed rows: extra cells get numbered columns, missing ones are left
 * out.
 */
final class CsvDocumentReader {
    private static final int SAMPLE_ROWS = 20;
    private static final char[] DELIMITERS = {',', ';', '\t', '|'};

    private final DocumentBuilder draft;

    CsvDocumentReader(DocumentBuilder draft) {
        this.draft = draft;
    }

    void read(byte[] content) {
        String text = CharsetDecoder.decode(content);
        if (text.length() > 5 && text.regionMatches(true, 0, "sep=", 0, 4) && isLineEnd(text, 5)) {
            read(new CsvRows(text.substring(5), text.charAt(4)), 1);
        } else {
            read(new CsvRows(text, delimiter(text)), 0);
        }
    }

    private void read(CsvRows rows, int skipped) {
        List<String> names = List.of();
        List<String> first = List.of();
        int number = skipped;
        while (rows.hasNext()) {
            List<String> row =
                    rows.next().stream().map(DocumentTextCleaner::cleanLine).toList();
            number++;
            if (row.stream().allMatch(String::isEmpty)) {
                continue;
            }
            if (first.isEmpty()) {
                first = row;
                names = header(row, rows);
                if (names.isEmpty()) {
                    write(names, row, number);
                }
            } else {
                write(names, row, number);
            }
        }
        if (draft.length() == 0) {
            // Nothing but a header is still text.
            write(List.of(), first, number);
        }
    }

    private static List<String> header(List<String> first, CsvRows rows) {
        List<String> second =
                rows.peek().stream().map(DocumentTextCleaner::cleanLine).toList();
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
        char best = ',';
        long bestScore = 0;
        for (char candidate : DELIMITERS) {
            CsvRows rows = new CsvRows(text, candidate);
            List<Integer> widths = new ArrayList<>();
            while (rows.hasNext() && widths.size() < SAMPLE_ROWS) {
                widths.add(rows.next().size());
            }
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
