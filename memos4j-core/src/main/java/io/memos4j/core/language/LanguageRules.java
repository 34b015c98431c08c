package io.memos4j.core.language;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The rules of all installed languages. Every file {@code META-INF/memos4j/languages} on the classpath names folders of
 * language packs, one a line; adding a language means adding such a file and a pack. Packs are loaded once.
 * Thread-safe.
 */
public final class LanguageRules {
    private static final String INDEX = "META-INF/memos4j/languages";

    /** The folder of the packs that come with this module; they are asked first, in the order of their index. */
    private static final String OWN = "io/memos4j/core/language/";

    private static final List<LanguagePack> PACKS = load();
    private static final Map<WordList, Set<String>> WORDS = new EnumMap<>(WordList.class);
    private static final Map<WordTable, Map<String, String>> TABLES = new EnumMap<>(WordTable.class);

    static {
        for (WordList list : WordList.values()) {
            Set<String> words = new LinkedHashSet<>();
            PACKS.forEach(pack -> words.addAll(pack.words(list)));
            WORDS.put(list, Collections.unmodifiableSet(words));
        }
        for (WordTable table : WordTable.values()) {
            Map<String, String> all = new LinkedHashMap<>();
            PACKS.forEach(pack -> pack.table(table).forEach(all::putIfAbsent));
            TABLES.put(table, Collections.unmodifiableMap(all));
        }
    }

    private LanguageRules() {}

    private static List<LanguagePack> load() {
        Set<String> own = new LinkedHashSet<>();
        Set<String> others = new TreeSet<>();
        try {
            for (URL index :
                    Collections.list(LanguageRules.class.getClassLoader().getResources(INDEX))) {
                try (BufferedReader lines =
                        new BufferedReader(new InputStreamReader(index.openStream(), StandardCharsets.UTF_8))) {
                    lines.lines()
                            .map(String::strip)
                            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                            .forEach(folder -> (folder.startsWith(OWN) ? own : others).add(folder));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + INDEX + " on the classpath.", e);
        }
        return Stream.concat(own.stream(), others.stream())
                .map(LanguagePack::load)
                .toList();
    }

    /** All packs: those of this module first, then the others by their folders. */
    public static List<LanguagePack> packs() {
        return PACKS;
    }

    /** The packs that may apply to a text: those whose script it has before those that share theirs. */
    public static List<LanguagePack> packsFor(CharSequence text) {
        return Stream.concat(
                        PACKS.stream().filter(pack -> pack.script().isPresent() && pack.appliesTo(text)),
                        PACKS.stream().filter(pack -> pack.script().isEmpty()))
                .toList();
    }

    /** The language used where none is recognized: the first without a script of its own. */
    public static LanguagePack fallback() {
        return PACKS.stream()
                .filter(pack -> pack.script().isEmpty())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No language pack without a script is installed."));
    }

    /** Returns whether a pattern of the set occurs in a text, in any language. */
    public static boolean matches(PatternSet set, CharSequence text) {
        for (LanguagePack pack : PACKS) {
            if (pack.has(set) && pack.appliesTo(text) && pack.matches(set, text)) {
                return true;
            }
        }
        return false;
    }

    /** The index of the first character that a pattern of the set matches, in any language. */
    public static Optional<Integer> firstMatch(PatternSet set, CharSequence text) {
        return PACKS.stream()
                .filter(pack -> pack.appliesTo(text))
                .flatMap(pack -> pack.patterns(set).stream())
                .map(pattern -> pattern.matcher(text))
                .filter(Matcher::find)
                .map(Matcher::start)
                .min(Integer::compare);
    }

    /** The text with every occurrence of a pattern of the set replaced, one language and pattern after the other. */
    public static String replaceAll(PatternSet set, String text, String replacement) {
        String replaced = text;
        for (LanguagePack pack : PACKS) {
            if (pack.has(set) && pack.appliesTo(replaced)) {
                for (Pattern pattern : pack.patterns(set)) {
                    replaced = pattern.matcher(replaced).replaceAll(replacement);
                }
            }
        }
        return replaced;
    }

    /** The text with blanks in place of every occurrence of a pattern of the set, as long as it was. */
    public static String blank(PatternSet set, String text) {
        String blanked = text;
        for (LanguagePack pack : PACKS) {
            for (Pattern pattern : pack.patterns(set)) {
                blanked = pattern.matcher(blanked).replaceAll(match -> " ".repeat(match.end() - match.start()));
            }
        }
        return blanked;
    }

    /** The words of a list in all languages. */
    public static Set<String> words(WordList list) {
        return WORDS.getOrDefault(list, Set.of());
    }

    /** A table of all languages in one; the first language to have a word decides. */
    public static Map<String, String> table(WordTable table) {
        return TABLES.getOrDefault(table, Map.of());
    }

    /** The word, in lower case, without its ending; the first language that knows the ending decides. */
    public static String stem(String word) {
        String bare = withoutPossessive(word);
        for (LanguagePack pack : PACKS) {
            String stem = pack.stemmer().stem(bare);
            if (!stem.equals(bare)) {
                return stem;
            }
        }
        return bare;
    }

    /** The word without a possessive ending. */
    public static String withoutPossessive(String word) {
        for (LanguagePack pack : PACKS) {
            String bare = pack.stemmer().withoutPossessive(word);
            if (bare.length() < word.length()) {
                return bare;
            }
        }
        return word;
    }
}
