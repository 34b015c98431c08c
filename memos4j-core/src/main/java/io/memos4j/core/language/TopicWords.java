package io.memos4j.core.language;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads the words that tell what a text is about, to compare a question with statements: content words without numbers
 * and without words that announce a change, and a concept for words that ask about, state or change the same thing
 * ("live", "home", "moved to"), unless they have another sense there ("moved to Linux"). Thread-safe.
 */
public final class TopicWords {
    /** The mark of a concept among the words. */
    private static final String CONCEPT = "\u00a7";

    private static final Map<String, String> CONCEPTS = concepts();
    private static final TextFunctionCache<Set<String>> KNOWN = new TextFunctionCache<>(TopicWords::read);

    private TopicWords() {}

    public static Set<String> of(String text) {
        return KNOWN.apply(text);
    }

    /** Returns whether a topic word is a concept, which texts have in common without a common word. */
    public static boolean isConcept(String topic) {
        return topic.startsWith(CONCEPT);
    }

    private static Map<String, String> concepts() {
        Map<String, String> concepts = new HashMap<>();
        LanguageRules.table(WordTable.CONCEPTS)
                .forEach((word, concept) ->
                        concepts.put(isIdeographic(word) ? word : LanguageRules.stem(word), CONCEPT + concept));
        return concepts;
    }

    private static Set<String> read(String text) {
        Set<String> found = ContentWords.of(text);
        Set<String> words = new HashSet<>();
        for (String word : found) {
            String concept = CONCEPTS.get(word);
            if (concept != null) {
                words.add(concept);
            } else if (!Character.isDigit(word.charAt(0)) && !ChangeDetector.CHANGE_WORDS.contains(word)) {
                words.add(word);
            }
        }
        CONCEPTS.forEach((word, concept) -> {
            if (isIdeographic(word) && text.contains(word)) {
                words.add(concept);
            }
        });
        for (LanguagePack pack : LanguageRules.packs()) {
            if (pack.appliesTo(text)) {
                pack.rules(RuleSet.OTHER_SENSES).stream()
                        .filter(rule -> words.contains(CONCEPT + rule.key()))
                        .filter(rule -> rule.pattern().matcher(text).find())
                        .forEach(rule -> words.remove(CONCEPT + rule.key()));
            }
        }
        return Set.copyOf(words);
    }

    private static boolean isIdeographic(String word) {
        return Character.isIdeographic(word.toLowerCase(Locale.ROOT).codePointAt(0));
    }
}
