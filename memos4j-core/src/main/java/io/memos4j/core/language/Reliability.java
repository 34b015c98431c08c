package io.memos4j.core.language;

import java.util.regex.Pattern;

/** How far a text vouches for what it says. */
public enum Reliability {
    /** It just says it. */
    ASSERTED,
    /** It says that it belongs elsewhere, or is out of date: "from another project", "has expired". */
    OUT_OF_SCOPE,
    /** It says that it is not to be relied on: "unverified", "must not override", "据说". */
    UNVERIFIED;

    private static final String OTHER = "(?:another|other|older|old|different|separate|previous|unrelated)";

    private static final String PLACE =
            "(?:workspace|project|account|tenant|team|client|customer|company|repo(?:sitory)?"
                    + "|environment|conversation|chat|user|person|notes?)";

    private static final Pattern NOT_TO_BE_RELIED_ON = Pattern.compile(
            "\\b(?:unverified|unconfirmed|unsubstantiated|hearsay|rumou?rs?|allegedly|supposedly|not (?:authoritative|verified|confirmed)"
                    + "|(?:must|should|does|do) not override|i heard (?:that|a (?:rumou?r|conflicting))|someone (?:said|claims)"
                    + "|not sure (?:if|whether) (?:that|it|this) is (?:true|right))\\b"
                    + "|听说|据说|未经证实|不确定是否|传闻",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern FROM_ELSEWHERE = Pattern.compile(
            "\\bfrom (?:an? |the |some |my |our )?" + OTHER + " " + PLACE + "\\b"
                    + "|\\b(?:has|have|is|are) (?:now |already )?(?:expired|outdated|obsolete|deprecated|superseded)\\b"
                    + "|\\bno longer (?:allowed|valid|applies|applicable|authorized|relevant|current|true)\\b"
                    + "|\\ban? (?:expired|stale|outdated|obsolete) "
                    + "|已过期|已作废|已失效|不再有效|过时",
            Pattern.CASE_INSENSITIVE);

    /** Only the beginning of a long text speaks about the text as a whole. */
    private static final int HEAD = 400;

    private static final TextFunctionCache<Reliability> KNOWN = new TextFunctionCache<>(Reliability::read);

    public static Reliability assess(String text) {
        return KNOWN.apply(text.length() > HEAD ? text.substring(0, HEAD) : text);
    }

    private static Reliability read(String head) {
        if (NOT_TO_BE_RELIED_ON.matcher(head).find()) {
            return UNVERIFIED;
        }
        return FROM_ELSEWHERE.matcher(head).find() ? OUT_OF_SCOPE : ASSERTED;
    }
}
