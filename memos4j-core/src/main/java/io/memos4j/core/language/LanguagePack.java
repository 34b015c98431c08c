package io.memos4j.core.language;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.Character.UnicodeScript;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The rules of one language, read from its resource pack (format: {@code docs/languages.md}). Immutable once loaded.
 */
public final class LanguagePack {
    /** The files of a pack, in the order in which they are read. Each may be missing. */
    private static final List<String> FILES = List.of("words.txt", "patterns.txt", "attributes.txt", "time.txt");

    private final String code;
    private final String folder;
    final Map<String, String> properties = new HashMap<>();
    final Map<WordList, Set<String>> words = new EnumMap<>(WordList.class);
    final Map<WordTable, Map<String, String>> tables = new EnumMap<>(WordTable.class);
    final Map<PatternSet, List<Pattern>> patterns = new EnumMap<>(PatternSet.class);
    final Map<RuleSet, List<LanguageRule>> rules = new EnumMap<>(RuleSet.class);
    private final Map<PatternSet, Pattern> alternatives = new EnumMap<>(PatternSet.class);
    private final Optional<UnicodeScript> script;
    private final SuffixStemmer stemmer;

    private LanguagePack(String folder) {
        this.folder = folder;
        this.code = folder.substring(folder.lastIndexOf('/') + 1);
        LanguagePackParser parser = new LanguagePackParser(this);
        for (String file : FILES) {
            read(file)
                    .ifPresent(
                            text -> parser.parse(code + "/" + file, text.lines().toList()));
        }
        patterns.forEach((set, list) -> alternatives.put(set, alternatives(list)));
        this.script = Optional.ofNullable(properties.get("script")).map(UnicodeScript::forName);
        this.stemmer = SuffixStemmer.of(table(WordTable.STEMMER));
    }

    /**
     * Loads a pack.
     *
     * @param folder the classpath folder with the files of the pack; its last part is the code of the language
     * @throws IllegalStateException naming file and line, if the pack has an error
     */
    static LanguagePack load(String folder) {
        return new LanguagePack(folder);
    }

    private static Pattern alternatives(List<Pattern> patterns) {
        return patterns.size() == 1
                ? patterns.getFirst()
                : Pattern.compile(
                        patterns.stream().map(Pattern::pattern).collect(Collectors.joining(")|(?:", "(?:", ")")),
                        Pattern.CASE_INSENSITIVE);
    }

    /** The code of the language, for example {@code en}. */
    public String code() {
        return code;
    }

    public Locale locale() {
        return Locale.forLanguageTag(properties.getOrDefault("locale", code));
    }

    /**
     * The format of a date as people of the language name it, without the number of the day; empty if the pack has
     * none.
     */
    public Optional<String> dateLabel() {
        return Optional.ofNullable(properties.get("date-label"));
    }

    /** The script that tells the language from others; empty if it shares its script with others. */
    public Optional<UnicodeScript> script() {
        return script;
    }

    /** Returns whether the language puts blanks between words. */
    public boolean isSpaced() {
        return !"no".equals(properties.get("spaced"));
    }

    /**
     * Returns whether a text can be in this language: it has a letter of the language's own script, if there is one.
     */
    public boolean appliesTo(CharSequence text) {
        return script.isEmpty() || text.codePoints().anyMatch(c -> c > 0x7f && UnicodeScript.of(c) == script.get());
    }

    public Set<String> words(WordList list) {
        return words.getOrDefault(list, Set.of());
    }

    public Map<String, String> table(WordTable table) {
        return tables.getOrDefault(table, Map.of());
    }

    public List<Pattern> patterns(PatternSet set) {
        return patterns.getOrDefault(set, List.of());
    }

    public List<LanguageRule> rules(RuleSet set) {
        return rules.getOrDefault(set, List.of());
    }

    public boolean has(PatternSet set) {
        return patterns.containsKey(set);
    }

    /** Returns whether a pattern of the set occurs in a text. */
    public boolean matches(PatternSet set, CharSequence text) {
        Pattern pattern = alternatives.get(set);
        return pattern != null && pattern.matcher(text).find();
    }

    /** Returns whether the set is missing, or a pattern of it occurs in a text. */
    public boolean allows(PatternSet set, CharSequence text) {
        return !has(set) || matches(set, text);
    }

    /** A label of prompts and training examples. */
    public String phrase(String key) {
        String phrase = table(WordTable.PHRASES).get(key);
        if (phrase == null) {
            throw new IllegalStateException(
                    "Language pack " + code + " lacks '" + key + "' in [table phrases]. Add it to words.txt.");
        }
        return phrase;
    }

    SuffixStemmer stemmer() {
        return stemmer;
    }

    /** A file of the pack, for example a prompt; empty if the pack has none of that name. */
    public Optional<String> read(String file) {
        try (InputStream in = LanguagePack.class.getClassLoader().getResourceAsStream(folder + "/" + file)) {
            return in == null ? Optional.empty() : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file + " of language pack " + folder + ".", e);
        }
    }

    void add(WordList list, String word) {
        words.computeIfAbsent(list, key -> new LinkedHashSet<>()).add(word);
    }

    void add(PatternSet set, Pattern pattern) {
        patterns.computeIfAbsent(set, key -> new ArrayList<>()).add(pattern);
    }

    void add(RuleSet set, LanguageRule rule) {
        rules.computeIfAbsent(set, key -> new ArrayList<>()).add(rule);
    }

    void put(WordTable table, String key, String value) {
        tables.computeIfAbsent(table, any -> new LinkedHashMap<>()).put(key, value);
    }
}
