package io.memos4j.core.kvcache;

import io.memos4j.api.chat.ChatRequest;
import java.util.function.Predicate;

/** What answers a talk. Thread-safe. */
interface ChatAnswerer extends AutoCloseable {
    /** Answers; of the request only what concerns the answer is looked at. */
    ModelAnswer answer(PromptLayout talk, ChatRequest request, Predicate<String> sink);

    /** A chance to prepare for what comes after an answer; may be left out. */
    default void prepare(PromptLayout answered) {}

    @Override
    void close();
}
