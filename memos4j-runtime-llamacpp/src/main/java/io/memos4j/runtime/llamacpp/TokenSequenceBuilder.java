package io.memos4j.runtime.llamacpp;

import java.util.Arrays;

/** Tokens of pieces of text, one after the other. Each piece becomes tokens of its own. Not thread-safe. */
final class TokenSequenceBuilder {
    private final LlamaVocabulary vocabulary;
    private int[] tokens = new int[256];
    private int length;

    TokenSequenceBuilder(LlamaVocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    /** Adds what somebody wrote: there are no control tokens in it. */
    void text(String text) {
        add(text, false);
    }

    /** Adds what a template writes. */
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
