package io.memos4j.core.privacy;

import io.memos4j.api.privacy.Sensitivity;

/** Kind of a secret or of personal data. */
public enum SensitiveKind {
    KEY("key", Sensitivity.SECRET),
    CARD_NUMBER("card number", Sensitivity.SECRET),
    PASSWORD("password or code", Sensitivity.SECRET),
    BANK_ACCOUNT("account number", Sensitivity.PRIVATE),
    NATIONAL_ID("national id", Sensitivity.PRIVATE),
    EMAIL("e-mail address", Sensitivity.PRIVATE),
    TELEPHONE("telephone number", Sensitivity.PRIVATE),
    ADDRESS("postal address", Sensitivity.PRIVATE),
    HEALTH("health statement", Sensitivity.PRIVATE),
    /** A long mixture of letters and digits: a key, or the harmless name of a thing. Not withheld, but never taught. */
    OPAQUE("opaque identifier", Sensitivity.INTERNAL);

    private final String words;
    private final Sensitivity label;

    SensitiveKind(String words, Sensitivity label) {
        this.words = words;
        this.label = label;
    }

    /** The kind in words, for example {@code card number}. */
    public String words() {
        return words;
    }

    /** The label of a text that holds it. */
    public Sensitivity label() {
        return label;
    }

    /** The text that is shown in place of one: {@code [card number withheld]}. */
    String placeholder() {
        return "[" + words + " withheld]";
    }
}
