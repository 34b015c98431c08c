package io.memos4j.core.ingest.document;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Splits delimiter-separated text into rows of raw cells, after RFC 4180. A quote that is never closed, or only far
 * away, is a plain character of its line, so that one stray quote does not swallow the file. An empty line is a row
 * with one empty cell.
 */
final class CsvRows {
    /** A cell with line breaks is not longer. */
    private static final int MAX_MULTILINE_CELL = 1 << 16;

    /** FastCSV's own bound for a cell; a text may be one long cell. */
    private static final int MIN_BUFFER = 1 << 24;

    /** A line of its own after the text; it stands in another cell if a quote is still open. */
    private static final String END_MARK = "\uFFFFend";

    private static final char QUOTE = '"';
    private static final char NO_QUOTE = '\uFFFE';
    private static final char NO_COMMENT = '\uFFFD';

    private CsvRows() {}

    static List<List<String>> parse(String text, char delimiter) {
        return parse(text, delimiter, QUOTE)
                .orElseGet(() -> parseLines(text.lines().toList(), delimiter));
    }

    private static List<List<String>> parseLines(List<String> lines, char delimiter) {
        List<List<String>> rows = new ArrayList<>();
        int[] ends = endsOfMultilineCells(lines);
        int refused = -1;
        int next = 0;
        while (next < lines.size()) {
            String line = lines.get(next);
            int end = next + 1;
            Optional<List<List<String>>> row = parse(line, delimiter, QUOTE);
            // Where one line found no cell, those after it find none either; each stretch is tried once.
            if (row.isEmpty() && ends[next] > end && ends[next] != refused) {
                end = ends[next];
                row = parse(String.join("\n", lines.subList(next, end)), delimiter, QUOTE);
                refused = row.isEmpty() ? end : refused;
            }
            if (row.isEmpty()) {
                end = next + 1;
                row = parse(line, delimiter, NO_QUOTE);
            }
            rows.addAll(row.orElseGet(() -> List.of(List.of(line))));
            next = end;
        }
        return rows;
    }

    /** Returns for each line the line after the next one with an open quote, or the next line if that is too far. */
    private static int[] endsOfMultilineCells(List<String> lines) {
        int[] ends = new int[lines.size()];
        int open = -1;
        long length = 0;
        for (int i = lines.size() - 1; i >= 0; i--) {
            ends[i] = open >= 0 && length <= MAX_MULTILINE_CELL ? open + 1 : i + 1;
            String line = lines.get(i);
            boolean opens = line.chars().filter(each -> each == QUOTE).count() % 2 == 1;
            open = opens ? i : open;
            length = opens ? line.length() : length + line.length();
        }
        return ends;
    }

    /** The rows; empty if the quotes make no sense. */
    private static Optional<List<List<String>>> parse(String text, char delimiter, char quote) {
        String marked = text + (text.isEmpty() || text.endsWith("\n") || text.endsWith("\r") ? "" : "\n") + END_MARK;
        try (CsvReader<CsvRecord> reader = CsvReader.builder()
                .fieldSeparator(delimiter)
                .quoteCharacter(quote)
                .commentCharacter(NO_COMMENT)
                .skipEmptyLines(false)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .trimWhitespacesAroundQuotes(true)
                .maxBufferSize(Math.max(MIN_BUFFER, 2 * marked.length()))
                .ofCsvRecord(marked)) {
            List<List<String>> rows = reader.stream().map(CsvRecord::getFields).toList();
            boolean closed = rows.getLast().equals(List.of(END_MARK))
                    && rows.stream().flatMap(List::stream).noneMatch(CsvRows::isTooLong);
            return closed ? Optional.of(rows.subList(0, rows.size() - 1)) : Optional.empty();
        } catch (CsvParseException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("Reading from memory failed.", e);
        }
    }

    private static boolean isTooLong(String cell) {
        return cell.length() > MAX_MULTILINE_CELL && (cell.indexOf('\n') >= 0 || cell.indexOf('\r') >= 0);
    }
}
