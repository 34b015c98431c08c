package io.memos4j.core.prompt;

/** What every prompt of ours tells the model first, whatever it is asked; adapters are taught behind it too. */
public final class SystemPreamble {
    public static final String TEXT =
            "You have a memory of earlier conversations and documents. Use what helps to answer; say so if it does not tell.";

    private SystemPreamble() {}
}
