package io.memos4j.server.facade;

import io.memos4j.api.items.Filter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Whose memories a cube holds, in protocols that know no cubes: those of the user, else of the agent, the app or the
 * run. The cube of a user is called like the user, the others {@code agent/NAME}, {@code app/NAME} and
 * {@code run/NAME}; so a user's memories are the same ones as those of the cube of this name. What else a memory
 * belongs to is kept as metadata.
 */
public record MemoryOwner(Kind kind, String id) {
    /** Who may own a cube; the first one named does. */
    public enum Kind {
        USER,
        AGENT,
        APP,
        RUN;

        /** The field that names one, and the key of metadata for those that do not own the cube. */
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

    /** A name outside the caller's own space begins like this. */
    private static final String ELSEWHERE = "@";

    /** The first of those that are named. */
    public static Optional<MemoryOwner> of(Map<Kind, String> named) {
        return Arrays.stream(Kind.values())
                .flatMap(kind -> Optional.ofNullable(named.get(kind)).map(id -> new MemoryOwner(kind, id)).stream())
                .findFirst();
    }

    /**
     * The name of the cube. A user whose own name looks like another owner's, or like a cube elsewhere, gets a prefix
     * too.
     */
    public String cubeName() {
        boolean plain = kind == Kind.USER
                && !id.startsWith(ELSEWHERE)
                && Arrays.stream(Kind.values()).noneMatch(each -> id.startsWith(each.prefix()));
        return plain ? id : kind.prefix() + id;
    }

    /** Whose cube this is. */
    public static MemoryOwner ofCube(String cube) {
        return Arrays.stream(Kind.values())
                .filter(kind -> cube.startsWith(kind.prefix()))
                .findFirst()
                .map(kind -> new MemoryOwner(kind, cube.substring(kind.prefix().length())))
                .orElseGet(() -> new MemoryOwner(Kind.USER, cube));
    }

    /** What belongs to somebody, within this cube. */
    public Filter filterFor(Kind other, String otherId) {
        if (other == kind) {
            return otherId.equals(id) ? Filter.ALL : new Filter.Or(List.of());
        }
        return Filter.metadata(other.field(), otherId);
    }
}
