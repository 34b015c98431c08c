package io.memos4j.runtime.llamacpp;

import java.util.Arrays;

/** Tokenizes pieces of text one after the other; each piece becomes tokens of its own. Not thread-safe. */
final class TokenSequenceBuilder {
    private final LlamaVocabulary vocabulary;
    private int[] tokens = new int[256];
    private int length;

    TokenSequenceBuilder(LlamaVocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    /** Adds a message: it cannot contain control tokens. */
    void text(String text) {
        add(text, false);
    }

    /** Adds text of the template. */
    void template(String text) {
        add(text, true);
    }

    private void add(String text, boolean control) {
        boolean goesOn = length > 0 && !vocabulary.isControl(tokens[length - 1]);
        int[] more = goesOn ? vocabulary.tokenizeContinuation(text, control) : vocabulary.tokenize(text, control);
        if (length + more.length > tokens.length) {
            tokens = Arrays.copyOf(tokens, length + more.length + tokens.length);
        }
        System.arraycopy(more, 0, tokens, length, more.length);
        length += more.length;
    }

    int[] toArray() {
        return Arrays.copyOf(tokens, length);
    }
}
