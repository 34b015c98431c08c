package io.memos4j.core.ingest.document;

import io.memos4j.core.ingest.document.DocumentPlace.Heading;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads Markdown without rendering it: the text stays the source. Headings give the outline; fenced code, front matter
 * and small tables are kept whole; a table too long for one chunk becomes a section titled by its header row.
 */
final class MarkdownDocumentReader {
    private static final Pattern ATX = Pattern.compile(" {0,3}(#{1,6})(?:[ \\t](.*))?");
    private static final Pattern FENCE = Pattern.compile(" {0,3}(`{3,}|~{3,}).*");
    private static final Pattern TABLE_RULE = Pattern.compile("\\s*\\|?\\s*:?-+:?\\s*(?:\\|\\s*:?-+:?\\s*)*+\\|?\\s*");
    private static final Pattern NOT_PARAGRAPH =
            Pattern.compile("(?: {4}|\\t| {0,3}(?:[-*+>|]|\\d{1,9}[.)])(?:\\s|$)).*");
    private static final Pattern LINK = Pattern.compile("!?\\[([^\\[\\]]{0,200})\\]\\([^()]{0,300}\\)");
    private static final Pattern CLOSING_MARKS = Pattern.compile("[ \\t]++#++[ \\t]*+$");

    /** Longer lines are prose or data: no heading, fence or table rule. */
    private static final int MAX_MARKUP_LINE = 2_000;

    private final DocumentBuilder draft;
    private String[] lines = {};
    private Heading heading = Heading.DOCUMENT;
    private int next;

    MarkdownDocumentReader(DocumentBuilder draft) {
        this.draft = draft;
    }

    void read(byte[] content) {
        String text = DocumentTextCleaner.cleanLines(CharsetDecoder.decode(content));
        draft.requireRemaining(text.length());
        lines = text.split("\n", -1);
        frontMatter();
        while (next < lines.length) {
            if (!atxHeading() && !fence() && !table() && !setextHeading()) {
                body();
            }
        }
    }

    private void body() {
        draft.appendBody(lines[next++] + "\n");
    }

    private void bodyTo(int end) {
        int from = draft.length();
        while (next < end) {
            body();
        }
        draft.keepFrom(from);
    }

    private void frontMatter() {
        if (!lines[0].equals("---")) {
            return;
        }
        for (int i = 1; i < lines.length; i++) {
            if (lines[i].equals("---") || lines[i].equals("...")) {
                bodyTo(i + 1);
                return;
            }
        }
    }

    private boolean atxHeading() {
        Matcher matcher = ATX.matcher(lines[next]);
        if (!isMarkup(next) || !matcher.matches()) {
            return false;
        }
        String rest = matcher.group(2);
        open(
                rest == null ? "" : CLOSING_MARKS.matcher(" " + rest).replaceFirst(""),
                matcher.group(1).length(),
                1);
        return true;
    }

    private boolean setextHeading() {
        boolean candidate = next + 1 < lines.length
                && isMarkup(next)
                && !lines[next].isBlank()
                && (next == 0 || lines[next - 1].isBlank())
                && !NOT_PARAGRAPH.matcher(lines[next]).matches();
        int level = candidate ? setextLevel(lines[next + 1].strip()) : 0;
        if (level > 0) {
            open(lines[next], level, 2);
        }
        return level > 0;
    }

    private static int setextLevel(String line) {
        if (line.isEmpty() || line.length() > MAX_MARKUP_LINE) {
            return 0;
        }
        char mark = line.charAt(0);
        boolean uniform = line.chars().allMatch(c -> c == mark);
        return !uniform ? 0 : mark == '=' ? 1 : mark == '-' ? 2 : 0;
    }

    private void open(String title, int level, int lineCount) {
        heading = new Heading(heading.parentOf(level), plain(title), level);
        draft.endLines(1);
        draft.openUnit(heading);
        for (int i = 0; i < lineCount; i++) {
            draft.appendHeading(lines[next++] + "\n");
        }
    }

    private boolean fence() {
        Matcher opening = FENCE.matcher(lines[next]);
        if (!isMarkup(next) || !opening.matches()) {
            return false;
        }
        String marks = opening.group(1);
        int end = next + 1;
        while (end < lines.length && !closes(lines[end], marks)) {
            end++;
        }
        bodyTo(Math.min(end + 1, lines.length));
        return true;
    }

    private static boolean closes(String line, String marks) {
        String stripped = line.strip();
        return stripped.length() >= marks.length()
                && stripped.startsWith(marks)
                && stripped.length() <= MAX_MARKUP_LINE
                && stripped.chars().allMatch(c -> c == marks.charAt(0));
    }

    private boolean table() {
        boolean isTable = next + 1 < lines.length
                && isMarkup(next)
                && isMarkup(next + 1)
                && lines[next].indexOf('|') >= 0
                && lines[next + 1].indexOf('|') >= 0
                && TABLE_RULE.matcher(lines[next + 1]).matches();
        if (!isTable) {
            return false;
        }
        int end = next + 2;
        int length = lines[next].length();
        while (end < lines.length && lines[end].indexOf('|') >= 0) {
            length += lines[end].length() + 1;
            end++;
        }
        if (length <= DocumentChunker.TARGET) {
            bodyTo(end);
            return true;
        }
        draft.openUnit(new Heading(heading, tableTitle(lines[next]), Integer.MAX_VALUE));
        while (next < end) {
            bodyTo(next + 1);
        }
        draft.openUnit(heading);
        return true;
    }

    private static String tableTitle(String headerRow) {
        String cells = headerRow.strip();
        cells = cells.startsWith("|") ? cells.substring(1) : cells;
        cells = cells.endsWith("|") ? cells.substring(0, cells.length() - 1) : cells;
        return plain(cells.replaceAll("\\s*\\|\\s*", " | "));
    }

    private boolean isMarkup(int index) {
        return lines[index].length() <= MAX_MARKUP_LINE;
    }

    private static String plain(String markdown) {
        String text = LINK.matcher(markdown).replaceAll("$1");
        return DocumentTextCleaner.cleanLine(
                text.replace("**", "").replace("__", "").replace("`", ""));
    }
}
