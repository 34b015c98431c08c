package io.memos4j.client;

import java.util.List;
import java.util.Optional;

/**
 * What feedback has changed.
 *
 * @param stored the memory that a correction made
 * @param changed ids of memories whose standing changed
 */
public record FeedbackOutcome(Optional<String> stored, List<String> changed, List<SearchResult.Warning> warnings) {}
