package io.memos4j.core.language;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Takes endings off words, as the table {@link WordTable#STEMMER} of a language says. Only meant to make forms of a
 * word equal.
 */
final class SuffixStemmer {
    /** An ending and what takes its place. */
    private record Ending(String suffix, String replacement) {}

    private final List<String> possessives;
    private final List<Ending> endings;
    private final List<String> kept;
    private final String doubled;
    private final int shortest;

    private SuffixStemmer(Map<String, String> table) {
        this.possessives = list(table, "possessives");
        this.endings = list(table, "endings").stream()
                .map(ending -> ending.split(">", 2))
                .map(pair -> new Ending(pair[0], pair.length == 1 ? "" : pair[1]))
                .toList();
        this.kept = list(table, "keep");
        this.doubled = table.getOrDefault("undouble", "");
        this.shortest = Integer.parseInt(table.getOrDefault("min-stem", "3"));
    }

    static SuffixStemmer of(Map<String, String> table) {
        return new SuffixStemmer(table);
    }

    private static List<String> list(Map<String, String> table, String key) {
        String value = table.getOrDefault(key, "");
        return value.isEmpty() ? List.of() : Arrays.asList(value.split(" "));
    }

    String withoutPossessive(String word) {
        for (String ending : possessives) {
            if (word.endsWith(ending) && word.length() > ending.length()) {
                return word.substring(0, word.length() - ending.length());
            }
        }
        return word;
    }

    String stem(String word) {
        if (kept.stream().anyMatch(word::endsWith)) {
            return word;
        }
        for (Ending ending : endings) {
            int length = word.length() - ending.suffix.length();
            if (length >= shortest && word.endsWith(ending.suffix)) {
                return withoutDouble(word.substring(0, length)) + ending.replacement;
            }
        }
        return word;
    }

    private String withoutDouble(String stem) {
        int last = stem.length() - 1;
        boolean isDoubled =
                last >= 3 && stem.charAt(last) == stem.charAt(last - 1) && doubled.indexOf(stem.charAt(last)) >= 0;
        return isDoubled ? stem.substring(0, last) : stem;
    }
}
