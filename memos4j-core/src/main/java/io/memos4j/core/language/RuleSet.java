package io.memos4j.core.language;

/** The lists of rules that a language pack may have: patterns that each have a meaning. */
public enum RuleSet {
    /** Sentences that give an attribute a value. */
    ATTRIBUTE_FRAMES,
    /** Sentences that end a value. */
    ENDED_FRAMES,
    /** Preferences and instructions of the user. */
    STANDING_FRAMES,
    /** Sentences that end a preference or an instruction. */
    ENDED_STANDING_FRAMES,
    /** Sentences whose subject names the attribute. */
    IDENTITY_FRAMES,
    /** The forms of values by their kind; match the whole value. */
    VALUE_KINDS,
    /** Texts in which a word of a concept, the key, has another sense. */
    OTHER_SENSES,
    /** Orders to a model in the place of its user, by the kind of the order: enough for a suspicion. */
    INJECTION_ORDERS,
    /** Signs of an attempt to instruct a model, by their kind: suspicious where two kinds come together. */
    INJECTION_CUES,
    /** Sentences and the questions that they answer. */
    QUESTION_FRAMES,
    TIME_PHRASES,
    TIME_JOINS,
    TIME_OPEN_RANGES,
    TIME_RANGES;

    /** Returns whether a blank in a pattern stands for one to four blanks of the text. */
    boolean hasFlexibleBlanks() {
        return name().startsWith("TIME_");
    }
}
