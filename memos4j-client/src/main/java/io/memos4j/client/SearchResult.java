package io.memos4j.client;

import java.util.List;

/**
 * The answer to a search.
 *
 * @param hits best first
 * @param context the hits rendered for a prompt, with absolute dates
 * @param contextTokens what {@code context} costs
 * @param warnings what was degraded
 */
public record SearchResult(List<Hit> hits, String context, int contextTokens, List<Warning> warnings) {
    /**
     * A memory that answers.
     *
     * @param score 0 to 1
     * @param excerpt the part that answers
     * @param citation its number in the context; 0 if it found no place there
     * @param why the reasons, if an explanation was asked for
     */
    public record Hit(MemoryRecord memory, double score, String excerpt, int citation, int tokens, List<String> why) {}

    /** Something that was not done as well as it might have been. */
    public record Warning(String code, String message) {}
}
