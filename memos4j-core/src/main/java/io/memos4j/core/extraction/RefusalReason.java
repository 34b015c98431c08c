package io.memos4j.core.extraction;

import java.util.Locale;

/** Why a proposal is not taken. The {@link #id()} is read by machines: never renamed. */
enum RefusalReason {
    /** No message is cited. */
    NO_SOURCE,
    /** A number of a message or known memory that was never given to the model. */
    UNKNOWN_SOURCE,
    BLANK_TEXT,
    TEXT_TOO_LONG,
    BAD_TYPE,
    BAD_CONFIDENCE,
    BAD_DATE,
    /** Said already, by another proposal or a known memory; or another proposal changes the same memory. */
    DUPLICATE,
    /** Not carried by the sources. */
    UNSUPPORTED,
    /** Only the user decides on his instructions, preferences and profile. */
    NOT_THE_USERS,
    /** The user passes on what somebody else demands. */
    QUOTED,
    /** Talks to the model. */
    INJECTION,
    /** Would change a locked memory. */
    FROZEN,
    /** Beyond the limit of proposals. */
    TOO_MANY,
    /** The answer was cut; what came after is unknown. */
    CUT;

    String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
