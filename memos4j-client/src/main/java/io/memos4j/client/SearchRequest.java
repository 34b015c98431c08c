package io.memos4j.client;

import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A search request. Starts with {@link #of}; fields that are not set have the defaults of the server.
 *
 * @param fields the fields of the request, by their names in the API
 */
public record SearchRequest(Map<String, Object> fields) {
    public SearchRequest {
        fields = Map.copyOf(fields);
    }

    /** Returns a search for a text. */
    public static SearchRequest of(String text) {
        return new SearchRequest(Map.of("query", text));
    }

    private SearchRequest with(String field, Object value) {
        Map<String, Object> all = new LinkedHashMap<>(fields);
        all.put(field, value);
        return new SearchRequest(all);
    }

    /** Sets the maximum number of hits. */
    public SearchRequest limit(int hits) {
        return with("limit", hits);
    }

    /** Sets the token budget of the context. */
    public SearchRequest maxTokens(int tokens) {
        return with("max_tokens", tokens);
    }

    /** Sets a filter, for example {@code Map.of("type", "fact", "metadata.team", List.of("blue", "red"))}. */
    public SearchRequest where(Map<String, ?> filter) {
        return with("filter", filter);
    }

    /** Sets the session of the query, whose working memory is consulted first. */
    public SearchRequest in(String session) {
        return with("session", session);
    }

    /** Sets the time that "yesterday" and "last week" refer to. */
    public SearchRequest at(Instant referenceTime) {
        return with("reference_time", referenceTime.toString());
    }

    /** Sets the time zone of the asker. */
    public SearchRequest inZone(ZoneId zone) {
        return with("time_zone", zone.getId());
    }

    /** Searches what held in the world at that time. */
    public SearchRequest validAt(Instant then) {
        return with("as_of", then.toString());
    }

    /** Asks for the reasons for each score. */
    public SearchRequest explained() {
        return with("explain", true);
    }

    SearchRequest over(List<String> cubes) {
        return with("cubes", cubes);
    }
}
