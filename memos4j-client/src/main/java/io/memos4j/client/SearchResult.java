package io.memos4j.client;

import java.util.List;

/**
 * The result of a search.
 *
 * @param hits best first
 * @param context the hits rendered for a prompt, with absolute dates
 * @param contextTokens the size of {@code context} in tokens
 * @param warnings the ways in which the search was degraded
 */
public record SearchResult(List<Hit> hits, String context, int contextTokens, List<Warning> warnings) {
    /**
     * A memory that matches the query.
     *
     * @param score from 0 to 1
     * @param excerpt the part that matches
     * @param citation its number in the context; 0 if it did not fit
     * @param tokens the size of the excerpt in tokens
     * @param why the reasons for the score, if an explanation was requested
     */
    public record Hit(MemoryRecord memory, double score, String excerpt, int citation, int tokens, List<String> why) {}

    /** A part of the work that was degraded. */
    public record Warning(String code, String message) {}
}
