package io.memos4j.core.language;

import io.memos4j.api.items.Role;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The cues of a sentence that tell whether it may update an earlier one. Each is read when it is first asked for, and
 * kept. Thread-safe.
 */
public final class SentenceCues {
    /** The sentences of a text that are read. */
    private static final int SENTENCES = 8;

    private static final char SEPARATOR = '\n';

    private static final TextFunctionCache<List<SentenceCues>> KNOWN = new TextFunctionCache<>(SentenceCues::split);

    private final String text;
    private final String speaker;
    private final Set<String> topics;
    private final Map<PatternSet, Boolean> matches = new EnumMap<>(PatternSet.class);
    private @Nullable Boolean asserted;
    private @Nullable Optional<AttributeStatement> statement;

    private SentenceCues(String text, String speaker) {
        this.text = text;
        this.speaker = speaker;
        this.topics = TopicWords.of(text);
    }

    /** Returns the cues of the first sentences of what a speaker says; a speaker without a name is the user. */
    public static List<SentenceCues> of(String text, String speaker) {
        String name = speaker.isEmpty() ? Role.USER.id() : speaker.replace(SEPARATOR, ' ');
        return KNOWN.apply(name + SEPARATOR + text);
    }

    private static List<SentenceCues> split(String speakerAndText) {
        int at = speakerAndText.indexOf(SEPARATOR);
        String speaker = speakerAndText.substring(0, at);
        return SentenceSplitter.split(speakerAndText.substring(at + 1)).stream()
                .limit(SENTENCES)
                .map(AssertionDetector::withoutQuestion)
                .map(sentence -> new SentenceCues(sentence, speaker))
                .toList();
    }

    /** The sentence, without a question at its end. */
    public String text() {
        return text;
    }

    /** Its {@link TopicWords}. */
    public Set<String> topics() {
        return topics;
    }

    /** Returns whether it asserts something of the present. */
    public synchronized boolean asserted() {
        if (asserted == null) {
            asserted = AssertionDetector.isAsserted(text);
        }
        return asserted;
    }

    /** Returns whether it announces a change. */
    public boolean changes() {
        return matches(PatternSet.CHANGE_ANNOUNCED);
    }

    /** Returns whether it announces a change and names the new value. */
    public boolean namesValue() {
        return matches(PatternSet.VALUE_CHANGED);
    }

    public boolean corrects() {
        return matches(PatternSet.CORRECTION);
    }

    /** Returns whether it announces an end. */
    public boolean ends() {
        return matches(PatternSet.END_ANNOUNCED);
    }

    /** Returns whether it denies, or tells of a dislike. */
    public boolean negated() {
        return matches(PatternSet.NEGATION);
    }

    /** Returns whether it is a standing instruction. */
    public boolean instructs() {
        return matches(PatternSet.INSTRUCTION);
    }

    /** The attribute that it gives a value, if it does. */
    public synchronized Optional<AttributeStatement> statement() {
        if (statement == null) {
            statement = AttributeStatement.parse(text, speaker);
        }
        return statement;
    }

    private synchronized boolean matches(PatternSet set) {
        return matches.computeIfAbsent(set, each -> LanguageRules.matches(each, text));
    }
}
