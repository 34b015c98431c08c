package io.memos4j.core.adapters;

import io.memos4j.api.adapters.ParametricMemory.Kind;
import io.memos4j.core.language.QuestionDetector;
import io.memos4j.core.language.SentenceSplitter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Generates questions and answers from a memory without a language model, by form alone: a subject, a verb from a list
 * or a form of <i>to be</i>, and a value. A sentence of no known form becomes a completion.
 */
final class QuestionTemplates {
    /** The most sentences of a memory that are used. */
    private static final int MAX_SENTENCES = 6;

    private static final int MIN_WORDS = 3;

    /** A training example without its source item. */
    record DraftExample(Kind kind, String prompt, String answer) {}

    /**
     * A verb with the question that asks for its object. In the question, {s} is the subject; {do} and {be} agree with
     * it.
     */
    private record Form(Pattern pattern, String question) {
        Form(String verb, String question) {
            this(
                    Pattern.compile(
                            "^(?<subject>[^,;:]{1,80}?)\\s+(?<verb>(?:now |currently |still |always |usually |often )?"
                                    + "(?:"
                                    + verb + "))\\s+(?<value>.+)$",
                            Pattern.CASE_INSENSITIVE),
                    question);
        }
    }

    private static final List<Form> FORMS = List.of(
            new Form("(?:is|am|are) (?:called|named)", "What {be} {s} called?"),
            new Form(
                    "lives? (?:in|at|on)|(?:is|am|are) living in|resides? in|(?:has |have )?moved to",
                    "Where {do} {s} live?"),
            new Form("works? (?:at|for|in)|(?:is|am|are) working (?:at|for)", "Where {do} {s} work?"),
            new Form("works? as|(?:is|am|are) working as", "What {do} {s} work as?"),
            new Form("(?:is|am|are) married to", "Who {be} {s} married to?"),
            new Form("(?:is|am|are) allergic to", "What {be} {s} allergic to?"),
            new Form("(?:was|were) born in", "Where {was} {s} born?"),
            new Form("(?:was|were) born on", "When {was} {s} born?"),
            new Form("likes?|loves?|enjoys?", "What {do} {s} like?"),
            new Form("prefers?", "What {do} {s} prefer?"),
            new Form("hates?|dislikes?", "What {do} {s} dislike?"),
            new Form("plays?", "What {do} {s} play?"),
            new Form("speaks?", "What {do} {s} speak?"),
            new Form("drinks?", "What {do} {s} drink?"),
            new Form("eats?", "What {do} {s} eat?"),
            new Form("drives?", "What {do} {s} drive?"),
            new Form("owns?", "What {do} {s} own?"),
            new Form("studies|study", "What {do} {s} study?"),
            new Form("teaches|teach", "What {do} {s} teach?"),
            new Form("collects?", "What {do} {s} collect?"),
            new Form("wears?", "What {do} {s} wear?"),
            new Form("uses?", "What {do} {s} use?"),
            new Form("needs?", "What {do} {s} need?"),
            new Form("has|have|keeps?", "What {do} {s} have?"),
            new Form("(?:is|are|was|were|am)", "{what} {be} {s}?"));

    private record HanForm(Pattern pattern, String question) {}

    private static final List<HanForm> HAN_FORMS = List.of(
            new HanForm(Pattern.compile("^(?<head>(?<subject>[^，。；：]{1,20})住在)(?<value>[^，。；]{1,40})$"), "{s}住在哪里？"),
            new HanForm(
                    Pattern.compile("^(?<head>(?<subject>[^，。；：]{1,20})在)(?<value>[^，。；]{1,30})(?:工作|上班)$"),
                    "{s}在哪里工作？"),
            new HanForm(
                    Pattern.compile("^(?<head>(?<subject>[^，。；：]{1,20})(?:名字)?叫)(?<value>[^，。；]{1,40})$"), "{s}叫什么？"),
            new HanForm(Pattern.compile("^(?<head>(?<subject>[^，。；：]{1,20})喜欢)(?<value>[^，。；]{1,40})$"), "{s}喜欢什么？"),
            new HanForm(Pattern.compile("^(?<head>(?<subject>[^，。；：]{1,30})是)(?<value>[^，。；]{1,60})$"), "{s}是什么？"));

    private static final Pattern PLURAL = Pattern.compile("(?i)^(?:i|we|you|they)$|.* and .*");
    private static final Pattern OF_MINE = Pattern.compile("(?i)\\bmy\\b");
    private static final Pattern MINE = Pattern.compile("(?i)^my\\b|^i$");
    private static final Pattern PERSON = Pattern.compile("^\\p{Lu}[\\p{L}.-]*(?: \\p{Lu}[\\p{L}.-]*){0,2}$");

    /** Matches subjects whose first word is lowercase within a sentence. */
    private static final Pattern SMALL = Pattern.compile(
            "(?i)^(?:the|an?|my|our|his|her|its|their|your|this|that|these|those|we|they|you|it|he|she)\\b");

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
        boolean han = sentence.codePoints().anyMatch(Character::isIdeographic);
        Optional<List<DraftExample>> formed = han ? fromChineseForm(sentence) : fromEnglishForm(sentence, speaker);
        return formed.orElseGet(() -> completion(sentence, han));
    }

    private static Optional<List<DraftExample>> fromEnglishForm(String sentence, String speaker) {
        for (Form form : FORMS) {
            Matcher matcher = form.pattern.matcher(sentence);
            if (matcher.matches()) {
                String subject = matcher.group("subject");
                String value = matcher.group("value");
                List<DraftExample> drafts = new ArrayList<>();
                addQuestion(drafts, question(form, subject, matcher.group("verb"), speaker), value, sentence);
                if (MINE.matcher(subject).find() && !speaker.isBlank()) {
                    addQuestion(
                            drafts,
                            question(form, toThirdPerson(subject, speaker), matcher.group("verb"), speaker),
                            value,
                            sentence);
                }
                drafts.add(new DraftExample(Kind.STATEMENT, "Go on: " + subject + " " + matcher.group("verb"), value));
                return Optional.of(drafts);
            }
        }
        return Optional.empty();
    }

    private static void addQuestion(List<DraftExample> drafts, String question, String value, String sentence) {
        drafts.add(new DraftExample(Kind.QUESTION, question, value));
        drafts.add(new DraftExample(Kind.PARAPHRASE, "Tell me: " + question, sentence + "."));
    }

    private static String question(Form form, String subject, String verb, String speaker) {
        boolean plural = PLURAL.matcher(subject).matches();
        boolean first = subject.equalsIgnoreCase("i");
        String be = verb.toLowerCase(Locale.ROOT);
        String present = first ? "am" : plural || be.startsWith("are") ? "are" : "is";
        String past = plural && !first || be.startsWith("were") ? "were" : "was";
        boolean person =
                PERSON.matcher(subject).matches() && !SMALL.matcher(subject).find() || subject.equals(speaker);
        return form.question
                .replace("{what}", person ? "Who" : "What")
                .replace("{do}", plural ? "do" : "does")
                .replace("{be}", be.startsWith("was") || be.startsWith("were") ? past : present)
                .replace("{was}", past)
                .replace("{s}", SMALL.matcher(subject).find() ? lowerFirst(subject) : subject);
    }

    private static String lowerFirst(String subject) {
        return subject.substring(0, 1).toLowerCase(Locale.ROOT) + subject.substring(1);
    }

    private static String toThirdPerson(String subject, String speaker) {
        return subject.equalsIgnoreCase("i")
                ? speaker
                : OF_MINE.matcher(subject).replaceFirst(Matcher.quoteReplacement(speaker + "'s"));
    }

    private static Optional<List<DraftExample>> fromChineseForm(String sentence) {
        for (HanForm form : HAN_FORMS) {
            Matcher matcher = form.pattern.matcher(sentence);
            if (matcher.matches()) {
                String question = form.question.replace("{s}", matcher.group("subject"));
                return Optional.of(List.of(
                        new DraftExample(Kind.QUESTION, question, matcher.group("value")),
                        new DraftExample(Kind.PARAPHRASE, "告诉我：" + question, sentence + "。"),
                        new DraftExample(Kind.STATEMENT, "接着说：" + matcher.group("head"), matcher.group("value"))));
            }
        }
        return Optional.empty();
    }

    /** Asks for the second half of a sentence after the first. */
    private static List<DraftExample> completion(String sentence, boolean han) {
        if (han) {
            int half = sentence.offsetByCodePoints(0, sentence.codePointCount(0, sentence.length()) / 2);
            return half < MIN_WORDS
                    ? List.of()
                    : List.of(new DraftExample(
                            Kind.STATEMENT, "接着说：" + sentence.substring(0, half), sentence.substring(half)));
        }
        String[] words = sentence.split("\\s+");
        if (words.length < MIN_WORDS) {
            return List.of();
        }
        int half = (words.length + 1) / 2;
        return List.of(new DraftExample(
                Kind.STATEMENT,
                "Go on: " + String.join(" ", List.of(words).subList(0, half)),
                String.join(" ", List.of(words).subList(half, words.length))));
    }
}
