package io.memos4j.core.activation;

import io.memos4j.api.ChatRequest;
import java.util.function.Predicate;

/** What answers a talk. Thread-safe. */
interface Answers extends AutoCloseable {
    /** Answers; of the request only what concerns the answer is looked at. */
    Answer answer(Talk talk, ChatRequest request, Predicate<String> sink);

    /** A chance to prepare for what comes after an answer; may be left out. */
    default void prepare(Talk answered) {}

    @Override
    void close();
}
