package io.memos4j.core.activation;

import io.memos4j.api.ChatReply.Usage;
import io.memos4j.api.Warning;
import java.util.List;

/** What a model answered, and what it took; {@code complete} as in {@link io.memos4j.api.ChatReply}. */
public record Answer(String text, boolean complete, Usage usage, List<Warning> warnings) {}
