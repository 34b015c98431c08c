package io.memos4j.server.facade;

import io.memos4j.api.items.Filter;
import io.memos4j.server.http.HttpExchange;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The owner of memories in protocols without cubes: a user, agent, app or run. A user's cube has the user's name, the
 * others are named {@code agent/NAME}, {@code app/NAME} and {@code run/NAME}; so a user's memories are those of the
 * cube of that name. Further ids of a memory are kept as metadata.
 */
public record MemoryOwner(Kind kind, String id) {
    /** Kinds of owners. If a request names several, the first of them owns the cube. */
    public enum Kind {
        USER,
        AGENT,
        APP,
        RUN;

        /**
         * Returns the request field with the owner's id, which is also the metadata key for those that do not own the
         * cube.
         */
        public String field() {
            return wireName() + "_id";
        }

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Kind> ofField(String field) {
            return Arrays.stream(values())
                    .filter(kind -> kind.field().equals(field))
                    .findFirst();
        }

        public static Optional<Kind> ofWireName(String word) {
            return Arrays.stream(values())
                    .filter(kind -> kind.wireName().equals(word))
                    .findFirst();
        }

        private String prefix() {
            return wireName() + "/";
        }
    }

    /** The prefix of names outside the caller's own space. */
    private static final String ELSEWHERE = "@";

    /** Returns the owner among the named ids; empty if none is named. */
    public static Optional<MemoryOwner> of(Map<Kind, String> named) {
        return Arrays.stream(Kind.values())
                .flatMap(kind -> Optional.ofNullable(named.get(kind)).map(id -> new MemoryOwner(kind, id)).stream())
                .findFirst();
    }

    /**
     * Returns the caller's name of the cube. A user whose name looks like another owner's, or like a cube of another
     * space, gets a prefix too. Where an administrator's owner would be given a cube in the space of a tenant, the name
     * begins with {@code @}, as the name of no principal does.
     */
    public String cubeName(HttpExchange exchange) {
        boolean plain = kind == Kind.USER
                && !id.startsWith(ELSEWHERE)
                && Arrays.stream(Kind.values()).noneMatch(each -> id.startsWith(each.prefix()));
        String name = plain ? id : kind.prefix() + id;
        return exchange.isOwn(exchange.resolve(name)) ? name : ELSEWHERE + kind.prefix() + id;
    }

    /** Returns the owner of the cube of this name. */
    public static MemoryOwner ofCube(String cube) {
        String name = cube.startsWith(ELSEWHERE) ? cube.substring(ELSEWHERE.length()) : cube;
        return Arrays.stream(Kind.values())
                .filter(kind -> name.startsWith(kind.prefix()))
                .findFirst()
                .map(kind -> new MemoryOwner(kind, name.substring(kind.prefix().length())))
                .orElseGet(() -> new MemoryOwner(Kind.USER, cube));
    }

    /** Returns the filter for the memories of {@code otherId} within this owner's cube. */
    public Filter filterFor(Kind other, String otherId) {
        if (other == kind) {
            return otherId.equals(id) ? Filter.ALL : new Filter.Or(List.of());
        }
        return Filter.metadata(other.field(), otherId);
    }
}
