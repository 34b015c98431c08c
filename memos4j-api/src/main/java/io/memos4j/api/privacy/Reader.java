package io.memos4j.api.privacy;

/**
 * The reader of a cube, as far as labels are concerned.
 *
 * @param clearance the highest label that it may read, whatever the policy of the cube
 * @param model whether a language model reads the results; it does not get what the policy keeps out of prompts
 */
public record Reader(Sensitivity clearance, boolean model) {
    /** The owner of the cube, who reads everything. */
    public static final Reader OWNER = new Reader(Sensitivity.SECRET, false);

    /** A person or a program that reads up to this label. */
    public static Reader upTo(Sensitivity clearance) {
        return new Reader(clearance, false);
    }

    /** The same reader, whose results go to a language model. */
    public Reader throughModel() {
        return new Reader(clearance, true);
    }

    /** The reader with the rights that both have. */
    public Reader restrictedTo(Reader other) {
        return new Reader(clearance.min(other.clearance), model || other.model);
    }

    /** Returns whether it may read texts with a label in a cube with this policy. */
    public boolean reads(Sensitivity label, PrivacyPolicy policy) {
        LabelRule rule = policy.rule(label);
        boolean cleared = !label.isAbove(clearance) || rule.action() == LabelRule.Action.STORE;
        return cleared && (!model || rule.inPrompts());
    }
}
