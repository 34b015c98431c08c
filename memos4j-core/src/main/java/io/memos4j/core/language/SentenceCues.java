package io.memos4j.core.language;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The cues of a sentence that tell whether it may update an earlier one.
 *
 * @param text the sentence, without a question at its end
 * @param topics its {@link TopicWords}
 * @param asserted whether it asserts something of the present
 * @param changes whether it announces a change
 * @param namesValue whether it announces a change and names the new value
 * @param corrects whether it corrects something
 * @param ends whether it announces an end
 * @param negated whether it denies, or tells of a dislike
 * @param instructs whether it is a standing instruction
 * @param statement the attribute that it gives a value, if it does
 */
public record SentenceCues(
        String text,
        Set<String> topics,
        boolean asserted,
        boolean changes,
        boolean namesValue,
        boolean corrects,
        boolean ends,
        boolean negated,
        boolean instructs,
        Optional<AttributeStatement> statement) {
    /** The sentences of a text that are read. */
    private static final int SENTENCES = 8;

    private static final char SEPARATOR = '\n';

    private static final TextFunctionCache<List<SentenceCues>> KNOWN = new TextFunctionCache<>(SentenceCues::read);

    /** Returns the cues of the first sentences of what a speaker says. */
    public static List<SentenceCues> of(String text, String speaker) {
        return KNOWN.apply(speaker.replace(SEPARATOR, ' ') + SEPARATOR + text);
    }

    private static List<SentenceCues> read(String speakerAndText) {
        int at = speakerAndText.indexOf(SEPARATOR);
        String speaker = speakerAndText.substring(0, at);
        return SentenceSplitter.split(speakerAndText.substring(at + 1)).stream()
                .limit(SENTENCES)
                .map(AssertionDetector::withoutQuestion)
                .map(sentence -> read(sentence, speaker))
                .toList();
    }

    private static SentenceCues read(String sentence, String speaker) {
        return new SentenceCues(
                sentence,
                TopicWords.of(sentence),
                AssertionDetector.isAsserted(sentence),
                ChangeDetector.announcesChange(sentence),
                LanguageRules.matches(PatternSet.VALUE_CHANGED, sentence),
                LanguageRules.matches(PatternSet.CORRECTION, sentence),
                LanguageRules.matches(PatternSet.END_ANNOUNCED, sentence),
                LanguageRules.matches(PatternSet.NEGATION, sentence),
                LanguageRules.matches(PatternSet.INSTRUCTION, sentence),
                AttributeStatement.parse(sentence, speaker));
    }
}
