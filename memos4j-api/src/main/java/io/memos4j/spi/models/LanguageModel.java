package io.memos4j.spi.models;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.time.Duration;

/**
 * A chat model that completes one prompt. Thread-safe.
 *
 * <p>A memory operating system works without one; with one, it extracts facts, reconciles them, and may rerank. A
 * failed call is never a reason to lose anything, so an implementation tries a call once and says why it failed: the
 * caller decides about another try.
 */
public interface LanguageModel extends AutoCloseable {
    /** Provider and model, for example {@code openai:gpt-4.1-mini}; kept as the origin of what was extracted. */
    String id();

    /**
     * Completes one prompt.
     *
     * @throws MemoryException {@link ErrorCode#MODEL_REFUSED} if the provider will not answer this call, however often
     *     it is tried (wrong key, unknown model, prompt too long); {@link ErrorCode#MODEL_FAILED} if it failed for now
     *     (429, 5xx, broken answer, no connection); {@link ErrorCode#TIMEOUT} if the prompt's time is over;
     *     {@link ErrorCode#INTERRUPTED}
     */
    Completion complete(Prompt prompt);

    @Override
    default void close() {}

    /**
     * Prompt of a language model.
     *
     * @param system the instructions; constant for one kind of task, so that provider caches hit
     * @param user the input
     * @param schema the JSON schema of the answer, sent where the provider takes one; empty for free text
     * @param maxTokens the longest answer, in tokens of the model
     * @param timeout the time for the whole call
     */
    record Prompt(String system, String user, String schema, int maxTokens, Duration timeout) {
        public Prompt {
            if (user.isBlank()) {
                throw MemoryException.invalid("The prompt must not be blank.");
            }
            if (maxTokens < 1) {
                throw MemoryException.invalid("maxTokens must be at least 1 (was " + maxTokens + ").");
            }
            if (!timeout.isPositive()) {
                throw MemoryException.invalid("The timeout must be positive (was " + timeout + ").");
            }
        }
    }

    /**
     * Answer of a language model.
     *
     * @param text the answer, perhaps cut
     * @param inputTokens as counted by the provider, 0 if it does not say
     * @param outputTokens as counted by the provider, 0 if it does not say
     * @param cut whether the answer ends because of a length limit
     */
    record Completion(String text, int inputTokens, int outputTokens, boolean cut) {}
}
