package io.memos4j.models.langchain4j;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads the data of server-sent events. Not thread-safe. */
final class EventReader {
    private static final int MOST_BYTES = 1 << 22;
    private static final String DATA = "data:";
    private static final String END = "[DONE]";

    private final InputStream in;

    EventReader(InputStream in) {
        this.in = new BufferedInputStream(in);
    }

    /** The data of the next event; empty at the end of the stream. */
    Optional<String> next() throws IOException {
        StringBuilder data = new StringBuilder();
        while (true) {
            Optional<String> line = line();
            if (line.isEmpty() || (line.get().isEmpty() && !data.isEmpty())) {
                return data.isEmpty() || END.contentEquals(data) ? Optional.empty() : Optional.of(data.toString());
            }
            if (line.get().startsWith(DATA)) {
                data.append(line.get().substring(DATA.length()).strip());
            }
            if (data.length() > MOST_BYTES) {
                throw new IOException("an event of more than " + MOST_BYTES + " characters");
            }
        }
    }

    private Optional<String> line() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int each = in.read();
        if (each < 0) {
            return Optional.empty();
        }
        while (each >= 0 && each != '\n') {
            bytes.write(each);
            if (bytes.size() > MOST_BYTES) {
                throw new IOException("a line of more than " + MOST_BYTES + " bytes");
            }
            each = in.read();
        }
        return Optional.of(bytes.toString(StandardCharsets.UTF_8).stripTrailing());
    }
}
