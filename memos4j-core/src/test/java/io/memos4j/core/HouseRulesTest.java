package io.memos4j.core;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The rules of CONTRIBUTING.md on names, lines and Javadoc, in all modules. */
class HouseRulesTest {
    private static final int LONGEST_LINE = 120;

    /** Simple names that two modules may use for a type. */
    private static final Set<String> SHARED_NAMES = Set.of();

    private static final Pattern QUESTION =
            Pattern.compile("/\\*\\*[\\s*]*(?:\\{@return )?(What|How|Whether|Where|Who|Whose|Whom)\\b");

    @Test
    void noLineIsTooLong() {
        List<String> tooLong = new ArrayList<>();
        for (Path module : RepositorySources.modules()) {
            Path sources = module.resolve("src");
            Stream.of(".java", ".js", ".css", ".html")
                    .flatMap(ending -> RepositorySources.files(sources, ending).stream())
                    .forEach(file -> tooLong.addAll(longLines(file)));
        }
        documents().forEach(file -> tooLong.addAll(longLines(file)));
        assertThat(tooLong).isEmpty();
    }

    private static List<Path> documents() {
        List<Path> documents = new ArrayList<>(RepositorySources.files(RepositorySources.ROOT.resolve("docs"), ".md"));
        for (String name : List.of("README.md", "CHANGELOG.md", "CONTRIBUTING.md")) {
            documents.add(RepositorySources.ROOT.resolve(name));
        }
        return documents;
    }

    /** Rows of tables and lines that are one long link cannot be broken. */
    private static List<String> longLines(Path file) {
        List<String> found = new ArrayList<>();
        int number = 0;
        for (String line : RepositorySources.text(file).split("\n", -1)) {
            number++;
            boolean table = file.toString().endsWith(".md") && line.stripLeading().startsWith("|");
            if (!table && line.length() > LONGEST_LINE) {
                found.add(RepositorySources.name(file) + ":" + number + " has " + line.length() + " characters");
            }
        }
        return found;
    }

    @Test
    void noSimpleNameIsUsedTwice() {
        Map<String, Set<String>> files = new TreeMap<>();
        for (Path module : RepositorySources.modules()) {
            for (Path file : RepositorySources.mainCode(module)) {
                String name = file.getFileName().toString().replace(".java", "");
                files.computeIfAbsent(name, each -> new TreeSet<>()).add(RepositorySources.name(file));
            }
        }
        files.keySet().removeAll(SHARED_NAMES);
        files.keySet().removeAll(Set.of("package-info", "module-info"));
        files.values().removeIf(each -> each.size() == 1);
        assertThat(files).isEmpty();
    }

    @Test
    void noJavadocOpensWithAQuestionWord() {
        List<String> found = new ArrayList<>();
        for (Path module : RepositorySources.modules()) {
            for (Path file : RepositorySources.mainCode(module)) {
                String text = RepositorySources.text(file);
                QUESTION.matcher(text).results().forEach(match -> {
                    long line = text.substring(0, match.start()).lines().count();
                    found.add(RepositorySources.name(file) + ":" + line + " opens with " + match.group(1));
                });
            }
        }
        assertThat(found).isEmpty();
    }
}
