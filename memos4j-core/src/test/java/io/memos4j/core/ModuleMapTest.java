package io.memos4j.core;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import static org.assertj.core.api.Assertions.assertThat;

/** The module map of docs/architecture.md: the modules whose types the main code of each module may name. */
class ModuleMapTest {
    private static final Map<String, Set<String>> ALLOWED = Map.ofEntries(
            Map.entry("api", Set.of()),
            Map.entry("http", Set.of()),
            Map.entry("native", Set.of("api")),
            Map.entry("model-files", Set.of("api")),
            Map.entry("runtime-files", Set.of("api")),
            Map.entry("testkit", Set.of("api", "model-files")),
            Map.entry("core", Set.of("api", "model-files")),
            Map.entry("vault-sqlite", Set.of("api")),
            Map.entry("index-lucene", Set.of("api")),
            Map.entry("embeddings-onnx", Set.of("api", "native")),
            Map.entry("models-langchain4j", Set.of("api", "http")),
            Map.entry("runtime-http", Set.of("api", "http", "model-files", "runtime-files")),
            Map.entry("runtime-llamacpp", Set.of("api", "native", "model-files", "runtime-files")),
            Map.entry("trainer-external", Set.of("api", "http", "model-files")),
            Map.entry("trainer-pytorch", Set.of("api", "native", "model-files")),
            Map.entry("server", Set.of("api", "core", "http")),
            Map.entry("client", Set.of("http")),
            Map.entry("bench", Set.of("api", "core", "model-files", "server", "testkit", "trainer-pytorch")),
            Map.entry(
                    "cli",
                    Set.of(
                            "api",
                            "core",
                            "server",
                            "bench",
                            "embeddings-onnx",
                            "model-files",
                            "models-langchain4j",
                            "runtime-http",
                            "trainer-external")));

    private static final Pattern NAMED_PACKAGE = Pattern.compile(
            "^(?!\\s*(?:\\*|//|package\\b)).*?\\b(io\\.memos4j(?:\\.[a-z0-9]+)+)\\.[A-Z*]", Pattern.MULTILINE);

    private final Map<String, Path> modules = new TreeMap<>();
    private final Map<String, String> moduleOfPackage = new HashMap<>();

    ModuleMapTest() {
        for (Path directory : RepositorySources.modules()) {
            String module = directory.getFileName().toString().replace("memos4j-", "");
            modules.put(module, directory);
            for (Path file : RepositorySources.mainCode(directory)) {
                Path folder = directory.resolve("src/main/java").relativize(file.getParent());
                moduleOfPackage.put(
                        folder.toString().replace(file.getFileSystem().getSeparator(), "."), module);
            }
        }
    }

    @Test
    void everyModuleIsOnTheMap() {
        assertThat(modules.keySet()).isEqualTo(new TreeSet<>(ALLOWED.keySet()));
    }

    @TestFactory
    Set<DynamicTest> modulesNameOnlyThoseBelowThem() {
        return modules.keySet().stream()
                .map(module -> DynamicTest.dynamicTest(module, () -> {
                    Set<String> others = new TreeSet<>(used(module));
                    others.remove(module);
                    assertThat(ALLOWED.get(module)).containsAll(others);
                }))
                .collect(Collectors.toSet());
    }

    private Set<String> used(String module) {
        return RepositorySources.mainCode(modules.get(module)).stream()
                .map(RepositorySources::text)
                .flatMap(text -> NAMED_PACKAGE.matcher(text).results())
                .map(match -> match.group(1))
                .map(name -> moduleOfPackage.getOrDefault(name, "unknown package " + name))
                .collect(Collectors.toSet());
    }
}
