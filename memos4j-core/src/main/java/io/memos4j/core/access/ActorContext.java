package io.memos4j.core.access;

import io.memos4j.api.Actor;
import io.memos4j.api.access.CallerIdentity;
import io.memos4j.api.access.Principal;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The author of what the current thread writes: an actor bound for a piece of work, else {@link Actor#USER}.
 * Thread-safe.
 */
public final class ActorContext {
    private static final Caller LOCAL = new Caller(Actor.USER, Optional.empty(), false);

    /** One per engine, so that an actor bound for one engine does not author the writes of another. */
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<Caller> bound = ThreadLocal.withInitial(() -> LOCAL);

    /**
     * The one for whom a thread works.
     *
     * @param actor the author of what it writes
     * @param principal whose key the caller has; empty for the owner of the engine
     * @param assistant whether an assistant decides what is written
     */
    public record Caller(Actor actor, Optional<Principal> principal, boolean assistant) {}

    /** Returns the actor of the current thread. */
    public Actor current() {
        return bound.get().actor;
    }

    /** Returns the one for whom the current thread works. */
    public Caller caller() {
        return bound.get();
    }

    /**
     * Does the work on this thread in the name of an actor, for the principal for whom it works already; the former
     * actor is bound again afterwards.
     *
     * @param actor as {@link Actor#named} takes it
     */
    public <T> T as(String actor, Supplier<T> work) {
        Caller former = bound.get();
        return as(new Caller(Actor.named(actor), former.principal, former.assistant), work);
    }

    /** Does the work on this thread in the name of a caller with a key; the former one is bound again afterwards. */
    public <T> T as(CallerIdentity identity, Supplier<T> work) {
        return as(new Caller(Actor.named(identity.actor()), Optional.of(identity.principal()), false), work);
    }

    /** Does the work on this thread as an assistant of the present caller decides it. */
    public <T> T asAssistant(Supplier<T> work) {
        Caller former = bound.get();
        return as(new Caller(former.actor, former.principal, true), work);
    }

    private <T> T as(Caller caller, Supplier<T> work) {
        Caller former = bound.get();
        bound.set(caller);
        try {
            return work.get();
        } finally {
            if (former.equals(LOCAL)) {
                bound.remove();
            } else {
                bound.set(former);
            }
        }
    }
}
