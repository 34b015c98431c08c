package io.memos4j.spi.runtime;

import io.memos4j.spi.ChatTurn;
import java.nio.file.Path;
import java.util.List;

/**
 * A language model that keeps what it has computed for a prefix, so that the prefix need not be computed again.
 * Thread-safe.
 *
 * <p>One computation runs at a time; calls of several threads take turns within long ones. Nothing that a caller does
 * may harm the process: what cannot be done is refused with {@link io.memos4j.api.MemoryException}. Beside the failures
 * that each method names, all may fail with
 *
 * <ul>
 *   <li>{@link io.memos4j.api.ErrorCode#CLOSED}: the runtime or the handle is closed;
 *   <li>{@link io.memos4j.api.ErrorCode#INTERRUPTED}: the calling thread was interrupted; a handle is then what it was
 *       before;
 *   <li>{@link io.memos4j.api.ErrorCode#RATE_LIMITED}: too many calls wait already;
 *   <li>{@link io.memos4j.api.ErrorCode#RUNTIME_FAILED}: the engine failed; a handle is then what it was before, unless
 *       it holds what is no number: that is taken away as soon as another handle's computation comes upon it, and the
 *       handle fails from then on;
 *   <li>{@link io.memos4j.api.ErrorCode#UNSUPPORTED}: it lacks the {@link ActivationFeature}.
 *   <li>{@link io.memos4j.api.ErrorCode#UPSTREAM_FAILED}, {@link io.memos4j.api.ErrorCode#TIMEOUT}: the server behind
 *       it failed or was silent; a handle is then what it was before.
 * </ul>
 */
public interface ActivationRuntime extends AutoCloseable {
    /** Returns the features and bounds of this runtime. */
    ActivationCapabilities capabilities();

    /** Returns the identity of the open model. */
    ModelIdentity model();

    /** The token ids of a text; empty for the empty text, unless it is to have a start. */
    int[] tokenize(String text, TokenizeOption... how);

    /**
     * The token ids of a conversation as the model's template writes it. Texts are taken as text: names of control
     * tokens in them stay text. The tokens of a longer conversation start with those of its first part, if the template
     * allows it.
     *
     * @param answerNext whether to end where an answer of the model begins
     * @throws io.memos4j.api.MemoryException {@link io.memos4j.api.ErrorCode#INVALID_ARGUMENT} if there is no turn, or
     *     the template does not take these roles
     */
    int[] tokenize(List<ChatTurn> conversation, boolean answerNext);

    /**
     * The text of token ids; names of control tokens are left out. Incomplete characters become U+FFFD.
     *
     * @throws io.memos4j.api.MemoryException {@link io.memos4j.api.ErrorCode#INVALID_ARGUMENT} if an id is not in the
     *     vocabulary
     */
    String detokenize(int[] tokens);

    /**
     * Computes a prefix and keeps the result under a new handle.
     *
     * @throws io.memos4j.api.MemoryException {@link io.memos4j.api.ErrorCode#INVALID_ARGUMENT} if there is no token or
     *     an id is not in the vocabulary; {@link io.memos4j.api.ErrorCode#TOO_LARGE} if there are more tokens than a
     *     handle may hold; {@link io.memos4j.api.ErrorCode#CONTEXT_FULL} if there is no room for another handle or
     *     these tokens until others are closed
     */
    default ActivationHandle prefill(int[] tokens) {
        return prefill(tokens, AdapterMix.NONE);
    }

    /**
     * Computes a prefix with adapters. The handle, its forks and its images belong to them: whatever is computed from
     * it is computed with the same ones, and no other handle is touched. It cannot be saved:
     * {@link io.memos4j.api.ErrorCode#UNSUPPORTED}.
     *
     * @throws io.memos4j.api.MemoryException as {@link #prefill(int[])}; {@link io.memos4j.api.ErrorCode#UNSUPPORTED}
     *     for more adapters or another scale than {@link ActivationCapabilities#adapters} says;
     *     {@link io.memos4j.api.ErrorCode#CLOSED} if one is unloaded; {@link io.memos4j.api.ErrorCode#INVALID_ARGUMENT}
     *     if another runtime loaded one; {@link io.memos4j.api.ErrorCode#RUNTIME_FAILED} if what is computed is no
     *     number, and then nothing of it is left
     */
    ActivationHandle prefill(int[] tokens, AdapterMix adapters);

    /**
     * Makes an adapter ready. One that is loaded already is shared; it is unloaded when all who loaded it have closed
     * it.
     *
     * @throws io.memos4j.api.MemoryException {@link io.memos4j.api.ErrorCode#ADAPTER_REFUSED} if it is damaged, hostile
     *     or not for this model; {@link io.memos4j.api.ErrorCode#UNSUPPORTED} if the runtime takes no adapters, or not
     *     at run time
     */
    LoadedAdapter load(AdapterFiles adapter);

    /**
     * Reads a handle from a file that {@link ActivationHandle#save} wrote, in this process or another one. The whole
     * file is checked before the engine sees any of it.
     *
     * @throws io.memos4j.api.MemoryException {@link io.memos4j.api.ErrorCode#ACTIVATION_MISMATCH} if it belongs to
     *     another model, cache type or build, with all reasons; {@link io.memos4j.api.ErrorCode#ACTIVATION_CORRUPT} if
     *     it is no such file, cut short or changed; {@link io.memos4j.api.ErrorCode#STORAGE_FAILED} if it cannot be
     *     read; {@link io.memos4j.api.ErrorCode#TOO_LARGE} and {@link io.memos4j.api.ErrorCode#CONTEXT_FULL} as in
     *     {@link #prefill}
     */
    ActivationHandle restore(Path file);

    /**
     * Makes a handle of a copy; the copy stays.
     *
     * @throws io.memos4j.api.MemoryException {@link io.memos4j.api.ErrorCode#INVALID_ARGUMENT} if another runtime made
     *     it, {@link io.memos4j.api.ErrorCode#CONTEXT_FULL} as in {@link #prefill}
     */
    ActivationHandle restore(ActivationImage image);

    /**
     * Reads the manifest of a saved file; nothing else of the file is read or checked.
     *
     * @throws io.memos4j.api.MemoryException {@link io.memos4j.api.ErrorCode#ACTIVATION_CORRUPT},
     *     {@link io.memos4j.api.ErrorCode#STORAGE_FAILED}
     */
    ActivationManifest inspect(Path file);

    /** Counts since it was opened. */
    ActivationStatistics statistics();

    /**
     * Waits for the step that is running, ends all other calls with {@code CLOSED}, closes all handles, frees the
     * model.
     */
    @Override
    void close();
}
