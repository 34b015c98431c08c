package io.memos4j.api.privacy;

/**
 * The privacy policy of a cube. Public and internal memories are stored and shown to everybody who may read the cube.
 *
 * @param personal the rule for {@link Sensitivity#PRIVATE}
 * @param secret the rule for {@link Sensitivity#SECRET}
 */
public record PrivacyPolicy(LabelRule personal, LabelRule secret) {
    /** Both labels are withheld from readers without the right, and secrets from language models. */
    public static final PrivacyPolicy DEFAULT = new PrivacyPolicy(
            LabelRule.of(LabelRule.Action.REDACT, true), LabelRule.of(LabelRule.Action.REDACT, false));

    private static final LabelRule OPEN = LabelRule.of(LabelRule.Action.STORE, true);

    /** Returns the rule for a label. */
    public LabelRule rule(Sensitivity label) {
        return switch (label) {
            case PUBLIC, INTERNAL -> OPEN;
            case PRIVATE -> personal;
            case SECRET -> secret;
        };
    }

    public PrivacyPolicy personal(LabelRule rule) {
        return new PrivacyPolicy(rule, secret);
    }

    public PrivacyPolicy secret(LabelRule rule) {
        return new PrivacyPolicy(personal, rule);
    }
}
