package io.memos4j.core.language;

/** The tables of words and their values that a language pack may have. */
public enum WordTable {
    /** Short forms and the words that they stand for. */
    CONTRACTIONS,
    /** The settings of the {@link SuffixStemmer}. */
    STEMMER,
    /** Numbers written as words. */
    NUMBERS,
    /** Digits and multipliers of a script that writes numbers as it says them. */
    NUMERALS,
    /** Labels of prompts and training examples. */
    PHRASES,
    /** Forms of the verbs in questions. */
    VERB_FORMS,
    /** The kind of value of an attribute, by the key of its frame or its noun. */
    ATTRIBUTE_KINDS,
    /** Words that ask about, state or change the same thing, and a name for it. */
    CONCEPTS,
    /** Words that a report of a statement uses in each other's place, beside the concepts, and a name for them. */
    CLAIM_SYNONYMS,
    WEEKDAYS,
    MONTHS,
    /** Seasons and their first months. */
    SEASONS,
    UNITS,
    COUNTS,
    /** Words and signs of fractions and their values. */
    FRACTIONS,
    /** Words that say how many units away a time is. */
    OFFSETS,
    /** Words that lead back or ahead. */
    DIRECTIONS,
    ORDINALS,
    /**
     * Beginnings of words, in lower case (in languages without blanks, parts of words), and the kinds of
     * {@link RuleSet#INJECTION_ORDERS} and {@link RuleSet#INJECTION_CUES} that need one of them in a text. One of up to
     * three letters is a whole word.
     */
    INJECTION_HINTS
}
