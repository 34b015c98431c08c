package io.memos4j.spi.runtime;

/** What {@link ActivationRuntime#tokenize} may do beside taking text as text. */
public enum TokenizeOption {
    /** Begin with the token that begins texts, if the model has one. */
    START,
    /** Names of control tokens become these tokens. Only for text that no user wrote, such as a rendered template. */
    CONTROL
}
