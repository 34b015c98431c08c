package io.memos4j.core.ingest.document;

import io.memos4j.core.ingest.document.DocumentPlace.Heading;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;
import org.jsoup.select.NodeTraversor;

/**
 * Reads HTML: headings give the outline, blocks become paragraphs, list items become lines with a dash, table rows
 * lines with the header's words before each cell. Scripts, styles, navigation, form controls and hidden elements are
 * dropped.
 */
final class HtmlDocumentReader implements NodeFilter {
    private static final Set<String> DROPPED = Set.of(
            "script",
            "style",
            "noscript",
            "template",
            "nav",
            "svg",
            "canvas",
            "iframe",
            "object",
            "head",
            "button",
            "select");
    private static final Set<String> LINES = Set.of("li", "dt", "dd", "tr", "option", "figcaption", "caption");

    /** The longest title that is made of several blocks; a longer one is a heading that was never closed. */
    private static final int LONGEST_TITLE = 300;

    private final DocumentBuilder draft;
    private final StringBuilder inline = new StringBuilder();
    private Heading heading = Heading.DOCUMENT;
    private boolean inHeading;

    HtmlDocumentReader(DocumentBuilder draft) {
        this.draft = draft;
    }

    void read(byte[] content) {
        Document page = parse(content);
        String title = DocumentTextCleaner.cleanLine(page.title());
        if (!title.isEmpty() && page.selectFirst("h1") == null) {
            open(title, 1);
        }
        NodeTraversor.filter(this, page.body());
        flush(2);
    }

    private static Document parse(byte[] content) {
        String start = new String(content, 0, Math.min(content.length, 4096), StandardCharsets.ISO_8859_1);
        try {
            return start.contains("charset=") || start.contains("encoding=")
                    ? Jsoup.parse(new ByteArrayInputStream(content), null, "")
                    : Jsoup.parse(CharsetDecoder.decode(content));
        } catch (IOException e) {
            throw new UncheckedIOException("Reading from memory failed.", e);
        }
    }

    @Override
    public FilterResult head(Node node, int depth) {
        if (node instanceof TextNode text) {
            inline.append(text.getWholeText());
            return FilterResult.CONTINUE;
        }
        if (!(node instanceof Element element)) {
            return FilterResult.CONTINUE;
        }
        String tag = element.normalName();
        if (isDropped(element, tag)) {
            return FilterResult.SKIP_ENTIRELY;
        }
        if (tag.equals("table") && isDataTable(element)) {
            flush(2);
            table(element);
            return FilterResult.SKIP_ENTIRELY;
        }
        if (tag.equals("pre")) {
            flush(2);
            block(element.wholeText(), 2);
            return FilterResult.SKIP_ENTIRELY;
        }
        if (tag.equals("br") || tag.equals("hr")) {
            flush(1);
        } else if (tag.equals("img")) {
            inline.append(' ').append(element.attr("alt")).append(' ');
        } else if (isBlock(element, tag)) {
            flush(LINES.contains(tag) ? 1 : 2);
            inHeading |= isHeading(tag);
            inline.append(tag.equals("li") ? "- " : "");
        }
        return FilterResult.CONTINUE;
    }

    @Override
    public FilterResult tail(Node node, int depth) {
        if (node instanceof Element element) {
            String tag = element.normalName();
            if (isHeading(tag)) {
                String title = DocumentTextCleaner.cleanLine(inline.toString());
                inline.setLength(0);
                inHeading = false;
                if (!title.isEmpty()) {
                    open(title, tag.charAt(1) - '0');
                }
            } else if (tag.equals("td") || tag.equals("th")) {
                inline.append(' ');
            } else if (isBlock(element, tag)) {
                flush(LINES.contains(tag) ? 1 : 2);
            }
        }
        return FilterResult.CONTINUE;
    }

    private void open(String title, int level) {
        heading = new Heading(heading.parentOf(level), title, level);
        draft.endLines(2);
        draft.openUnit(heading);
        draft.appendHeading(title);
        draft.endLines(2);
    }

    /** Writes the collected inline text as one line, followed by this many line ends. */
    private void flush(int newlines) {
        if (inHeading && inline.length() <= LONGEST_TITLE) {
            inline.append(' ');
            return;
        }
        inHeading = false;
        String line = DocumentTextCleaner.cleanLine(inline.toString());
        inline.setLength(0);
        if (!line.isEmpty() && !line.equals("-")) {
            draft.appendBody(line);
        }
        draft.endLines(newlines);
    }

    private void block(String raw, int newlines) {
        int from = draft.length();
        draft.appendBody(DocumentTextCleaner.cleanLines(raw));
        draft.keepFrom(from);
        draft.endLines(newlines);
    }

    private void table(Element table) {
        List<String> header = List.of();
        Element caption = table.selectFirst("caption");
        if (caption != null) {
            block(DocumentTextCleaner.cleanLine(caption.text()), 1);
        }
        boolean first = true;
        for (Element row : table.select("tr")) {
            List<Element> cells = cells(row);
            List<String> texts = cells.stream()
                    .map(cell -> DocumentTextCleaner.cleanLine(cell.text()))
                    .toList();
            boolean isHeader = first
                    && cells.size() > 1
                    && (row.closest("thead") != null
                            || cells.stream().allMatch(cell -> cell.normalName().equals("th")));
            first = false;
            if (isHeader) {
                header = texts;
            } else {
                block(TableRowRenderer.render(header, texts), 1);
            }
        }
        draft.endLines(2);
    }

    private static List<Element> cells(Element row) {
        List<Element> cells = new ArrayList<>();
        for (Element child : row.children()) {
            if (child.normalName().equals("td") || child.normalName().equals("th")) {
                cells.add(child);
            }
        }
        return cells;
    }

    /**
     * Returns whether a table holds data. A table with more than cells of text is layout, and its cells are read as
     * blocks.
     */
    private static boolean isDataTable(Element table) {
        return table.selectFirst("tr table") == null
                && table.selectFirst("h1, h2, h3, h4, h5, h6, pre") == null
                && table.select("tr").size() > 1
                && table.selectFirst("table > td, table > th, tr > :not(td):not(th)") == null
                && table.select("p, ul, ol").size() <= table.select("td, th").size();
    }

    private static boolean isDropped(Element element, String tag) {
        return DROPPED.contains(tag)
                || element.hasAttr("hidden")
                || element.attr("aria-hidden").equals("true")
                || element.attr("role").equals("navigation");
    }

    private static boolean isBlock(Element element, String tag) {
        return element.isBlock() && !tag.equals("td") && !tag.equals("th");
    }

    private static boolean isHeading(String tag) {
        return tag.length() == 2 && tag.charAt(0) == 'h' && tag.charAt(1) >= '1' && tag.charAt(1) <= '6';
    }
}
