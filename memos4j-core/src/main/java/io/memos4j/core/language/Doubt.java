package io.memos4j.core.language;

import java.util.regex.Pattern;

/** How far a text vouches for what it says. */
public enum Doubt {
    /** It just says it. */
    NONE,
    /** It says that it belongs elsewhere, or is out of date: "from another project", "has expired". */
    ELSEWHERE,
    /** It says that it is not to be relied on: "unverified", "must not override", "据说". */
    UNRELIABLE;

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

    private static final TextMemo<Doubt> KNOWN = new TextMemo<>(Doubt::read);

    public static Doubt in(String text) {
        return KNOWN.of(text.length() > HEAD ? text.substring(0, HEAD) : text);
    }

    private static Doubt read(String head) {
        if (NOT_TO_BE_RELIED_ON.matcher(head).find()) {
            return UNRELIABLE;
        }
        return FROM_ELSEWHERE.matcher(head).find() ? ELSEWHERE : NONE;
    }
}
