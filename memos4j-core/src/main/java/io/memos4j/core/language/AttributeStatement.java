package io.memos4j.core.language;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One sentence that gives one attribute of one subject its one value: "Alice now lives in Lyon", "The API rate limit is
 * 500 a minute". Only attributes that have a single value at a time count, since the next statement of the same
 * {@link #key} ends the former; a second hobby is no such statement.
 *
 * <p>Found by form alone, by the frames of the language packs: a verb that holds for one object at a time ("lives in",
 * "is married to"), or a subject that names an attribute ("the … of …", "my …", "X's …", a compound noun) with a form
 * of <i>to be</i>.
 *
 * @param key subject and attribute, normalized: equal for statements about the same
 * @param value what it is said to be, normalized
 * @param ended whether it says that this value holds no longer, and names no other: "I no longer live in Paris"
 */
public record AttributeStatement(String key, String value, boolean ended) {
    private static final int LONGEST = 300;

    /** The attribute of a frame that captures it, or whose subject names it. */
    private static final String CAPTURED = "*";

    private static final Pattern END = Pattern.compile("[.!。！\\s]+$");

    /**
     * Returns the statement that a text is, if it is one and nothing else.
     *
     * @param speaker the person that "I" and "my" mean
     */
    public static Optional<AttributeStatement> parse(String text, String speaker) {
        List<String> sentences = text.length() > LONGEST ? List.of() : SentenceSplitter.split(text);
        if (sentences.size() != 1 || QuestionDetector.isQuestion(text)) {
            return Optional.empty();
        }
        String introduced = LanguageRules.replaceAll(PatternSet.INTRODUCTION, sentences.getFirst(), "");
        String sentence = END.matcher(introduced).replaceAll("");
        return LanguageRules.packsFor(sentence).stream()
                .flatMap(pack -> parse(pack, sentence, speaker).stream())
                .findFirst();
    }

    private static Optional<AttributeStatement> parse(LanguagePack pack, String sentence, String speaker) {
        return parseEnded(pack, sentence, speaker)
                .or(() -> parseAttribute(pack, sentence, speaker))
                .or(() -> parseIdentity(pack, sentence, speaker));
    }

    /** Reads the end of a value; nothing takes its place. */
    private static Optional<AttributeStatement> parseEnded(LanguagePack pack, String sentence, String speaker) {
        for (LanguageRule frame : pack.rules(RuleSet.ENDED_FRAMES)) {
            Matcher matcher = frame.pattern().matcher(sentence);
            if (matcher.matches()) {
                return create(matcher, frame.key(), speaker)
                        .map(statement -> new AttributeStatement(statement.key, statement.value, true));
            }
        }
        return Optional.empty();
    }

    private static Optional<AttributeStatement> parseAttribute(LanguagePack pack, String sentence, String speaker) {
        for (LanguageRule frame : pack.rules(RuleSet.ATTRIBUTE_FRAMES)) {
            Matcher matcher = frame.pattern().matcher(sentence);
            if (matcher.matches() && isSingleFact(pack, matcher.group("subject"), sentence)) {
                String attribute = frame.key().equals(CAPTURED) ? matcher.group("attribute") : frame.key();
                return create(matcher, attribute, speaker);
            }
        }
        return Optional.empty();
    }

    private static boolean isSingleFact(LanguagePack pack, String subject, String sentence) {
        return !pack.matches(PatternSet.POINTING_SUBJECT, subject)
                && !pack.matches(PatternSet.NEGATED_SUBJECT, subject)
                && !pack.matches(PatternSet.GENERIC_SENTENCE, sentence);
    }

    private static Optional<AttributeStatement> parseIdentity(LanguagePack pack, String sentence, String speaker) {
        for (LanguageRule frame : pack.rules(RuleSet.IDENTITY_FRAMES)) {
            Matcher matcher = frame.pattern().matcher(sentence);
            if (matcher.matches()
                    && namesAttribute(pack, matcher.group("subject"))
                    && givesValue(pack, matcher.group("subject"), matcher.group("value"), sentence)) {
                return create(matcher, "", speaker);
            }
        }
        return Optional.empty();
    }

    private static boolean namesAttribute(LanguagePack pack, String subject) {
        return !pack.matches(PatternSet.POINTING_SUBJECT, subject)
                && pack.allows(PatternSet.ATTRIBUTE_SUBJECT, subject);
    }

    private static boolean givesValue(LanguagePack pack, String subject, String value, String sentence) {
        return !pack.matches(PatternSet.PREDICATE_VALUE, value)
                && (pack.allows(PatternSet.DEFINITE_VALUE, value)
                        || pack.matches(PatternSet.ATTRIBUTE_NOUN, subject)
                        || ChangeDetector.announcesChange(sentence));
    }

    private static Optional<AttributeStatement> create(Matcher matcher, String attribute, String speaker) {
        String name = Matcher.quoteReplacement(TextNormalizer.withoutQuotes(speaker));
        String subject = TextNormalizer.withoutQuotes(matcher.group("subject"));
        subject = LanguageRules.replaceAll(PatternSet.SELF_SUBJECT, subject, name);
        subject = LanguageRules.replaceAll(PatternSet.SELF_POSSESSIVE, subject, name + "'s ");
        subject =
                LanguageRules.replaceAll(PatternSet.SUBJECT_NOISE, subject, "").strip();
        return subject.isEmpty()
                ? Optional.empty()
                : Optional.of(new AttributeStatement(
                        subject + "\t" + TextNormalizer.withoutQuotes(attribute),
                        TextNormalizer.withoutQuotes(matcher.group("value")),
                        false));
    }
}
