package io.memos4j.core.ingest.document;

import io.memos4j.core.ingest.document.DocumentPlace.Heading;
import io.memos4j.core.ingest.document.DocumentPlace.NumberedUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads JSON and JSON lines as lines "path: value". The places are the keys of a single object, the elements of a
 * single array, or else the values one by one; paths are relative to an element, and absolute below a key. Reads as a
 * stream, so depth costs no stack.
 */
final class JsonDocumentReader {
    private static final int MAX_DEPTH = 500;
    private static final int MAX_REASON = 200;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();

    /** An open object or array: the length of the path to it, and the number of the next element, -1 in an object. */
    private static final class Level {
        private final int path;
        private int index;

        Level(int path, boolean array) {
            this.path = path;
            this.index = array ? 0 : -1;
        }
    }

    private final DocumentBuilder draft;
    private final StringBuilder path = new StringBuilder();
    private final Deque<Level> levels = new ArrayDeque<>();

    JsonDocumentReader(DocumentBuilder draft) {
        this.draft = draft;
    }

    void read(byte[] content) {
        String text = CharsetDecoder.decode(content);
        try {
            boolean many = isMany(text);
            try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
                for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                    if (many) {
                        draft.openUnit(NumberedUnit.LINE.at(
                                parser.currentTokenLocation().getLineNr()));
                    }
                    root(parser, token, many);
                }
            }
        } catch (JacksonException e) {
            throw draft.unreadable(
                    "it is not valid JSON at " + place(e) + " (" + reason(e) + "). Correct it and add it again.", e);
        }
    }

    private static boolean isMany(String text) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            parser.nextToken();
            parser.skipChildren();
            return parser.nextToken() != null;
        }
    }

    private void root(JsonParser parser, JsonToken token, boolean many) {
        if (!token.isStructStart()) {
            value(parser, token);
            return;
        }
        boolean array = token == JsonToken.START_ARRAY;
        int number = 0;
        for (JsonToken next = parser.nextToken(); !next.isStructEnd(); next = parser.nextToken()) {
            path.setLength(0);
            if (array) {
                number++;
                if (many) {
                    path.append('[').append(number - 1).append(']');
                } else {
                    draft.endLines(1);
                    draft.openUnit(NumberedUnit.ELEMENT.at(number));
                }
                tree(parser, next);
            } else {
                String key = DocumentTextCleaner.cleanLine(parser.currentName());
                path.append(key);
                if (!many) {
                    draft.endLines(1);
                    draft.openUnit(new Heading(Heading.DOCUMENT, key, 1));
                }
                tree(parser, parser.nextToken());
            }
        }
    }

    /** Writes the value that starts with this token, and all below it. */
    private void tree(JsonParser parser, JsonToken first) {
        int from = draft.length();
        JsonToken token = first;
        do {
            if (token == JsonToken.PROPERTY_NAME) {
                path.setLength(levels.getFirst().path);
                path.append(path.isEmpty() ? "" : ".").append(DocumentTextCleaner.cleanLine(parser.currentName()));
            } else if (token.isStructEnd()) {
                path.setLength(levels.removeFirst().path);
            } else {
                element();
                if (token.isStructStart()) {
                    open(parser, token, from);
                } else {
                    value(parser, token);
                }
            }
            token = levels.isEmpty() ? token : parser.nextToken();
        } while (!levels.isEmpty());
    }

    private void element() {
        Level level = levels.peekFirst();
        if (level != null && level.index >= 0) {
            path.setLength(level.path);
            path.append('[').append(level.index++).append(']');
        }
    }

    private void open(JsonParser parser, JsonToken token, int from) {
        boolean inArray = !levels.isEmpty() && levels.getFirst().index > 1;
        if (inArray && draft.length() > from) {
            draft.endLines(2);
        }
        levels.addFirst(new Level(path.length(), token == JsonToken.START_ARRAY));
    }

    private void value(JsonParser parser, JsonToken token) {
        String value = token == JsonToken.VALUE_STRING
                ? DocumentTextCleaner.cleanLines(parser.getString())
                : parser.getString();
        draft.requireRemaining(path.length() + value.length() + 3);
        int from = draft.length();
        if (!path.isEmpty()) {
            draft.appendBody(path + (value.isEmpty() ? ":" : ": "));
        }
        draft.appendBody(value);
        draft.appendBody("\n");
        draft.keepFrom(from);
    }

    private static String place(JacksonException e) {
        return e.getLocation() == null
                ? "an unknown place"
                : "line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
    }

    private static String reason(JacksonException e) {
        return GraphemeBoundaries.prefix(DocumentTextCleaner.cleanLine(e.getOriginalMessage()), MAX_REASON);
    }
}
