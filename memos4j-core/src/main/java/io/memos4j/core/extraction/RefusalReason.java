package io.memos4j.core.extraction;

import java.util.Locale;

/** The reason why a proposal is rejected. The {@link #id()} is read by programs and never renamed. */
enum RefusalReason {
    /** No message is cited. */
    NO_SOURCE,
    /** The model never got a message or known memory of this number. */
    UNKNOWN_SOURCE,
    BLANK_TEXT,
    TEXT_TOO_LONG,
    BAD_TYPE,
    BAD_CONFIDENCE,
    BAD_DATE,
    /** Another proposal or a known memory says the same, or another proposal changes the same memory. */
    DUPLICATE,
    /** The sources do not support it. */
    UNSUPPORTED,
    /** Only users decide on their instructions, preferences and profiles. */
    NOT_THE_USERS,
    /** The user only passes on a demand of somebody else. */
    QUOTED,
    /** The text addresses the model. */
    INJECTION,
    /** It would change a locked memory. */
    FROZEN,
    /** The limit of proposals is exceeded. */
    TOO_MANY,
    /** The answer was truncated; the rest is unknown. */
    CUT;

    String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
