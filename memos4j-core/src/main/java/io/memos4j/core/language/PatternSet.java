package io.memos4j.core.language;

/** The lists of patterns that a language pack may have. A pack without a list recognizes nothing of the kind. */
public enum PatternSet {
    /** Announces that something is no longer as it was. */
    CHANGE_ANNOUNCED,
    /** A predicate without its subject, which stands in the sentence before. */
    CHANGE_ELLIPTIC,
    /** Makes a wish depend on something. */
    CONDITIONAL,
    /** Announces a change and names the new value: "changed to". */
    VALUE_CHANGED,
    /** Announces that a state ended: "sold", "broke up", "quit". */
    END_ANNOUNCED,
    /** Corrects what was said directly before. */
    CORRECTION,
    /** Supposes, plays, quotes, denies, or tells what others believe. */
    NOT_ASSERTED,
    /** A question at the end of a sentence that asserts something before it. */
    QUESTION_CLAUSE,
    /** A clause of a question that takes for granted what it says. */
    PRESUPPOSITION,
    /** Asks without a question mark: "where do I live". */
    INTERROGATIVE,
    /** Asks whether something still holds. */
    CONTINUATION_QUESTION,
    /** The beginning of an answer that denies. */
    DENYING_ANSWER,
    /** The beginning of an answer that affirms. */
    AFFIRMING_ANSWER,
    /** Claims something about the person addressed: "you live in". */
    CLAIM_ABOUT_LISTENER,
    /** Holds only for a while. */
    TEMPORARY,
    /** Tells of a former state. */
    FORMER,
    /** Says that what follows is not meant: a game, an exercise, a text to translate. */
    PRETENSE,
    /** Takes back the turn before as a joke. */
    TAKEN_BACK,
    /** Denies, or tells of a dislike. */
    NEGATION,
    /** Says of itself that it is not to be relied on. */
    UNVERIFIED,
    /** Says of itself that it belongs elsewhere, or is out of date. */
    OUT_OF_SCOPE,
    /** A standing instruction to the assistant, by the sentence. */
    INSTRUCTION,
    /** An instruction about something that another sentence names. */
    DEPENDENT_SENTENCE,
    /** A like or dislike of the user, by the sentence. */
    PREFERENCE,
    /** A message that only shows the words of others. */
    PRESENTED_TEXT,
    /** Somebody did something once; doing it again replaces nothing. */
    PAST_EVENT,
    /** Asks not to keep the message. */
    OFF_THE_RECORD,
    /** Asks, in a question, not to keep the message. */
    OFF_THE_RECORD_QUESTION,
    /** Asks to forget what the group {@code what} describes; matches the whole message. */
    FORGET_REQUEST,
    /** Asks to forget everything about the group {@code what}; matches the whole message. */
    FORGET_ABOUT_REQUEST,
    /** The words of others, and conditions, in which a request not to keep something is none. */
    WORDS_OF_OTHERS,
    /** Introduces a statement: "Remember that". */
    INTRODUCTION,
    /** A subject that is the speaker. */
    SELF_SUBJECT,
    /** The beginning of a subject that belongs to the speaker. */
    SELF_POSSESSIVE,
    /** Removed from a subject before it is compared. */
    SUBJECT_NOISE,
    /** A subject that points to something said before. */
    POINTING_SUBJECT,
    /** A subject whose end negates the verb after it: "used to". */
    NEGATED_SUBJECT,
    /** A sentence about a kind of people or things. */
    GENERIC_SENTENCE,
    /** A subject that names an attribute of something. */
    ATTRIBUTE_SUBJECT,
    /** A subject whose head is a noun for an attribute, the group {@code noun} or {@code phrase}. */
    ATTRIBUTE_NOUN,
    /** A subject of which there is only one, whatever its noun. */
    UNIQUE_SUBJECT,
    /** Words after a value that are no part of it. */
    STATEMENT_TAIL,
    /** Asks about the asker. */
    QUERY_FIRST_PERSON,
    /** Asks about the assistant's words. */
    QUERY_ASSISTANT,
    /** Asks about questions. */
    QUERY_QUESTIONS,
    /** Asks about former states. */
    QUERY_HISTORY,
    /** Asks for a course of events or a summary. */
    QUERY_OVERVIEW,
    /** Asks for advice. */
    QUERY_ADVICE,
    /** Asks how or why. */
    QUERY_METHOD,
    /** Asks for a time. */
    QUERY_WHEN,
    /** Asks for a number or an amount. */
    QUERY_QUANTITY,
    /** Asks for what holds now. */
    QUERY_CURRENT,
    /** Asks for all of several. */
    QUERY_GATHER,
    /** Asks in the past tense. */
    QUERY_PAST,
    /** An expression of time that says which day or period is meant. */
    DEFINITE_TIME,
    /** A capitalized word that names nobody in particular; matches the whole word. */
    COMMON_NAME,
    /** Tells of an event. */
    HAPPENING,
    /** The speaker as a person of the sentence, not as an owner: "I", "me", but not "my". */
    FIRST_PERSON,
    /** Mentions the speaker. */
    SELF_MENTION,
    /** Opens a sentence that is only kind. */
    COURTESY,
    /** Mentions the other people in the conversation. */
    OTHER_SPEAKERS,
    /** Takes something back. */
    REVOCATION,
    /** A word after a name at the head of a sentence; matches the whole word. */
    CLAIM_VERB,
    /** Separates the clauses of a sentence that say something each. */
    CLAUSE_BREAK,
    /** The short form of a word before a vowel: "l'", "d'". */
    ELISION,
    /** Particles at which unspaced text is cut before it is compared. */
    CLAIM_BREAK,
    /** A year, a month or a day of the calendar. */
    CALENDAR_WORD,
    /** The name of a day of the week. */
    DAY_NAME,
    /** Stands for the sign of a negative number, or tells of less: "minus", "below zero", "fell by". */
    NEGATIVE_AMOUNT,
    /** Characters of numbers that often are none. */
    UNCOUNTED_NUMBER,
    /** Addresses a model. */
    PROMPT_INJECTION,
    /** Discusses attacks on models, or tells a story. */
    INJECTION_DISCUSSED,
    /** Forwarded mail, to its end. */
    FORWARDED_TEXT,
    /** Text that is announced and pasted, to its end. */
    PASTED_TEXT,
    /** Words of others in a sentence or line. */
    REPORTED_SPEECH,
    /** The name of a secret and the group {@code secret}. */
    NAMED_SECRET,
    /** Words right before a number that names a thing: an order, an invoice, a parcel. */
    IDENTIFIER_CUE,
    /** A postal address with its house number, the group {@code secret}. */
    POSTAL_ADDRESS,
    /** A statement about somebody's health, the group {@code secret}. */
    HEALTH_STATEMENT,
    /** A subject that takes the plural of a verb. */
    PLURAL_SUBJECT,
    /** The possessive of the speaker inside a subject. */
    SELF_POSSESSIVE_WORD,
    /** A subject that is the speaker or belongs to the speaker. */
    OWN_SUBJECT,
    /** The name of a person. */
    PERSON_NAME,
    /** A subject whose first word is lower case within a sentence. */
    LOWERCASE_START
}
