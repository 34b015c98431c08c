package io.memos4j.spi.runtime;

/** Takes the tokens of a generation as they come, on the thread that called for them. */
@FunctionalInterface
public interface TokenSink {
    /** A sink that waits for the end. */
    TokenSink NONE = (token, text) -> true;

    /**
     * Takes one token. What it throws ends the generation and is passed on.
     *
     * @param text what the token adds to the text; empty while a character is incomplete
     * @return true to continue
     */
    boolean accept(int token, String text);
}
