package io.memos4j.api.privacy;

/**
 * The sensitivity of one version of a memory, and the part of it that is for the whole text.
 *
 * @param given the label of the whole text, by its caller or inherited from its sources; {@link Sensitivity#INTERNAL}
 *     if nobody gave one
 * @param sensitivity the label of the most sensitive part: {@code given}, or that of secrets and personal data found in
 *     the text if it is higher. A caller who edits the label alone decides both
 */
public record SensitivityLabel(Sensitivity given, Sensitivity sensitivity) {
    /** The label of what is neither labeled nor sensitive. */
    public static final SensitivityLabel INTERNAL = of(Sensitivity.INTERNAL);

    /** A label of the whole text. */
    public static SensitivityLabel of(Sensitivity given) {
        return new SensitivityLabel(given, given);
    }
}
