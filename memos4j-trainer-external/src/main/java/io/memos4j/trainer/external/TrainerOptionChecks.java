package io.memos4j.trainer.external;

import io.memos4j.api.MemoryException;
import java.time.Duration;

/** Checks the options of trainers. */
final class TrainerOptionChecks {
    private static final int LONGEST_LABEL = 100;

    private TrainerOptionChecks() {}

    /** Strips and checks a label, which is recorded. */
    static String label(String label) {
        String plain = label.strip();
        if (plain.isEmpty() || plain.length() > LONGEST_LABEL || plain.chars().anyMatch(Character::isISOControl)) {
            throw MemoryException.invalid("The label of a trainer has 1 to " + LONGEST_LABEL
                    + " characters in one line, for example 'peft 0.17' (was '" + AdapterImporter.excerpt(label)
                    + "').");
        }
        return plain;
    }

    static void require(String name, Duration value, Duration most) {
        if (!value.isPositive() || value.compareTo(most) > 0) {
            throw MemoryException.invalid(name + " must be positive, " + most + " at most (was " + value + ").");
        }
    }
}
