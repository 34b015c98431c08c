package io.memos4j.spi.runtime;

/** Options of {@link ActivationRuntime#tokenize}. */
public enum TokenizeOption {
    /** Begin with the token that begins texts, if the model has one. */
    START,
    /** Names of control tokens become these tokens. Only for text that no user wrote, such as a rendered template. */
    CONTROL
}
