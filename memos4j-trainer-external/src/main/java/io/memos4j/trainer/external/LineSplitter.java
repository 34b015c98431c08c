package io.memos4j.trainer.external;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Splits the output of a program into lines. Drops lines that are longer than {@value #LONGEST} bytes. */
final class LineSplitter {
    static final int LONGEST = 1 << 14;

    private final Consumer<String> reader;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean tooLong;

    LineSplitter(Consumer<String> reader) {
        this.reader = reader;
    }

    void add(byte[] block, int length) {
        for (int i = 0; i < length; i++) {
            if (block[i] == '\n') {
                end();
            } else if (line.size() < LONGEST) {
                line.write(block[i]);
            } else {
                tooLong = true;
            }
        }
    }

    /** Passes on the last line, which may lack its line break. */
    void end() {
        if (!tooLong && line.size() > 0) {
            reader.accept(line.toString(StandardCharsets.UTF_8).strip());
        }
        line.reset();
        tooLong = false;
    }
}
