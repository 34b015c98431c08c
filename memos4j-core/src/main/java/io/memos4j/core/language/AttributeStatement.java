package io.memos4j.core.language;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One sentence that gives one attribute of one subject its one value: "Alice now lives in Lyon", "The API rate limit is
 * 500 a minute". Only attributes that have a single value at a time count, since the next statement of the same
 * {@link #key} ends the former; a second hobby is no such statement.
 *
 * <p>The frames of the language packs recognize it: a verb that holds for one object at a time ("lives in", "is married
 * to"), or a subject that names an attribute ("the … of …", "my …", "X's …") with a form of <i>to be</i>. The pack
 * knows the kind of value of each attribute, and a value must have the form of its kind: "My manager is Dana Cole" is a
 * statement, "My manager is out sick today" is none. A sentence that does not assert what holds now is none either
 * ({@link AssertionDetector}).
 *
 * @param key subject and attribute, normalized: equal for statements about the same
 * @param value what it is said to be, normalized
 * @param ended whether it says that this value holds no longer, and names no other: "I no longer live in Paris"
 */
public record AttributeStatement(String key, String value, boolean ended) {
    private static final int LONGEST = 300;

    /** The attribute of a frame that captures it, or whose subject names it. */
    private static final String CAPTURED = "*";

    /** The kind of a value that is a name of somebody or something. */
    private static final String PROPER = "proper";

    /** The kind of a value that is a few words. */
    private static final String PHRASE = "phrase";

    /** A qualifier at the end of a value: " for the Atlas account". */
    private static final Pattern QUALIFIER = Pattern.compile("\\s(?:for|of|in|on)\\s", Pattern.CASE_INSENSITIVE);

    private static final Pattern QUOTE = Pattern.compile("[\"“”]");

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
        if (!AssertionDetector.isAsserted(text)) {
            return Optional.empty();
        }
        String introduced = LanguageRules.replaceAll(PatternSet.INTRODUCTION, sentences.getFirst(), "");
        String sentence = LanguageRules.replaceAll(
                PatternSet.STATEMENT_TAIL, END.matcher(introduced).replaceAll(""), "");
        return LanguageRules.packsFor(sentence).stream()
                .flatMap(pack -> parse(pack, sentence, speaker).stream())
                .findFirst();
    }

    /**
     * Returns the statement that a text is, as {@link #parse} does, or else the preference or the instruction of the
     * speaker that it is: what they like, what they are allergic to, the language to answer in.
     */
    public static Optional<AttributeStatement> parseOwn(String text, String speaker) {
        return parse(text, speaker)
                .or(() -> Optional.of(text)
                        .filter(each -> each.length() <= LONGEST
                                && SentenceSplitter.split(each).size() == 1
                                && AssertionDetector.isAsserted(each)
                                && !StandingStatement.findIn(each).isEmpty())
                        .flatMap(each -> StandingFrame.parse(each.strip()))
                        .map(frame -> new AttributeStatement(
                                TextNormalizer.withoutQuotes(speaker) + "\t" + frame.attribute(),
                                frame.value(),
                                frame.ended())));
    }

    /** Returns whether this statement, as the text that makes it says it, ends a former one. */
    public boolean ends(AttributeStatement former, String text) {
        if (!key.equals(former.key) || former.ended || ended != value.equals(former.value)) {
            return false;
        }
        return !isStable()
                || ChangeDetector.announcesChange(text)
                || LanguageRules.matches(PatternSet.CORRECTION, text);
    }

    /**
     * Returns whether a sentence begins with the subject of this statement and says something else of it: "My manager
     * is out sick today", "My email is acting up again".
     */
    public boolean isRemarkedOnBy(String sentence, String speaker) {
        String subject = key.substring(0, key.indexOf('\t'));
        return key.endsWith("\t")
                && normalizeSubject(sentence, speaker).startsWith(subject + " ")
                && parse(sentence, speaker).isEmpty()
                && (isOfPerson(subject) || !LanguageRules.matches(PatternSet.VALUE_CHANGED, sentence));
    }

    private static boolean isOfPerson(String subject) {
        return LanguageRules.table(WordTable.ATTRIBUTE_KINDS).entrySet().stream()
                .anyMatch(each -> each.getValue().equals("person") && subject.endsWith(each.getKey()));
    }

    private boolean isStable() {
        Set<String> stable = LanguageRules.words(WordList.STABLE_ATTRIBUTES);
        return stable.stream().anyMatch(key.strip()::endsWith);
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
            boolean captured = frame.key().equals(CAPTURED);
            if (matcher.matches()
                    && isSingleFact(pack, matcher.group("subject"), sentence)
                    && hasKind(pack, frame.key(), bareValue(matcher))) {
                return create(matcher, captured ? matcher.group("attribute") : frame.key(), speaker);
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
                    && givesValue(pack, matcher.group("subject"), bareValue(matcher))) {
                return create(matcher, "", speaker);
            }
        }
        return Optional.empty();
    }

    private static boolean namesAttribute(LanguagePack pack, String subject) {
        return !pack.matches(PatternSet.POINTING_SUBJECT, subject)
                && pack.allows(PatternSet.ATTRIBUTE_SUBJECT, subject);
    }

    /** Returns the value without quotes, a source elsewhere, and a qualifier that repeats one of the subject. */
    private static String bareValue(Matcher matcher) {
        String value = QUOTE.matcher(matcher.group("value")).replaceAll("");
        String subject = matcher.group("subject").toLowerCase(Locale.ROOT);
        String own = LanguageRules.firstMatch(PatternSet.OUT_OF_SCOPE, value)
                .filter(at -> at > 0)
                .map(at -> value.substring(0, at).strip())
                .orElse(value);
        Matcher qualifier = QUALIFIER.matcher(own);
        while (qualifier.find()) {
            if (subject.contains(own.substring(qualifier.start()).toLowerCase(Locale.ROOT))) {
                return own.substring(0, qualifier.start());
            }
        }
        return own;
    }

    /** Returns whether the subject names a known attribute, or has no other of its kind, and the value fits it. */
    private static boolean givesValue(LanguagePack pack, String subject, String value) {
        for (Pattern pattern : pack.patterns(PatternSet.ATTRIBUTE_NOUN)) {
            Matcher noun = pattern.matcher(subject);
            if (noun.find()) {
                String named = pattern.namedGroups().containsKey(PHRASE)
                        ? PHRASE
                        : noun.group("noun").toLowerCase(Locale.ROOT);
                return hasKind(pack, named, value);
            }
        }
        return !pack.has(PatternSet.ATTRIBUTE_NOUN)
                || pack.matches(PatternSet.UNIQUE_SUBJECT, subject) && hasKind(pack, PROPER, value);
    }

    /** Returns whether the value has the form of its attribute's kind; a pack need not have forms. */
    private static boolean hasKind(LanguagePack pack, String attribute, String value) {
        if (attribute.equals(CAPTURED)) {
            return hasKind(pack, PROPER, value) || hasKind(pack, PHRASE, value);
        }
        String kind = pack.table(WordTable.ATTRIBUTE_KINDS).getOrDefault(attribute, attribute);
        List<LanguageRule> forms = pack.rules(RuleSet.VALUE_KINDS).stream()
                .filter(rule -> rule.key().equals(kind))
                .toList();
        return forms.isEmpty()
                || forms.stream().anyMatch(rule -> rule.pattern().matcher(value).matches());
    }

    private static Optional<AttributeStatement> create(Matcher matcher, String attribute, String speaker) {
        String subject = normalizeSubject(matcher.group("subject"), speaker);
        return subject.isEmpty()
                ? Optional.empty()
                : Optional.of(new AttributeStatement(
                        subject + "\t" + TextNormalizer.withoutQuotes(attribute),
                        TextNormalizer.withoutQuotes(matcher.group("value")),
                        false));
    }

    private static String normalizeSubject(String text, String speaker) {
        String name = Matcher.quoteReplacement(TextNormalizer.withoutQuotes(speaker));
        String subject = TextNormalizer.withoutQuotes(text);
        subject = LanguageRules.replaceAll(PatternSet.SELF_SUBJECT, subject, name);
        subject = LanguageRules.replaceAll(PatternSet.SELF_POSSESSIVE, subject, name + "'s ");
        return LanguageRules.replaceAll(PatternSet.SUBJECT_NOISE, subject, "").strip();
    }
}
