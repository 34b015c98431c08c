package io.memos4j.core.language;

import io.memos4j.api.items.ItemType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A sentence in which a user says how they want to be treated: a standing instruction, or a preference. It counts in
 * conversations that do not mention it. Only a self-contained sentence that the user asserts in the first person is
 * one: no question, no quotation, nothing said in a game, and no rule about something that another sentence names.
 *
 * @param type instruction, which tells the assistant what to do until further notice ("Always cite your sources."), or
 *     preference, which says what the user likes or dislikes ("I prefer trains to planes.")
 * @param ended whether it only says that an earlier one holds no longer: "I'm no longer allergic to nuts."
 */
public record StandingStatement(ItemType type, String text, boolean ended) {
    /** Longer messages are pasted content rather than something said to the assistant. */
    private static final int LONGEST_MESSAGE = 1_500;

    /** Instructions stand alone; a rule inside a longer text is part of what the text is about. */
    private static final int LONGEST_INSTRUCTION = 250;

    private static final int LONGEST_SENTENCE = 300;
    private static final int MAX_PER_MESSAGE = 3;

    private static final Pattern CLAUSE_END = Pattern.compile("[,;:—–，；：]");

    private static final TextFunctionCache<List<StandingStatement>> FOUND =
            new TextFunctionCache<>(StandingStatement::find);

    /** Finds the statements in a user's message, a few at most; instructions before preferences. */
    public static List<StandingStatement> findIn(String message) {
        return FOUND.apply(message);
    }

    private static List<StandingStatement> find(String message) {
        if (message.length() > LONGEST_MESSAGE || LanguageRules.matches(PatternSet.PRESENTED_TEXT, message)) {
            return List.of();
        }
        List<StandingStatement> instructions = new ArrayList<>();
        List<StandingStatement> preferences = new ArrayList<>();
        for (String sentence : SentenceSplitter.split(message)) {
            if (AssertionDetector.opensPretense(sentence)) {
                break;
            }
            if (sentence.length() <= LONGEST_SENTENCE) {
                parse(sentence, message.length() <= LONGEST_INSTRUCTION)
                        .ifPresent(
                                found -> (found.type == ItemType.INSTRUCTION ? instructions : preferences).add(found));
            }
        }
        instructions.addAll(preferences);
        return instructions.stream().limit(MAX_PER_MESSAGE).toList();
    }

    /** Returns the types of the statements in a user's message. */
    public static Set<ItemType> typesIn(String message) {
        return findIn(message).stream().map(StandingStatement::type).collect(Collectors.toUnmodifiableSet());
    }

    private static Optional<StandingStatement> parse(String sentence, boolean instructing) {
        String said = AssertionDetector.withoutQuestion(sentence);
        if (QuestionDetector.isQuestion(said)) {
            return Optional.empty();
        }
        if (isInstruction(sentence)) {
            return instructing
                    ? Optional.of(new StandingStatement(ItemType.INSTRUCTION, sentence, false))
                    : Optional.empty();
        }
        Optional<StandingFrame> frame = StandingFrame.parse(said);
        if (isPreference(said)) {
            boolean ended = frame.filter(StandingFrame::ended).isPresent();
            return Optional.of(new StandingStatement(ItemType.PREFERENCE, said, ended));
        }
        return frame.filter(StandingFrame::ended)
                .filter(end -> AssertionDetector.isAsserted(said))
                .map(end -> new StandingStatement(end.type(), said, true));
    }

    private static boolean isInstruction(String sentence) {
        return LanguageRules.matches(PatternSet.INSTRUCTION, sentence)
                && !QuestionDetector.isQuestion(sentence)
                && !LanguageRules.matches(PatternSet.DEPENDENT_SENTENCE, sentence)
                && !LanguageRules.matches(PatternSet.TEMPORARY, sentence);
    }

    /** Returns whether the clause that states a preference, and what stands before it, are asserted. */
    private static boolean isPreference(String said) {
        return LanguageRules.firstMatch(PatternSet.PREFERENCE, said)
                .filter(at -> {
                    Matcher end = CLAUSE_END.matcher(said);
                    int to = end.find(Math.min(at + 1, said.length())) ? end.start() : said.length();
                    return AssertionDetector.isAsserted(said.substring(0, to));
                })
                .isPresent();
    }
}
