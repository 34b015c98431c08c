package io.memos4j.core.language;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/**
 * Reads the files of a language pack: sections of words, patterns, tables and rules. An indented line continues the one
 * before, a line that begins with {@code #} is a comment. Errors name file and line.
 */
final class LanguagePackParser {
    private static final Pattern HEADER = Pattern.compile("\\[([a-z]+)(?: ([a-z-]+))?]");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}]*)}");
    private static final Pattern ACCENTED = Pattern.compile("[\\p{L}&&[^\\p{ASCII}\\p{IsHan}]]");
    private static final Pattern SPECIAL = Pattern.compile("[^\\p{L}\\p{N} ]");
    private static final Set<String> PROPERTIES =
            Set.of("name", "locale", "script", "spaced", "date-label", "recognized-by");
    private static final String BLANKS = "(?:[\\\\s\\\\u00a0]{1,4})";

    final Map<String, String> properties = new HashMap<>();
    final Map<WordList, Set<String>> words = new EnumMap<>(WordList.class);
    final Map<WordTable, Map<String, String>> tables = new EnumMap<>(WordTable.class);
    final Map<PatternSet, List<Pattern>> patterns = new EnumMap<>(PatternSet.class);
    final Map<RuleSet, List<LanguageRule>> rules = new EnumMap<>(RuleSet.class);
    private final Map<String, String> definitions = new HashMap<>();
    private String file = "";
    private Consumer<String> section = this::outsideSections;
    private String entry = "";
    private int entryLine;

    boolean isEmpty() {
        return properties.isEmpty() && words.isEmpty() && tables.isEmpty() && patterns.isEmpty() && rules.isEmpty();
    }

    /** Adds the content of a file. Definitions hold within their file. */
    void parse(String name, List<String> lines) {
        file = name;
        definitions.clear();
        section = this::outsideSections;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).stripTrailing();
            if (!entry.isEmpty() && (line.startsWith(" ") || line.startsWith("\t"))) {
                entry += line.strip();
                continue;
            }
            finishEntry();
            entryLine = i + 1;
            Matcher header = HEADER.matcher(line);
            if (header.matches()) {
                section = section(header.group(1), header.group(2));
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                entry = line;
            }
        }
        finishEntry();
    }

    private void finishEntry() {
        if (!entry.isEmpty()) {
            section.accept(entry);
            entry = "";
        }
    }

    private Consumer<String> section(String kind, String name) {
        return switch (kind) {
            case "language" -> this::property;
            case "definitions" -> this::definition;
            case "words" -> {
                WordList list = find(WordList.values(), name);
                yield line -> Arrays.stream(line.strip().split("\\s+"))
                        .forEach(word -> words.computeIfAbsent(list, key -> new LinkedHashSet<>())
                                .add(word));
            }
            case "patterns" -> {
                PatternSet set = find(PatternSet.values(), name);
                yield line ->
                        patterns.computeIfAbsent(set, key -> new ArrayList<>()).add(compile(resolve(line)));
            }
            case "table" -> {
                WordTable table = find(WordTable.values(), name);
                yield line -> row(table, line);
            }
            case "rules" -> {
                RuleSet set = find(RuleSet.values(), name);
                yield line -> rule(set, line);
            }
            default ->
                throw error("Unknown kind of section [" + kind
                        + "]. Known are: language, definitions, words, patterns, table, rules.");
        };
    }

    private <E extends Enum<E>> E find(E[] known, String name) {
        return RuleNames.find(known, name, "section", origin());
    }

    private void outsideSections(String line) {
        throw error("'" + line + "' stands before the first section.");
    }

    private void property(String line) {
        String[] pair = split(line);
        if (!PROPERTIES.contains(pair[0])) {
            throw error("Unknown property '" + pair[0] + "'. Known are: name, locale, script, spaced, date-label,"
                    + " recognized-by.");
        }
        properties.put(pair[0], pair[1]);
    }

    private void definition(String line) {
        String[] pair = split(line);
        definitions.put(pair[0], resolve(pair[1]));
    }

    private void row(WordTable table, String line) {
        String[] pair = split(line);
        for (String key : pair[0].split(", ")) {
            tables.computeIfAbsent(table, any -> new LinkedHashMap<>()).put(key, pair[1]);
        }
    }

    private void rule(RuleSet set, String line) {
        String[] pair = split(line);
        String regex = resolve(pair[1]);
        String expanded = set.hasFlexibleBlanks() ? regex.replaceAll("[ _]", BLANKS) : regex;
        rules.computeIfAbsent(set, key -> new ArrayList<>())
                .add(new LanguageRule(pair[0], compile(expanded), origin()));
    }

    private String[] split(String line) {
        int at = line.indexOf(" = ");
        if (at <= 0) {
            throw error("'" + line + "' is not of the form 'key = value'.");
        }
        return new String[] {line.substring(0, at), line.substring(at + 3)};
    }

    private Pattern compile(String regex) {
        try {
            return compileWording(regex);
        } catch (PatternSyntaxException e) {
            throw error("Not a pattern: " + e.getMessage());
        }
    }

    /**
     * Compiles a pattern that ignores case. One with accented letters is compiled for Unicode: else {@code \b} would
     * find no boundary after the last letter of "résilié".
     */
    static Pattern compileWording(String regex) {
        int unicode = Pattern.UNICODE_CASE | Pattern.UNICODE_CHARACTER_CLASS;
        return Pattern.compile(
                regex, Pattern.CASE_INSENSITIVE | (ACCENTED.matcher(regex).find() ? unicode : 0));
    }

    /** Puts in what the references of a pattern stand for: a definition of the file, or the words of a table. */
    private String resolve(String regex) {
        return REFERENCE
                .matcher(regex)
                .replaceAll(reference -> Matcher.quoteReplacement(resolveName(reference.group(1))));
    }

    private String resolveName(String name) {
        String definition = definitions.get(name);
        if (definition != null) {
            return definition;
        }
        return Arrays.stream(WordTable.values())
                .filter(table -> RuleNames.id(table).equals(name) && tables.containsKey(table))
                .findFirst()
                .map(table -> alternatives(tables.getOrDefault(table, Map.of()).keySet()))
                .orElseThrow(() -> error("${" + name + "} is neither defined above nor a table."));
    }

    /** The longest first: the first alternative that fits is taken. */
    private static String alternatives(Set<String> words) {
        return words.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .map(word -> SPECIAL.matcher(word).replaceAll("\\\\$0"))
                .collect(Collectors.joining("|"));
    }

    /** The file and line of the entry. */
    private String origin() {
        return file + ":" + entryLine;
    }

    private IllegalStateException error(String message) {
        return new IllegalStateException("Language pack " + origin() + ": " + message);
    }
}
