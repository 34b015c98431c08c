package io.memos4j.core.ingest.document;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Splits delimiter separated text into rows of raw cells, after RFC 4180. A quote that is never closed, or only far
 * away, counts as a plain character, so that one stray quote does not swallow the file. Lines without any character are
 * no rows' end, they are rows with one empty cell.
 */
final class CsvRows implements Iterator<List<String>> {
    /** A quoted cell is not longer. */
    private static final int MAX_QUOTED = 1 << 16;

    private final String text;
    private final char delimiter;
    private int position;

    CsvRows(String text, char delimiter) {
        this.text = text;
        this.delimiter = delimiter;
    }

    @Override
    public boolean hasNext() {
        return position < text.length();
    }

    /** The row that comes next, without going on to it; empty at the end. */
    List<String> peek() {
        if (!hasNext()) {
            return List.of();
        }
        int before = position;
        List<String> row = next();
        position = before;
        return row;
    }

    @Override
    public List<String> next() {
        if (!hasNext()) {
            throw new NoSuchElementException("No row is left.");
        }
        List<String> cells = new ArrayList<>();
        cells.add(cell());
        while (position < text.length() && text.charAt(position) == delimiter) {
            position++;
            cells.add(cell());
        }
        if (position < text.length() && text.charAt(position) == '\r') {
            position++;
            position += position < text.length() && text.charAt(position) == '\n' ? 1 : 0;
        } else {
            position++;
        }
        return cells;
    }

    private String cell() {
        int start = position;
        while (start < text.length() && text.charAt(start) == ' ' && delimiter != ' ') {
            start++;
        }
        String quoted = "";
        if (start < text.length() && text.charAt(start) == '"') {
            int close = closingQuote(start + 1);
            if (close >= 0) {
                quoted = text.substring(start + 1, close).replace("\"\"", "\"");
                position = close + 1;
            }
        }
        int from = position;
        while (position < text.length() && !endsCell(text.charAt(position))) {
            position++;
        }
        return quoted.isEmpty() ? text.substring(from, position) : quoted + text.substring(from, position);
    }

    /** The quote that ends the cell: not doubled, and followed by the cell's end within a few spaces. */
    private int closingQuote(int from) {
        int last = Math.min(text.length(), from + MAX_QUOTED);
        for (int i = from; i < last; i++) {
            if (text.charAt(i) != '"') {
                continue;
            }
            if (i + 1 < text.length() && text.charAt(i + 1) == '"') {
                i++;
                continue;
            }
            return i;
        }
        return -1;
    }

    private boolean endsCell(char c) {
        return c == delimiter || c == '\n' || c == '\r';
    }
}
