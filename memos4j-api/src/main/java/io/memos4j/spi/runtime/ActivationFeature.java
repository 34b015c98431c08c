package io.memos4j.spi.runtime;

/** What not every runtime can do. */
public enum ActivationFeature {
    /** Write handles to files and read them again: {@link ActivationHandle#save}, {@link ActivationRuntime#restore}. */
    SAVE,
    /**
     * Copy handles into memory and back: {@link ActivationHandle#image},
     * {@link ActivationRuntime#restore(ActivationImage)}.
     */
    IMAGE,
    /** Let handles share what is computed, so that a fork costs neither room nor time. */
    SHARE,
    /** Tell the numbers behind a choice: {@link ActivationHandle#logits}. */
    LOGITS
}
