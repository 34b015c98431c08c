package io.memos4j.core.prompt;

/** The first sentence of every system prompt; adapters are trained with it too. */
public final class SystemPreamble {
    public static final String TEXT =
            "You have a memory of earlier conversations and documents. Use what helps to answer;"
                    + " say so if it does not tell.";

    private SystemPreamble() {}
}
