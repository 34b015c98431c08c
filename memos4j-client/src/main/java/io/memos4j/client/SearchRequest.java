package io.memos4j.client;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is asked. Begin with {@link #of}; the methods refine it, and what they do not say is the server's default.
 *
 * @param fields of the request as the contract names them
 */
public record SearchRequest(Map<String, Object> fields) {
    public SearchRequest {
        fields = Map.copyOf(fields);
    }

    public static SearchRequest of(String text) {
        return new SearchRequest(Map.of("query", text));
    }

    private SearchRequest with(String field, Object value) {
        Map<String, Object> all = new LinkedHashMap<>(fields);
        all.put(field, value);
        return new SearchRequest(all);
    }

    /** So many hits at the most. */
    public SearchRequest limit(int hits) {
        return with("limit", hits);
    }

    /** A context of so many tokens at the most. */
    public SearchRequest maxTokens(int tokens) {
        return with("max_tokens", tokens);
    }

    /** Only what fits a filter, for example {@code Map.of("type", "fact", "metadata.team", List.of("blue", "red"))}. */
    public SearchRequest where(Map<String, ?> filter) {
        return with("filter", filter);
    }

    /** Consults the working memory of a session first. */
    public SearchRequest in(String session) {
        return with("session", session);
    }

    /** What "yesterday" and "last week" refer to. */
    public SearchRequest at(Instant referenceTime) {
        return with("reference_time", referenceTime.toString());
    }

    /** What held in the world then. */
    public SearchRequest validAt(Instant then) {
        return with("as_of", then.toString());
    }

    /** With the reasons of each hit. */
    public SearchRequest explained() {
        return with("explain", true);
    }

    SearchRequest over(List<String> cubes) {
        return with("cubes", cubes);
    }
}
