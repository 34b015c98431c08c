package io.memos4j.core.kvcache;

import io.memos4j.api.chat.ChatRequest;
import java.util.function.Predicate;

/** Answers a prompt with a model. Thread-safe. */
interface ChatAnswerer extends AutoCloseable {
    /** Answers a prompt; of the request only the generation options are used. */
    ModelAnswer answer(PromptLayout layout, ChatRequest request, Predicate<String> sink);

    /** Prepares for the next question of an answered conversation; optional. */
    default void prepare(PromptLayout answered) {}

    @Override
    void close();
}
