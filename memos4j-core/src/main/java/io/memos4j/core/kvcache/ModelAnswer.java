package io.memos4j.core.kvcache;

import io.memos4j.api.Warning;
import io.memos4j.api.chat.ChatReply.Usage;
import java.util.List;

/** The answer of a model and what it cost; {@code complete} as in {@link io.memos4j.api.chat.ChatReply}. */
public record ModelAnswer(String text, boolean complete, Usage usage, List<Warning> warnings) {}
