package io.memos4j.api.privacy;

import io.memos4j.api.MemoryException;
import io.memos4j.internal.EnumNames;
import java.time.Duration;
import java.util.Optional;

/**
 * The rule of a cube for memories with one label.
 *
 * @param action what is done with them
 * @param expireAfter the time after which they expire, counted from when they are added; with the cube's own time to
 *     live, the shorter one holds
 * @param inPrompts whether language models may read them: in contexts, chats, the proxy, MCP and prompts of background
 *     tasks
 */
public record LabelRule(Action action, Optional<Duration> expireAfter, boolean inPrompts) {
    public static final Duration MAX_DURATION = Duration.ofDays(36_500);

    /** Treatment of a label. The names are stored: append only. */
    public enum Action {
        /** Stored, and shown to everybody who may read the cube. */
        STORE,
        /** Stored, and withheld from readers without the right. */
        REDACT,
        /** Refused with {@link io.memos4j.api.ErrorCode#SENSITIVE_CONTENT}; nothing is stored. */
        BLOCK;

        public String id() {
            return EnumNames.id(this);
        }

        /**
         * The action with this name, in any case.
         *
         * @throws MemoryException with {@link io.memos4j.api.ErrorCode#INVALID_ARGUMENT} if there is none
         */
        public static Action parse(String text) {
            return EnumNames.parse(Action.class, "action", text);
        }
    }

    public LabelRule {
        expireAfter.ifPresent(time -> {
            if (time.compareTo(Duration.ofMillis(1)) < 0 || time.compareTo(MAX_DURATION) > 0) {
                throw MemoryException.invalid(
                        "The time after which a label expires is one millisecond to 36,500 days, not " + time + ".");
            }
        });
    }

    /** A rule without an expiry. */
    public static LabelRule of(Action action, boolean inPrompts) {
        return new LabelRule(action, Optional.empty(), inPrompts);
    }

    public LabelRule expireAfter(Duration time) {
        return new LabelRule(action, Optional.of(time), inPrompts);
    }
}
