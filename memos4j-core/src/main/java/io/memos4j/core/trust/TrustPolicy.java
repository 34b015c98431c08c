package io.memos4j.core.trust;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.Principal;
import io.memos4j.api.items.Authorship;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Provenance;
import io.memos4j.core.access.ActorContext;
import io.memos4j.core.access.ActorContext.Caller;
import io.memos4j.core.trust.InjectionScreen.Leniency;
import java.util.Collection;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Records who writes a text, screens it, and reserves the release of suspected memories to the owner of their cube. The
 * caller is that of the current thread; without one it is the owner of everything. Thread-safe.
 */
public final class TrustPolicy {
    /** The author of words that come from a cube of an administrator. */
    private static final String ADMINISTRATOR = "administrator";

    private final Supplier<Caller> caller;

    /** @param caller tells for whom the current thread works */
    public TrustPolicy(ActorContext caller) {
        this(caller::caller);
    }

    private TrustPolicy(Supplier<Caller> caller) {
        this.caller = caller;
    }

    /** Returns the policy for the present caller, for work that another thread does, such as a transaction. */
    public TrustPolicy forCaller() {
        Caller present = caller.get();
        return new TrustPolicy(() -> present);
    }

    /** Returns whether the caller owns a cube. */
    public boolean owns(CubeId cube) {
        return caller.get().principal().map(principal -> principal.owns(cube)).orElse(true);
    }

    /** Returns the name of the caller if the cube is somebody else's, else the empty string. */
    public String writer(CubeId cube) {
        return caller.get()
                .principal()
                .filter(principal -> !principal.owns(cube))
                .map(Principal::name)
                .orElse("");
    }

    /** Attributes a new item to the caller. */
    public MemoryItem attribute(MemoryItem item) {
        return item.withAuthorship(new Authorship(writer(item.cube()), ""));
    }

    /** Attributes a new item to the caller, and withholds it from recall if it is suspected. */
    public MemoryItem admit(MemoryItem item) {
        MemoryItem written = attribute(item);
        return InjectionScreen.findIn(titled(written), isLenient(written) ? Leniency.OWNER : Leniency.OTHERS)
                .map(why -> quarantine(written, why))
                .orElse(written);
    }

    /** The item, withheld from recall and without standing statements. */
    public static MemoryItem quarantine(MemoryItem item, String why) {
        return item.withAuthorship(item.authorship().suspecting(why))
                .withStanding(Set.of())
                .withState(ItemState.GENERATED);
    }

    /** The authorship of what is made of items: another principal's, if one of them is. */
    public static Authorship authorshipOf(Collection<MemoryItem> sources) {
        return sources.stream()
                .map(item -> item.authorship().principal())
                .filter(principal -> !principal.isEmpty())
                .findFirst()
                .map(principal -> new Authorship(principal, ""))
                .orElse(Authorship.OWNER);
    }

    private static String titled(MemoryItem item) {
        return item.title().isEmpty() ? item.text() : item.title() + "\n" + item.text();
    }

    /** Returns whether an item is screened as the words of its owner. */
    public boolean isLenient(MemoryItem item) {
        Provenance said = item.provenance();
        return !caller.get().assistant() && (said == Provenance.OWNER || said == Provenance.DERIVED);
    }

    /**
     * Attributes an edited text to the caller. What the owner writes over a memory is not screened.
     *
     * @throws MemoryException with {@link ErrorCode#INVALID_ARGUMENT} if the text is suspected
     */
    public MemoryItem rewrite(MemoryItem former, MemoryItem edited) {
        if (edited.text().equals(former.text()) && edited.title().equals(former.title())) {
            return edited;
        }
        MemoryItem written = edited.withAuthorship(new Authorship(writer(edited.cube()), ""));
        if (written.authorship().isOwner() && !caller.get().assistant()) {
            return written;
        }
        InjectionScreen.findIn(titled(written), Leniency.OTHERS).ifPresent(why -> {
            throw MemoryException.invalid("The new text of item " + former.id()
                    + " seems to instruct a model (" + why + "). Nothing was changed. Reword it, or ask the"
                    + " owner of the cube to make the change.");
        });
        return written;
    }

    /**
     * Returns the next version of an item; without the suspicion if it is recalled by it.
     *
     * @throws MemoryException with {@link ErrorCode#FORBIDDEN} if it was suspected, would be recalled, and the caller
     *     is not the owner of its cube
     */
    public MemoryItem release(MemoryItem former, MemoryItem next) {
        boolean suspected =
                former.authorship().isSuspected() || next.authorship().isSuspected();
        if (!next.state().isRecalled() || !suspected) {
            return next;
        }
        if (!owns(next.cube()) || caller.get().assistant()) {
            throw new MemoryException(
                    ErrorCode.FORBIDDEN,
                    "Item " + next.id() + " is withheld: it seems to instruct a model ("
                            + former.authorship().suspicion() + "). Only the owner of the cube can release it, over"
                            + " REST, in Java, in the console or on the command line.");
        }
        return next.withAuthorship(next.authorship().suspecting(""));
    }

    /**
     * Returns the name to which the owner's words in one cube are attributed in another: empty if the caller owns both.
     */
    public String authorElsewhere(CubeId from, CubeId to) {
        if (owns(from) && owns(to)) {
            return "";
        }
        int space = from.value().indexOf('/');
        return space < 1 ? ADMINISTRATOR : from.value().substring(0, space);
    }
}
