package io.memos4j.core.extraction;

import io.memos4j.core.language.LanguageRules;
import io.memos4j.core.language.TextNormalizer;
import io.memos4j.core.language.WordTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.stream.Stream;

/**
 * The concepts of words that a report of a statement uses in each other's place: "I moved to Lyon", "lives in Lyon".
 * Thread-safe.
 */
final class ClaimConcepts {
    private static final Map<String, Set<String>> BY_STEM = new HashMap<>();
    private static final Map<String, Set<String>> UNSPACED = new HashMap<>();

    /** The unspaced words, longest first. */
    private static final List<String> UNSPACED_WORDS = new ArrayList<>();

    static {
        Stream.of(WordTable.CONCEPTS, WordTable.CLAIM_SYNONYMS)
                .flatMap(table -> LanguageRules.packs().stream().map(pack -> pack.table(table)))
                .forEach(table -> table.forEach(ClaimConcepts::add));
        UNSPACED_WORDS.addAll(UNSPACED.keySet());
        UNSPACED_WORDS.sort(Comparator.comparingInt(String::length).reversed());
    }

    private ClaimConcepts() {}

    private static void add(String word, String concept) {
        String plain = TextNormalizer.withoutAccents(word);
        boolean unspaced = ClaimTerms.unspaced(plain.codePointAt(0));
        (unspaced ? UNSPACED : BY_STEM)
                .computeIfAbsent(unspaced ? plain : LanguageRules.stem(plain), each -> new HashSet<>())
                .add(concept);
    }

    /** The concepts of the words of a text, in lower case and without accents. */
    static Set<String> of(String text) {
        Set<String> concepts = new HashSet<>();
        Matcher matcher = ClaimTerms.WORD.matcher(ClaimTerms.spaced(ClaimTerms.withoutElisions(text)));
        while (matcher.find()) {
            String stem = LanguageRules.stem(matcher.group().toLowerCase(Locale.ROOT));
            concepts.addAll(BY_STEM.getOrDefault(stem, Set.of()));
        }
        UNSPACED_WORDS.stream()
                .filter(text::contains)
                .forEach(word -> concepts.addAll(UNSPACED.getOrDefault(word, Set.of())));
        return concepts;
    }

    static boolean haveCommon(Set<String> some, Set<String> others) {
        return !Collections.disjoint(some, others);
    }

    /** Blanks the unspaced words of a text that have one of these concepts. */
    static String blank(String text, Set<String> concepts) {
        String blanked = text;
        for (String word : UNSPACED_WORDS) {
            if (haveCommon(UNSPACED.getOrDefault(word, Set.of()), concepts)) {
                blanked = blanked.replace(word, " ".repeat(word.length()));
            }
        }
        return blanked;
    }
}
