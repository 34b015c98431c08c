package io.memos4j.api.history;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import java.util.Optional;

/**
 * Reason of a change: the rule that decided it, on which evidence, and how sure it is.
 *
 * @param rule a stable name, for example {@code same-attribute}; empty where none was recorded
 * @param confidence 0 to 1; 1 for what somebody asked for and for what needs no reading of language; empty where none
 *     was recorded
 * @param evidence the memory that led to it, besides a successor, for example a request to forget
 * @param undoes the version that it undoes, if it is an undoing
 */
public record ChangeReason(
        String rule, Optional<Double> confidence, Optional<ItemId> evidence, Optional<Integer> undoes) {
    /** The rule of a caller's own act; listed with the name of the caller. */
    public static final String USER = "user";

    /** The rule of a correction by the user. */
    public static final String CORRECTION = "correction";

    /** The rule that archives what has cooled below the threshold of the policy. */
    public static final String COOLED = "cooled";

    /** The rule that archives the coldest items beyond the capacity. */
    public static final String CAPACITY = "capacity";

    /** No reason was recorded, as in versions of earlier formats. */
    public static final ChangeReason UNKNOWN =
            new ChangeReason("", Optional.empty(), Optional.empty(), Optional.empty());

    /** A caller's own act. */
    public static final ChangeReason BY_CALLER = of(USER, 1);

    public ChangeReason {
        confidence.filter(value -> !(value >= 0 && value <= 1)).ifPresent(value -> {
            throw MemoryException.invalid("A confidence is 0 to 1, not " + value + ".");
        });
    }

    /** The reason of a rule without evidence of its own. */
    public static ChangeReason of(String rule, double confidence) {
        return new ChangeReason(rule, Optional.of(confidence), Optional.empty(), Optional.empty());
    }

    /** The same reason with the memory that led to it. */
    public ChangeReason because(ItemId newEvidence) {
        return new ChangeReason(rule, confidence, Optional.of(newEvidence), undoes);
    }

    /** The undoing of the change that made a version, by a caller. */
    public static ChangeReason undoing(int version) {
        return new ChangeReason(USER, Optional.of(1.0), Optional.empty(), Optional.of(version));
    }
}
