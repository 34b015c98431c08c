package io.memos4j.api.adapters;

import io.memos4j.api.MemoryException;
import io.memos4j.api.retention.ItemHeat;
import io.memos4j.api.retention.RetentionPolicy;
import java.time.Duration;

/**
 * Policy of what a model may be taught of a cube. Whatever it allows, what looks like a secret or personal number, and
 * what is tagged {@code private} or {@code sensitive}, never is.
 *
 * @param consent whether the owner has agreed that memories go into parameters; without it nothing is taught
 * @param automatic whether it happens by itself, when memories are hot and stable enough; else only when asked for
 * @param heat how often a memory must lately have been used, in the unit of {@link ItemHeat}; at least 0
 * @param stable for how long it must not have changed
 */
public record LearningPolicy(boolean consent, boolean automatic, double heat, Duration stable) {
    /** No consent. With it: only when asked for, used twice lately, unchanged for a week. */
    public static final LearningPolicy DEFAULT = new LearningPolicy(false, false, 2, Duration.ofDays(7));

    public LearningPolicy {
        if (!(heat >= 0 && heat < Double.POSITIVE_INFINITY)) {
            throw MemoryException.invalid("heat is 0 or more (was " + heat + ").");
        }
        if (stable.isNegative() || stable.compareTo(RetentionPolicy.MAX_DURATION) > 0) {
            throw MemoryException.invalid("stable is 0 to 36,500 days (was " + stable + ").");
        }
    }

    public LearningPolicy consent(boolean newConsent) {
        return new LearningPolicy(newConsent, automatic, heat, stable);
    }

    public LearningPolicy automatic(boolean newAutomatic) {
        return new LearningPolicy(consent, newAutomatic, heat, stable);
    }

    public LearningPolicy heat(double newHeat) {
        return new LearningPolicy(consent, automatic, newHeat, stable);
    }

    public LearningPolicy stable(Duration newStable) {
        return new LearningPolicy(consent, automatic, heat, newStable);
    }
}
