package io.memos4j.core.adapters;

import io.memos4j.api.adapters.ParametricMemory.Kind;
import io.memos4j.core.language.LanguagePack;
import io.memos4j.core.language.LanguageRule;
import io.memos4j.core.language.LanguageRules;
import io.memos4j.core.language.PatternSet;
import io.memos4j.core.language.QuestionDetector;
import io.memos4j.core.language.RuleSet;
import io.memos4j.core.language.SentenceSplitter;
import io.memos4j.core.language.WordTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Generates questions and answers from a memory without a language model, by the question frames of the language packs:
 * a subject, a verb and a value. A sentence that fits no frame becomes a completion.
 */
final class QuestionTemplates {
    /** The most sentences of a memory that are used. */
    private static final int MAX_SENTENCES = 6;

    private static final int MIN_WORDS = 3;

    /** A training example without its source item. */
    record DraftExample(Kind kind, String prompt, String answer) {}

    private static final Pattern END = Pattern.compile("[.!。！\\s]+$");

    private QuestionTemplates() {}

    /**
     * Generates the examples of a memory; none if it states nothing.
     *
     * @param speaker who says "I" and "my"; may be empty
     */
    static List<DraftExample> generate(String text, String speaker) {
        List<DraftExample> drafts = new ArrayList<>();
        if (!QuestionDetector.isQuestion(text)) {
            SentenceSplitter.split(text).stream()
                    .map(sentence -> END.matcher(sentence).replaceAll("").strip())
                    .filter(sentence -> !sentence.isEmpty())
                    .limit(MAX_SENTENCES)
                    .forEach(sentence -> drafts.addAll(fromSentence(sentence, speaker)));
        }
        return drafts;
    }

    private static List<DraftExample> fromSentence(String sentence, String speaker) {
        List<LanguagePack> languages = LanguageRules.packsFor(sentence);
        LanguagePack language = languages.getFirst();
        for (LanguagePack pack : languages) {
            for (LanguageRule frame : pack.rules(RuleSet.QUESTION_FRAMES)) {
                Matcher matcher = frame.pattern().matcher(sentence);
                if (pack.script().equals(language.script()) && matcher.matches()) {
                    return framed(new Frame(pack, frame.key(), matcher, speaker), sentence);
                }
            }
        }
        return completion(language, sentence);
    }

    private static List<DraftExample> framed(Frame frame, String sentence) {
        List<DraftExample> drafts = new ArrayList<>();
        String subject = frame.matcher.group("subject");
        ask(drafts, frame, frame.question(subject), sentence);
        if (frame.language.matches(PatternSet.OWN_SUBJECT, subject) && !frame.speaker.isBlank()) {
            ask(drafts, frame, frame.question(frame.thirdPerson(subject)), sentence);
        }
        String head = sentence.substring(0, frame.matcher.end("verb"));
        drafts.add(
                new DraftExample(Kind.STATEMENT, phrase(frame.language, "go-on", head), frame.matcher.group("value")));
        return drafts;
    }

    private static void ask(List<DraftExample> drafts, Frame frame, String question, String sentence) {
        drafts.add(new DraftExample(Kind.QUESTION, question, frame.matcher.group("value")));
        drafts.add(new DraftExample(
                Kind.PARAPHRASE,
                phrase(frame.language, "tell-me", question),
                phrase(frame.language, "sentence", sentence)));
    }

    /** Cuts a sentence in half: the second half is the answer to the first. */
    private static List<DraftExample> completion(LanguagePack language, String sentence) {
        if (!language.isSpaced()) {
            int half = sentence.offsetByCodePoints(0, sentence.codePointCount(0, sentence.length()) / 2);
            return half < MIN_WORDS
                    ? List.of()
                    : List.of(goOn(language, sentence.substring(0, half), sentence.substring(half)));
        }
        List<String> words = List.of(sentence.split("\\s+"));
        int half = (words.size() + 1) / 2;
        return words.size() < MIN_WORDS
                ? List.of()
                : List.of(goOn(
                        language,
                        String.join(" ", words.subList(0, half)),
                        String.join(" ", words.subList(half, words.size()))));
    }

    private static DraftExample goOn(LanguagePack language, String head, String rest) {
        return new DraftExample(Kind.STATEMENT, phrase(language, "go-on", head), rest);
    }

    private static String phrase(LanguagePack language, String key, String text) {
        return language.phrase(key).replace("{text}", text);
    }

    /** A sentence that fits a frame: the question that it answers, before its subject and verbs are put in. */
    private record Frame(LanguagePack language, String question, Matcher matcher, String speaker) {
        String question(String subject) {
            boolean plural = language.matches(PatternSet.PLURAL_SUBJECT, subject);
            boolean self = language.patterns(PatternSet.SELF_SUBJECT).stream()
                    .anyMatch(pattern -> pattern.matcher(subject).matches());
            String verb = matcher.group("verb").toLowerCase(Locale.ROOT);
            boolean past = verb.startsWith(form("was")) || verb.startsWith(form("was-plural"));
            String be = self ? "be-self" : plural || verb.startsWith(form("be-plural")) ? "be-plural" : "be";
            String was = plural && !self || verb.startsWith(form("was-plural")) ? "was-plural" : "was";
            return question.replace("{what}", form(isPerson(subject) ? "who" : "what"))
                    .replace("{do}", form(plural ? "do-plural" : "do"))
                    .replace("{be}", form(past ? was : be))
                    .replace("{was}", form(was))
                    .replace("{s}", startsLowercase(subject) ? lowercaseStart(subject) : subject);
        }

        /** The subject as others name it: "my sister" is "Ann's sister". */
        String thirdPerson(String subject) {
            String named = Matcher.quoteReplacement(speaker);
            for (Pattern self : language.patterns(PatternSet.SELF_SUBJECT)) {
                if (self.matcher(subject).matches()) {
                    return speaker;
                }
            }
            String third = subject;
            for (Pattern possessive : language.patterns(PatternSet.SELF_POSSESSIVE_WORD)) {
                third = possessive.matcher(third).replaceFirst(named + "'s");
            }
            return third;
        }

        private boolean isPerson(String subject) {
            return language.matches(PatternSet.PERSON_NAME, subject) && !startsLowercase(subject)
                    || subject.equals(speaker);
        }

        private boolean startsLowercase(String subject) {
            return language.matches(PatternSet.LOWERCASE_START, subject);
        }

        private static String lowercaseStart(String subject) {
            return subject.substring(0, 1).toLowerCase(Locale.ROOT) + subject.substring(1);
        }

        private String form(String key) {
            return language.table(WordTable.VERB_FORMS).getOrDefault(key, "");
        }
    }
}
