package io.memos4j.spi.models;

import java.util.function.Predicate;

/**
 * A chat model behind a provider's API, which may cache prompt prefixes. Thread-safe.
 *
 * <p>Such a cache can be neither named nor erased, but it can be used: by prompts that start with the same text, and by
 * marking where the parts end that will come again.
 */
public interface ChatModel extends AutoCloseable {
    /** Provider and model, for example {@code anthropic:claude-sonnet-4-5}. */
    String id();

    /**
     * Answers a conversation.
     *
     * @param sink takes the text as it comes, on the calling thread, and returns true to continue
     * @throws io.memos4j.api.MemoryException {@link io.memos4j.api.ErrorCode#MODEL_REFUSED} if the provider will not
     *     answer this call, {@link io.memos4j.api.ErrorCode#MODEL_FAILED} if it failed for now,
     *     {@link io.memos4j.api.ErrorCode#TIMEOUT}, {@link io.memos4j.api.ErrorCode#INTERRUPTED}
     */
    ChatAnswer answer(ChatPrompt prompt, Predicate<String> sink);

    @Override
    default void close() {}
}
