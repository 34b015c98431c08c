package io.memos4j.core.ingest.document;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Renders table rows so that each is understood alone: "column: value; column: value". */
final class TableRowRenderer {
    private static final Pattern NUMBER = Pattern.compile("[-+(]?[$€£¥]?\\d[\\d.,:/ -]*[%€)]?");
    private static final Pattern YEAR = Pattern.compile("(?:19|20)\\d\\d");
    private static final int MAX_NUMBER = 40;

    private TableRowRenderer() {}

    /**
     * Renders one row. Empty cells are left out.
     *
     * @param names names of the columns; empty if unknown
     */
    static String render(List<String> names, List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            if (cell.isEmpty()) {
                continue;
            }
            line.append(line.isEmpty() ? "" : "; ");
            String name = i < names.size() ? names.get(i) : names.isEmpty() ? "" : "column " + (i + 1);
            line.append(name).append(name.isEmpty() ? "" : ": ").append(cell);
        }
        return line.toString();
    }

    /**
     * Returns whether the first row names the columns: it has words where the second has numbers, or no numbers but
     * years.
     */
    static boolean isHeader(List<String> first, List<String> second) {
        boolean anyNumber = false;
        boolean anyName = false;
        for (int i = 0; i < first.size(); i++) {
            boolean number = isNumber(first.get(i));
            anyNumber |= number;
            anyName |= !number && !first.get(i).isEmpty();
            if (!number && !first.get(i).isEmpty() && i < second.size() && isNumber(second.get(i))) {
                return true;
            }
        }
        return anyName && (!anyNumber || isYears(first));
    }

    /** Returns names for all columns: empty ones are numbered, repeated ones distinguished. */
    static List<String> uniqueNames(List<String> header) {
        List<String> names = new ArrayList<>(header.size());
        Set<String> taken = new HashSet<>();
        for (int i = 0; i < header.size(); i++) {
            String name = header.get(i).isEmpty() ? "column " + (i + 1) : header.get(i);
            names.add(taken.add(name) ? name : name + " (column " + (i + 1) + ")");
        }
        return names;
    }

    /** Returns whether the numbers in the row are years in order, as above the columns of a statistic. */
    private static boolean isYears(List<String> row) {
        List<String> numbers = row.stream().filter(TableRowRenderer::isNumber).toList();
        boolean ordered = numbers.size() > 1;
        for (int i = 0; i < numbers.size(); i++) {
            ordered &= YEAR.matcher(numbers.get(i)).matches()
                    && (i == 0 || numbers.get(i).compareTo(numbers.get(i - 1)) > 0);
        }
        return ordered;
    }

    private static boolean isNumber(String cell) {
        return cell.length() <= MAX_NUMBER && NUMBER.matcher(cell).matches();
    }
}
