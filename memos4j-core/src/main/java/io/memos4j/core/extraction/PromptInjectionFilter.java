package io.memos4j.core.extraction;

import io.memos4j.core.language.LanguageRules;
import io.memos4j.core.language.PatternSet;
import io.memos4j.core.language.TextNormalizer;
import io.memos4j.core.prompt.TemplateMarks;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.stream.Stream;

/**
 * Recognizes texts that address a model rather than describe the world. Models read memories again and again, so such a
 * text never becomes one. The phrases of the language packs do not stop every attack; they are the last of several
 * guards and meant to be extended.
 */
final class PromptInjectionFilter {
    private PromptInjectionFilter() {}

    /** Finds the words that address a model, if there are any. */
    static Optional<String> findIn(String text) {
        if (PromptDelimiters.containedIn(text)) {
            return Optional.of("a delimiter of the prompt");
        }
        String plain = TextNormalizer.compatible(PromptDelimiters.strip(text));
        return Stream.concat(
                        LanguageRules.packs().stream()
                                .flatMap(pack -> pack.patterns(PatternSet.PROMPT_INJECTION).stream()),
                        Stream.of(TemplateMarks.PATTERN))
                .map(phrase -> phrase.matcher(plain))
                .filter(Matcher::find)
                .findFirst()
                .map(found -> MiddleTruncation.truncate(found.group(), 80));
    }
}
