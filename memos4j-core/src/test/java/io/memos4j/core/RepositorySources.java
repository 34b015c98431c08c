package io.memos4j.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Finds the sources of all modules, for rules that hold in the whole repository. */
final class RepositorySources {
    /** The root of the repository, above the module that is tested. */
    static final Path ROOT = root(Path.of("").toAbsolutePath());

    private RepositorySources() {}

    private static Path root(Path from) {
        Path root = from;
        while (!Files.isDirectory(root.resolve("memos4j-core"))) {
            root = root.getParent();
        }
        return root;
    }

    /** Returns the directories of all modules. */
    static List<Path> modules() {
        try (Stream<Path> all = Files.list(ROOT)) {
            return all.filter(each -> Files.isRegularFile(each.resolve("pom.xml")))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns all files below a directory with this ending; none if there is no such directory. */
    static List<Path> files(Path directory, String ending) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(each -> each.toString().endsWith(ending) && Files.isRegularFile(each))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the Java files of a module's main code. */
    static List<Path> mainCode(Path module) {
        return files(module.resolve("src/main/java"), ".java");
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns how messages name a file. */
    static String name(Path file) {
        return ROOT.relativize(file).toString();
    }
}
