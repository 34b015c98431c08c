package io.memos4j.core.language;

/** The word lists that a language pack may have. */
public enum WordList {
    /** Function words, left out when texts are compared with each other. */
    STOP_WORDS,
    /** Words by which the language is recognized, beside the stop words. */
    TYPICAL_WORDS,
    /** Words that say nothing about a claim, beside the stop words. */
    CLAIM_WORDS,
    /** Words that announce a change. */
    CHANGE_WORDS,
    /** Attributes that only an announced change or a correction changes, by the key of their frame or their noun. */
    STABLE_ATTRIBUTES,
    /** Nouns for people to whom somebody is related, in a sentence about them. */
    RELATIVES,
    /** Verbs that end the subject of a statement: forms of "to be" and "to have", and verbs of change. */
    PREDICATES,
    /** Interjections, which two texts may differ in and still say the same where punctuation sets them off. */
    FILLERS,
    /** Words, in lower case, that mean something else with a capital inside a sentence: go, march. */
    CASED_WORDS,
    /** Words without which a text holds no expression of time. */
    TIME_HINTS,
    /** Parts of words, in lower case, without one of which a text names no secret. */
    SECRET_HINTS,
    /** Parts of words, in lower case, without one of which a text holds no postal address. */
    ADDRESS_HINTS,
    /** Parts of words, in lower case, without one of which a text says nothing about health. */
    HEALTH_HINTS
}
