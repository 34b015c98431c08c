package io.memos4j.core.access;

import io.memos4j.api.Actor;
import java.util.function.Supplier;

/**
 * The author of what the current thread writes: an actor bound for a piece of work, else {@link Actor#USER}.
 * Thread-safe.
 */
public final class ActorContext {
    /** One per engine, so that an actor bound for one engine does not author the writes of another. */
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<Actor> bound = ThreadLocal.withInitial(() -> Actor.USER);

    /** Returns the actor of the current thread. */
    public Actor current() {
        return bound.get();
    }

    /**
     * Does the work on this thread in the name of an actor; the former actor is bound again afterwards.
     *
     * @param actor as {@link Actor#named} takes it
     */
    public <T> T as(String actor, Supplier<T> work) {
        Actor named = Actor.named(actor);
        Actor former = bound.get();
        bound.set(named);
        try {
            return work.get();
        } finally {
            if (former.equals(Actor.USER)) {
                bound.remove();
            } else {
                bound.set(former);
            }
        }
    }
}
