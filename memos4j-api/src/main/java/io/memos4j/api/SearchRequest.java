package io.memos4j.api;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A question to a cube.
 *
 * @param query what to look for, in natural language; up to {@value #MAX_QUERY} characters
 * @param limit items at the most, 1 to {@value #MAX_LIMIT}
 * @param maxTokens the budget of the rendered context; items that do not fit are left out
 * @param filter which items may be found; applied before ranking
 * @param referenceTime what "now" means to the asker; the engine's clock if absent
 * @param deadline after which the best found so far is returned with a warning
 * @param includeInactive whether archived, merged and expired items may be found too
 * @param explain whether to say what each stage did
 */
public record SearchRequest(
        String query,
        int limit,
        int maxTokens,
        Filter filter,
        Optional<Instant> referenceTime,
        Duration deadline,
        boolean includeInactive,
        boolean explain) {
    public static final int MAX_LIMIT = 1_000;
    public static final int MAX_QUERY = 100_000;

    public SearchRequest {
        if (query.isBlank()) {
            throw MemoryException.invalid("The query is empty. Ask something, or use list to page through a cube.");
        }
        if (query.length() > MAX_QUERY) {
            throw new MemoryException(
                    ErrorCode.TOO_LARGE,
                    "The query has " + query.length() + " characters, at most " + MAX_QUERY + " are taken.");
        }
        if (limit < 1 || limit > MAX_LIMIT) {
            throw MemoryException.invalid("A search returns 1 to " + MAX_LIMIT + " items, asked for " + limit + ".");
        }
        if (maxTokens < 1) {
            throw MemoryException.invalid("maxTokens is " + maxTokens + ", it must be at least 1.");
        }
        if (deadline.isNegative() || deadline.isZero()) {
            throw MemoryException.invalid("The deadline must be positive, it is " + deadline + ".");
        }
    }

    /** Ten items, 2,048 tokens, two seconds. */
    public static SearchRequest of(String query) {
        return new SearchRequest(query, 10, 2_048, Filter.ALL, Optional.empty(), Duration.ofSeconds(2), false, false);
    }

    public SearchRequest limit(int newLimit) {
        return new SearchRequest(query, newLimit, maxTokens, filter, referenceTime, deadline, includeInactive, explain);
    }

    public SearchRequest maxTokens(int newMaxTokens) {
        return new SearchRequest(query, limit, newMaxTokens, filter, referenceTime, deadline, includeInactive, explain);
    }

    public SearchRequest where(Filter newFilter) {
        return new SearchRequest(query, limit, maxTokens, newFilter, referenceTime, deadline, includeInactive, explain);
    }

    public SearchRequest at(Instant newReferenceTime) {
        return new SearchRequest(
                query, limit, maxTokens, filter, Optional.of(newReferenceTime), deadline, includeInactive, explain);
    }

    public SearchRequest within(Duration newDeadline) {
        return new SearchRequest(query, limit, maxTokens, filter, referenceTime, newDeadline, includeInactive, explain);
    }

    public SearchRequest withInactive() {
        return new SearchRequest(query, limit, maxTokens, filter, referenceTime, deadline, true, explain);
    }

    public SearchRequest explained() {
        return new SearchRequest(query, limit, maxTokens, filter, referenceTime, deadline, includeInactive, true);
    }
}
