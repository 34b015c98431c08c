package io.memos4j.api.search;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.TimeZones;
import io.memos4j.api.items.Filter;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A question to a cube.
 *
 * @param query what to look for, in natural language; up to {@value #MAX_QUERY} characters
 * @param limit items at the most, 1 to {@value #MAX_LIMIT}
 * @param maxTokens the budget of the rendered context; items that do not fit are left out
 * @param filter which items may be found; applied before ranking
 * @param referenceTime what "now" means to the asker, for words like "yesterday"; the engine's clock if absent
 * @param validAt search as if it were then: nothing that occurred later, everything that still held; now if absent
 * @param deadline after which the best found so far is returned with a warning
 * @param includeInactive whether archived, merged and expired items may be found too
 * @param explain whether to say what each stage did
 * @param model whose tokens are counted, for example {@code gpt-4o}; those of current OpenAI models if empty or unknown
 * @param known items that the asker has before them: they are found and counted as used, with citation 0 and beyond the
 *     limit, and not rendered
 * @param session the conversation in which it is asked: its working memory is consulted first, and keeps what is found;
 *     none if empty
 * @param zone the time zone of the asker, for words like "yesterday", and of memories said in none; the cube's if
 *     absent
 */
public record SearchRequest(
        String query,
        int limit,
        int maxTokens,
        Filter filter,
        Optional<Instant> referenceTime,
        Optional<Instant> validAt,
        Duration deadline,
        boolean includeInactive,
        boolean explain,
        String model,
        Set<ItemId> known,
        String session,
        Optional<ZoneId> zone) {
    public static final int MAX_LIMIT = 1_000;
    public static final int MAX_QUERY = 100_000;

    public SearchRequest {
        known = Set.copyOf(known);
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
        return new SearchRequest(
                query,
                10,
                2_048,
                Filter.ALL,
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(2),
                false,
                false,
                "",
                Set.of(),
                "",
                Optional.empty());
    }

    public SearchRequest limit(int newLimit) {
        return copy(copy -> copy.newLimit = newLimit);
    }

    public SearchRequest maxTokens(int newMaxTokens) {
        return copy(copy -> copy.newMaxTokens = newMaxTokens);
    }

    public SearchRequest where(Filter newFilter) {
        return copy(copy -> copy.newFilter = newFilter);
    }

    public SearchRequest at(Instant newReferenceTime) {
        return copy(copy -> copy.newReferenceTime = Optional.of(newReferenceTime));
    }

    /** Sets what "now" means, and the zone unless the offset is Z, which tells the time but not where. */
    public SearchRequest at(OffsetDateTime newReferenceTime) {
        SearchRequest timed = at(newReferenceTime.toInstant());
        return TimeZones.of(newReferenceTime).map(timed::inZone).orElse(timed);
    }

    /** Asks in a time zone. */
    public SearchRequest inZone(ZoneId newZone) {
        return copy(copy -> copy.newZone = Optional.of(newZone));
    }

    public SearchRequest validAt(Instant newValidAt) {
        return copy(copy -> copy.newValidAt = Optional.of(newValidAt));
    }

    public SearchRequest within(Duration newDeadline) {
        return copy(copy -> copy.newDeadline = newDeadline);
    }

    public SearchRequest withInactive() {
        return copy(copy -> copy.newIncludeInactive = true);
    }

    public SearchRequest explained() {
        return copy(copy -> copy.newExplain = true);
    }

    public SearchRequest forModel(String newModel) {
        return copy(copy -> copy.newModel = newModel);
    }

    /** Asks in a conversation. */
    public SearchRequest in(String newSession) {
        return copy(copy -> copy.newSession = newSession);
    }

    /** Leaves what the caller already has out of the context. */
    public SearchRequest knowing(Set<ItemId> newKnown) {
        return copy(copy -> copy.newKnown = newKnown);
    }

    private SearchRequest copy(Consumer<Copy> change) {
        Copy copy = new Copy();
        change.accept(copy);
        return copy.build();
    }

    /** A copy in the making: every component is that of this request until it is changed. */
    private final class Copy {
        private int newLimit = limit;
        private int newMaxTokens = maxTokens;
        private Filter newFilter = filter;
        private Optional<Instant> newReferenceTime = referenceTime;
        private Optional<Instant> newValidAt = validAt;
        private Duration newDeadline = deadline;
        private boolean newIncludeInactive = includeInactive;
        private boolean newExplain = explain;
        private String newModel = model;
        private Set<ItemId> newKnown = known;
        private String newSession = session;
        private Optional<ZoneId> newZone = zone;

        private SearchRequest build() {
            return new SearchRequest(
                    query,
                    newLimit,
                    newMaxTokens,
                    newFilter,
                    newReferenceTime,
                    newValidAt,
                    newDeadline,
                    newIncludeInactive,
                    newExplain,
                    newModel,
                    newKnown,
                    newSession,
                    newZone);
        }
    }
}
