package io.memos4j.core.access;

import io.memos4j.api.MemoryException;
import io.memos4j.spi.vault.Vault;
import java.util.function.Supplier;

/**
 * In whose name callers write: bound to a thread while it does a piece of work, else the {@link Vault#USER}.
 * Thread-safe.
 */
public final class ActorContext {
    /** Longest name, in UTF-16 units. */
    public static final int MAX_LENGTH = 200;

    /** How background tasks begin their names; what they wrote is treated otherwise than what users wrote. */
    private static final String TASK = "task:";

    /** Each engine has its own, so that work on one does not name who writes to another. */
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<String> bound = new ThreadLocal<>();

    /** Who writes on this thread. */
    public String current() {
        String actor = bound.get();
        return actor == null ? Vault.USER : actor;
    }

    /** Does the work on this thread in the name of {@code actor}; what was bound before is bound again afterwards. */
    public <T> T runAs(String actor, Supplier<T> work) {
        check(actor);
        String former = bound.get();
        bound.set(actor);
        try {
            return work.get();
        } finally {
            if (former == null) {
                bound.remove();
            } else {
                bound.set(former);
            }
        }
    }

    private static void check(String actor) {
        if (actor.isBlank() || actor.length() > MAX_LENGTH || actor.chars().anyMatch(Character::isISOControl)) {
            throw MemoryException.invalid("An actor's name has 1 to " + MAX_LENGTH
                    + " characters, not all of them blank, and no control characters.");
        }
        if (actor.startsWith(TASK)) {
            throw MemoryException.invalid(
                    "'" + actor + "' is not a name for an actor: only background tasks begin with '" + TASK + "'.");
        }
    }
}
