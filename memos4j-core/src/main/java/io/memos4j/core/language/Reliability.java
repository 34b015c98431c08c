package io.memos4j.core.language;

/** The degree to which a text vouches for what it says. */
public enum Reliability {
    /** Plainly says it. */
    ASSERTED,
    /** Says that it belongs elsewhere, or is out of date: "from another project", "has expired". */
    OUT_OF_SCOPE,
    /** Says that it is not to be relied on: "unverified", "must not override", "据说". */
    UNVERIFIED;

    /** Only the beginning of a long text speaks about the text as a whole. */
    private static final int HEAD = 400;

    private static final TextFunctionCache<Reliability> KNOWN = new TextFunctionCache<>(Reliability::read);

    public static Reliability assess(String text) {
        return KNOWN.apply(text.length() > HEAD ? text.substring(0, HEAD) : text);
    }

    private static Reliability read(String head) {
        if (LanguageRules.matches(PatternSet.UNVERIFIED, head)) {
            return UNVERIFIED;
        }
        return LanguageRules.matches(PatternSet.OUT_OF_SCOPE, head) ? OUT_OF_SCOPE : ASSERTED;
    }
}
