package io.memos4j.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Holds the sources of all modules to the rules of CONTRIBUTING.md that a compiler does not check. */
class SourceRulesTest {
    private static final int WIDTH = 120;

    /** The client has the words of the API, and cannot depend on it: it runs on Java 17. */
    private static final Set<String> SHARED_NAMES =
            Set.of("AddRequest", "AddResult", "DeleteResult", "ItemEdit", "Message", "SearchRequest", "SearchResult");

    private static final Pattern JAVADOC_OPENING = Pattern.compile("/\\*\\*\\s*(?:\\*\\s*)?(\\S+)");
    private static final Set<String> REFUSED_OPENINGS = Set.of("What", "How", "Whether", "Where", "Who");
    private static final Path ROOT = root();

    @Test
    void noLineOfCodeIsLongerThan120Characters() throws IOException {
        assertThat(longLines(sources("main"), line -> true)).isEmpty();
        assertThat(longLines(sources("test"), line -> true)).isEmpty();
    }

    @Test
    void noLineOfTheDocumentationIsLongerThan120CharactersButInTables() throws IOException {
        List<Path> documents = new ArrayList<>(files(ROOT.resolve("docs"), ".md"));
        try (Stream<Path> top = Files.list(ROOT)) {
            top.filter(each -> each.toString().endsWith(".md")).forEach(documents::add);
        }

        assertThat(documents).hasSizeGreaterThan(20);
        assertThat(longLines(documents, line -> !line.startsWith("|"))).isEmpty();
    }

    @Test
    void noTwoTypesHaveTheSameSimpleName() throws IOException {
        Map<String, List<String>> byName = new TreeMap<>();
        for (Path source : sources("main")) {
            String name = source.getFileName().toString();
            if (!name.equals("package-info.java")) {
                byName.computeIfAbsent(name.replace(".java", ""), key -> new ArrayList<>())
                        .add(ROOT.relativize(source).toString());
            }
        }
        byName.values().removeIf(places -> places.size() == 1);

        assertThat(byName.keySet()).isEqualTo(SHARED_NAMES);
    }

    @Test
    void noJavadocOpensWithAQuestionWord() throws IOException {
        List<String> refused = new ArrayList<>();
        for (Path source : sources("main")) {
            Matcher opening = JAVADOC_OPENING.matcher(Files.readString(source));
            while (opening.find()) {
                if (REFUSED_OPENINGS.contains(opening.group(1))) {
                    refused.add(ROOT.relativize(source) + ": " + opening.group(1));
                }
            }
        }

        assertThat(refused).isEmpty();
    }

    private static List<String> longLines(List<Path> files, Predicate<String> counts) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files) {
            int number = 0;
            for (String line : Files.readString(file).split("\n")) {
                number++;
                if (line.length() > WIDTH && counts.test(line)) {
                    found.add(ROOT.relativize(file) + ":" + number);
                }
            }
        }
        return found;
    }

    private static List<Path> sources(String kind) throws IOException {
        List<Path> sources = new ArrayList<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.filter(
                            each -> each.getFileName().toString().startsWith("memos4j-"))
                    .toList()) {
                Path folder = module.resolve("src").resolve(kind).resolve("java");
                if (Files.isDirectory(folder)) {
                    sources.addAll(files(folder, ".java"));
                }
            }
        }
        assertThat(sources).hasSizeGreaterThan(100);
        return sources;
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(each -> each.toString().endsWith(ending)).toList();
        }
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isRegularFile(folder.resolve("CONTRIBUTING.md"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
