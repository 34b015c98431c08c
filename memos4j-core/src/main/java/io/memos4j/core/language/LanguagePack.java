package io.memos4j.core.language;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.Character.UnicodeScript;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The rules of one language, read from its resource pack (format: {@code docs/languages.md}). Immutable once loaded.
 */
public final class LanguagePack {
    /** The files of a pack, in the order in which they are read. Each may be missing. */
    private static final List<String> FILES =
            List.of("words.txt", "patterns.txt", "injection.txt", "privacy.txt", "attributes.txt", "time.txt");

    /** Two patterns with a group of the same name cannot be alternatives of one. */
    private static final Pattern GROUP_NAME = Pattern.compile("\\(\\?<[a-zA-Z]\\w*>");

    private static final Pattern WORD = Pattern.compile("[\\p{L}'’]+");

    private final String code;
    private final Function<String, Optional<String>> files;
    private final LanguagePackParser content;
    private final Map<PatternSet, Pattern> alternatives = new EnumMap<>(PatternSet.class);
    private final Optional<UnicodeScript> script;
    private final SuffixStemmer stemmer;
    private final TextFunctionCache<Boolean> recognized = new TextFunctionCache<>(this::hasKnownWord);

    private LanguagePack(String code, LanguagePackParser content, Function<String, Optional<String>> files) {
        this.code = code;
        this.files = files;
        this.content = content;
        content.patterns.forEach((set, list) -> alternatives.put(set, alternatives(list)));
        this.script = Optional.ofNullable(content.properties.get("script")).map(UnicodeScript::forName);
        this.stemmer = SuffixStemmer.of(table(WordTable.STEMMER));
    }

    /**
     * Loads a pack.
     *
     * @param folder the classpath folder with the files of the pack; its last part is the code of the language
     * @throws IllegalStateException naming file and line, if the pack has an error
     */
    static LanguagePack load(String folder) {
        return parse(folder.substring(folder.lastIndexOf('/') + 1), file -> resource(folder + "/" + file));
    }

    /**
     * Parses a pack.
     *
     * @param files the texts of its files by their names
     * @throws IllegalStateException naming file and line, if the pack has an error
     */
    static LanguagePack parse(String code, Function<String, Optional<String>> files) {
        LanguagePackParser parser = new LanguagePackParser();
        for (String file : FILES) {
            files.apply(file)
                    .ifPresent(
                            text -> parser.parse(code + "/" + file, text.lines().toList()));
        }
        if (parser.isEmpty()) {
            throw new IllegalStateException("Language pack " + code + " has none of the files " + FILES + ".");
        }
        return new LanguagePack(code, parser, files);
    }

    private static Optional<String> resource(String path) {
        try (InputStream in = LanguagePack.class.getClassLoader().getResourceAsStream(path)) {
            return in == null ? Optional.empty() : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the language pack's resource " + path + ".", e);
        }
    }

    private static Pattern alternatives(List<Pattern> patterns) {
        return patterns.size() == 1
                ? patterns.getFirst()
                : LanguagePackParser.compileWording(patterns.stream()
                        .map(each -> GROUP_NAME.matcher(each.pattern()).replaceAll("(?:"))
                        .collect(Collectors.joining(")|(?:", "(?:", ")")));
    }

    /** The code of the language, for example {@code en}. */
    public String code() {
        return code;
    }

    public Locale locale() {
        return Locale.forLanguageTag(content.properties.getOrDefault("locale", code));
    }

    /**
     * The format of a date as people of the language name it, without the number of the day; empty if the pack has
     * none.
     */
    public Optional<String> dateLabel() {
        return Optional.ofNullable(content.properties.get("date-label"));
    }

    /** The script that tells the language from others; empty if it shares its script with others. */
    public Optional<UnicodeScript> script() {
        return script;
    }

    /** Returns whether the language puts blanks between words. */
    public boolean isSpaced() {
        return !"no".equals(content.properties.get("spaced"));
    }

    /**
     * Returns whether a text can be in this language: it has a letter of the language's own script, if there is one, or
     * one of its stop words or typical words, if the pack is recognized by them.
     */
    public boolean appliesTo(CharSequence text) {
        if (isRecognizedByWords()) {
            return recognized.apply(text.toString());
        }
        return script.isEmpty() || text.codePoints().anyMatch(c -> c > 0x7f && UnicodeScript.of(c) == script.get());
    }

    private boolean isRecognizedByWords() {
        return "words".equals(content.properties.get("recognized-by"));
    }

    private boolean hasKnownWord(String text) {
        Set<String> stopWords = words(WordList.STOP_WORDS);
        Set<String> typical = words(WordList.TYPICAL_WORDS);
        return WORD.matcher(TextEquality.foldForms(text).toLowerCase(Locale.ROOT))
                .results()
                .map(MatchResult::group)
                .anyMatch(word -> stopWords.contains(word) || typical.contains(word));
    }

    public Set<String> words(WordList list) {
        return content.words.getOrDefault(list, Set.of());
    }

    public Map<String, String> table(WordTable table) {
        return content.tables.getOrDefault(table, Map.of());
    }

    public List<Pattern> patterns(PatternSet set) {
        return content.patterns.getOrDefault(set, List.of());
    }

    public List<LanguageRule> rules(RuleSet set) {
        return content.rules.getOrDefault(set, List.of());
    }

    public boolean has(PatternSet set) {
        return content.patterns.containsKey(set);
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
        return files.apply(file);
    }
}
