package io.memos4j.client;

import java.util.List;
import java.util.Optional;

/**
 * The result of feedback.
 *
 * @param stored the memory created by a correction
 * @param changed the IDs of the memories that it changed
 */
public record FeedbackOutcome(Optional<String> stored, List<String> changed, List<SearchResult.Warning> warnings) {}
