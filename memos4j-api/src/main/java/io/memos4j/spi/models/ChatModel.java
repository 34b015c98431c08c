package io.memos4j.spi.models;

import java.util.function.Predicate;

/**
 * A chat model behind a provider's API, which may keep the beginnings of prompts that it has seen. Thread-safe.
 *
 * <p>What such a provider keeps can be neither named nor erased; it can be used: by prompts that begin alike, to the
 * letter, and by telling where the parts end that will come again.
 */
public interface ChatModel extends AutoCloseable {
    /** Provider and model, for example {@code anthropic:claude-sonnet-4-5}. */
    String id();

    /**
     * Answers a conversation.
     *
     * @param sink takes the text as it comes, on the calling thread, and says whether to go on
     * @throws io.memos4j.api.MemoryException {@link io.memos4j.api.ErrorCode#MODEL_REFUSED} if the provider will not
     *     answer this call, {@link io.memos4j.api.ErrorCode#MODEL_FAILED} if it failed for now,
     *     {@link io.memos4j.api.ErrorCode#TIMEOUT}, {@link io.memos4j.api.ErrorCode#INTERRUPTED}
     */
    ChatAnswer answer(ChatPrompt prompt, Predicate<String> sink);

    @Override
    default void close() {}
}
