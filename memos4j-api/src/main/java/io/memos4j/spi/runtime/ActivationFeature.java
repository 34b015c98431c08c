package io.memos4j.spi.runtime;

/** Optional features of a runtime. */
public enum ActivationFeature {
    /** Write handles to files and read them again: {@link ActivationHandle#save}, {@link ActivationRuntime#restore}. */
    SAVE,
    /**
     * Copy handles into memory and back: {@link ActivationHandle#image},
     * {@link ActivationRuntime#restore(ActivationImage)}.
     */
    IMAGE,
    /** Let handles share what is computed, so that a fork costs neither memory nor time. */
    SHARE,
    /** Tell the numbers behind a choice: {@link ActivationHandle#logits}. */
    LOGITS
}
