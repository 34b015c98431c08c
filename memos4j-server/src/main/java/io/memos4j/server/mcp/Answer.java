package io.memos4j.server.mcp;

import java.util.Map;

/**
 * What a tool answers.
 *
 * @param text for the model
 * @param structured the same for programs
 * @param target what was changed, for the audit; empty if nothing was
 */
record Answer(String text, Map<String, Object> structured, String target) {
    static Answer of(String text, Map<String, Object> structured) {
        return new Answer(text, structured, "");
    }

    Answer about(String changed) {
        return new Answer(text, structured, changed);
    }
}
