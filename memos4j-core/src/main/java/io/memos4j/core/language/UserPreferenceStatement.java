package io.memos4j.core.language;

import io.memos4j.api.items.ItemType;
import java.util.ArrayList;
import java.util.List;

/**
 * A sentence in which a user says how they want to be treated: a standing instruction, or a preference. It counts in
 * conversations that do not mention it.
 *
 * @param type instruction, which tells the assistant what to do until further notice ("Always cite your sources."), or
 *     preference, which says what the user likes or dislikes ("I prefer trains to planes.")
 */
public record UserPreferenceStatement(ItemType type, String text) {
    /** Longer messages are pasted content rather than something said to the assistant. */
    private static final int LONGEST_MESSAGE = 1_500;

    /** Instructions stand alone; a rule inside a longer text is part of what the text is about. */
    private static final int LONGEST_INSTRUCTION = 250;

    private static final int LONGEST_SENTENCE = 300;
    private static final int MAX_PER_MESSAGE = 3;

    /** Finds the statements in a user's message, a few at most; instructions before preferences. */
    public static List<UserPreferenceStatement> findIn(String message) {
        if (message.length() > LONGEST_MESSAGE || LanguageRules.matches(PatternSet.PRESENTED_TEXT, message)) {
            return List.of();
        }
        List<UserPreferenceStatement> instructions = new ArrayList<>();
        List<UserPreferenceStatement> preferences = new ArrayList<>();
        for (String sentence : SentenceSplitter.split(message)) {
            if (sentence.length() > LONGEST_SENTENCE) {
                continue;
            }
            if (message.length() <= LONGEST_INSTRUCTION
                    && LanguageRules.matches(PatternSet.INSTRUCTION, sentence)
                    && !QuestionDetector.isQuestion(sentence)) {
                instructions.add(new UserPreferenceStatement(ItemType.INSTRUCTION, sentence));
            } else if (LanguageRules.matches(PatternSet.PREFERENCE, sentence)) {
                preferences.add(new UserPreferenceStatement(ItemType.PREFERENCE, sentence));
            }
        }
        instructions.addAll(preferences);
        return instructions.subList(0, Math.min(MAX_PER_MESSAGE, instructions.size()));
    }
}
