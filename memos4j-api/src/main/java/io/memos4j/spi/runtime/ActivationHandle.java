package io.memos4j.spi.runtime;

import java.nio.file.Path;

/**
 * A computed prefix that a runtime holds. Thread-safe, for one call at a time.
 *
 * <p>A call while another one is at work on the same handle is refused with
 * {@link io.memos4j.api.ErrorCode#ACTIVATION_BUSY}, except for {@link #tokens} and {@link #close}. All fail as
 * {@link ActivationRuntime} says.
 */
public interface ActivationHandle extends AutoCloseable {
    /** The tokens that it stands for, at least one. Known also when it is closed. */
    int[] tokens();

    /**
     * Appends tokens. If it fails the handle is what it was before.
     *
     * @throws io.memos4j.api.MemoryException as {@link ActivationRuntime#prefill}
     */
    void extend(int[] tokens);

    /**
     * Opens another handle for the same tokens, which shares what is computed: it takes no memory and no time, unless a
     * server behind the runtime cannot share. The two then develop independently.
     *
     * @throws io.memos4j.api.MemoryException {@link io.memos4j.api.ErrorCode#CONTEXT_FULL} if there is no room for
     *     another handle
     */
    ActivationHandle fork();

    /**
     * Continues the text. The result depends on the tokens and the options alone, not on whether the prefix was
     * computed, restored or shared.
     *
     * @param sink takes each token as it comes
     * @throws io.memos4j.api.MemoryException {@link io.memos4j.api.ErrorCode#CONTEXT_FULL} if other handles leave no
     *     room; the handle is then what it was before
     */
    GenerationResult generate(GenerationOptions options, TokenSink sink);

    /** {@link #generate(GenerationOptions, TokenSink)} without looking at the tokens as they come. */
    default GenerationResult generate(GenerationOptions options) {
        return generate(options, TokenSink.NONE);
    }

    /** The logits of the token after this prefix, one a token of the vocabulary; the handle stays as it is. */
    float[] logits();

    /** A copy of it in memory, outside the engine; both live on independently. */
    ActivationImage image();

    /**
     * Writes it to a file, replacing one that is there, in one step: after a crash the file is the old one or the new
     * one. The folder must exist. The file can only be read by this user where the file system knows users: it tells
     * what the tokens are.
     *
     * @throws io.memos4j.api.MemoryException {@link io.memos4j.api.ErrorCode#STORAGE_FAILED} or
     *     {@link io.memos4j.api.ErrorCode#STORAGE_FULL}
     */
    ActivationManifest save(Path file);

    /** Frees its memory. A running call on it ends with {@code CLOSED} at the next token or batch. */
    @Override
    void close();
}
